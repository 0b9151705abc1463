"""The smallest number of agents that reaches a service level."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from staffing.queueing.arguments import broadcast
from staffing.queueing.measures import load_and_service
from staffing.queueing.mixing import mixtures
from staffing.queueing.treating import Abandoned, treatment_code


def required_agents(
    arrivals_per_hour: ArrayLike,
    handling_time_s: ArrayLike,
    threshold_s: ArrayLike,
    target: ArrayLike,
    patience_s: ArrayLike = np.inf,
    arrival_cv: ArrayLike = 0.0,
    *,
    abandoned: Abandoned = "late",
) -> NDArray[np.int64]:
    """The smallest numbers that answer `target` of the contacts within the threshold.

    All arguments broadcast. Without arrivals 0. With `arrival_cv` the rate is gamma
    around its mean and the level is the share of contacts, E[L SL(L)] / E[L].
    `abandoned` is how contacts that give up count, as of `service_level`.

    Raises:
        InputError: an argument is out of its range; the message names it.
    """
    from staffing.queueing.searching import smallest_all

    given = broadcast(
        arrivals_per_hour=arrivals_per_hour,
        handling_time_s=handling_time_s,
        threshold_s=threshold_s,
        target=target,
        patience_s=patience_s,
        arrival_cv=arrival_cv,
    )
    treatment = treatment_code(abandoned)
    load, service = load_and_service(given)
    patience = given["patience_s"].ravel()
    threshold, wanted = given["threshold_s"].ravel(), given["target"].ravel()
    spread = given["arrival_cv"].ravel()
    result = np.zeros(spread.size, dtype=np.int64)
    for rows, factors, weights in mixtures(spread, load, patience):
        result[rows] = smallest_all(
            treatment,
            load[rows],
            service[rows],
            1 / patience[rows],
            threshold[rows],
            wanted[rows],
            factors,
            weights,
        )
    return result.reshape(given["target"].shape)
