"""Between the points of a grid: exact at each of them, and never beyond its neighbours."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

AXES = ("factor", "target", "threshold_s")


def between(table: pl.DataFrame, at: Mapping[str, float]) -> dict[str, float | None]:
    """`hours`, `share` and `share_now` of one location and skill at a point of the axes.

    Straight lines between the nearest points on each axis, so what rises along the grid
    rises between its points too. A point beyond the grid counts as its edge.
    """
    rows = table.with_columns(pl.lit(1.0).alias("weight"))
    for axis in AXES:
        points = np.array(table[axis].unique().sort().to_list())
        weights = pl.DataFrame({axis: points, "part": _weights(points, at[axis])})
        rows = rows.join(weights.filter(pl.col("part") > 0), on=axis).with_columns(
            pl.col("weight") * pl.col("part")
        ).drop("part")  # fmt: skip
    return {name: _mean(rows, name) for name in ("hours", "share", "share_now")}


def _weights(points: NDArray[np.float64], value: float) -> list[float]:
    one = np.eye(points.size)
    return [float(np.interp(value, points, row)) for row in one]


def _mean(rows: pl.DataFrame, name: str) -> float | None:
    if rows.is_empty() or rows[name].is_null().any():
        return None
    return float((rows[name] * rows["weight"]).sum())
