"""What a location can hold or handle at most: desks, phones, printed applications."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from forecasting.calendar import WEEKDAYS
from forecasting.targets import Field, Rule, Target
from staffing.staff_tables import Limits
from staffing.supply.recurring import ENDS_FIRST, UNKNOWN_DAY

UNITS = {"desks": "at_once", "phones": "at_once", "applications": "per_day"}
"""What can be limited, and how it is counted."""

MOST = 1_000_000

LIMITS = Target(
    kind="limits",
    schema=Limits,
    fields=(
        Field("location", "text"),
        Field("what", "text"),
        Field("number", "whole", minimum=0, maximum=MOST),
        Field("unit", "text"),
        Field("weekdays", "text", required=False),
        Field("first", "day", required=False),
        Field("last", "day", required=False),
    ),
    rules=(
        Rule("what", f"expected {', '.join(UNITS)}", ~pl.col("what").is_in([*UNITS])),
        Rule(
            "unit",
            "desks and phones are counted at once, applications per day",
            pl.col("unit") != pl.col("what").replace(UNITS),
        ),
        UNKNOWN_DAY,
        ENDS_FIRST,
    ),
    key=("location", "what", "weekdays", "first"),
    whole=True,
)


def limits_on(
    limits: pl.DataFrame, what: str, days: Sequence[date]
) -> dict[tuple[str, date], int]:
    """The limit of each location and day that has one, from a table `Limits`.

    Of two that hold on a day the later begun counts, then the smaller.
    """
    found: dict[tuple[str, date], tuple[int, int]] = {}
    for row in limits.filter(pl.col("what") == what).iter_rows(named=True):
        begin = row["first"] or date.min
        last = row["last"] or date.max
        names = (row["weekdays"] or " ".join(WEEKDAYS)).split()
        for day in days:
            if begin <= day <= last and WEEKDAYS[day.weekday()] in names:
                told = (-begin.toordinal(), row["number"])
                key = (row["location"], day)
                found[key] = min(found.get(key, told), told)
    return {key: number for key, (_, number) in found.items()}
