"""The step after a roster when the week changes: a new version with few changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from forecasting.calendar import week_name
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.rostering import (
    activities_table,
    coverage_table,
    refuse_infeasible,
    refuse_unlawful,
    roster_figures,
    shifts_table,
)
from staffing.publish.storing import Draft, key_of_outcome
from staffing.publish.versions import Version, choose_version, read_version
from staffing.roster.instance import Instance
from staffing.roster.replanning.asking import ask
from staffing.roster.replanning.events import Asked, Event
from staffing.roster.replanning.reading import (
    read_absence,
    read_available,
    read_calls,
    read_free,
    read_given,
)
from staffing.roster.replanning.repairing import Replanned, replan
from staffing.roster.result import Roster
from staffing.roster.verifying import verify


@dataclass(frozen=True)
class Happened:
    """What happened to a week, as written; see `staffing.roster.replanning.reading`."""

    absent: Sequence[str] = ()
    calls: Sequence[str] = ()
    free: Sequence[str] = ()
    give: Sequence[str] = ()
    available: Sequence[str] = ()
    agreed: Sequence[str] = ()

    @property
    def told(self) -> str:
        """All of it in one line, in a fixed order."""
        named = (
            f"{name} {text}"
            for name in ("absent", "calls", "free", "give", "available", "agreed")
            for text in sorted(getattr(self, name))
        )
        return "; ".join(named)


@dataclass(frozen=True)
class Replan:
    """A week replanned: from which version, what came of it, and what was stored."""

    version: Version
    before: Roster
    found: Replanned
    run: RunRecord | None
    figures: dict[str, object] = field(default_factory=dict)


def run_replan(
    workspace: Workspace,
    *,
    week: date,
    happened: Happened,
    now: datetime,
    seed: int | None = None,
    time_limit_s: float | None = None,
    workers: int | None = None,
    dry: bool = False,
) -> Replan:
    """Replan the week of a Monday from its published roster, else from the newest.

    What is published is known to people: the notice holds for every change, save of those
    who `agreed`. Stores a new verified version of the week and what `run_roster` stores,
    with the changes among its figures; a dry run stores nothing. The seed is that of the
    roster unless another is given.

    Raises:
        MissingStepError: no roster of that week was stored.
        InputError: an event cannot be read or is about nobody, no place or no day of
            that week; or nobody can be rostered lawfully: each conflict in a line.
        UnlawfulRosterError: the verifier found hard violations.
    """
    version = choose_version(workspace, week)
    instance, roster = read_version(workspace, version)
    today = now.astimezone(ZoneInfo(instance.zone)).date()
    found = replan(
        instance,
        roster,
        events_of(workspace, version, instance, happened),
        time_limit_s=time_limit_s or instance.policy.time_limit_s,
        seed=roster.seed if seed is None else seed,
        workers=workers,
        today=today if version.is_published else None,
        agreed=tuple(happened.agreed),
    )
    refuse_infeasible(found.roster)
    violations = verify(found.instance, found.roster)
    refuse_unlawful(violations)
    figures = roster_figures(found.instance, found.roster, violations) | _changed(found)
    run = None
    if not dry:
        run = _stored(workspace, version, found, happened, figures, now)
    return Replan(version, roster, found, run, figures)


def _changed(found: Replanned) -> dict[str, object]:
    return {
        "changes": [change.model_dump(mode="json") for change in found.changes],
        "changed_days": len(found.changes),
        "changed_people": len({change.person for change in found.changes}),
        "needs_consent": sorted(
            {c.person for c in found.changes if c.within_notice and not c.agreed}
        ),
    }


def events_of(
    workspace: Workspace, version: Version, instance: Instance, happened: Happened
) -> list[Event]:
    """What happened, read for a version of a week.

    Raises:
        InputError: an event cannot be read, or is about no place or skill of the week.
    """
    found: list[Event] = [read_absence(text) for text in happened.absent]
    found += [read_available(text) for text in happened.available]
    found += [read_free(text) for text in happened.free]
    found += [read_given(instance, text) for text in happened.give]
    return found + _asked(workspace, version, instance, happened.calls)


def _asked(
    workspace: Workspace, version: Version, instance: Instance, calls: Sequence[str]
) -> list[Event]:
    """More contacts, one after the other on the same quarter-hours added up."""
    if not calls:
        return []
    rows = store.of_week(
        workspace.table(_requirement(workspace, version), "requirement"),
        version.week,
        instance.zone,
    )
    wanted: dict[tuple[str, str, date], float] = {}
    for place, skill, day, number in map(read_calls, calls):
        key = (instance.served(place, skill), skill, day)
        wanted[key] = wanted.get(key, 0.0) + number
    return [
        _more(workspace, instance, rows, key, number) for key, number in wanted.items()
    ]


def _more(
    workspace: Workspace,
    instance: Instance,
    rows: pl.DataFrame,
    key: tuple[str, str, date],
    number: float,
) -> Asked:
    standards = store.standards(workspace)
    place, skill, day = key
    return ask(
        instance,
        rows,
        standards.skill.get(skill),
        location=place,
        skill=skill,
        day=day,
        contacts=number,
        at_work=standards.at_work,
    )


def _requirement(workspace: Workspace, version: Version) -> RunRecord:
    """The requirement that a roster was made of, the newest where that is not known."""
    of = {run.id: run for run in workspace.ledger.runs()}
    run = of.get(version.run)
    for name in run.inputs if run else ():
        made_of = of.get(name)
        if made_of is not None and made_of.kind == "requirement":
            return made_of
    return workspace.latest("requirement")


def _stored(
    workspace: Workspace,
    version: Version,
    found: Replanned,
    happened: Happened,
    figures: dict[str, object],
    now: datetime,
) -> RunRecord:
    requirement = _requirement(workspace, version).id
    key = workspace.key(
        "roster",
        [requirement, version.run],
        {
            "week": week_name(version.week),
            "replanned": f"version {version.number}",
            "happened": happened.told,
        },
        found.roster.seed,
    )
    key = key_of_outcome(workspace, key, found.roster)
    tables = {
        "shifts": shifts_table(found.roster),
        "activities": activities_table(found.roster),
        "coverage": coverage_table(found.instance, found.roster),
    }
    draft = Draft(workspace, key.id, found.instance, found.roster, now)
    return workspace.store(key, tables, figures, now=now, also=draft)
