"""What a number of agents gives: M/M/n and, with patience, M/M/n+M in steady state.

All arguments broadcast against each other. Without arrivals every level is 1 and every
wait 0; with arrivals and nobody there, level 0. A patience of infinity is Erlang C, whose
queue grows without end when load reaches the agents: level 0, wait infinite. A part
agent, such as 3.4, lies between 3 and 4: there for 0.4 of the time.
"""

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.arguments import SECONDS_PER_HOUR, Floats, broadcast
from staffing.queueing.mixing import mixtures
from staffing.queueing.treating import Abandoned, treatment_code

LEVEL, WAITS, WAIT, GIVEN_UP = range(4)


def service_level(
    arrivals_per_hour: ArrayLike,
    handling_time_s: ArrayLike,
    agents: ArrayLike,
    threshold_s: ArrayLike,
    patience_s: ArrayLike = np.inf,
    arrival_cv: ArrayLike = 0.0,
    *,
    abandoned: Abandoned = "late",
) -> Floats:
    """Share of contacts answered within the threshold.

    Of offered contacts, and who gives up is not answered: `abandoned` of "late". With
    "left_out" those do not count at all, with "short_left_out" not when they gave up
    within the threshold, and "in_time" counts these as if answered in time. Where nobody
    works the level is 0 all the same.

    With `arrival_cv` the rate is gamma around its mean and the level is the share of
    contacts, E[L SL(L)] / E[L].

    Raises:
        InputError: an argument is out of its range; the message names it.
    """
    from staffing.queueing.levels import levels_all

    given = broadcast(
        arrivals_per_hour=arrivals_per_hour,
        handling_time_s=handling_time_s,
        agents=agents,
        threshold_s=threshold_s,
        patience_s=patience_s,
        arrival_cv=arrival_cv,
    )
    treatment = treatment_code(abandoned)
    load, service = load_and_service(given)
    flat = {name: array.ravel() for name, array in given.items()}
    level = np.zeros(load.size)
    rates = load, service, 1 / flat["patience_s"], flat["agents"], flat["threshold_s"]
    for rows, *mixture in mixtures(flat["arrival_cv"], load, flat["patience_s"]):
        level[rows] = levels_all(treatment, *(array[rows] for array in rates), *mixture)
    return level.reshape(given["agents"].shape)


def wait_probability(
    arrivals_per_hour: ArrayLike,
    handling_time_s: ArrayLike,
    agents: ArrayLike,
    patience_s: ArrayLike = np.inf,
) -> Floats:
    """Probability that a contact finds everybody busy."""
    return _measure(WAITS, arrivals_per_hour, handling_time_s, agents, patience_s)


def mean_wait(
    arrivals_per_hour: ArrayLike,
    handling_time_s: ArrayLike,
    agents: ArrayLike,
    patience_s: ArrayLike = np.inf,
) -> Floats:
    """Mean wait in seconds over all offered contacts, those who give up included."""
    return _measure(WAIT, arrivals_per_hour, handling_time_s, agents, patience_s)


def abandonment(
    arrivals_per_hour: ArrayLike,
    handling_time_s: ArrayLike,
    agents: ArrayLike,
    patience_s: ArrayLike = np.inf,
) -> Floats:
    """Share of offered contacts that gives up before being answered."""
    return _measure(GIVEN_UP, arrivals_per_hour, handling_time_s, agents, patience_s)


def occupancy(
    arrivals_per_hour: ArrayLike,
    handling_time_s: ArrayLike,
    agents: ArrayLike,
    patience_s: ArrayLike = np.inf,
) -> Floats:
    """Share of the agents' time spent on contacts; 1 where contacts meet nobody."""
    lost = abandonment(arrivals_per_hour, handling_time_s, agents, patience_s)
    load = np.multiply(arrivals_per_hour, handling_time_s) / SECONDS_PER_HOUR
    people = np.asarray(agents, dtype=np.float64)
    busy = np.where(people > 0, (1 - lost) * load / np.where(people > 0, people, 1), 1)
    return np.where(load > 0, np.minimum(busy, 1), 0.0)


def _measure(
    measure: int,
    arrivals_per_hour: ArrayLike,
    handling_time_s: ArrayLike,
    agents: ArrayLike,
    patience_s: ArrayLike,
) -> Floats:
    given = broadcast(
        arrivals_per_hour=arrivals_per_hour,
        handling_time_s=handling_time_s,
        agents=agents,
        threshold_s=0.0,
        patience_s=patience_s,
    )
    return np.reshape(_solve(given)[:, measure], given["agents"].shape)


def _solve(given: dict[str, Floats]) -> Floats:
    """All measures, one row for each entry of the broadcast arguments."""
    from staffing.queueing.kernels import measure_all

    load, service = load_and_service(given)
    rest = 1 / given["patience_s"], given["agents"], given["threshold_s"]
    return measure_all(load, service, *(array.ravel() for array in rest))


def load_and_service(given: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Flat load in Erlang and service rate per second; any rate where nothing comes."""
    rate = given["arrivals_per_hour"].ravel() / SECONDS_PER_HOUR
    handling = given["handling_time_s"].ravel()
    return rate * handling, 1 / np.where(handling > 0, handling, 1)
