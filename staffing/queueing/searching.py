"""The smallest sufficient number of agents, searched on compiled kernels."""

import math

import numpy as np

from staffing.queueing.compiling import compiled, nested
from staffing.queueing.kernels import more_agents
from staffing.queueing.levels import mixed_level
from staffing.queueing.series import at_nodes
from staffing.queueing.treating import LATE


@nested
def _smallest(
    treatment: int,
    load: float,
    loads: np.ndarray,
    weights: np.ndarray,
    service: float,
    giving_up: float,
    threshold: float,
    target: float,
) -> int:
    """The smallest sufficient number: gallop from a guess, then halve the bracket.

    No more than `agents / load` of the contacts can be answered, `load` being the mean
    of the uncertain `loads`: hence the bound, where every contact counts. The guess is the square-root rule.
    """
    short = max(0, int(target * load) - 1) if treatment == LATE else 0
    guess = max(short + 1, math.ceil(load + 0.5 * math.sqrt(load)))
    nodes = at_nodes(giving_up, threshold)
    at_short, trial = np.empty(loads.size), np.empty(loads.size)
    for i in range(loads.size):
        at_short[i] = more_agents(1.0, loads[i], 0, short)
    enough, step, agents = -1, 1, guess
    while True:
        for i in range(loads.size):
            trial[i] = more_agents(at_short[i], loads[i], short, agents - 1)
        level = mixed_level(
            treatment,
            agents,
            loads,
            weights,
            service,
            giving_up,
            threshold,
            trial,
            nodes,
        )
        if level >= target:
            enough = agents
        else:
            for i in range(loads.size):
                at_short[i] = more_agents(trial[i], loads[i], agents - 1, agents)
            short = agents
        if enough >= 0 and enough - short <= 1:
            return enough
        middle = (short + enough) // 2
        agents = short + step if enough < 0 else max(middle, enough - step)
        step *= 2


@compiled
def smallest_all(
    treatment: int,
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
                treatment,
                load[i],
                load[i] * factors,
                weights,
                service[i],
                giving_up[i],
                threshold[i],
                target[i],
            )
    return result
