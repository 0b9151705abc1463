"""Erlang A's service level where a short sum gives it: most of what is ever asked.

The mass of the offered wait is Palm's series: `integral of g = sum of arrival^k /
(capacity (capacity + giving_up) ... (capacity + k giving_up))`, g as in `erlang_a`, all
terms positive. What is answered within the threshold is one Gauss-Legendre panel over a
function that bends little there. Both are as exact as the general way within the bounds
below; outside of them the level is not-a-number, and the general way is to be taken.
"""

import math

import numpy as np

from staffing.queueing.compiling import nested
from staffing.queueing.erlang_a import (
    NATS_PER_PANEL,
    NODES,
    PATIENCES_PER_PANEL,
    WEIGHTS,
)

MOST_TERMS = 600
SMALLEST_TERM = 1e-16


@nested
def at_nodes(giving_up: float, threshold: float) -> np.ndarray:
    """Per node of the panel: its time, the mean time still waited by then, its weight.

    The weight holds the share still waiting at that time.
    """
    result = np.zeros((NODES.size, 3))
    if giving_up == 0:  # the series is not asked
        return result
    for node in range(NODES.size):
        x = threshold / 2 * (1 + NODES[node])
        gone = -math.expm1(-giving_up * x)
        result[node, 0] = x
        result[node, 1] = gone / giving_up
        result[node, 2] = threshold / 2 * WEIGHTS[node] * (1 - gone)
    return result


@nested
def _mass(arrival: float, capacity: float, giving_up: float) -> float:
    term = 1 / capacity
    mass = term
    for k in range(1, MOST_TERMS):
        term *= arrival / (capacity + k * giving_up)
        mass += term
        if term < SMALLEST_TERM * mass:
            return mass
    return math.nan


@nested
def level_by_series(
    arrival: float,
    capacity: float,
    giving_up: float,
    threshold: float,
    before: float,
    nodes: np.ndarray,
) -> float:
    """Share answered within the threshold, or not-a-number where the sum would be long.

    `before` is Erlang B for one agent less, `nodes` those of `at_nodes`.
    """
    fall = (
        capacity * threshold - arrival * -math.expm1(-giving_up * threshold) / giving_up
    )
    rise = max(0.0, arrival - capacity) * threshold
    bends = giving_up * threshold > PATIENCES_PER_PANEL
    if bends or fall > NATS_PER_PANEL or rise > NATS_PER_PANEL:
        return math.nan
    mass = _mass(arrival, capacity, giving_up)
    answered = 0.0
    for node in range(NODES.size):
        exponent = arrival * nodes[node, 1] - capacity * nodes[node, 0]
        answered += nodes[node, 2] * math.exp(exponent)
    queued = arrival * before
    return (1 + queued * answered) / (1 + queued * mass)
