"""What people would like: to work, or not to, on a day or a weekday; never why."""

import polars as pl

from forecasting.targets import Field, Rule, Target
from staffing.staff_tables import Wishes
from staffing.supply.reasons import REASON_COLUMNS
from staffing.supply.recurring import TIME_RULES, WHEN, WHEN_RULES

WISHED = ("wants", "avoids")
"""To work then, or not to."""

HEAVIEST = 3


def _as_wishes(frame: pl.LazyFrame, _: str) -> pl.LazyFrame:
    """A wish without a weight is a plain one."""
    return frame.with_columns(pl.col("weight").fill_null(1))


WISHES = Target(
    kind="wishes",
    schema=Wishes,
    fields=(
        Field("code", "text"),
        *WHEN,
        Field("wish", "text"),
        Field("from_time", "time", required=False),
        Field("to_time", "time", required=False),
        Field(
            "weight", "whole", required=False, default=1, minimum=1, maximum=HEAVIEST
        ),
    ),
    rules=(
        *WHEN_RULES,
        Rule("wish", f"expected {' or '.join(WISHED)}", ~pl.col("wish").is_in(WISHED)),
        *TIME_RULES,
    ),
    key=("code", "day", "weekdays", "first", "from_time", "wish"),
    whole=True,
    period="last",
    fleeting=True,
    never=REASON_COLUMNS,
    finish=_as_wishes,
)
