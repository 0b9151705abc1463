"""A week of each team in one row: hours, contacts late, and what one person changes."""

import dataframely as dy
import polars as pl

SLOT = ("location", "skill", "start")
CHANGES = {"one_less": -1, "one_more": 1}
QUARTERS_AN_HOUR = 4


class TeamWeeks(dy.Schema):
    """What is needed of a team in a week.

    `hours` are people needed times hours, `late` the contacts expected to be served too
    late with them. `one_less` and `one_more` are what one person fewer or more in each
    quarter-hour changes in `late`; quarter-hours for which that number was not reckoned
    (fewer than none, say) do not count, and null is where none was.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    hours = dy.Float64(nullable=False, min=0)
    late = dy.Float64(nullable=False, min=0)
    one_less = dy.Float64(nullable=True)
    one_more = dy.Float64(nullable=True)


def team_weeks(requirement: pl.DataFrame) -> dy.DataFrame[TeamWeeks]:
    """Add up the quarter-hours of a week, rows of `Requirement`, per team."""
    slots = requirement.filter("chosen").select(*SLOT, "people", "late")
    for name, step in CHANGES.items():
        beside = requirement.select(
            *SLOT, pl.col("people") - step, pl.col("late").alias(name)
        )
        slots = slots.join(beside, on=[*SLOT, "people"], how="left").with_columns(
            pl.col(name) - pl.col("late")
        )
    known = [
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)
        for name in CHANGES
    ]
    hours = (pl.col("people").sum() / QUARTERS_AN_HOUR).alias("hours")
    sums = slots.group_by("location", "skill").agg(hours, pl.col("late").sum(), *known)
    return TeamWeeks.validate(sums.sort("location", "skill"))
