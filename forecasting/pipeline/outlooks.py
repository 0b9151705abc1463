"""The outlook of ten years as letters and others move it, in that order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from forecasting.insight_tables import Outlook
from forecasting.models.expiry.exposing import exposure_of
from forecasting.outside import (
    bent_outlook,
    both_told,
    exposures_with_letters,
    months_with_letters,
    outside_forecasts,
    scaled,
)
from forecasting.pipeline.documents import LETTERS, Papers
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
    said: pl.DataFrame,
) -> Years:
    """The outlook with planned letters and forecasts from outside, in that order.

    Args:
        workspace: holds what others expect.
        town: the past and the settings.
        papers: documents and letters.
        outlook: an `Outlook` that knows none of these (but fees to come).
        forecast: the settled forecast.
        said: what statements from outside did to the forecast, an `OutsideApplied`.
    """
    if outlook.is_empty():
        return Years(outlook, said, MOVED.clear())

    def factors(service: str, months: DayArray) -> FloatArray:
        return _by_letters(papers, town, service, months)

    lettered = _times(outlook, factors)
    bent = bent_outlook(
        lettered,
        town.demand,
        forecast,
        outside_forecasts(workspace),
        town.catalogue,
        town.tuning,
    )
    steps = (LETTERS, lettered), (OUTSIDE, bent.forecast)
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
    if papers.mail is None:
        return np.ones(months.size)
    known = papers.found[service]
    until = as_date(months[-1]) + timedelta(days=31)
    before = exposure_of(known, town.last_day, until, town.tuning.expiry)
    *_, after = exposures_with_letters([before], papers.mail, papers.timing)
    weeks = known.applications.first + np.arange(before.weekly.size)
    season = known.estimate.rates.season_of(weeks)
    return months_with_letters(months, before, after, season)


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
