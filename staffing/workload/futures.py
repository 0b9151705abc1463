"""Futures of a day's walk-ins: how far each sampled future lies from what is expected."""

from datetime import date

import dataframely as dy
import polars as pl

from forecasting.calendar import Calendar, local_day
from forecasting.errors import InputError
from staffing.workload.periods import days_of_periods

PAIR = ["location", "skill"]
PERIOD = ["series", "start"]


class DayFutures(dy.Schema):
    """Walk-in work of sampled futures over expected work; the mean over samples is 1.

    A location, skill and day without expected walk-ins has no rows: nothing varies.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    day = dy.Date(primary_key=True)
    future = dy.Int32(primary_key=True, alias="sample")
    factor = dy.Float64(nullable=False, min=0)


def day_futures(
    samples: pl.DataFrame,
    forecast: pl.DataFrame,
    slots: pl.DataFrame,
    work: pl.DataFrame,
    calendar: Calendar,
    *,
    days: tuple[date, date] | None = None,
) -> pl.DataFrame:
    """The `DayFutures` of all queues, from the first to the last of `days`.

    `samples` is what `forecasting.samples` drew of `forecast` (`series, start, sample,
    count`), `slots` a `SlotForecast`, `work` a `SeriesWork`. Each series is weighted by
    its expected work of the day in seconds, so the factor is that of the load. A series
    of weeks or months moves all days of a period alike. Without `days`: all days of
    `slots`, or all of `forecast` where there are none. Work that can wait is left out.

    Raises:
        InputError: a period of the forecast that has walk-ins has no samples.
    """
    queued = work.filter(~pl.col("booked") & ~pl.col("waits"))
    expected = _expected(forecast, slots, queued, calendar.zone)
    first, last = days or _span(expected, slots, calendar.zone)
    wanted = expected.filter(pl.col("day").is_between(first, last), pl.col("work") > 0)
    moves = _moves(samples, wanted)
    _check_drawn(wanted, moves)
    load = (pl.col("work") * pl.col("move")).sum().alias("factor")
    moved = wanted.sort(pl.all()).join(moves, on=PERIOD, maintain_order="left")
    sums = moved.group_by(*PAIR, "day", "sample").agg(load)
    of_one = pl.col("factor") / pl.col("factor").mean().over(*PAIR, "day")
    found = sums.sort(DayFutures.primary_key()).with_columns(of_one)
    return DayFutures.validate(found, cast=True)


def _expected(
    forecast: pl.DataFrame, slots: pl.DataFrame, work: pl.DataFrame, zone: str
) -> pl.DataFrame:
    """Expected seconds of work per pair, series, period and day."""
    seconds = pl.col("mean") * pl.col("comes") * pl.col("handling_s")
    known = ["series", *PAIR, "comes", "handling_s"]
    periods = days_of_periods(forecast.join(work.select(known), on="series"))
    evenly = periods.with_columns((seconds / pl.len().over(PERIOD)).alias("even"))
    by_slot = (
        slots.join(work.select(known), on="series")
        .group_by("series", local_day("start", zone).alias("day"))
        .agg(seconds.sum().alias("told"))
    )
    timed = pl.col("series").is_in(by_slot["series"].unique().implode())
    told = pl.when(timed).then(pl.col("told")).otherwise(pl.col("even"))
    return (
        evenly.join(by_slot, on=["series", "day"], how="left")
        .select(*PERIOD, *PAIR, "day", told.fill_null(0.0).alias("work"))
    )  # fmt: skip


def _span(expected: pl.DataFrame, slots: pl.DataFrame, zone: str) -> tuple[date, date]:
    days = slots.select(local_day("start", zone)).to_series()
    days = expected["day"] if days.is_empty() else days
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return date.min, date.min
    return first, last


def _moves(samples: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Each sampled count of the periods wanted over the mean of its period."""
    drawn = samples.join(wanted.select(PERIOD).unique(), on=PERIOD)
    mean = pl.col("count").mean().over(PERIOD)
    move = pl.when(mean > 0).then(pl.col("count") / mean).otherwise(1.0)
    return drawn.select(*PERIOD, "sample", move.alias("move"))


def _check_drawn(wanted: pl.DataFrame, moves: pl.DataFrame) -> None:
    lacking = wanted.join(moves, on=PERIOD, how="anti")
    if not lacking.is_empty():
        series, start = lacking.select(PERIOD).row(0)
        raise InputError(
            f"expected samples of every period of the forecast, found none of {series} "
            f"on {start}",
            remedy="Draw them of the same forecast: forecasting.samples(run, n, seed).",
        )
