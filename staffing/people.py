"""The kinds of this room that can be imported: people and their absence."""

import polars as pl

from forecasting.targets import Field, Rule, Target
from staffing.tables import Absence, People

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

PEOPLE = Target(
    kind="people",
    schema=People,
    fields=(
        Field("code", "text"),
        Field("label", "text"),
        Field("location", "text"),
        Field("contract_hours", "number", minimum=0, maximum=60),
        Field("working_days", "words"),
        Field("skills", "words"),
    ),
    rules=(
        Rule(
            "working_days",
            f"expected days among {', '.join(WEEKDAYS)}",
            ~pl.col("working_days").list.eval(pl.element().is_in(WEEKDAYS)).list.all(),
        ),
    ),
    key=("code",),
)

ABSENCE = Target(
    kind="absence",
    schema=Absence,
    fields=(Field("code", "text"), Field("first", "day"), Field("last", "day")),
    rules=(Rule("last", "ends before it begins", pl.col("last") < pl.col("first")),),
    key=("code", "first"),
)

PEOPLE_TARGETS = {target.kind: target for target in (PEOPLE, ABSENCE)}
