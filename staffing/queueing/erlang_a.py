"""Erlang A as compiled kernels: everywhere, without overflow or cancellation.

Rates are per second: `arrival` of contacts, `capacity` of all agents together,
`giving_up` of one waiting contact.

After Baccelli and Hebuterne (1981) and Zeltyn and Mandelbaum (2005): the wait that a
contact would be offered has, above 0, a density proportional to
`exp(arrival H(x) - capacity x)` with `H(x) = (1 - exp(-giving_up x)) / giving_up`.
Its logarithm is concave, so all integrals are taken around its peak by Gauss-Legendre
on panels of a bounded number of nats and, as long as H still bends, of mean patiences;
every term is positive, nothing cancels.
"""

import math

import numpy as np

from staffing.queueing.compiling import nested

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
NATS_KEPT = 42.0
NATS_PER_PANEL = 12.0
PATIENCES_PER_PANEL = 4.0
PATIENCES_THAT_BEND = 40.0


@nested
def _exponent(x: float, arrival: float, capacity: float, giving_up: float) -> float:
    return -arrival * math.expm1(-giving_up * x) / giving_up - capacity * x


@nested
def _peak_at(arrival: float, capacity: float, giving_up: float) -> float:
    return math.log(arrival / capacity) / giving_up if arrival > capacity else 0.0


@nested
def _right_end(peak: float, arrival: float, capacity: float, giving_up: float) -> float:
    """Where the density has fallen by `NATS_KEPT` nats beyond its peak."""
    level = _exponent(peak, arrival, capacity, giving_up)
    rate = arrival * math.exp(-giving_up * peak)
    step = math.sqrt(2 * NATS_KEPT / (rate * giving_up))
    if capacity - rate > 0:
        step = min(step, NATS_KEPT / (capacity - rate))
    while level - _exponent(peak + step, arrival, capacity, giving_up) < NATS_KEPT:
        step *= 1.3
    return peak + step


@nested
def _left_end(peak: float, arrival: float, giving_up: float) -> float:
    """At most this far left of the peak the density has fallen by `NATS_KEPT` nats."""
    curvature = arrival * giving_up * math.exp(-giving_up * peak)
    return max(0.0, peak - math.sqrt(2 * NATS_KEPT / curvature))


@nested
def _integrals(
    low: float,
    high: float,
    top: float,
    arrival: float,
    capacity: float,
    giving_up: float,
) -> tuple[float, float, float]:
    """Integrals of g, of g times the share still waiting, and of g H; g peaks at 1."""
    first = _exponent(low, arrival, capacity, giving_up)
    last = _exponent(high, arrival, capacity, giving_up)
    panels = 1 + int(abs(last - first) / NATS_PER_PANEL)
    if low * giving_up < PATIENCES_THAT_BEND:
        panels += int((high - low) * giving_up / PATIENCES_PER_PANEL)
    half = (high - low) / panels / 2
    mass, patient, waited = 0.0, 0.0, 0.0
    for panel in range(panels):
        middle = low + (2 * panel + 1) * half
        for node in range(NODES.size):
            x = middle + half * NODES[node]
            shortened = -math.expm1(-giving_up * x) / giving_up
            density = half * WEIGHTS[node]
            density *= math.exp(arrival * shortened - capacity * x - top)
            mass += density
            patient += density * (1 - giving_up * shortened)
            waited += density * shortened
    return mass, patient, waited


@nested
def erlang_a(
    arrival: float,
    capacity: float,
    giving_up: float,
    threshold: float,
    before: float,
) -> tuple[float, float, float, float, float]:
    """As `measures_of`, and last the share that gives up within the threshold.

    `before` is Erlang B for one agent less. Who waits gives up within the threshold when
    patience is shorter than both the threshold and the wait offered.
    """
    peak = _peak_at(arrival, capacity, giving_up)
    top = _exponent(peak, arrival, capacity, giving_up)
    low = _left_end(peak, arrival, giving_up)
    high = _right_end(peak, arrival, capacity, giving_up)
    split = min(max(threshold, low), high)
    bends = min(max(PATIENCES_THAT_BEND / giving_up, low), high)
    left, right = min(peak, split), max(peak, split)
    middle = max(left, min(bends, right))
    edges = (low, min(left, bends), middle, max(right, bends), high)
    mass, answered, waited, early = 0.0, 0.0, 0.0, 0.0
    for segment in range(4):
        start, end = edges[segment], edges[segment + 1]
        if end > start:
            part, patient, wait = _integrals(
                start, end, top, arrival, capacity, giving_up
            )
            mass += part
            waited += wait
            if end <= split:
                answered += patient
                early += part
    free = math.exp(-top)
    queued = arrival * before
    total = free + queued * mass
    mean_wait = queued * waited / total
    level = (free + queued * answered) / total
    gone = early - answered - math.expm1(-giving_up * threshold) * (mass - early)
    rest = queued * mass / total, mean_wait, giving_up * mean_wait
    return level, *rest, queued * max(gone, 0.0) / total
