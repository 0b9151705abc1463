"""Staff hours that a week of contact hours asks for: a convex curve.

The requirement tells staff hours for the expected load of each week. A curve through
these points, rising and never less steep further on, tells what other loads would ask
for: least squares on hinges with coefficients of at least zero (Lawson and Hanson's
NNLS), which is the best fit among the convex curves with these knots.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from staffing.reminders.response import FloatArray

FEWEST_WEEKS = 8
KNOTS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class StaffCurve:
    """`base + slope load + sum_i rises_i max(0, load - knots_i)`, in hours a week."""

    base: float
    slope: float
    knots: FloatArray
    rises: FloatArray

    def hours(self, load: FloatArray) -> FloatArray:
        """Staff hours for contact hours, of any shape."""
        above = np.maximum(0.0, load[..., None] - self.knots)
        hours: FloatArray = self.base + self.slope * load + above @ self.rises
        return hours


LOAD_ITSELF = StaffCurve(0.0, 1.0, np.empty(0), np.empty(0))
"""Where the requirement tells nothing: an hour of contacts asks for an hour of staff."""


def fit_curve(load: FloatArray, staff: FloatArray) -> StaffCurve:
    """The curve of weeks with a requirement; the load itself when these are too few.

    Args:
        load: contact hours per week.
        staff: staff hours per week that the requirement asks for; NaN where unknown.
    """
    known = np.isfinite(staff)
    if known.sum() < FEWEST_WEEKS or np.ptp(load[known]) <= 0:
        return LOAD_ITSELF
    at, wanted = load[known], staff[known]
    knots = np.unique(np.quantile(at, KNOTS))
    hinges = np.maximum(0.0, at[:, None] - knots)
    design = np.column_stack([np.ones_like(at), at, hinges])
    found, _ = nnls(design, wanted)
    return StaffCurve(float(found[0]), float(found[1]), knots, found[2:])
