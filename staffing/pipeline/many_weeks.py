"""Several weeks at once: solved side by side, then in order with their true past."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from forecasting.calendar import week_name
from forecasting.errors import InputError, PiekwijzerError
from forecasting.records import RunRecord
from forecasting.workers import Progress
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.rostering import store_roster
from staffing.pipeline.solving_parts import Answer, Effort, solve_all
from staffing.pipeline.week_inputs import WeekInputs
from staffing.pipeline.went_by import Rostered
from staffing.roster.instance import Instance
from staffing.roster.restating import restate
from staffing.roster.result import Roster
from staffing.roster.verifying import verify

WORSE = 0.002
"""So much more gap under the true past is worth another search."""


@dataclass
class Weeks:
    """What came of each week: its run, or why there is none."""

    runs: dict[date, RunRecord] = field(default_factory=dict)
    failures: dict[date, str] = field(default_factory=dict)


class SomeWeeksFailedError(PiekwijzerError):
    """Some weeks could not be rostered; the others were stored."""

    def __init__(self, done: Weeks) -> None:
        number = len(done.runs) + len(done.failures)
        reasons = [
            f"{week_name(week)}: {done.failures[week]}"
            for week in sorted(done.failures)
        ]
        stored = ", ".join(week_name(week) for week in done.runs) or "none"
        super().__init__(
            f"{len(done.failures)} of {number} weeks failed (stored: {stored}). "
            + " ".join(reasons)
        )


def run_rosters(
    workspace: Workspace,
    *,
    weeks: Sequence[date],
    now: datetime,
    seed: int = 0,
    time_limit_s: float | None = None,
    progress: Progress | None = None,
) -> Weeks:
    """Roster weeks that follow one another, each stored as a run of its own.

    At first each is solved with what was published before the first of them. Then they are
    gone through in order, with the shifts, hours, burden and wishes that the weeks before
    turned out to have: a roster that breaks a rule then, or that could be spread better,
    is searched on from what it is. What is stored is verified with that true past. A week
    that fails is named and the others go on. `time_limit_s` is for each search of a week.

    Raises:
        MissingStepError: no requirement, or one that does not reach the last week.
        InputError: the weeks do not follow one another.
    """
    _check(weeks)
    inputs = WeekInputs(workspace)
    inputs.refuse_beyond(weeks[-1])
    limit = time_limit_s or store.roster_policy(workspace).time_limit_s
    effort = Effort(limit, seed, None, workspace.settings)
    done = Weeks()
    instances = _apart(inputs, weeks, done)
    told = _telling(progress, len(instances))
    rosters = solve_all([*instances.values()], effort, progress=told)
    found = dict(zip(instances, rosters, strict=True))
    _in_order(inputs, effort, instances, found, done, now)
    return done


def _check(weeks: Sequence[date]) -> None:
    following = (
        [weeks[0] + timedelta(weeks=i) for i in range(len(weeks))] if weeks else []
    )
    if not weeks or [*weeks] != following:
        raise InputError("expected Mondays of weeks that follow one another")


def _apart(
    inputs: WeekInputs, weeks: Sequence[date], done: Weeks
) -> dict[date, Instance]:
    """The instance of each week, with nothing known of those that are made now."""
    found = {}
    for week in weeks:
        before = {earlier: None for earlier in weeks if earlier < week}
        try:
            found[week] = inputs.instance(week, before)
        except PiekwijzerError as error:
            done.failures[week] = str(error)
    return found


def _in_order(
    inputs: WeekInputs,
    effort: Effort,
    instances: dict[date, Instance],
    found: dict[date, Answer],
    done: Weeks,
    now: datetime,
) -> None:
    """Each week with the past that those before it give, verified and stored."""
    before: dict[date, Rostered | None] = {}
    for week, first in instances.items():
        try:
            answer = found[week]
            if isinstance(answer, PiekwijzerError):
                raise answer
            instance = inputs.instance(week, before)
            roster = _fitted(first, instance, answer, effort)
            follows = [run.id for run in done.runs.values()]
            done.runs[week] = store_roster(
                inputs, instance, roster, now=now, before=before, follows=follows
            )
            before[week] = (instance, roster)
        except PiekwijzerError as error:
            done.failures[week] = str(error)


def _fitted(
    first: Instance, instance: Instance, roster: Roster, effort: Effort
) -> Roster:
    """The roster as it was found, or searched on where the true past makes it worse."""
    if instance.hash == first.hash or roster.status == "infeasible":
        return roster
    told = restate(roster, first, instance)
    unlawful = any(found.hard for found in verify(instance, told))
    if not unlawful and not _is_worse(told, roster):
        return told
    (again,) = solve_all([instance], effort, [told])
    if isinstance(again, PiekwijzerError):
        raise again
    kept = unlawful or again.objective.total <= told.objective.total
    return again if kept else told


def _is_worse(told: Roster, roster: Roster) -> bool:
    return told.gap is None or told.gap > (roster.gap or 0.0) + WORSE


def _telling(progress: Progress | None, weeks: int) -> Progress | None:
    """Progress of the searches side by side, then one more for putting them in order."""
    if progress is None:
        return None
    return lambda done, total: progress(done, total + 1)
