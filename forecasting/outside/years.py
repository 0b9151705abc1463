"""What is known elsewhere, laid over the outlook of ten years by month."""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.models.expiry.applications import service_of
from forecasting.models.features import weekday
from forecasting.outside.applying import Applied, apply_outside
from forecasting.outside.subjects import Subject, subject_of
from forecasting.outside_tables import OUTLOOK, OutsideApplied
from forecasting.series.exposure import Exposure
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import Tuning

PARTS = ("renewals", "lost", "first", "echo")
KEY = ("subject", "period", "source")
MOVED = ("applied", "partly overtaken")
WEEK = np.timedelta64(7, "D")


def bent_outlook(
    outlook: pl.DataFrame,
    demand: pl.DataFrame,
    forecast: pl.DataFrame,
    outside: pl.DataFrame,
    catalogue: Catalogue,
    tuning: Tuning,
) -> Applied:
    """The outlook as forecasts from outside move it, by the rules of the forecast.

    A statement on all applications of a service moves its months; one on some of them
    (one location, one channel) moves the forecast alone.

    Args:
        outlook: an `Outlook`, its series services.
        demand: `series, start, cadence, count` of the past.
        forecast: a `StoredForecast`; its days before the outlook begins count as known.
        outside: typed `OutsideForecasts`, with `source` and `imported`.
        catalogue: steps and services.
        tuning: which steps apply for documents, how far to bend.
    """
    services, steps = outlook["series"].unique().sort().to_list(), tuning.expiry.steps
    soon = forecast.filter(pl.col("start") < outlook["start"].min())
    columns = ("series", "start", "cadence", "count")
    known = pl.concat(
        [
            demand.select(columns),
            soon.with_columns(pl.col("mean").alias("count")).select(columns),
        ]
    )
    names = sorted({*demand["series"], *forecast["series"]})
    owned = {name: service_of(name, services, steps) for name in names}
    asked = {
        text: _whole_service(subject_of(text, names, catalogue), owned)
        for text in outside["subject"].unique()
    }
    owner = pl.col("series").replace_strict(owned, return_dtype=pl.String)
    counted = known.with_columns(owner).drop_nulls("series")
    monthly = outlook.with_columns(pl.lit("month").alias("cadence"))
    done = apply_outside(
        monthly, counted, outside, catalogue, tuning.outside, subjects=asked
    )
    factor = done.forecast["mean"] / outlook["mean"].replace(0.0, 1.0)
    return Applied(scaled(outlook, factor.to_numpy()), done.said)


def _whole_service(subject: Subject, owned: Mapping[str, str | None]) -> Subject:
    """The service whose applications a subject counts, all of them and nothing else."""
    found = {owned[name] for name in subject.counted}
    if len(found) != 1 or None in found:
        return Subject(())
    (service,) = found
    every = {name for name, owner in owned.items() if owner == service}
    whole = every == set(subject.counted) and service is not None
    return Subject((str(service),)) if whole else Subject(())


def both_told(near: pl.DataFrame, far: pl.DataFrame) -> pl.DataFrame:
    """One row per statement: what it did to the forecast, else to the outlook.

    Args:
        near: the `OutsideApplied` of the forecast.
        far: that of the outlook.
    """
    moved = far.filter(pl.col("state").is_in(MOVED)).with_columns(
        pl.lit(OUTLOOK).alias("table")
    )
    still = near.filter(~pl.col("state").is_in(MOVED)).select(KEY)
    instead = moved.join(still, on=KEY, how="semi")
    table = pl.concat([near.join(instead, on=KEY, how="anti"), instead])
    return OutsideApplied.validate(table.sort("place"), cast=True)


def scaled(outlook: pl.DataFrame, factor: FloatArray) -> pl.DataFrame:
    """The outlook times a factor per row: mean, quantiles and parts alike."""
    columns = pl.col("mean", *QUANTILE_NAMES, *PARTS)
    return outlook.with_columns(columns * pl.Series(factor, dtype=pl.Float64))


def months_with_letters(
    starts: DayArray, before: Exposure, after: Exposure, season: FloatArray
) -> FloatArray:
    """The factor of each month by which letters move what documents call for.

    Args:
        starts: first days of months.
        before: what documents call for without letters.
        after: the same with them, on the same weeks.
        season: of each of these weeks.
    """
    last = before.weekly.size - 1
    factors = np.ones(starts.size)
    for place, days in enumerate(_working_days(starts)):
        week = np.clip((days - before.first) // WEEK, 0, last).astype(int)
        usual = (season * before.weekly)[week].sum()
        if usual > 0:
            factors[place] = (season * after.weekly)[week].sum() / usual
    return factors


def _working_days(starts: DayArray) -> Iterable[DayArray]:
    """The days from Monday to Friday of each month."""
    for month in starts.astype("datetime64[M]"):
        days = np.arange(month, month + 1, dtype="datetime64[D]")
        yield days[weekday(days) < 5]
