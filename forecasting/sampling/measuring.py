"""How errors hang together, measured on earlier origins and shrunk to what is assumed.

From the normal scores of outcomes: products of days far apart within an origin tell the
part that the whole of a series shares, products of neighbours the part that lasts from
one period to the next, and products across series the factors they share.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.insight_tables import Dependence
from forecasting.sampling.bonds import assumed
from forecasting.sampling.judging import outcome_scores
from forecasting.sampling.loadings import loadings
from forecasting.sampling.panels import Panel, panels_of
from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import SampleTuning

MOST = 0.95
DIGITS = 9
"""Kept of each number: the last ones of linear algebra differ from run to run."""


def dependence_of(judged: pl.DataFrame, tuning: SampleTuning) -> pl.DataFrame:
    """The table `Dependence` of the series of a backtest.

    Args:
        judged: `series, origin, start, actual, q05 .. q95` of earlier origins, such as
            `settle(past, past, tuning)` gives. Periods of one origin may overlap those
            of another.
        tuning: what is assumed, and how much evidence that is worth.
    """
    known = judged.drop_nulls(["actual", *QUANTILE_NAMES]).sort(
        "series", "origin", "start"
    )
    if known.is_empty():
        return Dependence.create_empty()
    width = (pl.col("q95") - pl.col("q05")).alias("width")
    scored = known.select("series", "origin", "start", width).with_columns(
        pl.Series("score", outcome_scores(known))
    )
    tables = [_measured(panel, tuning) for panel in panels_of(scored)]
    found = pl.concat(tables).sort("series")
    rounded = found.with_columns(pl.col(pl.Float64).round(DIGITS))
    return Dependence.validate(rounded, cast=True)


def _measured(panel: Panel, tuning: SampleTuning) -> pl.DataFrame:
    found = [_moments(panel, i, tuning) for i in range(len(panel.names))]
    shared = _shrunk_shared(found, panel, tuning)
    following = _shrunk_next(found, shared, tuning)
    pooled = float(np.median(following))
    usual = assumed(tuning)
    columns = {
        "series": panel.names,
        "shared": shared,
        "next_period": following,
        "factor_next_period": np.full(len(shared), pooled),
        **loadings(panel, shared, pooled, tuning),
        "origins": panel.origins,
    }
    return pl.DataFrame(columns).select("series", *usual, "origins")


@dataclass(frozen=True)
class _Moments:
    """Mean products of scores of one series: far apart, and of neighbours."""

    apart: float
    far_pairs: int
    near: float
    near_pairs: int


def _moments(panel: Panel, row: int, tuning: SampleTuning) -> _Moments:
    sums = np.zeros(4)
    for scores, seen in panel.of(row):
        products = _lagged(scores)
        pairs = np.round(_lagged(seen.astype(float)))
        far = slice(tuning.apart_periods + 1, None)
        far_pairs, near_pairs = pairs[far].sum(), pairs[1:2].sum()
        sums += products[far].sum(), far_pairs, products[1:2].sum(), near_pairs
    apart = sums[0] / sums[1] if sums[1] else 0.0
    near = sums[2] / sums[3] if sums[3] else 0.0
    return _Moments(float(apart), int(sums[1]), float(near), int(sums[3]))


def _lagged(values: FloatArray) -> FloatArray:
    """Sums of products of values that lie 0, 1, 2 ... apart."""
    return np.correlate(values, values, mode="full")[values.size - 1 :]


def _shrunk_shared(
    found: list[_Moments], panel: Panel, tuning: SampleTuning
) -> FloatArray:
    """The shared part of each series: its own, shrunk to all, and that to the assumed.

    Errors of series that share factors are not as many as they are: origins of all
    count by the design effect of the assumed factors.
    """
    seen = np.array([moments.far_pairs > 0 for moments in found])
    own = np.clip([moments.apart for moments in found], 0.0, MOST)
    worth = np.where(seen, panel.origins, 0.0)
    alike = 1 + (max(int(seen.sum()), 1) - 1) * tuning.town
    k, total = tuning.assumed_origins, worth.sum() / alike
    mean = float(own[seen].mean()) if seen.any() else 0.0
    pooled = (total * mean + k * tuning.shared) / (total + k)
    return np.asarray((worth * own + k * pooled) / (worth + k))


def _shrunk_next(
    found: list[_Moments], shared: FloatArray, tuning: SampleTuning
) -> FloatArray:
    """What a period keeps of the one before, beyond what all of them share."""
    near = np.array([moments.near for moments in found])
    pairs = np.array([moments.near_pairs for moments in found], dtype=float)
    own = np.clip((near - shared) / np.maximum(1 - shared, 0.05), 0.0, MOST)
    k, total = tuning.assumed_periods, pairs.sum()
    mean = float(np.sum(own * pairs) / total) if total else 0.0
    pooled = (total * mean + k * tuning.next_period) / (total + k)
    return np.asarray((pairs * own + k * pooled) / (pairs + k))
