"""Versions of a week's roster: which is shown, what it followed, what it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.pending import Edits, PendingEdit, as_edit
from dashboard.queries import chain, roster
from forecasting.calendar import parse_week
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.publish.versions import Version, versions
from staffing.roster.replanning.changes import ABSENT

DAY = ["person", "day"]
KNOWN = ["start", "end", "location"]
"""What people know of a shift: a day differs when one of these does."""


@dataclass(frozen=True)
class Shown:
    """The roster on the page: its run, its version, and all versions of the week.

    `version` is None where the roster was stored before versions were.
    """

    week: date
    run: RunRecord
    version: Version | None
    versions: tuple[Version, ...]

    @property
    def is_newest(self) -> bool:
        """Whether no later version was stored."""
        return not self.versions or self.version == self.versions[-1]

    @property
    def published(self) -> Version | None:
        """The version that people go by."""
        return next((one for one in self.versions if one.is_published), None)

    @property
    def base(self) -> Version | None:
        """The version that replanning starts from: the published one, else the newest."""
        return self.published or (self.versions[-1] if self.versions else None)


def shown(workspace: Workspace, week: str, number: int | None = None) -> Shown | None:
    """A version of a week, the newest unless named; None where none was stored."""
    monday = parse_week(week)
    found = tuple(versions(workspace, monday))
    newest = found[-1] if found else None
    version = next((one for one in found if one.number == number), newest)
    run = None if version is None else run_of(workspace, version)
    run = run or chain.newest_run(workspace, "roster", week=week)
    return None if run is None else Shown(monday, run, version, found)


def run_of(workspace: Workspace, version: Version) -> RunRecord | None:
    """The run that stored a version."""
    runs = workspace.ledger.runs("roster")
    return next((run for run in runs if run.id == version.run), None)


def replanned_from(run: RunRecord) -> int | None:
    """The number of the version that a run replanned; None where it made one anew."""
    told = run.parameters.get("replanned", "")
    return int(told.rpartition(" ")[2]) if told else None


def told_to(run: RunRecord) -> frozenset[str]:
    """What a run was told that happened, each as `option text`."""
    return frozenset(run.parameters.get("happened", "").split("; ")) - {""}


def followed(at: Shown) -> Version | None:
    """The version that the one shown is compared with.

    What it replanned; of one made anew, what people went or go by before it.
    """
    if at.version is None:
        return None
    number, own = replanned_from(at.run), at.version.number
    before = [one for one in at.versions if one.number < own]
    if number is not None:
        return next((one for one in before if one.number == number), None)
    public = [v for v in before if v.state in ("published", "superseded")]
    return public[-1] if public else None


def left_to_plan(
    workspace: Workspace, at: Shown, edits: Sequence[PendingEdit]
) -> tuple[PendingEdit, ...]:
    """The edits that the version to start from does not hold yet."""
    runs = {run.id: run for run in workspace.ledger.runs("roster")}
    numbered = {version.number: version for version in at.versions}
    held: dict[str, int] = {}
    version = at.base
    while version is not None and version.run in runs:
        run = runs[version.run]
        held |= {text: max(version.number, held.get(text, 0)) for text in told_to(run)}
        version = numbered.get(replanned_from(run) or 0)
    return tuple(edit for edit in edits if not _is_held(edit, held))


def _is_held(edit: PendingEdit, held: Mapping[str, int]) -> bool:
    """Whether all of an edit went into a version after the one it was entered for."""
    texts = [f"{name} {text}" for name, text in edit.options]
    return bool(texts) and all(held.get(text, 0) > edit.since for text in texts)


def planned_in(
    workspace: Workspace, at: Shown, edits: Sequence[PendingEdit]
) -> Version | None:
    """The newest version, where it was replanned with exactly these edits."""
    newest, base = at.versions[-1], at.base
    run = run_of(workspace, newest)
    if run is None or base is None or replanned_from(run) != base.number:
        return None
    told = {f"{name} {text}" for edit in edits for name, text in edit.options}
    return newest if told == told_to(run) else None


def left_behind(workspace: Workspace, at: Shown, edits: Sequence[PendingEdit]) -> Edits:
    """What the newest version was replanned for that is not among the edits.

    Planning again from the version before it, without these, would lose them.
    """
    newest, base = at.versions[-1], at.base
    run = run_of(workspace, newest)
    if run is None or base is None or replanned_from(run) != base.number:
        return ()
    known = {f"{name} {text}" for edit in edits for name, text in edit.options}
    told = (text.partition(" ") for text in sorted(told_to(run) - known))
    found = (as_edit(name, text, base.number) for name, _, text in told)
    return tuple(edit for edit in found if edit is not None)


def absent_days(run: RunRecord) -> frozenset[tuple[str, date]]:
    """Days on which somebody is absent who was rostered before, as replanning tells."""
    told = run.figures.get("changes")
    return frozenset(
        (str(change["person"]), date.fromisoformat(str(change["day"])))
        for change in (told if isinstance(told, list) else [])
        if change["after"] == ABSENT[0]
    )


def differences(
    workspace: Workspace, run: RunRecord, before: RunRecord, zone: str
) -> pl.DataFrame:
    """Days of people that differ: `person, day`, hours and place before and now."""
    now, was = (
        roster.shifts(workspace, one, zone).select(*DAY, *KNOWN)
        for one in (run, before)
    )
    both = was.join(now, on=DAY, how="full", suffix="_now", coalesce=True)
    differ = [pl.col(name).ne_missing(pl.col(f"{name}_now")) for name in KNOWN]
    return both.filter(pl.any_horizontal(differ)).sort("day", "person")


def dearer_by(run: RunRecord, before: RunRecord) -> dict[str, float]:
    """Euros a week by which each term of the objective grew, and the `total`."""
    now, was = (_terms(one) for one in (run, before))
    return {term: now[term] - was.get(term, 0.0) for term in now if was}


def _terms(run: RunRecord) -> dict[str, float]:
    stored = run.figures.get("objective")
    terms = stored if isinstance(stored, Mapping) else {}
    return {str(name): float(value) for name, value in terms.items()}
