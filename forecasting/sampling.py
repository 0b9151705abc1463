"""Dependent draws from a forecast, from which the quantiles of every sum follow.

A Gaussian copula: the normal score of a period is a share common to the whole draw of a
series plus a first-order autoregressive part; each score is then read off the quantiles
of its period. The two strengths are settings, assumed until measured.
"""

import numpy as np
import polars as pl
from scipy.special import ndtri

from forecasting.errors import InputError
from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILE_NAMES, QUANTILES
from forecasting.tuning import SampleTuning, load_tuning

SCORES = ndtri(np.array(QUANTILES))


def samples(forecast: pl.DataFrame | pl.LazyFrame, n: int, seed: int) -> pl.DataFrame:
    """Draw `n` futures of a forecast: `series, start, sample, count`.

    A series has draws of its own, whatever other series stand beside it. Counts are
    expected counts of that future, not rounded; beyond the outer quantiles they go on
    along the line of the two outermost, never below 0.

    Raises:
        InputError: `n` is below 1, or the frame is no forecast.
    """
    frame = forecast.lazy().collect()
    missing = {"series", "start", *QUANTILE_NAMES} - set(frame.columns)
    if missing or n < 1:
        wanted = f"columns {', '.join(sorted(missing))}" if missing else "n >= 1"
        raise InputError(
            f"expected a forecast with {wanted}, came {frame.columns}, n={n}"
        )
    tuning = load_tuning().samples
    parts = frame.sort("series", "start").partition_by("series", maintain_order=True)
    drawn = [_draw(part, n, seed, tuning) for part in parts]
    return pl.concat(drawn) if drawn else _shape(frame, n, np.empty((n, 0)))


def _draw(part: pl.DataFrame, n: int, seed: int, tuning: SampleTuning) -> pl.DataFrame:
    name = str(part["series"][0])
    rng = np.random.default_rng([seed, *name.encode()])
    scores = _dependent_scores(rng, n, part.height, tuning)
    quantiles = part.select(QUANTILE_NAMES).to_numpy()
    counts = np.column_stack(
        [_read(scores[:, i], quantiles[i]) for i in range(part.height)]
    )
    return _shape(part, n, counts)


def _dependent_scores(
    rng: np.random.Generator, n: int, periods: int, tuning: SampleTuning
) -> FloatArray:
    """Standard normal scores of shape (n, periods), correlated along the periods."""
    fresh = rng.standard_normal((n, periods))
    chain = fresh.copy()
    step, rest = tuning.next_period, np.sqrt(1 - tuning.next_period**2)
    for i in range(1, periods):
        chain[:, i] = step * chain[:, i - 1] + rest * fresh[:, i]
    common = rng.standard_normal((n, 1))
    return np.asarray(
        np.sqrt(tuning.shared) * common + np.sqrt(1 - tuning.shared) * chain
    )


def _read(scores: FloatArray, quantiles: FloatArray) -> FloatArray:
    inside = np.interp(scores, SCORES, quantiles)
    low = (quantiles[1] - quantiles[0]) / (SCORES[1] - SCORES[0])
    high = (quantiles[-1] - quantiles[-2]) / (SCORES[-1] - SCORES[-2])
    below = np.minimum(scores - SCORES[0], 0) * low
    above = np.maximum(scores - SCORES[-1], 0) * high
    return np.asarray(np.maximum(inside + below + above, 0.0))


def _shape(part: pl.DataFrame, n: int, counts: FloatArray) -> pl.DataFrame:
    keys = part.select("series", "start")
    number = pl.DataFrame({"sample": range(n)}, schema={"sample": pl.Int32})
    rows = number.join(keys, how="cross").select("series", "start", "sample")
    return rows.with_columns(pl.Series("count", counts.ravel(), dtype=pl.Float64))
