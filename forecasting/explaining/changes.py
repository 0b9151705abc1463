"""How the forecast of the same weeks moved since the run before, and why."""

from dataclasses import dataclass

import polars as pl

from forecasting.insight_tables import Changes

KEYS = ("group", "week", "cause")
OF_DATA = {
    "level": "level",
    "trend": "level",
    "season": "season",
    "weekday": "season",
    "holiday": "season",
    "school holiday": "season",
    "expiries": "stock",
    "rest": "methods",
}
"""What a cause of the forecast is called as a cause of its change."""

ON_THEIR_OWN = ("event", "fee", "hours", "planner", "outside", "letters")
"""Causes (their first word) that come from what was noted, planned or handed in."""


@dataclass(frozen=True)
class Difference:
    """What two runs do not have in common."""

    inputs: bool
    policy: bool
    exclusions: bool

    @property
    def alone(self) -> str | None:
        """The one thing that can have moved what the same history says; None: new data.

        `version` stands for another version of the product.
        """
        if self.inputs:
            return None
        if self.policy:
            return "policy"
        return "exclusions" if self.exclusions else "version"


def changes_of(
    before: pl.DataFrame, now: pl.DataFrame, difference: Difference
) -> pl.DataFrame:
    """A `Changes` table; the counts of a group and week add up to `now - before`.

    With new data, moves of level and trend are `level`, those of expiring documents
    `stock`, of season and special days `season`, and what the other methods of the blend
    and their weights say `methods`. Without, they come from the one thing that differs.
    Events, adjustments, letters and outside forecasts go by their own names.

    Args:
        before: `group, week, cause, count` of the earlier run.
        now: the same of this run; only weeks that both hold are compared.
        difference: what the runs do not have in common.
    """
    was, is_ = _sums(before, "before"), _sums(now, "now")
    both = was.join(is_, on=["group", "week"])
    old = before.select(*KEYS, -pl.col("count"))
    moved = (
        pl.concat([old, now.select(*KEYS, "count")])
        .with_columns(_named(difference))
        .group_by(KEYS)
        .agg(pl.col("count").sum())
        .filter(pl.col("count").abs() > 1e-9)
    )
    table = moved.join(both, on=["group", "week"])
    columns = Changes.column_names()
    return Changes.validate(table.select(columns).sort(KEYS), cast=True)


def _sums(causes: pl.DataFrame, name: str) -> pl.DataFrame:
    total = pl.col("count").sum().clip(0).alias(name)
    return causes.group_by("group", "week").agg(total)


def _named(difference: Difference) -> pl.Expr:
    cause, alone = pl.col("cause"), difference.alone
    if alone is None:
        return cause.replace(OF_DATA)
    own = cause.str.split(" ").list.first().is_in(ON_THEIR_OWN)
    return pl.when(own).then(cause).otherwise(pl.lit(alone)).alias("cause")
