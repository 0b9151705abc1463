"""The service level of an uncertain load, by how contacts that give up count.

The level is the share served in time over the share counted, each summed over the
contacts of all loads first: where contacts are left out, fewer count of a busy hour.
The short sum is taken where it holds, else the general way.
"""

import math

import numpy as np

from staffing.queueing.compiling import compiled, nested, stepping
from staffing.queueing.erlang_a import erlang_a
from staffing.queueing.kernels import measures_before, more_agents
from staffing.queueing.series import at_nodes, level_by_series
from staffing.queueing.treating import IN_TIME, LATE, LEFT_OUT, SHORT_LEFT_OUT


@stepping
def _counted(
    treatment: int, answered: float, gone: float, gone_early: float
) -> tuple[float, float]:
    if treatment == LEFT_OUT:
        return answered, 1 - gone
    if treatment == SHORT_LEFT_OUT:
        return answered, 1 - gone_early
    if treatment == IN_TIME:
        return answered + gone_early, 1.0
    return answered, 1.0


@stepping
def served_and_counted(
    treatment: int,
    load: float,
    service: float,
    giving_up: float,
    agents: int,
    threshold: float,
    before: float,
    nodes: np.ndarray,
) -> tuple[float, float]:
    """Shares of all contacts; `before` is Erlang B for one agent less.

    Where nobody works nobody is served, and who leaves early is nobody's merit: 0.
    """
    if agents == 0 and load > 0:
        return 0.0, 1.0
    if giving_up == 0 or load == 0:
        found = measures_before(load, service, giving_up, agents, threshold, before)
        return found[0], 1.0
    arrival, capacity = load * service, agents * service
    if treatment == LATE:
        level = level_by_series(arrival, capacity, giving_up, threshold, before, nodes)
        if not math.isnan(level):
            return level, 1.0
    answered, _, _, gone, gone_early = erlang_a(
        arrival, capacity, giving_up, threshold, before
    )
    return _counted(treatment, answered, gone, gone_early)


@nested
def mixed_level(
    treatment: int,
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
    served, counted = 0.0, 0.0
    for i in range(loads.size):
        one, of = served_and_counted(
            treatment,
            loads[i],
            service,
            giving_up,
            agents,
            threshold,
            before[i],
            nodes,
        )
        served += weights[i] * one
        counted += weights[i] * of
    return served / counted if counted > 0 else 0.0


@nested
def _level_with(
    treatment: int,
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
        treatment,
        agents,
        loads,
        weights,
        service,
        giving_up,
        threshold,
        before,
        nodes,
    )


@compiled
def levels_all(
    treatment: int,
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
        result[i] = _level_with(treatment, whole, *rest)
        if part > 0:
            above = _level_with(treatment, whole + 1, *rest)
            result[i] = (1 - part) * result[i] + part * above
    return result
