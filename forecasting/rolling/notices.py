"""What is special about a series: too young, too small, ended, or never put to the test."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from forecasting.insight_tables import Notices
from forecasting.rolling.fanout import Predictions
from forecasting.rolling.tasks import Task
from forecasting.series.cadence import last_day
from forecasting.series.panel import as_date
from forecasting.tuning import Tuning

A_DAY = np.timedelta64(1, "D")
NEW = np.timedelta64(56, "D")
LATELY = 56
"""So many of the last days tell on which days of the week a series is open."""

POOLED = "pooled"


def notices(
    tasks: Sequence[Task],
    answers: Predictions,
    tuning: Tuning,
    known_before: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> pl.DataFrame:
    """A `Notices` table: what must be said with the forecast of each task's series.

    `known_before` are kinds with what they are about, by series.
    """
    said = known_before or {}
    pooled = _named(answers.future.filter(pl.col("method") == POOLED))
    tested = _named(answers.past)
    ends = [task.series.starts[-1] for task in tasks]
    rows = []
    for task in tasks:
        series = task.series
        if series.name in answers.failures:
            continue
        first, last = as_date(series.starts[0]), as_date(series.starts[-1])
        known = (first, last, series.starts.size)
        kinds = list(_age(task, tuning))
        if series.name in pooled and task.beside.kin is not None:
            kinds.append((POOLED, task.beside.kin.name))
        if series.name not in tested:
            kinds.append(("no backtest", ""))
        if max(ends) - series.starts[-1] > np.timedelta64(tuning.stale_days, "D"):
            kinds.append(("stale", ""))
        kinds += said.get(series.name, ())
        rows += [(series.name, kind, about, *known) for kind, about in kinds]
    columns = Notices.column_names()
    table = pl.DataFrame(rows, schema=columns, orient="row").sort("series", "kind")
    return Notices.validate(table, cast=True)


def _named(rows: pl.DataFrame) -> frozenset[str]:
    return frozenset(rows["series"].unique())


def _age(task: Task, tuning: Tuning) -> Iterator[tuple[str, str]]:
    """Whether a series is new or young; the short year of the pooled method counts."""
    known = _end(task) - task.series.starts[0]
    if known < NEW:
        yield "new series", ""
    elif known < np.timedelta64(tuning.pooled.short_days, "D"):
        yield "short history", ""


def _end(task: Task) -> np.datetime64:
    """Up to where a series is known: the first day after it on which it may be open."""
    starts = task.series.starts
    end = np.datetime64(last_day(as_date(starts[-1]), task.cadence)) + A_DAY
    if task.cadence != "day":
        return end
    open_on = {as_date(day).weekday() for day in starts[-LATELY:]}
    coming = (end + number * A_DAY for number in range(7))
    return next((day for day in coming if as_date(day).weekday() in open_on), end)
