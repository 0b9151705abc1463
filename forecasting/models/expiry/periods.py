"""Expiries that are listed by month or quarter, laid over the weeks of the period.

One stock may be listed by week and the next by month. A stock whose days of expiry are
all firsts of months is by month; where these are always a quarter apart, by quarter. Was
each day replaced by its Monday on the way, enough weeks that all hold a first tell it too.
"""

from datetime import timedelta

import polars as pl

from forecasting.errors import InputError

STOCK = ("as_of", "service", "basis")
FEW = 2
"""So many firsts of months, and nothing else, are months: of Mondays 1 in 30 is one."""
SEVERAL = 6
"""So many weeks that hold a first, and no other: of all weeks 1 in 4 does."""
QUARTER, ENOUGH = 3, 4
"""So many starts, always this many months apart or a multiple, are quarters."""


def by_week(expiries: pl.DataFrame) -> pl.DataFrame:
    """Expiries with a row per week, named by its Monday, whatever each stock lists.

    Documents of a month or quarter are spread over its days alike, so that counts may
    become fractions. Columns, and rows of stocks by week, stay as they are.

    Raises:
        InputError: a stock mixes weeks with months, or lists longer periods.
    """
    stocks = _stocks(expiries)
    _check(stocks)
    longer = stocks.filter("longer").select(*STOCK, "months")
    weekly = expiries.join(longer, on=STOCK, how="anti", maintain_order="left")
    week = pl.col("expiry_week").dt.truncate("1w")
    parts = [weekly.with_columns(week)]
    if longer.height:
        spread = expiries.join(longer, on=STOCK, maintain_order="left")
        parts.append(_spread(spread).select(expiries.columns))
    return pl.concat(parts, how="vertical_relaxed")


def _first() -> pl.Expr:
    """The first of a month that a day is, or that its week holds if it is a Monday."""
    day = pl.col("expiry_week")
    later = (day + timedelta(days=6)).dt.month_start()
    held = (day.dt.weekday() == 1) & (later > day)
    return pl.when(day.dt.day() == 1).then(day).when(held).then(later)


def _stocks(expiries: pl.DataFrame) -> pl.DataFrame:
    """Per stock whether it is by `longer` periods, of how many `months`, or is `mixed`."""
    days = expiries.select(*STOCK, "expiry_week").unique()
    day, first = pl.col("expiry_week"), pl.col("first")
    literal, monday = day.dt.day() == 1, day.dt.weekday() == 1
    number = (first.dt.year().cast(pl.Int32) * 12 + first.dt.month()).unique().sort()
    firsts = literal.all() & (pl.len() >= FEW)
    weeks = first.is_not_null().all() & (pl.len() >= SEVERAL)
    both = (literal & ~monday).sum(), (monday & ~literal).sum()
    found = days.with_columns(_first().alias("first")).group_by(STOCK)
    return found.agg(
        (firsts | weeks).alias("longer"),
        _months(number).alias("months"),
        pl.all_horizontal(
            (literal | monday).all(), *(some >= FEW for some in both)
        ).alias("mixed"),
    )


def _months(number: pl.Expr) -> pl.Expr:
    """How many months a period has: more than one where all lie that far apart."""
    apart = number.diff().drop_nulls()
    regular = (pl.len() >= ENOUGH) & (apart % apart.min() == 0).all()
    return pl.when(regular & (apart.min() >= QUARTER)).then(apart.min()).otherwise(1)


def _check(stocks: pl.DataFrame) -> None:
    mixed, long = pl.col("mixed"), pl.col("longer") & (pl.col("months") > QUARTER)
    wrong = stocks.filter(mixed | long)
    if wrong.is_empty():
        return
    row = wrong.sort(STOCK).row(0, named=True)
    came = (
        "weeks and months in one"
        if row["mixed"]
        else f"periods of {row['months']} months"
    )
    raise InputError(
        f"expected every stock of expiries by week, by month or by quarter, came {came} "
        f"({row['basis']} '{row['service']}' of {row['as_of']})",
        column="expiry_week",
        remedy="Name each week by its Monday, or each month by its first day.",
    )


def _spread(rows: pl.DataFrame) -> pl.DataFrame:
    """Each row as one per week of its period, with the part of its days in that week."""
    period = rows.with_columns(_first().alias("first")).with_row_index("row")
    after = pl.col("first").dt.offset_by(pl.format("{}mo", "months"))
    days = pl.date_ranges("first", after, closed="left").alias("day")
    each = period.with_columns(days).explode("day")
    part = pl.col("count").first() * (pl.len() / pl.col("of").first())
    weekly = each.with_columns(
        pl.col("day").dt.truncate("1w").alias("expiry_week"),
        pl.len().over("row").alias("of"),
    )
    keys = ["row", "expiry_week"]
    rest = pl.exclude(*keys, "count", "day", "of").first()
    return weekly.group_by(keys, maintain_order=True).agg(rest, part.alias("count"))
