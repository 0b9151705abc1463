"""Futures of a day's walk-ins: how far each sampled future lies from what is expected.

Sampled counts hold the chance of counting (Poisson), which the formulas and the
simulation bring in by themselves. It is taken out here, so that it counts once.
"""

from datetime import date

import dataframely as dy
import polars as pl

from forecasting.calendar import Calendar, local_day
from forecasting.errors import InputError
from staffing.workload.periods import days_of_periods

PAIR = ["location", "skill"]
PERIOD = ["series", "start"]


class DayFutures(dy.Schema):
    """Rate of walk-in work in sampled futures over that expected; the mean is 1.

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
    of weeks or months moves all days of a period alike. The factor is that of the rate:
    the samples' spread less the part that is the chance of counting. Without `days`: all
    days of `slots`, or all of `forecast` where there are none. Work that can wait is left
    out.

    Raises:
        InputError: a period of the forecast that has walk-ins has no samples.
    """
    queued = work.filter(~pl.col("booked") & ~pl.col("waits"))
    expected = _expected(forecast, slots, queued, calendar.zone)
    first, last = days or _span(expected, slots, calendar.zone)
    wanted = expected.filter(pl.col("day").is_between(first, last), pl.col("work") > 0)
    moves = _moves(samples, wanted)
    _check_drawn(wanted, moves)
    work_done = pl.col("work")
    load = (work_done * pl.col("move")).sum().alias("factor")
    chance = (work_done**2 / pl.col("expected")).sum() / work_done.sum() ** 2
    moved = wanted.sort(pl.all()).join(moves, on=PERIOD, maintain_order="left")
    sums = moved.group_by(*PAIR, "day", "sample").agg(load, chance.alias("chance"))
    of_one = pl.col("factor") / pl.col("factor").mean().over(*PAIR, "day")
    counted = sums.sort(DayFutures.primary_key()).with_columns(of_one)
    found = counted.with_columns(_without_chance().alias("factor")).drop("chance")
    return DayFutures.validate(found, cast=True)


def _without_chance() -> pl.Expr:
    """Factors drawn in to 1 by so much that the variance of counting (`chance`) is gone.

    A count of mean m whose rate varies by a factor of variance v varies by `v + 1 / m`
    of `m^2`; what counts of one rate are expected to differ is no news of that rate.
    """
    factor, day = pl.col("factor"), [*PAIR, "day"]
    variance = factor.var(ddof=0).over(day)
    kept = (1 - pl.col("chance") / variance).clip(0.0).sqrt()
    return pl.when(variance > 0).then(1 + (factor - 1) * kept).otherwise(factor)


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
    """Each sampled count of the periods wanted over what is `expected`, their mean."""
    drawn = samples.join(wanted.select(PERIOD).unique(), on=PERIOD)
    mean = pl.col("count").mean().over(PERIOD)
    move = pl.when(mean > 0).then(pl.col("count") / mean).otherwise(1.0)
    expected = pl.when(mean > 0).then(mean).otherwise(float("inf")).alias("expected")
    return drawn.select(*PERIOD, "sample", move.alias("move"), expected)


def _check_drawn(wanted: pl.DataFrame, moves: pl.DataFrame) -> None:
    lacking = wanted.join(moves, on=PERIOD, how="anti")
    if not lacking.is_empty():
        series, start = lacking.select(PERIOD).row(0)
        raise InputError(
            f"expected samples of every period of the forecast, found none of {series} "
            f"on {start}",
            remedy="Draw them of the same forecast: forecasting.samples(run, n, seed).",
        )
