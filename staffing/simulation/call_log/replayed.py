"""Replay a log: fit one period, predict another, compare."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.errors import InputError
from staffing.simulation import intervals
from staffing.simulation.call_log.comparing import (
    Comparison,
    Setting,
    check_periods,
    compare,
)
from staffing.simulation.call_log.layout import CallLogLayout
from staffing.simulation.call_log.periods import Period, periods_of
from staffing.simulation.call_log.reading import CallLog, read_calls
from staffing.simulation.call_log.slots import by_slot
from staffing.simulation.fitting import Behaviour
from staffing.simulation.replaying import Prediction, predict
from staffing.simulation.timeline import OBSERVED

DAY_MINUTES = 1440


@dataclass(frozen=True)
class LogReplay:
    """A replayed log. `slots` holds predicted and observed counts per slot.

    `patience_s` and `handling_cv` are measured on the calls of the fitted period:
    seconds waited per caller who gave up (the censored exponential's mean), and the
    spread of handling times.
    """

    log: CallLog
    fitted: Period
    predicted: Period
    behaviour: Behaviour
    patience_s: float
    handling_cv: float
    comparison: Comparison
    slots: pl.DataFrame


def replay_log(
    file: Path,
    layout: CallLogLayout,
    *,
    fit: str | None,
    predict_days: str | None,
    threshold_s: float,
    slot_minutes: int,
    seed: int,
) -> LogReplay:
    """Fit the queue on the days `fit` of a log and predict its days `predict_days`.

    Periods read `1999-01-01..1999-01-17`; by default the first half and the rest.

    Raises:
        InputError: the log or a period cannot be used, nobody who answered is named, or
            slots do not fill a day.
    """
    if slot_minutes <= 0 or DAY_MINUTES % slot_minutes:
        raise InputError(
            f"expected slots of minutes that fill a day, came {slot_minutes}"
        )
    log = read_calls(file, layout)
    fitted, asked = periods_of(log.calls, fit, predict_days)
    slots = by_slot(log.calls, slot_minutes * 60, threshold_s)
    past, coming = fitted.of(slots), asked.of(slots)
    patience_s, handling_cv = _measured(fitted.of(log.calls, "arrival"))
    check_periods(past, coming, layout.columns.agent)
    unseen = coming.drop(OBSERVED)
    told = predict(unseen, past, threshold_s=threshold_s, seed=seed)
    setting = Setting(slot_minutes * 60.0, threshold_s, patience_s, seed)
    return LogReplay(
        log=log,
        fitted=fitted,
        predicted=asked,
        behaviour=told.behaviour,
        patience_s=patience_s,
        handling_cv=handling_cv,
        comparison=compare(told, coming, past, setting),
        slots=_beside(coming, told),
    )


def _measured(calls: pl.DataFrame) -> tuple[float, float]:
    """Mean patience in seconds (none gave up: endless) and spread of handling times."""
    served = calls.filter("answered")["handling_s"].to_numpy()
    if not served.sum() > 0:
        raise InputError(
            "expected answered calls of over 0 s in the fitted period, came none",
            remedy="Fit on days on which calls were answered.",
        )
    left = int((~calls["answered"]).sum())
    waited = float(calls["wait_s"].to_numpy().sum())
    patience_s = max(waited, 1.0) / left if left else np.inf
    return patience_s, float(served.std() / served.mean())


def _beside(coming: pl.DataFrame, told: Prediction) -> pl.DataFrame:
    """Observed and predicted counts per slot, with the bounds."""
    columns: dict[str, pl.Series] = {}
    for name, measure in zip(OBSERVED, (told.in_time, told.given_up), strict=True):
        low, high = intervals.bounds(measure.runs, measure.level)
        columns[f"{name}_predicted"] = pl.Series(measure.runs.mean(axis=0))
        columns |= {f"{name}_q10": pl.Series(low), f"{name}_q90": pl.Series(high)}
    return coming.with_columns(**columns)
