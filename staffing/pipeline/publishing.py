"""Publish a roster: from then on people go by it, and later rosters look back on it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forecasting.calendar import monday, week_name
from forecasting.errors import FieldError, InputError, PiekwijzerError
from forecasting.records import RosterRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.publish.notice import LateChange, late_changes, refuse_late
from staffing.publish.storing import add_step, seal
from staffing.publish.versions import (
    Version,
    choose_version,
    is_there,
    published_version,
    read_version,
    versions,
)
from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Roster
from staffing.roster.verifying import verify
from staffing.staff_tables import PublishedShifts

LONGEST_NAME = 120
"""Letters that the database keeps of a name."""


class UnpublishableRosterError(PiekwijzerError):
    """A stored roster breaks hard rules, or is another than was stored."""


class OvertakenError(InputError):
    """Somebody else published first; nothing was changed."""


@dataclass(frozen=True)
class Publication:
    """What was published, instead of what, and what it tells late by agreement."""

    version: Version
    superseded: int | None
    late: tuple[LateChange, ...]


def publish_roster(
    workspace: Workspace,
    *,
    week: date,
    now: datetime,
    who: str | None = None,
    version: int | None = None,
    agreed: bool = False,
    people: Collection[str] = (),
    instead_of: int | None = None,
) -> Publication:
    """Publish a version of the week of a Monday: the newest, or the one named.

    What was stored is verified anew. An earlier published version is superseded. `who`
    is the actor of the settings unless said otherwise; `agreed` tells that the notice was
    agreed otherwise, and `people` are the codes of those who agreed to be told, or
    changed, later still (see `staffing.publish.notice`). `instead_of` is the number of
    the published version as it was looked at (0: none was); without it, whichever is.

    Raises:
        MissingStepError: no roster of that week was stored.
        InputError: it is published already or was superseded, or it is told too late.
        OvertakenError: somebody else published meanwhile.
        StoreError: the stored JSON is gone or was changed.
        UnpublishableRosterError: it breaks hard rules.
    """
    by = checked_name(who or workspace.settings.actor)
    before = published_version(workspace, week)
    _refuse_overtaken(week, before, instead_of)
    chosen = _to_publish(workspace, week, version, before)
    instance, roster = read_version(workspace, chosen)
    _refuse_unlawful(chosen, instance, roster)
    _refuse_unknown(instance, people)
    today = now.astimezone(ZoneInfo(instance.zone)).date()
    earlier = None if before is None else read_version(workspace, before)[1]
    late = late_changes(instance.rules, earlier, roster, today)
    refuse_late(instance.rules, week, today, late, agreed=agreed, people=people)
    _commit(workspace, chosen, before, now, by, agreed=agreed, people=people)
    done = choose_version(workspace, week, chosen.number)
    return Publication(done, None if before is None else before.number, tuple(late))


def checked_name(who: str, option: str = "--who") -> str:
    """A name as the store keeps it.

    Raises:
        FieldError: it is none, too long, or cannot be shown.
    """
    name = " ".join(who.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise FieldError(
            option.removeprefix("--"),
            "name",
            wanted=f"a name of 1 to {LONGEST_NAME} letters",
            came=f"'{who:.40}'",
            most=LONGEST_NAME,
        )
    return name


def _to_publish(
    workspace: Workspace, week: date, number: int | None, before: Version | None
) -> Version:
    """The version meant: it is verified, and later than what is published."""
    newest = versions(workspace, week)[-1:]
    given = newest[0].number if number is None and newest else number
    chosen = choose_version(workspace, week, given)
    if chosen.state == "verified" and (before is None or before.number < chosen.number):
        return chosen
    if chosen.is_published:
        at = f"{chosen.last.at:%Y-%m-%d %H:%M}Z by {chosen.last.by}"
        raise InputError(f"roster {chosen} was published already, on {at}")
    now = "" if before is None else f"; version {before.number} is published"
    raise InputError(
        f"expected a version that can follow what is published, came roster {chosen}, "
        f"which is {chosen.state}{now}",
        remedy=f"Make a new one: piekwijzer roster --week {week_name(week)}.",
    )


def _refuse_unlawful(version: Version, instance: Instance, roster: Roster) -> None:
    """What is published was verified from what is stored, not from what once was."""
    hard = [found for found in verify(instance, roster) if found.hard]
    if hard:
        raise UnpublishableRosterError(
            f"Roster {version} breaks {len(hard)} hard rules and is not published; the "
            f"first: {hard[0]}. "
            f"Make it again: piekwijzer roster --week {week_name(version.week)}."
        )


def _refuse_unknown(instance: Instance, people: Collection[str]) -> None:
    unknown = sorted(set(people) - set(instance.person))
    if unknown:
        raise InputError(
            f"--agreed: expected codes of people in this roster, came '{unknown[0]}'"
        )


def _commit(
    workspace: Workspace,
    chosen: Version,
    before: Version | None,
    now: datetime,
    by: str,
    *,
    agreed: bool,
    people: Collection[str],
) -> None:
    """Publish within one transaction, if all still is as it was looked at."""
    try:
        with workspace.ledger.writing() as session:
            public = _published(session, chosen.week)
            seen = None if before is None else before.number
            if (None if public is None else public.version) != seen:
                raise _overtaken(chosen.week)
            record = session.get_one(RosterRecord, (chosen.week, chosen.number))
            if record.state != chosen.state:
                raise _overtaken(chosen.week)
            seal(workspace, record)
            if public is not None:
                add_step(workspace, session, public, "superseded", now, by=by)
            add_step(
                workspace,
                session,
                record,
                "published",
                now,
                by=by,
                agreed=agreed,
                people=sorted(set(people)),
            )
    except IntegrityError:
        raise _overtaken(chosen.week) from None


def _published(session: Session, week: date) -> RosterRecord | None:
    query = select(RosterRecord).where(
        RosterRecord.week == week, RosterRecord.state == "published"
    )
    return session.scalars(query).one_or_none()


def _refuse_overtaken(
    week: date, before: Version | None, instead_of: int | None
) -> None:
    """Raise when another version is published than the one that was looked at."""
    if instead_of is not None and instead_of != (before.number if before else 0):
        raise _overtaken(week)


def _overtaken(week: date) -> OvertakenError:
    return OvertakenError(
        f"somebody else published a roster of {week_name(week)} meanwhile; "
        "nothing was changed",
        remedy="See piekwijzer status, and publish again if it is still wanted.",
    )


def published(workspace: Workspace, week: date) -> tuple[Instance, Roster] | None:
    """The instance and roster that people go by in the week of a Monday.

    None where none was published, or where it was forgotten.

    Raises:
        StoreError: the stored JSON is gone or was changed.
    """
    version = published_version(workspace, week)
    if version is None or _is_forgotten(workspace, version):
        return None
    return read_version(workspace, version)


def _is_forgotten(workspace: Workspace, version: Version) -> bool:
    before = workspace.ledger.forgotten_before()
    past = before is not None and version.week + timedelta(days=7) <= before
    return past and not is_there(workspace, version)


def published_shifts(workspace: Workspace, since: date) -> pl.DataFrame:
    """Shifts of local days from `since` on that people went by, typed `PublishedShifts`.

    Those of the rosters published here; and as imported, in weeks and of people for whom
    none was published here. `activity` is that of most quarter-hours, the break the first.
    """
    found = versions(workspace)
    weeks = [
        version.week
        for version in found
        if version.is_published and version.week + timedelta(days=6) >= since
    ]
    own = [(week, published(workspace, week)) for week in weeks]
    there = [(week, pair) for week, pair in own if pair is not None]
    rows = [
        _shift_row(shift)
        for _, (_, roster) in there
        for shift in roster.assignments
        if shift.day >= since
    ]
    known = {(person.code, week) for week, (i, _) in there for person in i.people}
    schema = PublishedShifts.create_empty().schema
    frames = [pl.DataFrame(rows, schema=schema), _imported(workspace, since, known)]
    return PublishedShifts.validate(
        pl.concat(frames)
        .unique(["person", "start"], keep="first")
        .sort("person", "start")
    )


def _shift_row(shift: Assignment) -> dict[str, object]:
    done = [skill for _, skill in shift.moments()]
    pause = shift.breaks[0] if shift.breaks else None
    return {
        "person": shift.person,
        "start": shift.shift.start,
        "end": shift.shift.end,
        "break_start": pause.start if pause else None,
        "break_end": pause.end if pause else None,
        "activity": min(done, key=lambda s: (-done.count(s), s)) if done else None,
    }


def _imported(
    workspace: Workspace, since: date, known: set[tuple[str, date]]
) -> pl.DataFrame:
    """Imported shifts of people and weeks that no roster published here is about."""
    columns = PublishedShifts.column_names()
    if not workspace.has_imported("published_shifts"):
        return PublishedShifts.create_empty().select(columns)
    zone = store.calendar(workspace).zone
    midnight = datetime.combine(since, time(), ZoneInfo(zone)).astimezone(UTC)
    frame = workspace.imported("published_shifts").filter(pl.col("start") >= midnight)
    rows = frame.select(columns).collect()
    return rows.filter(pl.Series(list(_unknown(rows, zone, known)), dtype=pl.Boolean))


def _unknown(
    rows: pl.DataFrame, zone: str, known: set[tuple[str, date]]
) -> Iterator[bool]:
    local = rows["start"].dt.convert_time_zone(zone).dt.date()
    for person, day in zip(rows["person"], local, strict=True):
        yield (person, monday(day)) not in known
