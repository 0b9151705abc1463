"""Rolling origins: every method at several earlier moments, and once at the end.

One task is one series; tasks run sequentially or over processes with the same result.
A task that fails is named and the others go on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from forecasting.models.counts import CountRegression
from forecasting.models.prophet import ProphetMethod
from forecasting.models.protocol import Method, Past
from forecasting.models.seasonal import RecentMean, SameWeekLastYear
from forecasting.panel import DayArray, FloatArray, Series, as_date
from forecasting.settings import Settings
from forecasting.tuning import BacktestTuning, Tuning

Progress = Callable[[int, int], None]
"""Told how many series are done, and of how many."""

NAIVE = ("last_week",)
"""Methods that are scored but take no part in the blend."""

SCHEMA = {
    "series": pl.String,
    "origin": pl.Date,
    "start": pl.Date,
    "ahead": pl.Int32,
    "actual": pl.Float64,
    "method": pl.String,
    "mean": pl.Float64,
}


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


@dataclass(frozen=True)
class Predictions:
    """What the methods said: earlier origins with the outcome, and the future."""

    past: pl.DataFrame
    future: pl.DataFrame
    failures: Mapping[str, str]


def methods(tuning: Tuning) -> tuple[Method, ...]:
    """All methods, in the order of reports."""
    return (
        SameWeekLastYear(),
        RecentMean(1),
        RecentMean(4),
        CountRegression(tuning.glm),
        ProphetMethod(tuning.prophet),
    )


def rolling_origins(
    series: Series, horizon_days: int, count: int, tuning: BacktestTuning
) -> tuple[np.datetime64, ...]:
    """Up to `count` origins, earliest first, evenly spaced back from the end.

    They stand half a horizon apart (within the bounds of the settings) and closer when
    the history is short; none leaves less than the least history before it.
    """
    first, last = series.starts[0], series.starts[-1]
    room = int((last - first).astype(np.int64)) - tuning.least_history_days
    low, high = tuning.shortest_spacing_days, tuning.longest_spacing_days
    wanted = round(np.clip(tuning.spacing_share * horizon_days, low, high))
    spacing = max(min(wanted, room // count), 7)
    kept = min(count, room // spacing)
    return tuple(last - spacing * step for step in range(kept, 0, -1))


def predict_all(
    tasks: Sequence[Task],
    tuning: Tuning,
    settings: Settings,
    progress: Progress | None = None,
) -> Predictions:
    """Run the tasks and put their answers together, in the order of the tasks."""
    from joblib import Parallel, delayed  # type: ignore[import-untyped]  # ships no types

    sequential = settings.executor == "sequential" or len(tasks) < 2
    workers = 1 if sequential else settings.workers
    pool = Parallel(n_jobs=workers, return_as="generator", batch_size=1)
    frames, failures = [], {}
    answers = pool(delayed(_attempt)(task, tuning) for task in tasks)
    for number, (task, answer) in enumerate(zip(tasks, answers, strict=True), 1):
        if isinstance(answer, str):
            failures[task.series.name] = answer
        else:
            frames.append(answer)
        if progress is not None:
            progress(number, len(tasks))
    every = pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)
    known = pl.col("actual").is_not_null()
    return Predictions(every.filter(known), every.filter(~known), failures)


def _attempt(task: Task, tuning: Tuning) -> pl.DataFrame | str:
    """The answers of one series, or why it failed; one bad series stops no other.

    Linear algebra runs on one thread: sums in another order would differ in the last
    digits, and two processes must answer what one does.
    """
    from threadpoolctl import (  # type: ignore[import-untyped]  # ships no types
        threadpool_limits,
    )

    try:
        with threadpool_limits(limits=1):
            return predict_series(task, methods(tuning))
    except (ArithmeticError, LookupError, RuntimeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"


def predict_series(task: Task, ways: Sequence[Method]) -> pl.DataFrame:
    """Means of every method at every origin of a task and for its future."""
    series = task.series
    reach = np.timedelta64(task.horizon_days, "D")
    parts = []
    for origin in task.origins:
        inside = (series.starts > origin) & (series.starts <= origin + reach)
        past = _past(task, series.until(origin))
        parts += _answers(past, series.starts[inside], series.counts[inside], ways)
    parts += _answers(_past(task, series), task.future, None, ways)
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)


def _past(task: Task, series: Series) -> Past:
    return Past(series, task.cadence, task.holidays, task.events)


def _answers(
    past: Past, wanted: DayArray, actual: FloatArray | None, ways: Sequence[Method]
) -> list[pl.DataFrame]:
    if not wanted.size or not past.series.starts.size:
        return []
    origin = past.series.starts[-1]
    ahead = (wanted - origin).astype(np.int64)
    frame = pl.DataFrame(
        {
            "series": past.series.name,
            "origin": as_date(origin),
            "start": wanted.astype("datetime64[D]"),
            "ahead": ahead,
            "actual": actual,
        },
        schema_overrides={"ahead": pl.Int32, "actual": pl.Float64},
    )
    return [
        frame.with_columns(
            pl.lit(way.name).alias("method"),
            pl.Series("mean", _checked(way, past, wanted), dtype=pl.Float64),
        )
        for way in ways
        if way.suits(past)
    ]


def _checked(way: Method, past: Past, wanted: DayArray) -> FloatArray:
    mean = way.predict(past, wanted)
    if not np.isfinite(mean).all() or (mean < 0).any():
        raise ArithmeticError(f"method {way.name} gave no finite count")
    return mean
