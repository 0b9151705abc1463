"""Which silences are no accident: runs of open periods without contacts, by evidence.

The chance that nothing comes in a run is that of a negative binomial with the rate of
the periods around it and the dispersion phi (variance over mean) of the whole:
log P = -expected x ln(phi) / (phi - 1), which is -expected where phi is 1.
"""

import math

import polars as pl

from forecasting.history.laying import STILL_ALIVE_DAYS, Laid
from forecasting.tuning import GapTuning

UNIT = ("source", "location", "cadence", "counted")
"""What is exported together: when all of it is silent, the export is missing."""


def missing_periods(laid: Laid, tuning: GapTuning) -> pl.DataFrame:
    """Expected periods (`series, start, kind`) of which nothing is known.

    `kind` is "source" where it says nothing at all, else "location".

    A source that counts names every open period, so a run without rows is missing. A
    source of events is missing where the silence of all its series at a location is too
    improbable to be chance.
    """
    days = _unit_days(laid)
    runs = silent_runs(days, UNIT, tuning)
    counted = pl.col("counted") & (pl.col("periods") >= tuning.least_periods)
    chance = ~pl.col("counted") & pl.col("improbable")
    gone = days.join(runs.filter(counted | chance), on=[*UNIT, "run"], how="semi")
    members = laid.rows.select(*UNIT, "series").unique()
    spoken = laid.rows.select("source", "start", kind=pl.lit("location")).unique()
    kind = pl.col("kind").fill_null("source").max()
    keys = ["series", "start"]
    unknown = (
        gone.join(spoken, on=["source", "start"], how="left")
        .join(members, on=UNIT)
        .group_by(keys)
        .agg(kind)
        .join(laid.expected, on=keys, how="semi")
    )
    return unknown.join(laid.rows, on=keys, how="anti").sort(keys)


def _unit_days(laid: Laid) -> pl.DataFrame:
    """Per unit its expected periods, while it lives, with what came in each."""
    rows = laid.rows
    spans = rows.group_by(UNIT).agg(
        pl.col("start").min().alias("first"), pl.col("start").max().alias("own_last")
    )
    spans = spans.join(laid.ends, on="source", how="left")
    silent = (pl.col("last_day") - pl.col("own_last")).dt.total_days()
    alive = pl.when(silent.is_between(0, STILL_ALIVE_DAYS)).then("last_day")
    spans = spans.with_columns(alive.otherwise("own_last").alias("last"))
    members = rows.select(*UNIT, "series").unique()
    expected = members.join(laid.expected, on="series").select(*UNIT, "start").unique()
    inside = expected.join(spans, on=UNIT).filter(
        pl.col("start").is_between("first", "last")
    )
    sums = rows.group_by(*UNIT, "start").agg(pl.col("count").sum())
    days = inside.select(*UNIT, "start").join(sums, on=[*UNIT, "start"], how="left")
    seen = pl.col("count").is_not_null().alias("seen")
    return with_runs(days.with_columns(seen, pl.col("count").fill_null(0.0)), UNIT)


def with_runs(days: pl.DataFrame, unit: tuple[str, ...]) -> pl.DataFrame:
    """Sort, and number the runs of periods that were `seen` or not, within each unit."""
    run = pl.col("seen").rle_id().over(unit)
    return days.sort(*unit, "start").with_columns(run.alias("run"))


def silent_runs(
    days: pl.DataFrame, unit: tuple[str, ...], tuning: GapTuning
) -> pl.DataFrame:
    """Runs that were not seen: `unit, run, periods`, and whether each is improbable.

    `days` holds `start, count, seen, run` with a row per expected period, sorted.
    """
    rated = _rated(days, unit, tuning.window_periods)
    runs = rated.group_by(*unit, "run").agg(
        pl.col("seen").first(),
        pl.len().alias("periods"),
        pl.col("factor").sum(),
        pl.col("before").first(),
        pl.col("after").last(),
    )
    runs = runs.filter(~pl.col("seen")).join(_dispersion(rated, unit), on=unit)
    expected = pl.min_horizontal("before", "after").fill_null(0.0) * pl.col("factor")
    excess = pl.col("phi") - 1
    spread = pl.when(excess > 1e-6).then(pl.col("phi").log() / excess).otherwise(1.0)
    improbable = -expected * spread < math.log(tuning.improbable)
    return runs.select(*unit, "run", "periods", improbable.alias("improbable"))


def _rated(days: pl.DataFrame, unit: tuple[str, ...], window: int) -> pl.DataFrame:
    """Each period with the factor of its weekday, and the rates before, after, around."""
    weekday = pl.col("start").dt.weekday()
    factor = pl.col("count").mean().over(*unit, weekday) / pl.col("count").mean().over(
        unit
    )
    rated = days.with_columns(
        factor.fill_nan(1.0).clip(lower_bound=0.01).alias("factor")
    )
    rate = pl.col("count") / pl.col("factor")
    around = rate.rolling_mean(2 * window + 1, min_samples=1, center=True)
    return rated.with_columns(
        _rate_of_last(rate, window).shift(1).over(unit).alias("before"),
        _rate_of_last(rate.reverse(), window)
        .reverse()
        .shift(-1)
        .over(unit)
        .alias("after"),
        around.over(unit).alias("around"),
    )


def _rate_of_last(rate: pl.Expr, window: int) -> pl.Expr:
    """Mean of the last periods; few of them are not taken for more than half a window.

    The first and the last period of a history always have contacts, so a handful of
    periods at its edge tells too high a rate.
    """
    periods = pl.int_range(1, pl.len() + 1).clip(window // 2, window)
    return rate.rolling_sum(window, min_samples=1) / periods


def _dispersion(rated: pl.DataFrame, unit: tuple[str, ...]) -> pl.DataFrame:
    mean = pl.col("around") * pl.col("factor")
    phi = ((pl.col("count") - mean) ** 2).sum() / mean.sum()
    return rated.group_by(unit).agg(
        phi.fill_nan(1.0).clip(lower_bound=1.0).alias("phi")
    )
