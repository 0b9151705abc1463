"""Between the points of a grid: exact at each of them, and never beyond its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl
from numpy.typing import NDArray

from staffing.standards import Standard

AXES = ("factor", "target", "threshold_s")


@dataclass(frozen=True)
class Answer:
    """Hours a week at a point, the share expected with them and with today's people."""

    hours: float | None
    share: float | None
    share_now: float | None


@dataclass(frozen=True)
class Tried:
    """What a point that is tried comes to, beside the standard of today."""

    asked: dict[str, float]
    then: Answer
    today: dict[str, float]
    now: Answer

    @property
    def more_hours(self) -> float | None:
        """Hours a week more than today's standard asks; None where either is missing."""
        if self.then.hours is None or self.now.hours is None:
            return None
        return self.then.hours - self.now.hours


class HoursByTarget(dy.Schema):
    """Hours a week and the share expected for each target, all else being the same."""

    target = dy.Float64(primary_key=True, min=0, max=1)
    hours = dy.Float64(nullable=True, min=0)
    share = dy.Float64(nullable=True, min=0, max=1)


def try_point(
    table: pl.DataFrame, standard: Standard, asked: Mapping[str, float]
) -> Tried:
    """A point of the `WhatIfTargets` of one location and skill; what is not asked is today's."""
    today = point_of(standard)
    wish = {**today, **asked}
    return Tried(wish, between(table, wish), today, between(table, today))


def point_of(standard: Standard) -> dict[str, float]:
    """The point of a standard: handling times as they are."""
    own = {"target": standard.target, "threshold_s": standard.threshold_s}
    return {"factor": 1.0, **own}


def points(table: pl.DataFrame, axis: str) -> list[float]:
    """The values of an axis that were tried, in order."""
    values: list[float] = table[axis].unique().sort().to_list()
    return values


def by_target(
    table: pl.DataFrame, at: Mapping[str, float]
) -> dy.DataFrame[HoursByTarget]:
    """Every target that was tried, at one handling time and threshold."""
    told = [
        (target, between(table, {**at, "target": target}))
        for target in points(table, "target")
    ]
    rows = [
        {"target": target, "hours": answer.hours, "share": answer.share}
        for target, answer in told
    ]
    return HoursByTarget.validate(pl.DataFrame(rows), cast=True)


def between(table: pl.DataFrame, at: Mapping[str, float]) -> Answer:
    """What one location and skill come to at a point of the axes.

    Straight lines between the nearest points on each axis, so what rises along the grid
    rises between its points too. A point beyond the grid counts as its edge.
    """
    rows = table.with_columns(pl.lit(1.0).alias("weight"))
    for axis in AXES:
        values = np.array(points(table, axis))
        weights = pl.DataFrame({axis: values, "part": _weights(values, at[axis])})
        rows = rows.join(weights.filter(pl.col("part") > 0), on=axis).with_columns(
            pl.col("weight") * pl.col("part")
        ).drop("part")  # fmt: skip
    return Answer(*(_mean(rows, name) for name in ("hours", "share", "share_now")))


def _weights(values: NDArray[np.float64], value: float) -> list[float]:
    one = np.eye(values.size)
    return [float(np.interp(value, values, row)) for row in one]


def _mean(rows: pl.DataFrame, name: str) -> float | None:
    if rows.is_empty() or rows[name].is_null().any():
        return None
    return float((rows[name] * rows["weight"]).sum())
