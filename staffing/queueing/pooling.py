"""Several queues served by one pool, first come first served, one contact at a time.

With equal handling times this is one queue of all contacts, exactly. With handling times
that differ it is taken as one queue of their mean, whose waits are longer by
(1 + cv^2) / 2, cv that of a contact's handling time between queues and within
(Lee and Longton, 1959, of the mean wait; here of the whole tail).
"""

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.arguments import SECONDS_PER_HOUR, Floats, broadcast
from staffing.queueing.measures import wait_probability


def pooled_levels(
    arrivals_per_hour: ArrayLike,
    handling_time_s: ArrayLike,
    agents: int,
    threshold_s: ArrayLike,
) -> Floats:
    """Share of each queue's contacts answered within its threshold; nobody gives up.

    Arguments are one entry per queue. Handling times of a queue are exponential.

    Raises:
        InputError: an argument is out of its range; the message names it.
    """
    given = broadcast(
        arrivals_per_hour=arrivals_per_hour,
        handling_time_s=handling_time_s,
        agents=agents,
        threshold_s=threshold_s,
    )
    rate, handling = given["arrivals_per_hour"], given["handling_time_s"]
    total = rate.sum()
    if total == 0:
        return np.ones(rate.shape)
    mean = (rate @ handling) / total
    load = total * mean / SECONDS_PER_HOUR
    if agents <= load:
        return np.zeros(rate.shape)
    longer = (rate @ handling**2) / total / mean**2
    drain = (agents - load) / mean / longer
    waits = wait_probability(total, mean, agents)
    levels: Floats = 1 - waits * np.exp(-drain * given["threshold_s"])
    return levels


def pooled_agents(
    arrivals_per_hour: ArrayLike,
    handling_time_s: ArrayLike,
    threshold_s: ArrayLike,
    target: ArrayLike,
) -> int:
    """The smallest number of fully flexible agents with which each queue meets its target.

    Raises:
        InputError: an argument is out of its range; the message names it.
    """
    given = broadcast(
        arrivals_per_hour=arrivals_per_hour,
        handling_time_s=handling_time_s,
        threshold_s=threshold_s,
        target=target,
    )
    told = given["arrivals_per_hour"], given["handling_time_s"]
    if told[0].sum() == 0:
        return 0
    agents = int(told[0] @ told[1] / SECONDS_PER_HOUR) + 1
    while (pooled_levels(*told, agents, given["threshold_s"]) < given["target"]).any():
        agents += 1
    return agents
