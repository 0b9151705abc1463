"""Slot histories: forecasts per day, shared out by profile, with slot-level errors."""

import polars as pl

from forecasting.intervals import conformal
from forecasting.intraday.profiles import at_clock, profile, spread
from forecasting.models.blend import combine, weigh
from forecasting.rolling.answers import NAIVE
from forecasting.rolling.fanout import Predictions
from forecasting.series.cadence import SLOT_SECONDS, by_clock, from_clock
from forecasting.tuning import Tuning

OPEN_SHARE = 0.25
"""A slot is open on a weekday when this share of its last days had a row there."""
RECENT_DAYS = 91
PART_SHARE = 0.1
"""A last day breaks off when more than this share of its usual slots is to come."""


def whole_days(history: pl.DataFrame) -> pl.DataFrame:
    """The history without the last day of a series that breaks off in the midst of it.

    It does when slots that are usually open still come after it; a day that is known in
    part says nothing of a day.
    """
    clocked = by_clock(history).with_columns(*at_clock("clock"))
    day = pl.col("clock").dt.date().alias("day")
    ends = clocked.group_by("series").agg(
        pl.all().last(), day.last(), day.n_unique().alias("days")
    )
    usual = ends.select("series", "weekday", "days", "day", "minute").join(
        _open_minutes(clocked), on=["series", "weekday"], suffix="_usual"
    )
    to_come = (pl.col("minute_usual") > pl.col("minute")).mean()
    part = usual.filter(pl.col("days") > 1).group_by("series", "day").agg(to_come)
    broken = part.filter(pl.col("minute_usual") > PART_SHARE)
    kept = clocked.with_columns(day).join(
        broken, on=["series", "day"], how="anti", maintain_order="left"
    )
    return kept.select(history.columns)


def open_slots(
    history: pl.DataFrame, days: pl.DataFrame, cadence: str, horizon: int | None
) -> pl.DataFrame:
    """The slots of open days that are usually open on that weekday.

    They lie within the first `horizon` slots of the clock after the history.
    """
    clocked = by_clock(history)
    pattern = _open_minutes(clocked)
    clock = pl.col("start").cast(pl.Datetime("us")) + pl.duration(
        minutes=pl.col("minute")
    )
    weekday = pl.col("start").dt.weekday().alias("weekday")
    slots = days.with_columns(weekday).join(pattern, on=["series", "weekday"])
    slots = slots.select("series", clock.alias("clock"))
    last = clocked.group_by("series").agg(pl.col("clock").max().alias("last"))
    gone = (pl.col("clock") - pl.col("last")).dt.total_seconds()
    reach = (horizon or 10**9) * SLOT_SECONDS[cadence]
    slots = slots.join(last, on="series").filter(gone.is_between(1, reach))
    start = from_clock(pl.col("clock"), history.schema["start"]).alias("start")
    return slots.select("series", start).drop_nulls().sort("series", "start")


def _open_minutes(clocked: pl.DataFrame) -> pl.DataFrame:
    newest = pl.col("clock").max().over("series")
    recent = clocked.filter(
        pl.col("clock") > newest - pl.duration(days=RECENT_DAYS)
    ).with_columns(*at_clock("clock"), pl.col("clock").dt.date().alias("day"))
    days = recent.group_by("series", "weekday").agg(
        pl.col("day").n_unique().alias("of")
    )
    seen = recent.group_by("series", "weekday", "minute").agg(pl.col("day").n_unique())
    often = seen.join(days, on=["series", "weekday"]).filter(
        pl.col("day") >= OPEN_SHARE * pl.col("of")
    )
    return often.select("series", "weekday", "minute")


def settle_slots(
    answers: Predictions, history: pl.DataFrame, wanted: pl.DataFrame, tuning: Tuning
) -> pl.DataFrame:
    """The blend per day, spread over slots, with quantiles from slot-level errors."""
    edges = tuning.intervals.group_days
    mixed = ~pl.col("method").is_in(NAIVE)
    past, future = answers.past.filter(mixed), answers.future.filter(mixed)
    weights = weigh(past, future["series"].unique().sort(), edges, tuning.blend)
    known = by_clock(history)
    parts = [
        _held_back(day, known, tuning)
        for day in combine(past, weights, edges).partition_by("origin")
    ]
    errors = pl.concat(parts) if parts else _no_errors()
    slots = _to_slots(combine(future, weights, edges), by_clock(wanted), known, tuning)
    return conformal(errors, slots, tuning.intervals)


def _held_back(days: pl.DataFrame, known: pl.DataFrame, tuning: Tuning) -> pl.DataFrame:
    """What an origin would have said of the slots that came, and what came."""
    origin = pl.lit(days["origin"][0])
    seen = pl.col("clock").dt.date() <= origin
    before, after = known.filter(seen), known.filter(~seen)
    slots = _to_slots(days, after, before, tuning)
    actual = after.select("series", "start", pl.col("count").alias("actual"))
    return slots.drop("actual").join(actual, on=["series", "start"])


def _to_slots(
    days: pl.DataFrame, slots: pl.DataFrame, known: pl.DataFrame, tuning: Tuning
) -> pl.DataFrame:
    period = pl.col("clock").dt.date().alias("period")
    shares = profile(known, tuning.intraday)
    means = spread(days, slots.with_columns(period), shares, whole=False)
    dated = means.join(slots.select("series", "start", period), on=["series", "start"])
    of_day = days.select(
        "series", pl.col("start").alias("period"), "origin", "ahead", "actual"
    )
    return dated.join(of_day, on=["series", "period"]).drop("period")


def _no_errors() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "series": pl.String,
            "start": pl.Datetime,
            "mean": pl.Float64,
            "origin": pl.Date,
            "ahead": pl.Int32,
            "actual": pl.Float64,
        }
    )
