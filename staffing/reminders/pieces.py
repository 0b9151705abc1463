"""What hours moved into a week cost: convex functions of straight pieces.

The load of a week is its demand in a future plus the hours moved into it. The mean over
futures of the hours above a share of capacity, and of the staff hours asked for, are sums
of hinges `weight max(0, moved - at)`: convex, and straight between the points `at`.
Futures are taken together in groups of neighbours, each by its mean.
"""

from dataclasses import dataclass

import numpy as np

from staffing.reminders.load import Load
from staffing.reminders.response import FloatArray

LEVELS = 12
"""Groups of neighbouring futures of a week."""


@dataclass(frozen=True)
class Hinges:
    """`base + slope moved + sum_i weights_i max(0, moved - at_i)`."""

    base: float
    slope: float
    at: FloatArray
    weights: FloatArray

    def value(self, moved: float) -> float:
        """The cost of hours moved into the week."""
        above = np.maximum(0.0, moved - self.at)
        return float(self.base + self.slope * moved + self.weights @ above)

    def steepness(self, moved: FloatArray) -> FloatArray:
        """The slope at each of `moved`, none of which is a hinge."""
        passed = self.at[None, :] < moved[:, None]
        slopes: FloatArray = self.slope + passed @ self.weights
        return slopes


@dataclass(frozen=True)
class Pieces:
    """The aims of one week, on pieces of hours moved between `edges`.

    `slopes` is aims x pieces and rises along a row; `edges` has one more.
    """

    aims: tuple[Hinges, ...]
    edges: FloatArray
    slopes: FloatArray


def week_pieces(
    load: Load, week: int, top: tuple[float, ...], ceiling: float
) -> Pieces:
    """Hours above capacity, at the top, and staff hours, of one week.

    Hours at the top are those above each of the shares `top` of the busiest week's
    expected hours, so weighed that one at the height of that week counts once. No more
    than `ceiling` hours in all are moved into the week.
    """
    futures, busiest = _grouped(load.futures[:, week]), float(load.hours.max())
    aims = (
        _hours_above(futures, np.array([load.capacity[week]]), 1.0),
        _hours_above(futures, np.array(top) * busiest, 1 / sum(s <= 1 for s in top)),
        _staff_hours(futures, load),
    )
    least, most = -load.hours[week], max(0.0, ceiling - load.hours[week])
    inside = np.concatenate([hinges.at for hinges in aims])
    inside = inside[(inside > least) & (inside < most)]
    edges = np.unique(np.concatenate([[least, 0.0, most], inside]))
    middle = (edges[1:] + edges[:-1]) / 2
    slopes = np.stack([hinges.steepness(middle) for hinges in aims])
    return Pieces(aims, edges, slopes)


def _grouped(futures: FloatArray) -> FloatArray:
    """Means of groups of neighbours, as even in size as can be; or each by itself."""
    ordered = np.sort(futures)
    if ordered.size <= LEVELS:
        return ordered
    groups = np.repeat(ordered, LEVELS).reshape(LEVELS, ordered.size)
    grouped: FloatArray = groups.mean(axis=1)
    return grouped


def _hours_above(futures: FloatArray, levels: FloatArray, weight: float) -> Hinges:
    """The mean over futures of the hours above each of the levels, each so weighty."""
    at = (levels[:, None] - futures).reshape(-1)
    return Hinges(0.0, 0.0, at, np.full(at.size, weight / futures.size))


def _staff_hours(futures: FloatArray, load: Load) -> Hinges:
    curve = load.staff
    at = (curve.knots[:, None] - futures).reshape(-1)
    weights = np.repeat(curve.rises / futures.size, futures.size)
    base = curve.base + curve.slope * float(futures.mean())
    return Hinges(base, curve.slope, at, weights)
