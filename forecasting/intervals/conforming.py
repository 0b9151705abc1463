"""Conformal quantiles: what earlier forecasts missed says how sure the next one is.

Outcomes of earlier origins become normal scores under the law of counts around their
means (a distributional form of conformal prediction, Chernozhukov, Wuethrich and Zhu
2021). Quantiles of the scores per horizon group, read back through the same law, are
the quantiles of the forecast. Errors of one origin are alike, so origins are counted,
not periods: few origins lean on the pool of all series, and the pool on a normal law.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtri

from forecasting.intervals.adapting import widening
from forecasting.intervals.errors import Codes, Errors, bands_of, is_monthly, kinds_of
from forecasting.intervals.law import CountLaw
from forecasting.intervals.monthly import MonthSpread, goes_by_factors
from forecasting.intervals.spreading import Spread, spreads
from forecasting.intervals.steps import Scores, shrunk_steps
from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILE_NAMES, QUANTILES
from forecasting.tuning import IntervalTuning

NORMAL = ndtri(np.array(QUANTILES))
IDLE_SHARE = 0.01
"""Means below this share of the usual level tell nothing of amounts."""


def conformal(
    past: pl.DataFrame, wanted: pl.DataFrame, tuning: IntervalTuning
) -> pl.DataFrame:
    """`wanted` with quantiles that never cross and are never negative.

    Args:
        past: `series, origin, start, ahead, actual, mean` of earlier origins, one method.
        wanted: `series, start, ahead, mean` and whatever else is to be kept. A column
            `holiday` (true or false) in both tells which periods are holidays.
        tuning: horizon groups in days, and the strength of pooling.
    """
    known = past.drop_nulls(["actual", "mean"]).sort("series", "origin", "ahead")
    calibrated = _calibrate(known, tuning)
    parts = wanted.partition_by("series", maintain_order=True)
    own = known.partition_by("series", as_dict=True)
    found = [
        _of_series(part, own.get((part["series"][0],)), calibrated, tuning)
        for part in parts
    ]
    counts = np.concatenate(found) if found else np.empty((0, len(QUANTILE_NAMES)))
    columns = zip(QUANTILE_NAMES, counts.T, strict=True)
    ordered = pl.concat(parts) if parts else wanted
    return ordered.with_columns(pl.Series(name, column) for name, column in columns)


@dataclass(frozen=True)
class _Calibrated:
    """What earlier origins told: of each series its spread and scores, of all a pool."""

    of: Mapping[str, tuple[Errors, Spread, Scores]]
    unknown: tuple[Errors, Spread, Scores]
    pool: Scores

    def beside(self, own: Scores) -> float:
        """The origins of all other series."""
        return self.pool.origins - own.origins


def _calibrate(known: pl.DataFrame, tuning: IntervalTuning) -> _Calibrated:
    parts = known.partition_by("series", maintain_order=True)
    errors = [Errors.of(part, tuning) for part in parts]
    # The last one stands for a series without a past: it has what the others tell.
    errors.append(Errors.of(known.clear(), tuning))
    found = spreads(errors, tuning)
    scored = [
        (each, spread, _scores(each, spread, tuning))
        for each, spread in zip(errors, found, strict=True)
    ]
    names = [str(part["series"][0]) for part in parts]
    pool = Scores.of_all([scores for _, _, scores in scored])
    return _Calibrated(dict(zip(names, scored[:-1], strict=True)), scored[-1], pool)


def _scores(errors: Errors, spread: Spread, tuning: IntervalTuning) -> Scores:
    law = CountLaw(
        errors.mean, spread.at(errors.kinds), errors.whole, tuning.small_mean
    )
    found = law.scores(errors.actual)
    busy = errors.mean >= IDLE_SHARE * errors.level
    told = busy | errors.whole
    return Scores(
        found[told],
        errors.weight[told],
        errors.band[told],
        errors.origin[told],
        errors.origins,
    )


def _of_series(
    wanted: pl.DataFrame,
    past: pl.DataFrame | None,
    calibrated: _Calibrated,
    tuning: IntervalTuning,
) -> FloatArray:
    if past is None or not goes_by_factors(past, wanted, tuning):
        return _quantiles(wanted, calibrated, tuning)
    return MonthSpread.of(past, tuning.months).quantiles(wanted)


def _quantiles(
    wanted: pl.DataFrame, calibrated: _Calibrated, tuning: IntervalTuning
) -> FloatArray:
    name = str(wanted["series"][0])
    errors, spread, own = calibrated.of.get(name, calibrated.unknown)
    mean = wanted["mean"].to_numpy().astype(float)
    by_month = errors.by_month if errors.mean.size else is_monthly(wanted)
    phi = spread.at(kinds_of(wanted, by_month=by_month))
    steps = _steps(own, bands_of(wanted, tuning), calibrated, tuning)
    counts = CountLaw(mean, phi, errors.whole, tuning.small_mean).quantiles(steps)
    return np.asarray(np.maximum.accumulate(np.maximum(counts, 0.0), axis=1))


def _steps(
    own: Scores, bands: Codes, calibrated: _Calibrated, tuning: IntervalTuning
) -> FloatArray:
    """Scores of the quantiles for each wanted period, of shape (periods, quantiles)."""
    beside = calibrated.beside(own)
    pooled = shrunk_steps(calibrated.pool, beside, NORMAL, tuning)
    mine = shrunk_steps(own, own.origins, pooled, tuning)
    wider = widening(own, pooled, tuning)
    steps = np.empty((bands.size, NORMAL.size))
    for band in np.unique(bands):
        near = own.of_band(int(band))
        told = shrunk_steps(near, near.origins, pooled, tuning)
        weight = near.origins / (near.origins + tuning.pooled_origins)
        found = weight * told + (1 - weight) * mine
        middle = found[NORMAL == 0]
        steps[bands == band] = middle + wider * (found - middle)
    return steps
