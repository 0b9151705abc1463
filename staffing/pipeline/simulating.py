"""The step `simulate`: what a stored roster gives, by simulation of its week."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl

from forecasting.calendar import SLOT, local_day, week_name
from forecasting.catalogue import Catalogue
from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from forecasting.runs import Figures
from forecasting.workspace import Workspace
from staffing import store
from staffing.rules import Standard
from staffing.simulation import Distribution, Simulation, simulate
from staffing.simulation.engine import Arrivals
from staffing.tables import Coverage, SimulatedSlots

KEYS = ["location", "skill", "start"]
PHONE = "phone"


@dataclass(frozen=True)
class Simulated:
    """One location, skill and day, and what its replications gave."""

    slots: pl.DataFrame
    result: Simulation


def run_simulation(
    workspace: Workspace,
    *,
    week: date,
    now: datetime,
    seed: int = 0,
    replications: int = 200,
) -> RunRecord:
    """Simulate the newest roster of a week for every skill with a queue, and store it.

    Each location, skill and day is a queue that opens empty; who came before closing is
    served by those present at closing. Planned visits and walk-ins come at random alike.
    Of the people rostered the `shrinkage` is away, so a part of a person is at work.
    Stores `simulated_slots`. Figures: `within_25s`, the share of the week's phone calls
    answered within the phone's threshold (null without phone); and by skill under
    `skills` the shares within the threshold and given up and the mean wait, each with
    its 95% interval: how sure the mean is. How far single weeks lie apart, the forecast
    being right, is `weeks`: the 10% and 90% quantiles of the share within the threshold.

    Raises:
        MissingStepError: no roster or no requirement for that week.
    """
    name = week_name(week)
    roster = workspace.latest("roster", week=name)
    needed = workspace.latest("requirement")
    slots = _slots(workspace, roster, needed, week)
    standards = store.standards(workspace)
    skills, at_work = standards.skill, standards.at_work
    spread = handling_spread(store.catalogue(workspace))
    slots = slots.with_columns((pl.col("rostered") * at_work).alias("agents"))
    groups = slots.group_by("location", "skill", "day", maintain_order=True)
    parts = [
        _simulate(rows, skills[str(skill)], spread[str(skill)], replications, seed + i)
        for i, ((_, skill, _), rows) in enumerate(groups)
    ]
    parameters = {"week": name, "replications": str(replications)}
    return workspace.store(
        workspace.key("simulate", [roster.id, needed.id], parameters, seed),
        {"simulated_slots": _table(parts)},
        _figures(parts, skills),
        now=now,
    )


def _slots(
    workspace: Workspace, roster: RunRecord, needed: RunRecord, week: date
) -> pl.DataFrame:
    """Queue slots of the week: what is expected and who is rostered."""
    zone = store.calendar(workspace).zone
    table = workspace.table(needed, "requirement")
    queued = pl.len().over(KEYS) > 1
    chosen = store.of_week(table, week, zone).filter(queued).filter("chosen")
    coverage = workspace.table(roster, "coverage").collect()
    cover = Coverage.validate(coverage.select(Coverage.column_names()))
    slots = chosen.join(cover.select(*KEYS, "rostered"), on=KEYS, how="left")
    if slots.is_empty():
        raise MissingStepError(
            f"Expected queues in the requirement of {week_name(week)}, found none. "
            "Make it again: piekwijzer requirement."
        )
    day = local_day("start", zone).alias("day")
    return slots.with_columns(day, pl.col("rostered").fill_null(0)).sort(KEYS)


def handling_spread(catalogue: Catalogue) -> dict[str, float]:
    """Coefficient of variation of handling times per skill, over its steps alike.

    The spread within steps and between their means both count; steps weigh the same.
    """
    steps = [step for service in catalogue.service for step in service.step]
    result = {}
    for skill in {step.skill for step in steps}:
        means = np.array([s.handling_s for s in steps if s.skill == skill])
        cvs = np.array([s.handling_cv for s in steps if s.skill == skill])
        second = np.mean(means**2 * (1 + cvs**2))
        result[skill] = float(np.sqrt(second / means.mean() ** 2 - 1))
    return result


def _simulate(
    rows: pl.DataFrame, standard: Standard, cv: float, replications: int, seed: int
) -> Simulated:
    result = simulate(
        rows["offered"].to_numpy(),
        rows["agents"].to_numpy(),
        Distribution(1.0, cv),
        standard.patience_s,
        slot_s=SLOT.total_seconds(),
        threshold_s=standard.threshold_s,
        replications=replications,
        seed=seed,
        handling_factor=rows["handling_s"].to_numpy(),
        pattern=Arrivals(arrival_cv=standard.arrival_cv),
    )
    return Simulated(rows, result)


def _table(parts: list[Simulated]) -> pl.DataFrame:
    counts = ["offered", "within", "within_low", "within_high", "abandoned"]
    tables = [
        pl.concat(
            [
                part.slots.select(*KEYS, "agents"),
                part.result.slots.select(pl.col(counts).clip(0), "mean_wait_s"),
            ],
            how="horizontal",
        )
        for part in parts
    ]
    columns = SimulatedSlots.column_names()
    return SimulatedSlots.validate(pl.concat(tables).select(columns))


def _figures(parts: list[Simulated], skills: dict[str, Standard]) -> Figures:
    results: dict[str, list[Simulation]] = {}
    for part in parts:
        results.setdefault(str(part.slots["skill"][0]), []).append(part.result)
    joined = {skill: Simulation.join(found) for skill, found in results.items()}
    told = {skill: _told(found, skills[skill]) for skill, found in joined.items()}
    phone = told.get(PHONE)
    return {
        "within_25s": phone["within_target"] if phone else None,
        "weeks": phone["weeks"] if phone else None,
        "skills": told,
    }


def _told(result: Simulation, standard: Standard) -> dict[str, object]:
    found = result.overall
    return {
        "within_target": found.within_share.as_figure(),
        "weeks": _spread(result),
        "abandoned_share": found.abandoned_share.as_figure(),
        "mean_wait_s": found.mean_wait_s.as_figure(),
        "offered": found.offered.mean,
        "occupancy": found.occupancy.mean,
        "target": standard.target,
        "threshold_s": standard.threshold_s,
    }


def _spread(result: Simulation) -> dict[str, float] | None:
    shares = result.within_shares
    if not shares.size:
        return None
    low, high = np.quantile(shares, [0.1, 0.9])
    return {"q10": float(low), "q90": float(high)}
