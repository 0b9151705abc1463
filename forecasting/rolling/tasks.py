"""Tasks of a panel: which series is forecast from which origins, for which periods."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from forecasting.rolling.beside import Beside, Besides
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
    school: Mapping[date, str] = field(default_factory=dict)
    beside: Beside = field(default_factory=Beside)


def tasks_of(
    panel: Panel,
    periods: pl.DataFrame,
    known: Known,
    tuning: Tuning,
    origins: int,
    besides: Besides | None = None,
) -> list[Task]:
    """One task per series that has wanted periods (`series, start`)."""
    besides = besides or Besides()
    parts = periods.sort("series", "start").partition_by("series", as_dict=True)
    wanted = {str(key[0]): part["start"].to_numpy() for key, part in parts.items()}
    tasks = []
    for series in panel.series:
        if series.name not in wanted:
            continue
        future = wanted[series.name].astype("datetime64[D]")
        days = int((future[-1] - series.starts[-1]).astype(np.int64))
        starts = rolling_origins(series, days, origins, tuning.backtest)
        beside = besides.of(series.name)
        tasks.append(_task(panel, series, days, starts, future, known, beside))
    return tasks


def origin_tasks(
    panel: Panel,
    days: int,
    known: Known,
    tuning: Tuning,
    origins: int,
    besides: Besides | None = None,
) -> list[Task]:
    """One task per series that looks at earlier origins only, each with its outcome."""
    besides = besides or Besides()
    none = np.empty(0, dtype="datetime64[D]")
    tasks = []
    for series in panel.series:
        starts = rolling_origins(series, days, origins, tuning.backtest, whole=True)
        beside = besides.of(series.name)
        tasks.append(_task(panel, series, days, starts, none, known, beside))
    return tasks


def _task(
    panel: Panel,
    series: Series,
    days: int,
    origins: tuple[np.datetime64, ...],
    future: DayArray,
    known: Known,
    beside: Beside,
) -> Task:
    return Task(
        series,
        panel.cadence,
        days,
        origins,
        future,
        known.holidays,
        known.events,
        known.school,
        beside,
    )
