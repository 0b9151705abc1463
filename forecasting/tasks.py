"""Tasks of a panel: which series is forecast from which origins, for which periods."""

import numpy as np
import polars as pl

from forecasting.knowndays import Known
from forecasting.panel import Panel
from forecasting.rolling import Task, rolling_origins
from forecasting.tuning import Tuning


def tasks_of(
    panel: Panel, periods: pl.DataFrame, known: Known, tuning: Tuning, origins: int
) -> list[Task]:
    """One task per series that has wanted periods (`series, start`)."""
    parts = periods.sort("series", "start").partition_by("series", as_dict=True)
    of_series = {str(key[0]): part["start"].to_numpy() for key, part in parts.items()}
    tasks = []
    for series in panel.series:
        future = of_series.get(series.name)
        if future is None:
            continue
        future = future.astype("datetime64[D]")
        days = int((future[-1] - series.starts[-1]).astype(np.int64))
        starts = rolling_origins(series, days, origins, tuning.backtest)
        tasks.append(
            Task(
                series,
                panel.cadence,
                days,
                starts,
                future,
                known.holidays,
                known.events,
            )
        )
    return tasks


def origin_tasks(
    panel: Panel, days: int, known: Known, tuning: Tuning, origins: int
) -> list[Task]:
    """One task per series that looks at earlier origins only."""
    none = np.empty(0, dtype="datetime64[D]")
    return [
        Task(
            series,
            panel.cadence,
            days,
            rolling_origins(series, days, origins, tuning.backtest),
            none,
            known.holidays,
            known.events,
        )
        for series in panel.series
    ]
