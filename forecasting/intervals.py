"""Conformal quantiles: what earlier forecasts missed says how sure the next one is.

Errors are brought to one scale by the variance of overdispersed counts,
sd(mu) = sqrt(mu + phi mu^2), with phi by moments; then their quantiles are taken per
horizon group. Errors of one origin are alike, so origins are counted, not days: few
origins lean on the pool of all series, and the pool on a normal law.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtri

from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILE_NAMES, QUANTILES
from forecasting.tuning import IntervalTuning

LEVELS = np.array(QUANTILES)
NORMAL = ndtri(LEVELS)
PHI_RANGE = (0.0004, 25.0)
LEAST_SHARE = 0.05
"""Errors are scaled as if at least this share of the usual level was expected."""


@dataclass(frozen=True)
class _Errors:
    """Errors of earlier forecasts of one group of series."""

    actual: FloatArray
    mean: FloatArray
    band: FloatArray
    origins: int

    @classmethod
    def of(cls, past: pl.DataFrame) -> "_Errors":
        origins = past.select("series", "origin").n_unique() if past.height else 0
        actual, mean, band = (
            past[name].to_numpy().astype(float) for name in ("actual", "mean", "band")
        )
        return cls(actual, mean, band, origins)

    @property
    def level(self) -> float:
        """Mean outcome; 0 when there is none."""
        return float(self.actual.mean()) if self.actual.size else 0.0


def conformal(
    past: pl.DataFrame, wanted: pl.DataFrame, tuning: IntervalTuning
) -> pl.DataFrame:
    """`wanted` with quantiles that never cross and are never negative.

    Args:
        past: `series, origin, ahead, actual, mean` of earlier origins, one method.
        wanted: `series, ahead, mean` and whatever else is to be kept.
        tuning: horizon groups in days, and the strength of pooling.
    """
    past = past.with_columns(_band(tuning)).drop_nulls(["actual", "mean"])
    past = past.sort("series", "origin", "ahead")
    pool = _pool(past)
    parts = [
        _apply(part, past.filter(pl.col("series") == part["series"][0]), pool, tuning)
        for part in wanted.with_columns(_band(tuning)).partition_by(
            "series", maintain_order=True
        )
    ]
    none = (pl.lit(0.0).alias(name) for name in QUANTILE_NAMES)
    return pl.concat(parts).drop("band") if parts else wanted.with_columns(none)


def _band(tuning: IntervalTuning) -> pl.Expr:
    edges = [(pl.col("ahead") > edge).cast(pl.Int32) for edge in tuning.group_days]
    return pl.sum_horizontal(edges).alias("band")


@dataclass(frozen=True)
class _Pool:
    """Standardised errors of all series together, and their typical dispersion."""

    phi: float | None
    scores: FloatArray
    band: FloatArray
    origins: int


def _pool(past: pl.DataFrame) -> _Pool:
    parts = [_Errors.of(p) for p in past.partition_by("series", maintain_order=True)]
    phis = [_dispersion(part) for part in parts]
    if not parts:
        return _Pool(None, np.empty(0), np.empty(0), 0)
    scores = [_scores(part, phi) for part, phi in zip(parts, phis, strict=True)]
    bands = np.concatenate([part.band for part in parts])
    origins = sum(part.origins for part in parts)
    return _Pool(float(np.median(phis)), np.concatenate(scores), bands, origins)


def _dispersion(errors: _Errors) -> float:
    over = np.sum((errors.actual - errors.mean) ** 2 - errors.mean)
    squares = np.sum(errors.mean**2)
    return float(np.clip(over / squares if squares else 0.0, *PHI_RANGE))


def _spread(mean: FloatArray, phi: float) -> FloatArray:
    return np.sqrt(mean + phi * mean**2)


def _scores(errors: _Errors, phi: float) -> FloatArray:
    floor = LEAST_SHARE * max(errors.level, 1e-9)
    spread = _spread(np.maximum(errors.mean, floor), phi)
    return np.asarray((errors.actual - errors.mean) / spread)


def _apply(
    wanted: pl.DataFrame, past: pl.DataFrame, pool: _Pool, tuning: IntervalTuning
) -> pl.DataFrame:
    errors = _Errors.of(past)
    phi = _shrunk_phi(errors, pool, tuning)
    own = _scores(errors, phi)
    mean = wanted["mean"].to_numpy()
    floored = np.maximum(mean, LEAST_SHARE * errors.level)
    quantiles = np.empty((mean.size, LEVELS.size))
    bands = wanted["band"].to_numpy()
    for band in np.unique(bands):
        rows = bands == band
        steps = _steps(own[errors.band == band], errors.origins, pool, band, tuning)
        quantiles[rows] = mean[rows, None] + np.outer(
            _spread(floored[rows], phi), steps
        )
    quantiles = np.maximum.accumulate(np.maximum(quantiles, 0.0), axis=1)
    columns = zip(QUANTILE_NAMES, quantiles.T, strict=True)
    return wanted.with_columns(pl.Series(name, column) for name, column in columns)


def _shrunk_phi(errors: _Errors, pool: _Pool, tuning: IntervalTuning) -> float:
    prior = tuning.prior_cv**2 if pool.phi is None else pool.phi
    if not errors.origins:
        return prior
    k = tuning.pooled_origins
    own = _dispersion(errors) * errors.origins
    return (own + k * prior) / (errors.origins + k)


def _steps(
    own: FloatArray, origins: int, pool: _Pool, band: int, tuning: IntervalTuning
) -> FloatArray:
    """Quantiles of standardised errors: own, shrunk to the pool's and the normal's."""
    k = tuning.pooled_origins
    common = _blend_steps(pool.scores[pool.band == band], pool.origins, NORMAL, k)
    return _blend_steps(own, origins, common, k)


def _blend_steps(
    scores: FloatArray, origins: int, base: FloatArray, k: float
) -> FloatArray:
    if not scores.size:
        return base
    weight = origins / (origins + k)
    return weight * _widened(scores, origins) + (1 - weight) * base


def _widened(scores: FloatArray, origins: int) -> FloatArray:
    """Empirical quantiles about their median, widened for the number of origins.

    The error that days of one origin share is seen only once per origin; a mean of
    `origins` such errors leaves (1 + 1/origins) of its variance to the next.
    """
    steps = np.quantile(scores, LEVELS, method="linear")
    middle = steps[LEVELS == 0.5]
    return np.asarray(middle + (steps - middle) * np.sqrt(1 + 1 / (2 * origins)))
