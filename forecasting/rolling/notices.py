"""What is special about a series: too young, too small, ended, or never put to the test."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from forecasting.insight_tables import Notices
from forecasting.rolling.fanout import Predictions
from forecasting.rolling.tasks import Task
from forecasting.series.panel import as_date
from forecasting.tuning import Tuning

NEW = np.timedelta64(56, "D")
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
    starts = task.series.starts
    known = starts[-1] - starts[0]
    if known < NEW:
        yield "new series", ""
    elif known < np.timedelta64(tuning.pooled.short_days, "D"):
        yield "short history", ""
