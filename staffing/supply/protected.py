"""Protected time: at work, but not for visitors or calls (a team meeting, training)."""

import polars as pl

from forecasting.targets import Field, Rule, Target
from staffing.staff_tables import ProtectedTime
from staffing.supply.reasons import REASON_COLUMNS
from staffing.supply.recurring import TIME_RULES, WHEN, WHEN_RULES

PROTECTED_TIME = Target(
    kind="protected_time",
    schema=ProtectedTime,
    fields=(
        Field("code", "text", required=False),
        Field("location", "text", required=False),
        *WHEN,
        Field("from_time", "time"),
        Field("to_time", "time"),
    ),
    rules=(
        *WHEN_RULES,
        *TIME_RULES,
        Rule(
            "location",
            "expected either a code or a location",
            pl.col("code").is_null() == pl.col("location").is_null(),
        ),
        *(
            Rule(
                field,
                "expected a whole quarter-hour",
                (pl.col(field).dt.minute() % 15 != 0)
                | (pl.col(field).dt.second() != 0),
            )
            for field in ("from_time", "to_time")
        ),
    ),
    key=("code", "location", "day", "weekdays", "first", "from_time"),
    whole=True,
    period="last",
    fleeting=True,
    never=REASON_COLUMNS,
)
