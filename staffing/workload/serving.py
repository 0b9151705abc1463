"""Capacity: contact hours that the staff at hand can serve as the standards ask.

People at work also wait between contacts, so that the next contact need not. How much
that takes is what the requirement tells: hours at work per hour of contacts, of that
week; of weeks that it does not reach, the median of those it does. Staff that several
teams share are divided by the hours that each needs, the waiting included.
"""

from collections.abc import Mapping

import polars as pl

from forecasting.calendar import Calendar
from staffing.workload.capacity import capacity_hours

WEEK = ["location", "skill", "week"]
TEAM = ["location", "skill"]


def with_capacity(
    load: pl.DataFrame,
    needed: pl.DataFrame,
    people: pl.DataFrame,
    availability: pl.DataFrame,
    calendar: Calendar,
    *,
    shrinkage: float,
    shared: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """`load` (`location, skill, week, hours`) with `hours_at_hand` and `capacity`.

    The first are hours of staff at work, as `capacity_hours` divides them; the second
    contact hours. Both are null where nobody can do the work. `needed` is typed
    `RequirementWeeks`.
    """
    each = staff_per_contact(load, needed, at_work=1 - shrinkage)
    at_work = load.select(WEEK).with_columns(load["hours"] * each)
    at_hand = capacity_hours(
        people, availability, at_work, calendar, shrinkage=shrinkage, shared=shared
    )
    both = load.with_columns(each.alias("each")).join(
        at_hand.drop("hours"), on=WEEK, how="left"
    )
    capacity = (pl.col("hours_at_hand") / pl.col("each")).alias("capacity")
    return both.with_columns(capacity).drop("each").sort(WEEK)


def staff_per_contact(
    load: pl.DataFrame, needed: pl.DataFrame, *, at_work: float
) -> pl.Series:
    """Hours of staff at work that an hour of contacts takes, in the order of `load`.

    A week that asks for fewer hours of staff at work than of contacts is covered in part
    only, and passed over. A team of which nothing is told serves an hour in an hour.
    `at_work` is the share of the hours to roster that is worked.
    """
    chosen = needed.select(*WEEK, "hours_chosen")
    both = load.join(chosen, on=WEEK, how="left", maintain_order="left")
    each = pl.col("hours_chosen") * at_work / pl.col("hours")
    whole = (pl.col("hours") > 0) & (each >= 1)
    known = both.with_columns(pl.when(whole).then(each).alias("each"))
    usual = pl.col("each").median().over(TEAM)
    return known.select(pl.coalesce("each", usual, pl.lit(1.0))).to_series()
