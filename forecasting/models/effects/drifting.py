"""Regression of log rates on known columns while the level drifts as a random walk.

z_t = level_t + x_t b + e_t, level_t = level_{t-1} + d_t, var e_t = s^2 v_t, var d_t = s^2 q
per bin. The differences of z have a tridiagonal covariance, so that generalised least
squares is exact and fast; q is averaged over its restricted likelihood (Harville 1977),
so that not knowing it widens the errors.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.series.panel import FloatArray

DRIFTS = np.exp(np.linspace(np.log(1e-5), np.log(10.0), 16))
"""Drift per bin beside noise, as ratios of variances."""
RIDGE = 1e-9


@dataclass(frozen=True)
class Whitened:
    """A regression with independent errors of equal variance, at one ratio of drift."""

    factor: FloatArray
    response: FloatArray
    columns: FloatArray
    log_determinant: float
    drift: float

    def white(self, columns: FloatArray) -> FloatArray:
        """Columns over time (n, ...) as differences with independent errors."""
        from scipy.linalg import solve_banded

        flat = np.diff(columns, axis=0).reshape(columns.shape[0] - 1, -1)
        solved = solve_banded((1, 0), self.factor, flat)
        return np.asarray(solved).reshape(-1, *columns.shape[1:])


@dataclass(frozen=True)
class Fit:
    """Coefficients with their covariance, and the likeliest whitening with its errors."""

    coefficients: FloatArray
    covariance: FloatArray
    freedom: int
    likeliest: Whitened
    residual: FloatArray
    deviation: float


def fit(
    response: FloatArray, columns: FloatArray, noise: FloatArray, place: FloatArray
) -> Fit:
    """Fit; `noise` is v_t up to a factor, `place` the number of each bin on the axis."""
    noise = noise / noise.mean()
    found = [_at(response, columns, noise, place, drift) for drift in DRIFTS]
    logs = np.array([one[0] for one in found])
    logs += 0.5 * np.log(DRIFTS)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    means = np.array([one[1] for one in found])
    mean = weight @ means
    off = means - mean
    within = np.tensordot(weight, np.array([one[2] for one in found]), 1)
    between = (weight[:, None] * off).T @ off
    best = found[int(np.argmax(logs))]
    freedom = response.size - 1 - columns.shape[1]
    return Fit(mean, within + between, freedom, best[3], best[4], best[5])


def _at(
    response: FloatArray,
    columns: FloatArray,
    noise: FloatArray,
    place: FloatArray,
    drift: float,
) -> tuple[float, FloatArray, FloatArray, Whitened, FloatArray, float]:
    """Log likelihood, coefficients, covariance, whitening, residual, deviation."""
    white = _whiten(response, columns, noise, place, drift)
    x, y = white.columns, white.response
    gram = x.T @ x
    gram[np.diag_indices_from(gram)] += RIDGE * max(float(np.trace(gram)), 1.0)
    inverse = np.linalg.inv(gram)
    coefficients = inverse @ (x.T @ y)
    residual = y - x @ coefficients
    freedom = max(y.size - x.shape[1], 1)
    variance = float(residual @ residual) / freedom
    variance = max(variance, 1e-12)
    log = -0.5 * (
        freedom * np.log(variance) + white.log_determinant + np.linalg.slogdet(gram)[1]
    )
    deviation = float(np.sqrt(variance))
    return log, coefficients, variance * inverse, white, residual, deviation


def _whiten(
    response: FloatArray,
    columns: FloatArray,
    noise: FloatArray,
    place: FloatArray,
    drift: float,
) -> Whitened:
    from scipy.linalg import cholesky_banded

    band = np.zeros((2, noise.size - 1))
    band[0] = drift * np.diff(place) + noise[1:] + noise[:-1]
    band[1, :-1] = -noise[1:-1]
    factor = np.asarray(cholesky_banded(band, lower=True))
    determinant = 2 * float(np.log(factor[0]).sum())
    bare = Whitened(factor, response[:0], columns[:0], determinant, drift)
    white = bare.white(np.column_stack([response, columns]))
    return Whitened(factor, white[:, 0], white[:, 1:], determinant, drift)


def placebo_scale(found: Fit, placebos: FloatArray, sums: FloatArray) -> FloatArray:
    """How much larger errors are than the model says: where nothing happened.

    `placebos` (bins, places, columns) stand where there was no occasion; `sums` (columns,
    effects) are the combinations of columns that matter. Answers the root mean square of
    effect / its error per effect, at least 1.
    """
    basis = np.linalg.qr(found.likeliest.columns)[0]
    white = np.moveaxis(found.likeliest.white(placebos), 1, 0)
    apart = white - basis @ (basis.T @ white)
    gram = np.swapaxes(apart, 1, 2) @ apart
    usable = np.linalg.cond(gram) < 1e8
    if not usable.any():
        return np.ones(sums.shape[1])
    inverse = np.linalg.inv(gram[usable])
    effect = inverse @ (np.swapaxes(apart[usable], 1, 2) @ found.residual)[..., None]
    value = effect[..., 0] @ sums
    error = found.deviation * np.sqrt(np.einsum("ke,pkl,le->pe", sums, inverse, sums))
    ratio = np.mean((value / error) ** 2, axis=0)
    return np.asarray(np.sqrt(np.maximum(ratio, 1.0)))


def smooth_level(
    found: Fit, response: FloatArray, noise: FloatArray, place: FloatArray
) -> FloatArray:
    """The level at each bin, given all of them, at the likeliest drift."""
    from scipy.linalg import solveh_banded

    noise = noise / noise.mean()
    tie = 1 / (found.likeliest.drift * np.diff(place))
    band = np.zeros((2, noise.size))
    band[0] = 1 / noise
    band[0, :-1] += tie
    band[0, 1:] += tie
    band[1, :-1] = -tie
    return np.asarray(solveh_banded(band, response / noise, lower=True))
