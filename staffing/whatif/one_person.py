"""One person more or less beside now: what changes in each hour of a week."""

import dataframely as dy
import polars as pl


class PersonHours(dy.Schema):
    """An hour of a week as it is, with one person less, and with one more.

    `late` are contacts late a week as it is; `one_less` and `one_more` are what one
    person changes in them. Shares are those in time, null where nobody is expected;
    waits are means in seconds.
    """

    weekday = dy.Int64(primary_key=True, min=1, max=7)
    hour = dy.Int64(primary_key=True, min=0, max=23)
    people = dy.Float64(nullable=False, min=0)
    offered = dy.Float64(nullable=False, min=0)
    late = dy.Float64(nullable=False, min=0)
    one_less = dy.Float64(nullable=False)
    one_more = dy.Float64(nullable=False)
    share = dy.Float64(nullable=True, min=0, max=1)
    share_less = dy.Float64(nullable=True, min=0, max=1)
    share_more = dy.Float64(nullable=True, min=0, max=1)
    wait_s = dy.Float64(nullable=False, min=0)
    wait_less_s = dy.Float64(nullable=False, min=0)
    wait_more_s = dy.Float64(nullable=False, min=0)


def person_hours(people: pl.DataFrame) -> dy.DataFrame[PersonHours]:
    """The `WhatIfPeople` of one location and skill, each step beside what is now."""
    steps = ("less", "more")
    changes = [
        (pl.col(f"late_{step}") - pl.col("late")).alias(f"one_{step}") for step in steps
    ]
    shares = [_share("late", "share")]
    shares += [_share(f"late_{step}", f"share_{step}") for step in steps]
    rows = people.with_columns(*changes, *shares).sort("hour", "weekday")
    return PersonHours.validate(rows.select(PersonHours.column_names()))


def _share(late: str, name: str) -> pl.Expr:
    offered = pl.col("offered")
    told = (1 - pl.col(late) / offered).clip(0, 1)
    return pl.when(offered > 0).then(told).alias(name)
