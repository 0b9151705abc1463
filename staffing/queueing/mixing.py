"""An uncertain arrival rate: gamma around its mean, taken by quadrature.

A rate L that is gamma with coefficient of variation cv gives counts that are negative
binomial with variance mu + cv^2 mu^2. The share of contacts, E[L f(L)] / E[L], is the
mean of f under the gamma law whose shape is one higher.

With patience f is smooth, and steep where the spread of the load, cv sqrt(load), is wide:
Gauss-Laguerre nodes, more for a wider spread, keep the error under 1e-4. Without patience
f has a corner where load meets the agents, which such nodes miss by percents: there, and
for the widest spreads, a fine grid is taken; beside the corner it is good to 0.005.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from staffing.queueing.arguments import Floats

Nodes = tuple[Floats, Floats]
"""Factors on the mean rate, and their weights, which sum to 1."""

SPREADS = (0.4, 1.3, 2.5, 3.8)
FINE = 512
POINTS = (8, 16, 32, 64, FINE)
"""Nodes by the spread of the load, cv sqrt(load): the fine grid for any wider one."""
TAIL = 1e-10


def mixtures(
    cv: Floats, load: Floats, patience_s: Floats
) -> Iterator[tuple[NDArray[np.bool_], Floats, Floats]]:
    """Rows that share their nodes, with these; every row comes once."""
    points = np.array(POINTS)[np.searchsorted(SPREADS, cv * np.sqrt(load))]
    points = np.where(np.isinf(patience_s), FINE, points)
    points = np.where(cv == 0, 1, points)
    for kind in np.unique(cv + 1j * points):
        rows = (cv == kind.real) & (points == kind.imag)
        yield rows, *_nodes(float(kind.real), int(kind.imag))


def _nodes(cv: float, number: int) -> Nodes:
    if cv == 0:
        return np.ones(1), np.ones(1)
    return _grid(cv) if number == FINE else _laguerre(cv, number)


@lru_cache(maxsize=256)
def _laguerre(cv: float, number: int) -> Nodes:
    return _gamma_nodes(cv**-2 + 1, cv**2, number)


def gamma_nodes(cv: float, number: int) -> Nodes:
    """Nodes of a gamma law of mean 1, each hour alike; of `cv` 0 the first is all."""
    if cv == 0:
        return np.ones(number), np.eye(1, number)[0]
    return _gamma_nodes(cv**-2, cv**2, number)


def _gamma_nodes(shape: float, scale: float, number: int) -> Nodes:
    """Nodes by Golub and Welsch (1969), whose weights need no gamma function."""
    i = np.arange(number)
    beside = np.sqrt(i[1:] * (i[1:] + shape - 1))
    jacobi = np.diag(2 * i + shape) + np.diag(beside, 1) + np.diag(beside, -1)
    nodes, vectors = np.linalg.eigh(jacobi)
    return np.maximum(nodes, 0) * scale, vectors[0] ** 2


@lru_cache(maxsize=256)
def _grid(cv: float) -> Nodes:
    """Gauss-Legendre nodes over all but the far tails of the law."""
    from scipy.stats import gamma

    law = gamma(cv**-2 + 1, scale=cv**2)
    low, high = law.ppf([TAIL, 1 - TAIL])
    nodes, weights = np.polynomial.legendre.leggauss(FINE)
    factors = low + (high - low) * (nodes + 1) / 2
    mass = weights * law.pdf(factors)
    return factors, mass / mass.sum()
