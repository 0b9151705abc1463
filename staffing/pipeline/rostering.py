"""The roster step: requirement and people in, a verified roster of one week stored."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from forecasting.calendar import first_week_beyond, week_name
from forecasting.errors import InputError, MissingStepError, PiekwijzerError
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.solving_parts import Effort, solve_all
from staffing.pipeline.week_inputs import WeekInputs
from staffing.pipeline.went_by import Before
from staffing.publish.storing import Draft, key_of_outcome
from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.valuing import headcount
from staffing.roster.verifying import verify
from staffing.roster.violation import Violation
from staffing.tables import Activities, Coverage, Shifts

SHORTFALLS_KEPT = 50
"""Shortfalls named in the figures of a run; the roster itself holds them all."""


class UnlawfulRosterError(PiekwijzerError):
    """A roster broke hard rules and was not stored."""


def run_roster(
    workspace: Workspace,
    *,
    week: date | None,
    now: datetime,
    seed: int = 0,
    time_limit_s: float | None = None,
    workers: int | None = None,
) -> RunRecord:
    """Roster the week of a Monday, verify it and store it.

    Without a week, the `default_week` as of today. Places that share nobody are solved
    side by side. Stores `shifts`, `activities` and `coverage`, and the roster and its
    instance as JSON beside them in the lake, as the next version of the week
    (`publish.versions`).

    Raises:
        MissingStepError: no requirement, people or forecast was made yet, or the
            requirement was made for other opening hours.
        InputError: the week cannot be rostered as given; the reason is named.
        UnlawfulRosterError: the verifier found hard violations.
    """
    inputs = WeekInputs(workspace)
    monday = week or default_week(workspace, today=_local_day(workspace, now))
    instance = inputs.instance(monday)
    limit = time_limit_s or instance.policy.time_limit_s
    effort = Effort(limit, seed, workers, workspace.settings)
    (roster,) = solve_all([instance], effort)
    if isinstance(roster, PiekwijzerError):
        raise roster
    return store_roster(inputs, instance, roster, now=now)


def store_roster(
    inputs: WeekInputs,
    instance: Instance,
    roster: Roster,
    *,
    now: datetime,
    before: Before | None = None,
    follows: Sequence[str] = (),
) -> RunRecord:
    """Verify a roster and store it; `follows` are runs of the weeks `before` it.

    Raises:
        InfeasibleRosterError: somebody has no lawful schedule; each conflict in a line.
        UnlawfulRosterError: the verifier found hard violations.
    """
    refuse_infeasible(roster)
    violations = verify(instance, roster)
    refuse_unlawful(violations)
    workspace = inputs.workspace
    looked_at = [
        version.run for version in inputs.followed(instance.week, before or {})
    ]
    imports = store.supply_imports(workspace) + workspace.holders("published_shifts")
    key = workspace.key(
        "roster",
        [inputs.requirement.id, *imports, *looked_at, *follows],
        {"week": week_name(instance.week)},
        roster.seed,
    )
    key = key_of_outcome(workspace, key, roster)
    tables = {
        "shifts": shifts_table(roster),
        "activities": activities_table(roster),
        "coverage": coverage_table(instance, roster),
    }
    figures = roster_figures(instance, roster, violations)
    draft = Draft(workspace, key.id, instance, roster, now)
    return workspace.store(key, tables, figures, now=now, also=draft)


def default_week(workspace: Workspace, *, today: date | None = None) -> date:
    """The first week that can still be told in time: the notice or more ahead.

    Counted from today or the end of history, whichever is later; from the end of history
    alone where no day is given, or where the requirement does not reach so far.
    """
    last = store.forecast_run(workspace).figures.get("history_last")
    if not isinstance(last, str):
        raise MissingStepError(
            "Expected the forecast to name the end of its history, found none. "
            "Forecast again (piekwijzer forecast), or give --week."
        )
    notice = store.labour_rules(workspace).notice_days
    end = date.fromisoformat(last)
    week = first_week_beyond(max(end, today or end), notice)
    hours = workspace.latest("requirement").figures.get("required_hours")
    required = hours if isinstance(hours, dict) else {}
    return week if week_name(week) in required else first_week_beyond(end, notice)


def _local_day(workspace: Workspace, now: datetime) -> date:
    return now.astimezone(ZoneInfo(store.calendar(workspace).zone)).date()


class InfeasibleRosterError(InputError):
    """Somebody has no lawful schedule: one line for each conflict."""

    def __init__(self, roster: Roster) -> None:
        told = [f"{one.person}: {one.text}" for one in roster.conflicts]
        lines = told or ["the hard rules leave no roster"]
        super().__init__(lines[0])
        self.args = ("\n".join(str(InputError(line)) for line in lines),)


def refuse_infeasible(roster: Roster) -> None:
    """Raise when somebody has no lawful schedule: there is nothing to store."""
    if roster.status == "infeasible":
        raise InfeasibleRosterError(roster)


def refuse_unlawful(violations: Sequence[Violation]) -> None:
    """Raise when a hard rule is broken: such a roster is never stored."""
    hard = [found for found in violations if found.hard]
    if hard:
        raise UnlawfulRosterError(
            f"The roster breaks {len(hard)} hard rules and was not stored; "
            f"the first: {hard[0]}. Report this: the solver must keep to the rules."
        )


def shifts_table(roster: Roster) -> pl.DataFrame:
    """One row per person and day worked, typed `Shifts`; the first break is shown."""
    rows = [
        {
            "person": shift.person,
            "day": shift.day,
            "location": shift.location,
            "start": shift.shift.start,
            "end": shift.shift.end,
            "break_start": shift.breaks[0].start if shift.breaks else None,
            "break_end": shift.breaks[0].end if shift.breaks else None,
        }
        for shift in roster.assignments
    ]
    return Shifts.validate(pl.DataFrame(rows, schema=Shifts.create_empty().schema))


def activities_table(roster: Roster) -> pl.DataFrame:
    """One row per person and quarter-hour with an activity, typed `Activities`."""
    rows = [
        {
            "person": shift.person,
            "start": start,
            "location": shift.location,
            "skill": skill,
        }
        for shift in roster.assignments
        for start, skill in shift.moments()
    ]
    return Activities.validate(
        pl.DataFrame(rows, schema=Activities.create_empty().schema)
    )


def coverage_table(instance: Instance, roster: Roster) -> pl.DataFrame:
    """People required and rostered per open quarter-hour, typed `Coverage`."""
    people = headcount(instance, roster.assignments)
    rows = [
        {
            "location": demand.location,
            "skill": demand.skill,
            "start": demand.start,
            "required": demand.required,
            "rostered": people[demand.location, demand.skill, demand.start],
        }
        for demand in instance.demands
    ]
    return Coverage.validate(pl.DataFrame(rows, schema=Coverage.create_empty().schema))


def roster_figures(
    instance: Instance, roster: Roster, violations: Sequence[Violation]
) -> dict[str, object]:
    """What a stored roster tells of itself."""
    shortfalls = [
        json.loads(found.model_dump_json())
        for found in roster.shortfalls[:SHORTFALLS_KEPT]
    ]
    return {
        "required_hours": sum(demand.required for demand in instance.demands) / 4,
        "rostered_hours": sum(shift.worked_hours for shift in roster.assignments),
        "contract_hours": sum(person.contract_hours for person in instance.people),
        "people_rostered": len({shift.person for shift in roster.assignments}),
        "hard_violations": sum(found.hard for found in violations),
        "soft_violations": sum(not found.hard for found in violations),
        "objective": {**roster.objective.model_dump(), "total": roster.objective.total},
        "bound": roster.bound,
        "unavoidable": roster.unavoidable,
        "gap": roster.gap,
        "status": roster.status,
        "instance": roster.instance,
        "shortfall_count": len(roster.shortfalls),
        "short_quarters": sum(found.quarters for found in roster.shortfalls),
        "shortfalls": shortfalls,
    }
