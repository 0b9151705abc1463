"""Demand per series and open day; week or month where an export counts those."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.counting import Counts
from forecasting.history.gaps import NO_GAPS, name_gaps
from forecasting.history.laying import Laid, lay_out
from forecasting.history.leaving import LeftOut
from forecasting.history.observed import SUMS, Dated
from forecasting.history.silences import missing_periods
from forecasting.tables import Demand
from forecasting.tuning import GapTuning, load_tuning


@dataclass(frozen=True)
class History:
    """What is known of the past (`demand`, typed `Demand`) and what is not (`gaps`)."""

    demand: pl.DataFrame
    gaps: pl.DataFrame


def daily_demand(
    counts: Counts, calendar: Calendar, catalogue: Catalogue, *, dated: Dated = "visit"
) -> pl.DataFrame:
    """Count contacts per series and open day, typed `Demand`.

    Dated by visit, the history of a booking source ends on the day of its last request;
    dated by request a booking counts on the day it was made, whatever the opening hours,
    and its handling time is not told. An open day without contacts has a zero when its
    source covers that day: events cover the span of the series but for the gaps, counts
    only days on which the source has rows of that location. Contacts on closed days have
    no row, save where the work may wait: then they count on the next open day.
    `handling_s` is the mean of those who were served.
    """
    laid = lay_out(counts, calendar, catalogue, dated)
    if laid is None:
        return Demand.create_empty()
    return _filled(laid, missing_periods(laid, load_tuning().gaps))


def read_history(
    counts: Counts,
    calendar: Calendar,
    catalogue: Catalogue,
    *,
    left_out: Sequence[LeftOut] = (),
    tuning: GapTuning | None = None,
) -> History:
    """Demand dated by visit, with its gaps (`Gaps`) named.

    `left_out` are the periods excluded from training: they may cover a gap.
    """
    tuning = tuning or load_tuning().gaps
    laid = lay_out(counts, calendar, catalogue, "visit")
    if laid is None:
        return History(Demand.create_empty(), NO_GAPS)
    missing = missing_periods(laid, tuning)
    demand = _filled(laid, missing)
    return History(demand, name_gaps(missing, demand, calendar, left_out, tuning))


def _filled(laid: Laid, missing: pl.DataFrame) -> pl.DataFrame:
    """Zero where nothing came and nothing is missing, typed `Demand`."""
    keys = ["series", "start"]
    grid = laid.covered().join(missing, on=keys, how="anti")
    sums = laid.rows.group_by(keys).agg(pl.col(name).sum() for name in SUMS)
    cadence = laid.rows.select("series", "cadence").unique("series")
    frame = grid.join(cadence, on="series").join(sums, on=keys, how="left")
    mean = pl.when(pl.col("weight") > 0).then(pl.col("work") / pl.col("weight"))
    demand = frame.select(
        *keys,
        "cadence",
        pl.col("count").fill_null(0.0),
        pl.col("unmet").fill_null(0.0),
        mean.alias("handling_s"),
    )
    return Demand.validate(demand.sort(keys), cast=True)
