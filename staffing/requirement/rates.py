"""How a slot's load may turn out: the futures of its day, and noise of its own.

The sampled factors of a day are grouped by size into equal parts, each standing as its
mean; the noise is gamma about that, by quadrature. Where service levels are smooth, some
nodes of the same first moments then do as well as all of these together.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from staffing.queueing.mixing import gamma_nodes
from staffing.queueing.quadrature import gauss_rules, group_means

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

GROUPS = 10
"""Parts a day's sampled factors are grouped into."""
NOISE_NODES = 8
FEW, MANY = 8, 16
SPREADS = (1.5, 4.0)
"""Standard deviations of the load over its square root up to which few nodes do."""


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
    size = int(told["factor"].list.len().max() or 1)  # type: ignore[call-overload]
    found = days.join(told, on=["location", "skill", "day"], how="left")["factor"]
    rows = [np.ones(size) if row is None else np.asarray(row) for row in found]
    return np.array([row if row.size == size else np.resize(row, size) for row in rows])


def expected_rates(factors: Floats, day: Counts, noise: Floats) -> Rates:
    """The rates of slots of `day` (rows of `factors`), over all futures and the noise."""
    grouped = group_means(factors, GROUPS) if factors.shape[1] > GROUPS else factors
    return _with_noise(grouped, day, noise)


def quantile_rates(factors: Floats, day: Counts, noise: Floats, level: float) -> Rates:
    """The rates in the future that is busier than the share `level` of them."""
    at = np.quantile(factors, level, axis=1, method="inverted_cdf")
    return _with_noise(at[:, None], day, noise)


def _with_noise(grouped: Floats, day: Counts, noise: Floats) -> Rates:
    """One rule for each day and degree of noise, told to a hundredth."""
    kinds, rule = np.unique(
        np.column_stack([day, np.round(noise * 100)]), axis=0, return_inverse=True
    )
    levels = kinds[:, 1] / 100
    nodes = {cv: gamma_nodes(float(cv), NOISE_NODES) for cv in np.unique(levels)}
    noisy = np.array([nodes[cv][0] for cv in levels])
    chances = np.array([nodes[cv][1] for cv in levels])
    of_day = grouped[kinds[:, 0].astype(np.int64)]
    factors = (of_day[:, :, None] * noisy[:, None, :]).reshape(len(kinds), -1)
    parts = np.repeat(chances[:, None, :] / grouped.shape[1], grouped.shape[1], axis=1)
    return Rates(factors, parts.reshape(len(kinds), -1), rule.ravel())


def condensed(rates: Rates, load: Floats) -> Rates:
    """Rates on few nodes, enough for service levels that are smooth in the load."""
    mean = (rates.factors * rates.weights).sum(axis=1, keepdims=True)
    variance = ((rates.factors - mean) ** 2 * rates.weights).sum(axis=1)
    spread = float(np.sqrt(variance[rates.rule] * load).max(initial=0))
    number = FEW if spread <= SPREADS[0] else MANY
    if spread > SPREADS[1] or rates.factors.shape[1] <= number:
        return rates
    return Rates(*gauss_rules(rates.factors, rates.weights, number), rates.rule)
