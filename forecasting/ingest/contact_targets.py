"""The kinds of this room that can be imported: contacts and expiries."""

import polars as pl

from forecasting.tables import CHANNELS, Contacts, Expiries
from forecasting.targets import Field, Rule, Target

MOST = 10_000_000
"""No count or duration of one row is larger, not even a national count per month."""

PRODUCT = rf"^[^/]+/[^/]+/({'|'.join(CHANNELS)})$"

IDENTITY = "identity"
"""Column that holds the declared identity of a row as text, where one is declared."""


def _as_contacts(frame: pl.LazyFrame, source: str) -> pl.LazyFrame:
    """Split the product, keep in_time within what was answered, and name each row."""
    declared = IDENTITY in frame.collect_schema()
    parts = pl.col("product").str.split_exact("/", 2)
    answered = pl.col("count") - pl.col("abandoned")
    in_time = pl.min_horizontal("in_time", answered)
    return frame.with_columns(
        pl.lit(source).alias("source"),
        parts.struct.rename_fields(["service", "step", "channel"]).struct.unnest(),
        pl.when(pl.col("in_time").is_not_null()).then(in_time).alias("in_time"),
        row_id(source, declared=declared).alias("row_id"),
    )


def row_id(source: str, *, declared: bool) -> pl.Expr:
    """Name a row by its source and identity, the same whenever it comes again.

    Without a declared identity a counted row is its period and series, an event all that
    was read of it; rows of one file that are alike count on, so that none is lost.
    """
    if declared:
        return _hash(source, pl.col(IDENTITY))
    place = ("start", "period_s", "location", "product")
    event = pl.when(pl.col("period_s") == 0)
    what = [event.then(name) for name in ("requested", "count", "handling_s", "wait_s")]
    alike = _hash(source, *map(pl.col, place), *what)
    nth = pl.int_range(pl.len(), dtype=pl.UInt64).over(alike)
    return pl.struct(alike.alias("alike"), nth.alias("nth")).hash()


def _hash(source: str, *parts: pl.Expr) -> pl.Expr:
    named = (part.alias(str(place)) for place, part in enumerate(parts))
    return pl.struct(pl.lit(source).alias("source"), *named).hash()


CONTACTS = Target(
    kind="contacts",
    schema=Contacts,
    fields=(
        Field("start", "moment"),
        Field("requested", "moment", required=False),
        Field("period_s", "whole", default=0, minimum=0, maximum=MOST),
        Field("location", "text"),
        Field("product", "text"),
        Field("count", "number", default=1, minimum=0, maximum=MOST),
        Field("abandoned", "number", default=0, minimum=0, maximum=MOST),
        Field("no_show", "number", default=0, minimum=0, maximum=MOST),
        Field("in_time", "number", required=False, minimum=0, maximum=MOST),
        Field("handling_s", "number", required=False, minimum=0, maximum=MOST),
        Field("wait_s", "number", required=False, minimum=0, maximum=MOST),
    ),
    rules=(
        Rule(
            "location",
            "expected a plain name without /",
            pl.col("location").str.contains("/", literal=True),
        ),
        Rule(
            "product",
            "expected service/step/channel",
            ~pl.col("product").str.contains(PRODUCT),
        ),
        Rule(
            "abandoned",
            "more gave up than came",
            pl.col("abandoned") + pl.col("no_show") > pl.col("count"),
        ),
        Rule(
            "in_time",
            "more answered in time than came",
            pl.col("in_time") > pl.col("count"),
        ),
    ),
    finish=_as_contacts,
)

EXPIRIES = Target(
    kind="expiries",
    schema=Expiries,
    fields=(
        Field("as_of", "day"),
        Field("service", "text"),
        Field("expiry_week", "day"),
        Field("age_band", "text"),
        Field("district", "text"),
        Field("basis", "text"),
        Field("count", "whole", minimum=0, maximum=MOST),
    ),
    rules=(
        Rule(
            "expiry_week",
            "expected the Monday of a week",
            pl.col("expiry_week").dt.weekday() != 1,
        ),
        Rule(
            "basis",
            "expected issued or outstanding",
            ~pl.col("basis").is_in(["issued", "outstanding"]),
        ),
    ),
    key=("as_of", "service", "expiry_week", "age_band", "district", "basis"),
)

CONTACT_TARGETS = {target.kind: target for target in (CONTACTS, EXPIRIES)}
