"""Demand per series and open day; week or month where an export counts those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.counting import Counts
from forecasting.history.cutoffs import PARTIAL, in_part, partial_days
from forecasting.history.gaps import NO_GAPS, name_gaps
from forecasting.history.laying import Laid, lay_out
from forecasting.history.leaving import LeftOut
from forecasting.history.observed import SUMS, Dated
from forecasting.history.seen import LATEST
from forecasting.history.silences import missing_periods
from forecasting.tables import Demand
from forecasting.tuning import GapTuning, load_tuning


@dataclass(frozen=True)
class History:
    """What is known of the past (`demand`, typed `Demand`) and what is not (`gaps`).

    `partial` (typed `PARTIAL`) are first and last days of sources that break off.
    """

    demand: pl.DataFrame
    gaps: pl.DataFrame
    partial: pl.DataFrame


def daily_demand(
    counts: Counts,
    calendar: Calendar,
    catalogue: Catalogue,
    *,
    dated: Dated = "visit",
    partial: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Count contacts per series and open day, typed `Demand`.

    Dated by visit, the history of a booking source ends on the day of its last request;
    dated by request a booking counts on the day it was made, whatever the opening hours,
    and its handling time is not told. An open day without contacts has a zero when its
    source covers that day: events cover the span of the series but for the gaps, counts
    only days on which the source has rows of that location. Contacts on closed days have
    no row, save where the work may wait: then they count on the next open day.
    `handling_s` is the mean of those who were served. A first or last day that is told in
    part only has no row: by `partial` (`partial_days`), else by the counts alone.
    """
    laid = lay_out(counts, calendar, catalogue, dated)
    if laid is None:
        return Demand.create_empty()
    if partial is None:
        partial = partial_days(counts, calendar, catalogue)
    demand = _filled(laid, missing_periods(laid, load_tuning().gaps))
    return _whole(demand, _unknown(laid, partial, dated))


def days_seen(counts: Counts, calendar: Calendar, catalogue: Catalogue) -> pl.DataFrame:
    """`daily_demand` with the days that are told in part among it."""
    return daily_demand(
        counts, calendar, catalogue, partial=pl.DataFrame(schema=PARTIAL)
    )


def read_history(
    counts: Counts,
    calendar: Calendar,
    catalogue: Catalogue,
    *,
    left_out: Sequence[LeftOut] = (),
    tuning: GapTuning | None = None,
    imported: Mapping[str, datetime] | None = None,
) -> History:
    """Demand dated by visit, with its gaps (`Gaps`) and the days known in part.

    `left_out` are the periods excluded from training: they may cover a gap. `imported` is
    when each source was last imported.
    """
    tuning = tuning or load_tuning().gaps
    laid = lay_out(counts, calendar, catalogue, "visit")
    if laid is None:
        return History(Demand.create_empty(), NO_GAPS, pl.DataFrame(schema=PARTIAL))
    missing = missing_periods(laid, tuning)
    filled = _filled(laid, missing)
    found = partial_days(counts, calendar, catalogue, imported)
    partial = found.join(filled, on=["series", "start"], how="semi")
    demand = _whole(filled, in_part(partial))
    gaps = name_gaps(missing, demand, calendar, left_out, tuning)
    return History(demand, gaps, partial)


def _whole(demand: pl.DataFrame, unknown: pl.DataFrame) -> pl.DataFrame:
    """The demand without the days of series that are told in part; weeks stay."""
    daily = demand.select("series", pl.col("cadence") == "day").filter("cadence")
    days = unknown.join(daily.unique(), on="series", how="semi")
    kept = demand.join(days, on=["series", "start"], how="anti", maintain_order="left")
    return Demand.validate(kept, cast=True)


def _unknown(laid: Laid, partial: pl.DataFrame, dated: Dated) -> pl.DataFrame:
    """Days told in part; of what is asked for ahead every last day of asking is."""
    keys = ["series", "start"]
    days = in_part(partial).select(keys)
    if dated == "visit":
        return days
    booked = laid.rows.filter("booked").select("series").unique()
    asked = partial.filter(pl.col("end") == LATEST).join(
        booked, on="series", how="semi"
    )
    return pl.concat([days, asked.select(keys)]).unique()


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
