"""Tasks of a panel: which series is forecast from which origins, for which periods."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from forecasting.rolling.origins import rolling_origins
from forecasting.series.knowndays import Known
from forecasting.series.panel import DayArray, Panel, Series
from forecasting.tuning import Tuning


@dataclass(frozen=True)
class Task:
    """What one worker needs: a series, its origins, the periods wanted at the end."""

    series: Series
    cadence: str
    horizon_days: int
    origins: tuple[np.datetime64, ...]
    future: DayArray
    holidays: Mapping[date, str]
    events: tuple[tuple[str, date, date], ...] = ()


def tasks_of(
    panel: Panel, periods: pl.DataFrame, known: Known, tuning: Tuning, origins: int
) -> list[Task]:
    """One task per series that has wanted periods (`series, start`)."""
    parts = periods.sort("series", "start").partition_by("series", as_dict=True)
    wanted = {str(key[0]): part["start"].to_numpy() for key, part in parts.items()}
    tasks = []
    for series in panel.series:
        if series.name not in wanted:
            continue
        future = wanted[series.name].astype("datetime64[D]")
        days = int((future[-1] - series.starts[-1]).astype(np.int64))
        starts = rolling_origins(series, days, origins, tuning.backtest)
        tasks.append(_task(panel, series, days, starts, future, known))
    return tasks


def origin_tasks(
    panel: Panel, days: int, known: Known, tuning: Tuning, origins: int
) -> list[Task]:
    """One task per series that looks at earlier origins only, each with its outcome."""
    none = np.empty(0, dtype="datetime64[D]")
    tasks = []
    for series in panel.series:
        starts = rolling_origins(series, days, origins, tuning.backtest, whole=True)
        tasks.append(_task(panel, series, days, starts, none, known))
    return tasks


def _task(
    panel: Panel,
    series: Series,
    days: int,
    origins: tuple[np.datetime64, ...],
    future: DayArray,
    known: Known,
) -> Task:
    holidays, events = known.holidays, known.events
    return Task(series, panel.cadence, days, origins, future, holidays, events)
