"""What people buy, made convex: the lower envelope of the cost of a quarter-hour.

Late contacts by number of people need not be convex below the offered load. `build`
makes them so; for tables that come another way, optimisation uses the largest convex
function under the table, and reports use the table itself.
"""

import numpy as np
from numpy.typing import NDArray

from staffing.roster.wanted import Demand
from staffing.rules import RosterPolicy

Costs = NDArray[np.float64]


def convex_envelope(values: Costs) -> Costs:
    """The largest convex sequence nowhere above `values` (Andrew's monotone chain)."""
    hull: list[int] = []
    for i in range(len(values)):
        while len(hull) > 1 and _is_above(values, hull[-2], hull[-1], i):
            hull.pop()
        hull.append(i)
    return np.interp(np.arange(len(values)), hull, values[hull])


def _is_above(values: Costs, left: int, middle: int, right: int) -> bool:
    rise = (values[middle] - values[left]) * (right - left)
    return bool(rise >= (values[right] - values[left]) * (middle - left))


def slot_costs(demand: Demand, policy: RosterPolicy) -> Costs:
    """Convex cost in euros of 0, 1, 2 ... people: late contacts and shortage.

    Constant beyond its last entry. Not for deferrable work, which counts per day.
    """
    size = max(len(demand.late), demand.required + 1)
    late = np.array([demand.late_with(n) for n in range(size)])
    short = np.array([demand.shortage(n) for n in range(size)])
    cost = policy.price_late_contact * late + policy.price_short_quarter * short
    # More people never hurt: a table that wobbles upward is flattened first.
    return convex_envelope(np.minimum.accumulate(cost))


def marginal_gains(costs: Costs) -> Costs:
    """What each next person saves, never rising."""
    return np.maximum(-np.diff(costs), 0.0)
