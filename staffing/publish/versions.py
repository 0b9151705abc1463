"""Versions of the roster of a week: stored with the run, read back, chosen.

A version is what a run stored: the roster and its instance as JSON in the lake, sealed by
their hashes in the database. It never changes; a roster made again is another version.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from sqlalchemy import select

from forecasting.calendar import week_name
from forecasting.errors import InputError, MissingStepError, StoreError
from forecasting.records import RosterRecord, RosterStepRecord
from forecasting.workspace import Workspace
from staffing.roster.instance import Instance
from staffing.roster.result import Roster

State = Literal["draft", "verified", "published", "superseded"]
ORDER = get_args(State)
FOLDER = "roster"
"""Folder of the lake for the JSON of rosters."""


@dataclass(frozen=True)
class Step:
    """A state that a version came into: when, by whom, and what was agreed then."""

    state: str
    at: datetime
    by: str
    agreed: bool = False
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Version:
    """A version of a week's roster and the steps behind it, in their order."""

    week: date
    number: int
    run: str
    file: str
    content: str | None
    instance: str | None
    state: str
    steps: tuple[Step, ...]

    @property
    def is_published(self) -> bool:
        """Whether this is what people are to go by."""
        return self.state == "published"

    @property
    def last(self) -> Step:
        """The step into its present state."""
        return next(step for step in self.steps if step.state == self.state)

    def __str__(self) -> str:
        """Such as `2027-W02 version 1`."""
        return f"{week_name(self.week)} version {self.number}"


def versions(workspace: Workspace, week: date | None = None) -> list[Version]:
    """All versions of the week of a Monday, or of every week, in order."""
    of_versions = select(RosterRecord).order_by(RosterRecord.week, RosterRecord.version)
    of_steps = select(RosterStepRecord)
    if week is not None:
        of_versions = of_versions.where(RosterRecord.week == week)
        of_steps = of_steps.where(RosterStepRecord.week == week)
    with workspace.ledger.snapshot() as session:
        records = session.scalars(of_versions).all()
        steps = session.scalars(of_steps).all()
    return [_version(record, steps) for record in records]


def _version(record: RosterRecord, steps: Sequence[RosterStepRecord]) -> Version:
    own = (record.week, record.version)
    return Version(
        week=record.week,
        number=record.version,
        run=record.run,
        file=record.file,
        content=record.content,
        instance=record.instance,
        state=record.state,
        steps=tuple(
            Step(step.state, step.at, step.by, step.agreed, tuple(step.people))
            for step in sorted(steps, key=lambda step: ORDER.index(step.state))
            if (step.week, step.version) == own
        ),
    )


def published_version(workspace: Workspace, week: date) -> Version | None:
    """The version of a week that is published, if one is."""
    found = versions(workspace, week)
    return next((version for version in found if version.is_published), None)


def choose_version(
    workspace: Workspace, week: date, number: int | None = None
) -> Version:
    """A version by its number; without one the published, else the newest.

    Raises:
        MissingStepError: no roster of that week was stored.
        InputError: there is no version of that number.
    """
    name, found = week_name(week), versions(workspace, week)
    if not found:
        raise MissingStepError(
            f"Expected a stored roster of {name}, found none. "
            f"Make one first: piekwijzer roster --week {name}."
        )
    if number is None:
        public = [version for version in found if version.is_published]
        return (public or found)[-1]
    for version in found:
        if version.number == number:
            return version
    known = ", ".join(str(version.number) for version in found)
    raise InputError(
        f"--version: expected a version of the roster of {name} ({known}), "
        f"came {number}"
    )


def read_version(workspace: Workspace, version: Version) -> tuple[Instance, Roster]:
    """The instance and the roster of a version, as they were stored.

    Raises:
        StoreError: they are gone, or others than were stored.
    """
    texts = texts_of(workspace, version.file)
    if texts is None:
        raise StoreError(
            f"Roster {version}: expected its stored JSON in the lake, found none. "
            "It was forgotten, or taken away: make the roster again."
        )
    instance, roster = texts
    changed = version.content not in (None, content_hash(roster))
    if changed or version.instance not in (None, instance_hash(instance)):
        raise StoreError(
            f"Roster {version}: expected it as it was stored, found it changed "
            f"({version.file} in the lake). Make the roster again, or restore a backup."
        )
    return Instance.from_json(instance), Roster.from_json(roster)


def is_there(workspace: Workspace, version: Version) -> bool:
    """Whether the roster of a version was not forgotten."""
    return texts_of(workspace, version.file) is not None


def content_hash(roster: str) -> str:
    """SHA-256 of the JSON of a roster."""
    return hashlib.sha256(roster.encode()).hexdigest()


def instance_hash(instance: str) -> str:
    """The hash by which a roster names its instance, from the instance's JSON."""
    return content_hash(instance)[:16]


def texts_of(workspace: Workspace, file: str) -> tuple[str, str] | None:
    """The JSON of an instance and of its roster as stored; None where they are gone."""
    folder = workspace.lake.root / FOLDER
    try:
        return (
            (folder / f"{file}.instance.json").read_text("utf-8"),
            (folder / f"{file}.json").read_text("utf-8"),
        )
    except (FileNotFoundError, UnicodeDecodeError):
        return None
