"""An uncertain arrival rate: gamma around its mean, taken by quadrature."""

from functools import lru_cache

import numpy as np

from staffing.queueing.arguments import Floats

POINTS = 32


@lru_cache(maxsize=256)
def per_contact(cv: float) -> tuple[Floats, Floats]:
    """Factors on the mean rate, and their weights, as the *contacts* meet them.

    A rate L that is gamma with coefficient of variation `cv` counts are negative
    binomial with variance mu + cv^2 mu^2. The share of contacts, E[L f(L)] / E[L], is
    the mean of f under the gamma law whose shape is one higher. Nodes by Golub and
    Welsch (1969), whose weights need no gamma function.
    """
    if cv == 0:
        return np.ones(1), np.ones(1)
    shape = cv**-2
    i = np.arange(POINTS)
    beside = np.sqrt(i[1:] * (i[1:] + shape))
    jacobi = np.diag(2 * i + 1 + shape) + np.diag(beside, 1) + np.diag(beside, -1)
    nodes, vectors = np.linalg.eigh(jacobi)
    return np.maximum(nodes, 0) / shape, vectors[0] ** 2
