"""Erlang B, C and A as compiled kernels, without powers, factorials or overflow.

Rates are per second: `arrival` of contacts, `service` of one agent, `giving_up` of one
waiting contact (0: nobody gives up, which is Erlang C).
"""

import math

import numpy as np

from staffing.queueing.compiling import compiled, nested
from staffing.queueing.erlang_a import erlang_a


@compiled
def more_agents(blocking: float, load: float, have: int, want: int) -> float:
    """Erlang B for `want` agents from that for `have`: the stable forward recursion."""
    for agents in range(have + 1, want + 1):
        blocking = load * blocking / (agents + load * blocking)
    return blocking


@nested
def erlang_c(
    load: float, service: float, agents: int, threshold: float, before: float
) -> tuple[float, float, float, float]:
    """As `measures_of` where nobody gives up; `before` is Erlang B for one agent less."""
    if load >= agents:
        return 0.0, 1.0, math.inf, 0.0
    blocking = load * before / (agents + load * before)
    waits = agents * blocking / (agents - load * (1 - blocking))
    drain = (agents - load) * service
    level = 1 - waits * math.exp(-drain * threshold)
    return level, waits, waits / drain, 0.0


@nested
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
        return erlang_c(load, service, agents, threshold, before)
    capacity = agents * service
    return erlang_a(load * service, capacity, giving_up, threshold, before)[:4]


@nested
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
