"""What series share: factors of the town, of a service, of a channel.

The mean product of two series' scores is the town's part, and more where they have the
service or the channel in common. Loadings of single series on the town's factor lean
far to those of all.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.insight_tables import FACTORS
from forecasting.sampling.panels import Panel
from forecasting.series.panel import FloatArray
from forecasting.tables import split_series
from forecasting.tuning import SampleTuning

MOST = 0.9


@dataclass(frozen=True)
class _Products:
    """Mean products of pairs of series, and the evidence each pair rests on."""

    mean: FloatArray
    known: npt.NDArray[np.bool_]
    evidence: float


def loadings(
    panel: Panel, shared: FloatArray, next_period: float, tuning: SampleTuning
) -> dict[str, FloatArray]:
    """Loadings per series of the two parts on the three factors, by column name.

    Args:
        panel: scores of series with periods of one length.
        shared: the part of each series' variance that its periods share.
        next_period: what a period keeps of the one before.
        tuning: what is assumed, and how much evidence that is worth.
    """
    level, day = _level_products(panel), _day_products(panel, next_period)
    parts = {
        "level": (level, shared, tuning.assumed_origins),
        "day": (day, 1 - shared, tuning.assumed_periods),
    }
    same = _same(panel.names)
    width = np.maximum(panel.width, 1e-9)
    weight = np.outer(width, width)
    found: dict[str, FloatArray] = {}
    for part, (products, variance, worth) in parts.items():
        scaled = _correlations(products, variance)
        explained = _explained(scaled, same, weight, worth, tuning)
        found |= {
            f"{part}_{factor}": np.full(len(shared), np.sqrt(explained[factor]))
            for factor in FACTORS
        }
        found[f"{part}_town"] = _own_town(scaled, explained["town"], same, worth)
    return found


def _level_products(panel: Panel) -> _Products:
    """Products of the mean scores of origins."""
    counts = panel.seen.sum(axis=2)
    means = panel.scores.sum(axis=2) / np.maximum(counts, 1)
    both = (counts > 0).astype(float)
    return _products(means, both, float(panel.scores.shape[0]))


def _day_products(panel: Panel, next_period: float) -> _Products:
    """Products of scores about the mean of their origin, period by period.

    Neighbouring periods are alike, so they count for fewer.
    """
    counts = panel.seen.sum(axis=2, keepdims=True)
    means = panel.scores.sum(axis=2, keepdims=True) / np.maximum(counts, 1)
    rest = np.where(panel.seen, panel.scores - means, 0.0)
    series = panel.seen.shape[1]
    flat = np.moveaxis(rest, 1, 2).reshape(-1, series)
    both = np.moveaxis(panel.seen, 1, 2).reshape(-1, series).astype(float)
    periods = float(both.any(axis=1).sum())
    return _products(flat, both, periods * (1 - next_period) / (1 + next_period))


def _products(values: FloatArray, both: FloatArray, evidence: float) -> _Products:
    pairs = both.T @ both
    mean = np.divide(
        values.T @ values, pairs, out=np.zeros(pairs.shape), where=pairs > 0
    )
    known = (pairs > 0) & ~np.eye(len(pairs), dtype=bool)
    return _Products(mean, known, evidence)


def _correlations(products: _Products, variance: FloatArray) -> _Products:
    scale = np.sqrt(np.maximum(variance, 0.02))
    return _Products(
        products.mean / np.outer(scale, scale), products.known, products.evidence
    )


def _same(names: list[str]) -> dict[str, npt.NDArray[np.bool_]]:
    """Which pairs of series have the service, or the channel, in common."""
    parts = pl.DataFrame({"series": names}).select(split_series().alias("part"))
    named = parts.unnest("part")
    found = {}
    for factor in ("service", "channel"):
        of = named[factor].fill_null("").to_numpy()
        found[factor] = (of[:, None] == of[None, :]) & (of != "")[:, None]
    return found


def _explained(
    products: _Products,
    same: dict[str, npt.NDArray[np.bool_]],
    weight: FloatArray,
    worth: float,
    tuning: SampleTuning,
) -> dict[str, float]:
    """The part of the variance that each factor explains, none below 0.

    Least squares on the mean products of pairs with the service, the channel, both or
    neither in common, each as sure as the evidence; the assumed parts stand beside them,
    as sure as they are worth. A pair weighs as it does in the variance of the sum of all.
    """
    from scipy.optimize import nnls

    rows = [np.eye(len(FACTORS)) * np.sqrt(worth)]
    wanted = [np.sqrt(worth) * np.array([getattr(tuning, name) for name in FACTORS])]
    for service, channel in itertools.product((False, True), repeat=2):
        pairs = (same["service"] == service) & (same["channel"] == channel)
        pairs &= products.known
        if pairs.any():
            sure = np.sqrt(products.evidence)
            rows.append(sure * np.array([[1.0, service, channel]]))
            mean = np.average(products.mean[pairs], weights=weight[pairs])
            wanted.append(sure * np.array([mean]))
    parts, _ = nnls(np.concatenate(rows), np.concatenate(wanted))
    parts = parts * min(1.0, MOST / max(parts.sum(), 1e-9))
    return dict(zip(FACTORS, parts.tolist(), strict=True))


def _own_town(
    products: _Products,
    town: float,
    same: dict[str, npt.NDArray[np.bool_]],
    worth: float,
) -> FloatArray:
    """The loading of each series on the town's factor, of either sign."""
    usual = float(np.sqrt(town))
    pairs = products.known & ~same["service"] & ~same["channel"]
    many = pairs.sum(axis=1)
    mean = np.where(pairs, products.mean, 0.0).sum(axis=1) / np.maximum(many, 1)
    own = mean / usual if usual > 0.05 else np.full(many.size, usual)
    # The own noise of a pair is averaged out over the other series; the factor's is not.
    seen = np.where(many > 0, products.evidence, 0.0)
    return np.asarray(
        np.clip((seen * own + worth * usual) / (seen + worth), -MOST, MOST)
    )
