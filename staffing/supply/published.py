"""Rosters as they were published elsewhere, week by week: the history of rolling rules."""

import polars as pl

from forecasting.targets import Field, Rule, Target
from staffing.staff_tables import PublishedShifts
from staffing.supply.reasons import REASON_COLUMNS

MOST_HOURS = 24

_BEGINS, _ENDS = pl.col("break_start"), pl.col("break_end")

PUBLISHED_SHIFTS = Target(
    kind="published_shifts",
    schema=PublishedShifts,
    fields=(
        Field("person", "text"),
        Field("start", "moment"),
        Field("end", "moment"),
        Field("break_start", "moment", required=False),
        Field("break_end", "moment", required=False),
        Field("activity", "text", required=False),
    ),
    rules=(
        Rule("end", "ends before it begins", pl.col("end") <= pl.col("start")),
        Rule(
            "end",
            f"lasts {MOST_HOURS} hours or more",
            pl.col("end") - pl.col("start") >= pl.duration(hours=MOST_HOURS),
        ),
        Rule(
            "break_end",
            "expected both a begin and an end of the break, or neither",
            _BEGINS.is_null() != _ENDS.is_null(),
        ),
        Rule(
            "break_end",
            "the break is not inside the shift",
            (_ENDS <= _BEGINS)
            | (pl.col("start") >= _BEGINS)
            | (pl.col("end") <= _ENDS),
        ),
    ),
    key=("person", "start"),
    period="start",
    fleeting=True,
    never=REASON_COLUMNS,
)
