"""How a slot's load may turn out: the futures of its day, and noise of its own.

The noise is gamma about the level of the day, by quadrature. Where service levels are
smooth in the load, some nodes of the same first moments do as well as all futures of a
day, and then as well as all products with the noise; where they have a corner, futures
are grouped by size into equal parts, each standing as its mean.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from staffing.queueing.mixing import gamma_nodes
from staffing.queueing.quadrature import gauss_rules, group_means

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

SMOOTH, CORNERED = (12, 8), (40, 4)
"""Nodes of a day's factors and of the noise: where levels are smooth in the load, and
where, without patience, they have a corner."""
SPREADS = (1.5, 4.0)
NODES = (8, 16, 32)
"""Nodes by the standard deviation of the load over its square root."""


@dataclass(frozen=True)
class Rates:
    """Factors on the random part of the load and their weights, and each slot's row."""

    factors: Floats
    weights: Floats
    rule: Counts


def sorted_factors(days: pl.DataFrame, futures: pl.DataFrame | None) -> Floats:
    """Per row of `days` (location, skill, day) its sampled factors, smallest first.

    A day without futures has the factor 1 alone.
    """
    if futures is None or futures.is_empty():
        return np.ones((days.height, 1))
    told = futures.group_by("location", "skill", "day").agg(pl.col("factor").sort())
    size = int(told["factor"].list.len().to_numpy().max(initial=1))
    found = days.join(told, on=["location", "skill", "day"], how="left")["factor"]
    rows = [np.ones(size) if row is None else np.asarray(row) for row in found]
    return np.array([row if row.size == size else np.resize(row, size) for row in rows])


def expected_rates(
    factors: Floats, day: Counts, noise: Floats, *, smooth: bool = True
) -> Rates:
    """The rates of slots of `day` (rows of `factors`), over all futures and the noise."""
    groups, nodes = SMOOTH if smooth else CORNERED
    if factors.shape[1] <= groups:
        return _with_noise(factors, _even(factors), day, noise, nodes)
    if smooth:
        rule = gauss_rules(factors, _even(factors), groups)
        return _with_noise(*rule, day, noise, nodes)
    grouped = group_means(factors, groups)
    return _with_noise(grouped, _even(grouped), day, noise, nodes)


def quantile_rates(factors: Floats, day: Counts, noise: Floats, level: float) -> Rates:
    """The rates in the future that is busier than the share `level` of them."""
    at = np.quantile(factors, level, axis=1, method="inverted_cdf")
    return _with_noise(at[:, None], np.ones((at.size, 1)), day, noise, max(SMOOTH))


def _even(factors: Floats) -> Floats:
    return np.full(factors.shape, 1 / factors.shape[1])


def _with_noise(
    factors: Floats, weights: Floats, day: Counts, noise: Floats, number: int
) -> Rates:
    """One rule for each day and degree of noise, told to a hundredth."""
    kinds, rule = np.unique(
        np.column_stack([day, np.round(noise * 100)]), axis=0, return_inverse=True
    )
    levels = kinds[:, 1] / 100
    nodes = {cv: gamma_nodes(float(cv), number) for cv in np.unique(levels)}
    noisy = np.array([nodes[cv][0] for cv in levels])
    chances = np.array([nodes[cv][1] for cv in levels])
    days = kinds[:, 0].astype(np.int64)
    every = factors[days][:, :, None] * noisy[:, None, :]
    parts = weights[days][:, :, None] * chances[:, None, :]
    size = len(kinds), -1
    return Rates(every.reshape(size), parts.reshape(size), rule.ravel())


def condensed(rates: Rates, load: Floats) -> Rates:
    """Rates on few nodes, enough for service levels that are smooth in the load.

    Each rule by the widest spread of the slots that have it; rows end in weights of 0.
    """
    mean = (rates.factors * rates.weights).sum(axis=1, keepdims=True)
    variance = ((rates.factors - mean) ** 2 * rates.weights).sum(axis=1)
    spread = np.zeros(len(rates.factors))
    np.maximum.at(spread, rates.rule, np.sqrt(variance[rates.rule] * load))
    kind = np.searchsorted(SPREADS, spread)
    width = min(NODES[kind.max(initial=0)], rates.factors.shape[1])
    factors, weights = np.zeros((2, len(rates.factors), width))
    for i, number in enumerate(NODES):
        rows, few = kind == i, min(number, width)
        if rows.any():
            found = gauss_rules(rates.factors[rows], rates.weights[rows], few)
            factors[rows, :few], weights[rows, :few] = found
    return Rates(factors, weights, rates.rule)
