"""Predicted beside observed, for the busy slots of a period, and beside the formulas."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.errors import InputError
from staffing.simulation import intervals
from staffing.simulation.call_log import peers
from staffing.simulation.outcomes import Floats
from staffing.simulation.replaying import Measure, Prediction

JUDGED = intervals.JUDGED_CALLS


@dataclass(frozen=True)
class Share:
    """A period's share: predicted with its middle 80%, observed, and slots covered."""

    predicted: float
    low: float
    high: float
    observed: float
    covered: float


@dataclass(frozen=True)
class Comparison:
    """How well the busy slots of a period were predicted.

    `errors` are mean absolute errors of the share in time per slot, by method;
    `factors` the factor on the agents of each scaled formula.
    """

    slots: int
    calls: int
    in_time: Share
    given_up: Share
    errors: dict[str, float]
    factors: dict[str, float]


@dataclass(frozen=True)
class Setting:
    """What a comparison needs beside the frames; durations in seconds."""

    slot_s: float
    threshold_s: float
    patience_s: float
    seed: int


def check_periods(past: pl.DataFrame, coming: pl.DataFrame, agent: str) -> None:
    """Refuse a period in which nothing can be compared; `agent` is the log's column.

    Raises:
        InputError: a period has no busy slot, or nobody was online in it.
    """
    for name, slots in (("fitted", past), ("predicted", coming)):
        if not (slots["offered"] >= JUDGED).any():
            raise InputError(
                f"expected slots of {JUDGED} calls or more in the {name} period, came none",
                remedy="Take more days, or longer slots with --slot.",
            )
        if not slots["agents"].sum() > 0:
            raise InputError(
                f"expected who answered the calls of the {name} period, came nobody",
                column=agent,
                remedy="Without people online a queue cannot be predicted.",
            )


def compare(
    told: Prediction, coming: pl.DataFrame, past: pl.DataFrame, setting: Setting
) -> Comparison:
    """Judge a prediction of `coming` (slots in order of time) on its busy slots.

    The factors of the formulas are those that fit `past` best; both periods have a busy
    slot (`check_periods`).
    """
    rows = (coming["offered"] >= JUDGED).to_numpy()
    busy, learnt = coming.filter(rows), past.filter(pl.col("offered") >= JUDGED)
    offered = busy["offered"].to_numpy()
    ours = told.in_time.runs[:, rows].mean(axis=0) / offered
    errors, factors = _of_formulas(busy, learnt, setting)
    usual = np.average(peers.seen_share(learnt), weights=learnt["offered"].to_numpy())
    errors["constant"] = peers.error_of(np.full(busy.height, usual), busy)
    floor = _noise_floor(told.in_time, rows, offered)
    return Comparison(
        slots=busy.height,
        calls=int(offered.sum()),
        in_time=_share(told.in_time, busy, "answered_in_time", rows, setting.seed),
        given_up=_share(told.given_up, busy, "abandoned", rows, setting.seed),
        errors={"replay": peers.error_of(ours, busy), **errors, "noise floor": floor},
        factors=factors,
    )


def _of_formulas(
    busy: pl.DataFrame, learnt: pl.DataFrame, setting: Setting
) -> tuple[dict[str, float], dict[str, float]]:
    """Errors of each formula, as it is and scaled, and the factors; A and C."""
    mean = float(learnt["handling_time_s"].drop_nulls().to_numpy().mean())
    known = pl.when(pl.col("handling_time_s") > 0).then(pl.col("handling_time_s"))
    busy, learnt = (
        frame.with_columns(known.fill_null(mean).alias("handling_time_s"))
        for frame in (busy, learnt)
    )
    errors: dict[str, float] = {}
    factors: dict[str, float] = {}
    formulas = peers.formulas(setting.slot_s, setting.threshold_s, setting.patience_s)
    for name, formula in formulas.items():
        factors[name] = peers.best_factor(formula, learnt)
        scaled = formula(busy, factors[name])
        errors[f"{name}, scaled"] = peers.error_of(scaled, busy)
        errors[name] = peers.error_of(formula(busy, 1.0), busy)
    return errors, factors


def _noise_floor(measure: Measure, rows: Floats, offered: Floats) -> float:
    """The error a perfect model would make: simulate from ours, predict with its mean."""
    runs = intervals.settled(measure.runs[:, rows], measure.level[rows])
    return float((np.abs(runs - runs.mean(axis=0)) / offered).mean())


def _share(
    measure: Measure, busy: pl.DataFrame, column: str, rows: Floats, seed: int
) -> Share:
    offered, seen = busy["offered"].to_numpy(), busy[column].to_numpy()
    runs, calls = measure.runs[:, rows], offered.sum()
    predicted = float(runs.mean(axis=0).sum() / calls)
    first, last = _of_total(measure, busy, runs.sum(axis=1) / calls, seed)
    low, high = intervals.bounds(runs, measure.level[rows])
    return Share(
        predicted=predicted,
        low=first,
        high=last,
        observed=float(seen.sum() / calls),
        covered=float(np.mean((seen >= low) & (seen <= high))),
    )


def _of_total(
    measure: Measure, busy: pl.DataFrame, totals: Floats, seed: int
) -> tuple[float, float]:
    """Middle 80% of a period's share: as left-out days missed, no less than the runs."""
    volumes = busy.group_by(pl.col("start").dt.date(), maintain_order=True).agg(
        pl.col("offered").sum()
    )
    below, above = intervals.gap_of_total(
        measure.day_gaps, volumes["offered"].to_numpy(), seed
    )
    low, high = np.quantile(totals, [0.1, 0.9])
    middle = float(totals.mean())
    return min(middle + below, float(low)), max(middle + above, float(high))
