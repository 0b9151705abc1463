"""What people buy, made convex: the lower envelope of the cost of a quarter-hour.

Late contacts by number of people need not be convex below the offered load. `build`
makes them so; for tables that come another way, linear programs use the largest convex
function under the table, and everything else uses the table itself.
"""

import numpy as np
from numpy.typing import NDArray

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


def marginal_gains(costs: Costs) -> list[float]:
    """What each next person saves, never rising, as long as they save anything."""
    gains = -np.diff(convex_envelope(np.minimum.accumulate(costs)))
    found: list[float] = gains[gains > 1e-9].tolist()
    return found
