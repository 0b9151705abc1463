"""When people are away, or there besides their pattern: days and parts of days, no reason."""

import polars as pl

from forecasting.targets import Field, Rule, Target
from staffing.staff_tables import Absence, Availability
from staffing.supply.reasons import REASON_COLUMNS

KINDS = ("absent", "available")

_FROM, _TO = pl.col("from_time"), pl.col("to_time")
_ENDS = Rule("last", "ends before it begins", pl.col("last") < pl.col("first"))

ABSENCE = Target(
    kind="absence",
    schema=Absence,
    fields=(Field("code", "text"), Field("first", "day"), Field("last", "day")),
    rules=(_ENDS,),
    key=("code", "first"),
    whole=True,
    period="last",
    fleeting=True,
    never=REASON_COLUMNS,
)

AVAILABILITY = Target(
    kind="availability",
    schema=Availability,
    fields=(
        Field("code", "text"),
        Field("first", "day"),
        Field("last", "day"),
        Field("from_time", "time", required=False),
        Field("to_time", "time", required=False),
        Field("kind", "text"),
    ),
    rules=(
        _ENDS,
        Rule("kind", f"expected {' or '.join(KINDS)}", ~pl.col("kind").is_in(KINDS)),
        Rule(
            "to_time",
            "expected both a from and a to, or neither",
            _FROM.is_null() != _TO.is_null(),
        ),
        Rule("to_time", "ends before it begins", _TO <= _FROM),
    ),
    key=("code", "first", "from_time", "kind"),
    whole=True,
    period="last",
    fleeting=True,
    never=REASON_COLUMNS,
)
