"""The service level of an uncertain load: by the short sum, or the general way."""

import math

import numpy as np

from staffing.queueing.compiling import compiled
from staffing.queueing.kernels import measures_before, more_agents
from staffing.queueing.series import at_nodes, level_by_series


@compiled
def _level(
    load: float,
    service: float,
    giving_up: float,
    agents: int,
    threshold: float,
    before: float,
    nodes: np.ndarray,
) -> float:
    if giving_up > 0 and agents > 0:
        level = level_by_series(
            load * service, agents * service, giving_up, threshold, before, nodes
        )
        if not math.isnan(level):
            return level
    return measures_before(load, service, giving_up, agents, threshold, before)[0]


@compiled
def mixed_level(
    agents: int,
    loads: np.ndarray,
    weights: np.ndarray,
    service: float,
    giving_up: float,
    threshold: float,
    before: np.ndarray,
    nodes: np.ndarray,
) -> float:
    """The level over weighted `loads`; `before` is Erlang B of each for one agent less."""
    level = 0.0
    for i in range(loads.size):
        level += weights[i] * _level(
            loads[i], service, giving_up, agents, threshold, before[i], nodes
        )
    return level


@compiled
def _level_with(
    agents: int,
    loads: np.ndarray,
    weights: np.ndarray,
    service: float,
    giving_up: float,
    threshold: float,
    nodes: np.ndarray,
) -> float:
    before = np.empty(loads.size)
    for i in range(loads.size):
        before[i] = more_agents(1.0, loads[i], 0, agents - 1)
    return mixed_level(
        agents, loads, weights, service, giving_up, threshold, before, nodes
    )


@compiled
def levels_all(
    load: np.ndarray,
    service: np.ndarray,
    giving_up: np.ndarray,
    agents: np.ndarray,
    threshold: np.ndarray,
    factors: np.ndarray,
    weights: np.ndarray,
) -> np.ndarray:
    """The level per entry, the load mixed over `factors`.

    A part agent lies between two whole ones.
    """
    result = np.empty(load.size)
    for i in range(load.size):
        nodes = at_nodes(giving_up[i], threshold[i])
        whole = int(agents[i])
        part = agents[i] - whole
        rest = load[i] * factors, weights, service[i], giving_up[i], threshold[i], nodes
        result[i] = _level_with(whole, *rest)
        if part > 0:
            above = _level_with(whole + 1, *rest)
            result[i] = (1 - part) * result[i] + part * above
    return result
