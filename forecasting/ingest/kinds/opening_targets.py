"""The kinds that say when a location is open: opening hours and closures."""

import polars as pl

from forecasting.calendar import WEEKDAYS
from forecasting.opening import Closures, Opening
from forecasting.targets import Field, Rule, Target

PLAIN = r"^[^/]+$"
"""A location is a plain name: it stands in the name of a series."""


def plain_location() -> Rule:
    """A rule on the field `location`."""
    return Rule(
        "location",
        "expected a plain name without /",
        ~pl.col("location").str.contains(PLAIN),
    )


def ends_before(first: str = "first", last: str = "last") -> Rule:
    """A rule on a stretch of days."""
    return Rule(last, "ends before it begins", pl.col(last) < pl.col(first))


def known_weekdays(field: str = "weekdays") -> Rule:
    """A rule on a text of weekdays parted by spaces."""
    words = pl.col(field).str.split(" ")
    unknown = ~words.list.eval(pl.element().is_in(WEEKDAYS)).list.all()
    return Rule(field, f"expected days among {', '.join(WEEKDAYS)}", unknown)


def on_quarters(field: str) -> Rule:
    """A rule on a time of the clock."""
    off = (pl.col(field).dt.minute() % 15 != 0) | (pl.col(field).dt.second() != 0)
    return Rule(field, "expected a whole quarter-hour, such as 09:15", off)


OPENING = Target(
    kind="opening",
    schema=Opening,
    fields=(
        Field("location", "text"),
        Field("skills", "text"),
        Field("weekdays", "text"),
        Field("from_time", "time"),
        Field("to_time", "time"),
        Field("first", "day", required=False),
        Field("last", "day", required=False),
    ),
    rules=(
        plain_location(),
        known_weekdays(),
        on_quarters("from_time"),
        on_quarters("to_time"),
        Rule(
            "to_time",
            "closes before it opens",
            pl.col("to_time") <= pl.col("from_time"),
        ),
        ends_before(),
    ),
    key=("location", "skills", "weekdays", "from_time", "first"),
    whole=True,
)

CLOSURES = Target(
    kind="closures",
    schema=Closures,
    fields=(
        Field("location", "text", required=False),
        Field("first", "day"),
        Field("last", "day"),
        Field("name", "text"),
    ),
    rules=(plain_location(), ends_before()),
    key=("location", "first", "name"),
    whole=True,
)

OPENING_TARGETS = {target.kind: target for target in (OPENING, CLOSURES)}
