"""The outlook of ten years as letters, fees and others move it, in that order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from forecasting.insight_tables import Outlook
from forecasting.models.effects.planned import fee_adjustment
from forecasting.models.expiry.exposing import exposure_of
from forecasting.outside import (
    bent_outlook,
    both_told,
    exposures_with_letters,
    months_with_letters,
    outside_forecasts,
    scaled,
    working_days,
)
from forecasting.pipeline.documents import LETTERS, Papers
from forecasting.pipeline.fees import FEE
from forecasting.pipeline.settling import OUTSIDE
from forecasting.pipeline.town import Town
from forecasting.series.panel import DayArray, FloatArray, as_date
from forecasting.workspace import Workspace

MOVED = pl.DataFrame(
    schema={
        "service": pl.String,
        "cause": pl.String,
        "year": pl.Int64,
        "count": pl.Float64,
    }
)


@dataclass(frozen=True)
class Years:
    """A moved `Outlook`, per statement from outside what it did, and what moved how far.

    `moved` holds `service, cause, year, count`: applications that came or went.
    """

    outlook: pl.DataFrame
    said: pl.DataFrame
    moved: pl.DataFrame


def settled_outlook(
    workspace: Workspace,
    town: Town,
    papers: Papers,
    outlook: pl.DataFrame,
    forecast: pl.DataFrame,
    effects: pl.DataFrame,
    said: pl.DataFrame,
) -> Years:
    """The outlook with planned letters, fees to come and forecasts from outside.

    Args:
        workspace: holds what others expect.
        town: the past, the calendar of fees, the settings.
        papers: documents and letters.
        outlook: an `Outlook` that knows none of these.
        forecast: the settled forecast.
        effects: an `Effects` table: what earlier fees did.
        said: what statements from outside did to the forecast, an `OutsideApplied`.
    """
    if outlook.is_empty():
        return Years(outlook, said, MOVED.clear())

    def lettered(service: str, months: DayArray) -> FloatArray:
        return _by_letters(papers, town, service, months)

    def priced(service: str, months: DayArray) -> FloatArray:
        return months_with_fees(town, effects, service, months)

    with_letters = _times(outlook, lettered)
    with_fees = _times(with_letters, priced)
    bent = bent_outlook(
        with_fees,
        town.demand,
        forecast,
        outside_forecasts(workspace),
        town.catalogue,
        town.tuning,
    )
    steps = (LETTERS, with_letters), (FEE, with_fees), (OUTSIDE, bent.forecast)
    final = Outlook.validate(bent.forecast, cast=True)
    return Years(final, both_told(said, bent.said), _moved(outlook, steps))


def _times(
    outlook: pl.DataFrame, factor: Callable[[str, DayArray], FloatArray]
) -> pl.DataFrame:
    """The outlook times the factors of the months of each service."""
    return pl.concat(
        scaled(part, factor(part["series"][0], part["start"].to_numpy()))
        for part in outlook.partition_by("series", maintain_order=True)
    )


def _by_letters(
    papers: Papers, town: Town, service: str, months: DayArray
) -> FloatArray:
    known = papers.found[service]
    until = as_date(months[-1]) + timedelta(days=31)
    before = exposure_of(known, town.last_day, until, town.tuning.expiry)
    *_, after = exposures_with_letters(
        [before],
        papers.letters,
        town.tuning.letters,
        papers.timing,
        counted=papers.counted,
    )
    weeks = known.applications.first + np.arange(before.weekly.size)
    season = known.estimate.rates.season_of(weeks)
    return months_with_letters(months, before, after, season)


def months_with_fees(
    town: Town, effects: pl.DataFrame, service: str, months: DayArray
) -> FloatArray:
    """The factor of each month by what earlier changes of a fee let expect of the next."""
    coming = [fee for fee in town.calendar.fee_changes if fee.day > town.last_day]
    days = list(working_days(months))
    every = np.concatenate(days)
    factors = fee_adjustment(service, every, coming, effects, town.tuning.effects)
    ends = np.cumsum([part.size for part in days])[:-1]
    return np.array([part.mean() for part in np.split(factors, ends)])


def _moved(
    outlook: pl.DataFrame, steps: Sequence[tuple[str, pl.DataFrame]]
) -> pl.DataFrame:
    """What each step added to the means, by service and year; nothing where it did not."""
    year = pl.col("start").dt.year().cast(pl.Int64).alias("year")
    parts, before = [MOVED.clear()], outlook
    for cause, after in steps:
        more = (after["mean"] - before["mean"]).alias("count")
        name = pl.lit(cause).alias("cause")
        rows = after.select(pl.col("series").alias("service"), name, year, more)
        parts.append(rows)
        before = after
    keys = ["service", "cause", "year"]
    sums = pl.concat(parts).group_by(keys).agg(pl.col("count").sum().round(1))
    return sums.filter(pl.col("count") != 0).sort(keys)
