"""What every method says of one series: at earlier moments, and once at the end."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from forecasting.models.amounts import in_unit, unit_of
from forecasting.models.counts import CountRegression
from forecasting.models.following import Following
from forecasting.models.levels import SeasonalLevels
from forecasting.models.pooled import Pooled
from forecasting.models.prophet import ProphetMethod
from forecasting.models.protocol import Method, Past
from forecasting.models.quick import QuickRegression
from forecasting.models.seasonal import RecentMean, SameWeekLastYear
from forecasting.models.states import Smoothing
from forecasting.models.visits import SecondVisit
from forecasting.rolling.tasks import Task
from forecasting.series.cadence import last_day
from forecasting.series.panel import DayArray, FloatArray, Series, as_date
from forecasting.tuning import Tuning

NAIVE = ("last_week",)
"""Methods that are scored but take no part in the blend."""

TOLD = ("last_year", "mean_of_4", "smoothing", "prophet")
"""Methods that are also tried on the ratio of demand to what documents call for."""

SCHEMA = {
    "series": pl.String,
    "origin": pl.Date,
    "start": pl.Date,
    "ahead": pl.Int32,
    "actual": pl.Float64,
    "holiday": pl.Boolean,
    "method": pl.String,
    "mean": pl.Float64,
}


def methods(tuning: Tuning) -> tuple[Method, ...]:
    """All methods, in the order of reports; those that go by counts also told of documents."""
    alone: tuple[Method, ...] = (
        SameWeekLastYear(),
        RecentMean(1),
        RecentMean(4),
        CountRegression(tuning.glm),
        CountRegression(tuning.glm, exposed=True),
        QuickRegression(tuning.glm, tuning.levels),
        SeasonalLevels(tuning.levels),
        Smoothing(tuning.smoothing),
        ProphetMethod(tuning.prophet),
        Pooled(tuning.pooled, tuning.glm),
        SecondVisit(tuning.visits, tuning.glm),
    )
    told = (way for way in alone if way.name in TOLD)
    return (*alone, *(Following(way) for way in told))


def predict_series(task: Task, ways: Sequence[Method]) -> pl.DataFrame:
    """Means of every method at every origin of a task and for its future."""
    series = task.series
    reach = np.timedelta64(task.horizon_days, "D")
    parts = []
    for origin in task.origins:
        inside = (series.starts > origin) & (series.starts <= origin + reach)
        past = past_of(task, series.until(origin))
        parts += _answers(past, series.starts[inside], series.counts[inside], ways)
    parts += _answers(past_of(task, series), task.future, None, ways)
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)


def past_of(task: Task, series: Series) -> Past:
    """What a method may know at the end of `series`, a first part of the task's own."""
    origin, beside = series.starts[-1], task.beside
    end = np.datetime64(last_day(as_date(origin), task.cadence))
    return Past(
        series,
        task.cadence,
        task.holidays,
        task.events,
        task.school,
        beside.exposure_at(end),
        beside.leading_until(origin),
        beside.kin_until(origin),
    )


def _answers(
    past: Past, wanted: DayArray, actual: FloatArray | None, ways: Sequence[Method]
) -> list[pl.DataFrame]:
    if not wanted.size or not past.series.starts.size:
        return []
    origin = past.series.starts[-1]
    ahead, daily = (wanted - origin).astype(np.int64), past.cadence == "day"
    frame = pl.DataFrame(
        {
            "series": past.series.name,
            "origin": as_date(origin),
            "start": wanted.astype("datetime64[D]"),
            "ahead": ahead,
            "actual": actual,
            "holiday": [daily and as_date(day) in past.holidays for day in wanted],
        },
        schema_overrides={"ahead": pl.Int32, "actual": pl.Float64},
    )
    unit = unit_of(past.series.counts, past.cadence)
    told = in_unit(past, unit)
    return [
        frame.with_columns(
            pl.lit(way.name).alias("method"),
            pl.Series("mean", _checked(way, told, wanted) / unit, dtype=pl.Float64),
        )
        for way in ways
        if way.suits(told)
    ]


def _checked(way: Method, past: Past, wanted: DayArray) -> FloatArray:
    mean = way.predict(past, wanted)
    if not np.isfinite(mean).all() or (mean < 0).any():
        raise ArithmeticError(f"method {way.name} gave no finite count")
    return mean
