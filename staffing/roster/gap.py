"""The gap between what a roster costs and what none can cost less than."""

from staffing.roster.result import Objective

CLOSE = 1e-6
"""A gap, or a distance in euros, that counts as none."""


def relative_gap(
    objective: Objective, bound: float, unavoidable: float
) -> float | None:
    """(objective - bound) / (bound - unavoidable); None when nothing can change."""
    distance = objective.total - bound
    if distance <= CLOSE:
        return 0.0
    changeable = bound - unavoidable
    return distance / changeable if changeable > CLOSE else None
