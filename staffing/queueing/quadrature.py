"""Few nodes that stand for many: the same mean and the same first moments."""

import numpy as np

from staffing.queueing.arguments import Floats

SPENT = 1e-7
"""A direction this small beside the spread is what rounding left."""


def group_means(values: Floats, groups: int) -> Floats:
    """Means of equal parts of each row in order of size; the mean of a row is kept.

    Rows of n values become rows of `groups`; a value may be divided over two parts.
    """
    n = values.shape[1]
    sums = np.cumsum(np.sort(values, axis=1), axis=1) / n
    sums = np.concatenate([np.zeros((len(values), 1)), sums], axis=1)
    at = np.linspace(0, n, groups + 1)
    low = np.minimum(at.astype(np.int64), n - 1)
    edges = sums[:, low] + (at - low) * (sums[:, low + 1] - sums[:, low])
    means: Floats = np.diff(edges, axis=1) * groups
    return means


def gauss_rules(nodes: Floats, weights: Floats, number: int) -> tuple[Floats, Floats]:
    """Per row `number` nodes that share its first 2 x `number` - 1 moments.

    The recurrence of the polynomials orthogonal under a row's weights, by Lanczos with
    full reorthogonalisation, gives a Jacobi matrix whose eigenvalues are the nodes
    (Golub and Welsch, 1969). Rows of fewer different nodes end in weights of 0.
    """
    weights = np.broadcast_to(weights, nodes.shape)
    middle = (nodes * weights).sum(axis=1, keepdims=True)
    spread = np.sqrt(((nodes - middle) ** 2 * weights).sum(axis=1, keepdims=True))
    unit = (nodes - middle) / np.where(spread > 0, spread, 1)
    basis = [np.sqrt(weights)]
    jacobi = np.zeros((len(nodes), number, number))
    for i in range(number):
        step = unit * basis[i]
        jacobi[:, i, i] = np.einsum("ij,ij->i", step, basis[i])
        for known in [*basis[-2:], *basis]:
            step -= np.einsum("ij,ij->i", step, known)[:, None] * known
        size = np.linalg.norm(step, axis=1)
        size = np.where(size > SPENT, size, 0)
        basis.append(step / np.where(size > 0, size, 1)[:, None] * (size > 0)[:, None])
        if i + 1 < number:
            jacobi[:, i, i + 1] = jacobi[:, i + 1, i] = size
    found, vectors = np.linalg.eigh(jacobi)
    mass = vectors[:, 0] ** 2
    order = np.argsort(-mass, axis=1, kind="stable")
    found = np.take_along_axis(found, order, axis=1)
    mass = np.take_along_axis(mass, order, axis=1)
    return np.maximum(middle + spread * found, 0), np.where(mass > 1e-13, mass, 0)
