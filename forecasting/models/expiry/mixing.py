"""Series of one service that count in days, in weeks and in months, put on one axis."""

from datetime import date

import polars as pl


def by_month(starts: pl.Series) -> bool:
    """Whether starts are those of months."""
    return bool((starts.dt.day() == 1).all())


def on_one_axis(demand: pl.DataFrame, known_at: date) -> pl.DataFrame:
    """What was counted by the end of a day, of series that may count in other periods.

    Where all count in months, or none does, rows stay as they are. Else months are
    shared over their working days; months and weeks that have not ended are left out.
    """
    rows = demand.with_columns(pl.col("start").cast(pl.Date))
    spans = rows.group_by("series").agg(_days().alias("days"))
    past = rows.filter(pl.col("start") <= known_at)
    if spans["days"].n_unique() < 2:
        return past
    ended = past.join(spans, on="series").filter(_end() <= known_at).drop("days")
    months = spans.filter(pl.col("days") == MONTH).select("series")
    shared = _shared(ended.join(months, on="series", how="semi"))
    rest = ended.join(months, on="series", how="anti")
    return pl.concat([rest, shared.select(rest.columns)], how="vertical_relaxed")


DAY, WEEK, MONTH = 1, 7, 31


def _days() -> pl.Expr:
    """How long the periods of a series are, by its starts."""
    start, several = pl.col("start").unique().sort(), pl.col("start").n_unique() > 1
    months = several & (start.dt.day() == 1).all()
    weeks = several & (start.diff().dt.total_days() % WEEK == 0).all()
    return pl.when(months).then(MONTH).when(weeks).then(WEEK).otherwise(DAY)


def _end() -> pl.Expr:
    """The last day of a period."""
    start, days = pl.col("start"), pl.col("days")
    week = pl.when(days == WEEK).then(start + pl.duration(days=WEEK - 1))
    return (
        pl.when(days == MONTH)
        .then(start.dt.month_end())
        .otherwise(week.otherwise(start))
    )


def _shared(months: pl.DataFrame) -> pl.DataFrame:
    """Months as their working days, each with the same part."""
    days = pl.date_ranges("start", pl.col("start").dt.month_end()).alias("day")
    each = months.with_columns(days).explode("day")
    working = each.filter(pl.col("day").dt.weekday() < 6)
    part = pl.col("count") / pl.len().over("series", "start")
    shared = working.with_columns(part.alias("count")).drop("start")
    return shared.rename({"day": "start"})
