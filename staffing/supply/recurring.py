"""What holds on one day, or comes back on weekdays as long as it is valid."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from forecasting.calendar import WEEKDAYS
from forecasting.targets import Field, Rule

UNKNOWN_DAY = Rule(
    "weekdays",
    f"expected days among {', '.join(WEEKDAYS)}",
    ~pl.col("weekdays")
    .str.split(" ")
    .list.eval(pl.element().is_in(WEEKDAYS))
    .list.all(),
)
ENDS_FIRST = Rule("last", "ends before it begins", pl.col("last") < pl.col("first"))

WHEN = (
    Field("day", "day", required=False),
    Field("weekdays", "text", required=False),
    Field("first", "day", required=False),
    Field("last", "day", required=False),
)
"""A day, or weekdays with their validity."""

WHEN_RULES = (
    UNKNOWN_DAY,
    ENDS_FIRST,
    Rule(
        "weekdays",
        "expected either a day or weekdays",
        pl.col("day").is_null() == pl.col("weekdays").is_null(),
    ),
    Rule(
        "first",
        "a validity goes with weekdays, not with a day",
        pl.col("day").is_not_null()
        & (pl.col("first").is_not_null() | pl.col("last").is_not_null()),
    ),
)

_FROM, _TO = pl.col("from_time"), pl.col("to_time")

TIME_RULES = (
    Rule(
        "to_time",
        "expected both a from and a to, or neither",
        _FROM.is_null() != _TO.is_null(),
    ),
    Rule("to_time", "ends before it begins", _TO <= _FROM),
)


def days_of(row: Mapping[str, object], days: Sequence[date]) -> list[date]:
    """Those of the days on which a row with the fields of `WHEN` holds."""
    if row["day"] is not None:
        return [day for day in days if day == row["day"]]
    names = str(row["weekdays"]).split()
    first, last = row["first"], row["last"]
    return [
        day
        for day in days
        if WEEKDAYS[day.weekday()] in names
        and (not isinstance(first, date) or first <= day)
        and (not isinstance(last, date) or day <= last)
    ]
