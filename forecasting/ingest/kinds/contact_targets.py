"""The kinds of this room that can be imported: contacts and expiries."""

import polars as pl

from forecasting.ingest.kinds.age_bands import EXPECTED, is_no_band, overlaps
from forecasting.tables import CHANNELS, Contacts, Expiries
from forecasting.targets import Field, Rule, Target

MOST = 10_000_000
"""No count or duration of one row is larger, not even a national count per month."""

PRODUCT = rf"^[^/]+/[^/]+/({'|'.join(CHANNELS)})$"


def _as_contacts(frame: pl.LazyFrame, source: str) -> pl.LazyFrame:
    """Split the product, and keep in_time within what was answered."""
    parts = pl.col("product").str.split_exact("/", 2)
    answered = pl.col("count") - pl.col("abandoned")
    in_time = pl.min_horizontal("in_time", answered)
    return frame.with_columns(
        pl.lit(source).alias("source"),
        parts.struct.rename_fields(["service", "step", "channel"]).struct.unnest(),
        pl.when(pl.col("in_time").is_not_null()).then(in_time).alias("in_time"),
    )


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
    key=("row_id",),
    period="start",
    place="location",
    monthly=True,
    fleeting=True,
    finish=_as_contacts,
)

STOCK = ("as_of", "service", "basis")
"""Columns that tell one stock from another."""


def _as_expiries(frame: pl.LazyFrame, _: str) -> pl.LazyFrame:
    return frame.with_columns(pl.col("district").fill_null(""))


EXPIRIES = Target(
    kind="expiries",
    schema=Expiries,
    fields=(
        Field("as_of", "day"),
        Field("service", "text"),
        Field("expiry_week", "day"),
        Field("age_band", "text"),
        Field("district", "text", required=False, omittable=True),
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
        Rule("age_band", EXPECTED, is_no_band()),
        Rule("age_band", "age bands of one stock overlap", overlaps(STOCK)),
    ),
    key=("as_of", "service", "expiry_week", "age_band", "district", "basis"),
    period="as_of",
    dated="as_of",
    finish=_as_expiries,
)

CONTACT_TARGETS = {target.kind: target for target in (CONTACTS, EXPIRIES)}
