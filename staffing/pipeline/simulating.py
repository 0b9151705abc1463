"""The step `simulate`: what a stored roster gives, by simulation of its week."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl

from forecasting.calendar import week_name
from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from forecasting.runs import Figures
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.forecast_inputs import ForecastInputs
from staffing.proving.absence import Away
from staffing.proving.floors import lay_floors
from staffing.proving.lines import SLOT_S
from staffing.proving.telling import Proof, tell
from staffing.proving.weeks import Chances, Week, live_week
from staffing.simulation.outcomes import Floats
from staffing.standards import Standards
from staffing.tables import Activities, SimulatedSlots

PHONE = "phone"
SIX_DAYS = timedelta(days=6)


def run_simulation(
    workspace: Workspace,
    *,
    week: date,
    now: datetime,
    seed: int = 0,
    replications: int = 200,
) -> RunRecord:
    """Simulate the newest roster of a week for every skill with a queue, and store it.

    Each replication is a week in which one future of the forecast comes about, slots
    are noisy, planned visits come as planned or not at all, and of the people rostered
    some are away: a day, an hour or a moment, as the settings have it. Each queue opens
    empty; who came before closing is served by those present at closing. Stores
    `simulated_slots`. Figures: of the phone `within_25s`, the share of calls answered
    within its threshold, and of its single weeks `weeks`, `weeks_on_target` and `reasons`
    (null without phone); by skill under `skills` what `staffing.proving.tell` says.

    Raises:
        MissingStepError: no roster or no requirement for that week, or the roster was
            made for another forecast than the newest requirement.
        InputError: someone is rostered where nothing is open.
    """
    name = week_name(week)
    roster = workspace.latest("roster", week=name)
    needed = workspace.latest("requirement")
    work = ForecastInputs(workspace, _forecast_of(workspace, roster, needed, name))
    standards = work.standards
    days = week, week + SIX_DAYS
    zone = store.calendar(workspace).zone
    rows = work.workload.filter(pl.col("day").is_between(*days))
    floors = lay_floors(rows, _activities(workspace, roster), standards, zone)
    if not floors:
        raise MissingStepError(
            f"Expected queues in the requirement of {name}, found none. "
            "Make it again: piekwijzer requirement."
        )
    futures = _factors(work.futures_within(days, replications, seed))
    absent = Away.of(standards.shrinkage)
    chances = Chances(standards, replications, seed)
    proof = Proof(
        live_week(floors, chances),
        live_week(floors, replace(chances, away=absent)),
        live_week(floors, replace(chances, away=absent, futures=futures)),
    )
    parameters = {"week": name, "replications": str(replications)}
    return workspace.store(
        workspace.key("simulate", [roster.id, needed.id], parameters, seed),
        {"simulated_slots": _table(proof.forecast)},
        _figures(proof, standards),
        now=now,
    )


def _forecast_of(
    workspace: Workspace, roster: RunRecord, needed: RunRecord, week: str
) -> RunRecord:
    """The forecast behind a roster, which must be that of the newest requirement."""
    requirements = {run.id: run for run in workspace.ledger.runs("requirement")}
    own = next((requirements[i] for i in roster.inputs if i in requirements), None)
    forecasts = {run.id: run for run in workspace.ledger.runs("forecast")}
    newest = next((forecasts[i] for i in needed.inputs if i in forecasts), None)
    if own is None or newest is None or newest.id not in own.inputs:
        raise MissingStepError(
            f"Expected a roster of {week} made for the forecast of the newest "
            "requirement, found one made for another. "
            f"Make it again: piekwijzer roster --week {week}."
        )
    return newest


def _activities(workspace: Workspace, roster: RunRecord) -> pl.DataFrame:
    """Who does what, typed `Activities`."""
    frame = workspace.table(roster, "activities").select(Activities.column_names())
    return Activities.validate(frame.collect())


def _factors(futures: pl.DataFrame) -> dict[tuple[str, str, date], Floats]:
    """The factor of each future by location, skill and day."""
    ordered = futures.sort("sample").group_by("location", "skill", "day")
    return {
        (str(location), str(skill), day): rows["factor"].to_numpy()
        for (location, skill, day), rows in ordered
        if isinstance(day, date)
    }


def _table(week: Week) -> pl.DataFrame:
    counts = ["offered", "within", "within_low", "within_high", "abandoned"]
    table = pl.concat([part.slots for part in week.parts]).with_columns(
        *week.counted.slots.select(pl.col(counts).clip(0)),
        week.result.slots["mean_wait_s"],
        agents=week.result.staffed_s.mean(axis=0) / SLOT_S,
    )
    ordered = table.select(SimulatedSlots.column_names())
    return SimulatedSlots.validate(ordered.sort(SimulatedSlots.primary_key()))


def _figures(proof: Proof, standards: Standards) -> Figures:
    skills = {
        skill: tell(proof.of(skill), standards.skill[skill])
        for skill in proof.forecast.skills
    }
    phone = skills.get(PHONE, {})
    return {
        "within_25s": phone.get("within_target"),
        **{name: phone.get(name) for name in ("weeks", "weeks_on_target", "reasons")},
        "skills": skills,
    }
