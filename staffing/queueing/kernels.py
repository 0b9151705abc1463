"""Erlang B, C and A as compiled kernels, without powers, factorials or overflow.

Rates are per second: `arrival` of contacts, `service` of one agent, `giving_up` of one
waiting contact (0: nobody gives up, which is Erlang C).

Erlang A follows Baccelli and Hebuterne (1981) and Zeltyn and Mandelbaum (2005): the
wait that a contact would be offered has, above 0, a density proportional to
`exp(arrival H(x) - agents service x)` with `H(x) = (1 - exp(-giving_up x)) / giving_up`.
Its logarithm is concave, so all integrals are taken around its peak by Gauss-Legendre
on panels of a bounded number of nats and, as long as H still bends, of mean patiences;
every term is positive, nothing cancels.
"""

import math

import numpy as np

from staffing.queueing.compiling import compiled

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
NATS_KEPT = 42.0
NATS_PER_PANEL = 12.0
PATIENCES_PER_PANEL = 4.0
PATIENCES_THAT_BEND = 40.0


@compiled
def more_agents(blocking: float, load: float, have: int, want: int) -> float:
    """Erlang B for `want` agents from that for `have`: the stable forward recursion."""
    for agents in range(have + 1, want + 1):
        blocking = load * blocking / (agents + load * blocking)
    return blocking


@compiled
def _exponent(x: float, arrival: float, capacity: float, giving_up: float) -> float:
    return -arrival * math.expm1(-giving_up * x) / giving_up - capacity * x


@compiled
def _peak_at(arrival: float, capacity: float, giving_up: float) -> float:
    return math.log(arrival / capacity) / giving_up if arrival > capacity else 0.0


@compiled
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


@compiled
def _left_end(peak: float, arrival: float, giving_up: float) -> float:
    """At most this far left of the peak the density has fallen by `NATS_KEPT` nats."""
    curvature = arrival * giving_up * math.exp(-giving_up * peak)
    return max(0.0, peak - math.sqrt(2 * NATS_KEPT / curvature))


@compiled
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


@compiled
def _erlang_c(
    load: float, service: float, agents: int, threshold: float, before: float
) -> tuple[float, float, float, float]:
    if load >= agents:
        return 0.0, 1.0, math.inf, 0.0
    blocking = load * before / (agents + load * before)
    waits = agents * blocking / (agents - load * (1 - blocking))
    drain = (agents - load) * service
    level = 1 - waits * math.exp(-drain * threshold)
    return level, waits, waits / drain, 0.0


@compiled
def _erlang_a(
    arrival: float,
    capacity: float,
    giving_up: float,
    threshold: float,
    before: float,
) -> tuple[float, float, float, float]:
    peak = _peak_at(arrival, capacity, giving_up)
    top = _exponent(peak, arrival, capacity, giving_up)
    low = _left_end(peak, arrival, giving_up)
    high = _right_end(peak, arrival, capacity, giving_up)
    split = min(max(threshold, low), high)
    bends = min(max(PATIENCES_THAT_BEND / giving_up, low), high)
    left, right = min(peak, split), max(peak, split)
    middle = max(left, min(bends, right))
    edges = (low, min(left, bends), middle, max(right, bends), high)
    mass, answered, waited = 0.0, 0.0, 0.0
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
    free = math.exp(-top)
    queued = arrival * before
    total = free + queued * mass
    mean_wait = queued * waited / total
    level = (free + queued * answered) / total
    return level, queued * mass / total, mean_wait, giving_up * mean_wait


@compiled
def measures_before(
    load: float,
    service: float,
    giving_up: float,
    agents: int,
    threshold: float,
    before: float,
) -> tuple[float, float, float, float]:
    """As `measures_of`, given Erlang B for one agent less (`before`)."""
    if load == 0:
        return 1.0, 0.0, 0.0, 0.0
    if agents == 0:
        wait = math.inf if giving_up == 0 else 1 / giving_up
        return 0.0, 1.0, wait, 0.0 if giving_up == 0 else 1.0
    if giving_up == 0:
        return _erlang_c(load, service, agents, threshold, before)
    capacity = agents * service
    return _erlang_a(load * service, capacity, giving_up, threshold, before)


@compiled
def measures_of(
    load: float, service: float, giving_up: float, agents: int, threshold: float
) -> tuple[float, float, float, float]:
    """Service level, probability of waiting, mean wait (s) and share that gives up."""
    before = more_agents(1.0, load, 0, agents - 1)
    return measures_before(load, service, giving_up, agents, threshold, before)


@compiled
def measure_all(
    load: np.ndarray,
    service: np.ndarray,
    giving_up: np.ndarray,
    agents: np.ndarray,
    threshold: np.ndarray,
) -> np.ndarray:
    """The four measures, one row for each entry; a part agent lies between two whole."""
    result = np.empty((load.size, 4))
    for i in range(load.size):
        whole = int(agents[i])
        part = agents[i] - whole
        rest = load[i], service[i], giving_up[i]
        below = measures_of(*rest, whole, threshold[i])
        for measure in range(4):
            result[i, measure] = below[measure]
        if part > 0:
            above = measures_of(*rest, whole + 1, threshold[i])
            for measure in range(4):
                result[i, measure] = (1 - part) * below[measure] + part * above[measure]
    return result


@compiled
def _mixed_level(
    agents: int,
    loads: np.ndarray,
    weights: np.ndarray,
    service: float,
    giving_up: float,
    threshold: float,
    before: np.ndarray,
) -> float:
    level = 0.0
    for i in range(loads.size):
        measures = measures_before(
            loads[i], service, giving_up, agents, threshold, before[i]
        )
        level += weights[i] * measures[0]
    return level


@compiled
def _smallest(
    load: float,
    loads: np.ndarray,
    weights: np.ndarray,
    service: float,
    giving_up: float,
    threshold: float,
    target: float,
) -> int:
    """The smallest sufficient number: gallop from a bound, then halve the bracket.

    No more than `agents / load` of the contacts can be answered, `load` being the mean
    of the uncertain `loads`: hence the bound.
    """
    short = max(0, int(target * load) - 1)
    at_short = np.empty(loads.size)
    trial = np.empty(loads.size)
    for i in range(loads.size):
        at_short[i] = more_agents(1.0, loads[i], 0, short)
    enough, step = -1, 1
    while enough < 0 or enough - short > 1:
        agents = short + step if enough < 0 else (short + enough) // 2
        for i in range(loads.size):
            trial[i] = more_agents(at_short[i], loads[i], short, agents - 1)
        level = _mixed_level(
            agents, loads, weights, service, giving_up, threshold, trial
        )
        if level >= target:
            enough = agents
        else:
            for i in range(loads.size):
                at_short[i] = more_agents(trial[i], loads[i], agents - 1, agents)
            short = agents
            step *= 2
    return enough


@compiled
def smallest_all(
    load: np.ndarray,
    service: np.ndarray,
    giving_up: np.ndarray,
    threshold: np.ndarray,
    target: np.ndarray,
    factors: np.ndarray,
    weights: np.ndarray,
) -> np.ndarray:
    """The smallest number of agents per entry, the load mixed over `factors`."""
    result = np.zeros(load.size, dtype=np.int64)
    for i in range(load.size):
        if load[i] > 0:
            result[i] = _smallest(
                load[i],
                load[i] * factors,
                weights,
                service[i],
                giving_up[i],
                threshold[i],
                target[i],
            )
    return result
