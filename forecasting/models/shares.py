"""The share a small series has of its kin: a regression that is sure of little.

log mean = log of what the kin expect + level + weekday + season, a negative-binomial
regression in which every departure from the kin has a normal prior around none. How alike
a series and its kin are differs, so the fit is made with priors of several widths, and
the answers are averaged by how probable each makes the history (Laplace's approximation
of the marginal likelihood).
"""

from dataclasses import dataclass

import numpy as np

from forecasting.models.features import fourier, ordinal, weekday
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tuning import PooledTuning

SEASONS = 2
ROUNDS = 25
CLOSE = 1e-7
LONGEST_STEP = 2.0
LARGEST = 20.0
DISPERSION = (0.001, 5.0)


@dataclass(frozen=True)
class _Window:
    """Counts, log of what the kin expect, and weight of each past period."""

    counts: FloatArray
    offset: FloatArray
    weight: FloatArray


@dataclass(frozen=True)
class _Fit:
    """Coefficients, and how probable they and their priors make the history (log)."""

    coefficients: FloatArray
    evidence: float


def departures(starts: DayArray, known: DayArray, cadence: str) -> FloatArray:
    """Columns of level, weekday (of days only), season and slow change of the share."""
    parts = [np.ones((starts.size, 1))]
    if cadence == "day":
        parts.append(np.eye(7)[weekday(starts)])
    parts += [fourier(starts, SEASONS), _ramps(starts, known)]
    return np.hstack(parts)


def _widths(columns: int, cadence: str, tuning: PooledTuning) -> FloatArray:
    """Prior standard deviation of each column of `departures`."""
    days = [tuning.weekday_sd] * 7 if cadence == "day" else []
    season = np.repeat(tuning.season_sd / np.arange(1, SEASONS + 1), 2)
    fixed = np.array([tuning.level_sd, *days, *season])
    return np.concatenate([fixed, np.full(columns - fixed.size, tuning.change_sd)])


def _ramps(starts: DayArray, known: DayArray, width: float = 91.0) -> FloatArray:
    """Ramps from 0 to 1 over each quarter back from the last known period."""
    last, first = ordinal(known[-1:])[0], ordinal(known[:1])[0]
    begins = last - width * np.arange(1, max(int((last - first) // width), 1) + 1)
    return np.asarray(np.clip((ordinal(starts)[:, None] - begins) / width, 0, 1))


def shared(
    starts: DayArray,
    counts: FloatArray,
    log_kin: FloatArray,
    cadence: str,
    tuning: PooledTuning,
) -> FloatArray:
    """The mean of the periods of `starts` that come after those of `counts`.

    Args:
        starts: past periods, one per count, then the wanted ones.
        counts: what came in the past periods.
        log_kin: log of what the kin expect, for all of `starts`.
        cadence: "day", "week" or "month".
        tuning: prior widths.
    """
    n = counts.size
    columns = departures(starts, starts[:n], cadence)
    offset = log_kin - log_kin[:n].mean()
    age = (ordinal(starts[n - 1 : n]) - ordinal(starts[:n])) / 365.25
    window = _Window(counts, offset[:n], 0.5 ** (age / tuning.half_life_years))
    widths = _widths(columns.shape[1], cadence, tuning)
    fits = _fits(columns[:n], window, widths, tuning.scales)
    means = [
        np.exp(np.clip(columns[n:] @ fit.coefficients + offset[n:], -LARGEST, LARGEST))
        for fit in fits
    ]
    evidence = np.array([fit.evidence for fit in fits])
    likely = np.exp(evidence - evidence.max())
    return np.asarray(np.average(means, axis=0, weights=likely))


def _fits(
    columns: FloatArray, window: _Window, widths: FloatArray, scales: tuple[float, ...]
) -> list[_Fit]:
    """One fit per scale of the prior widths; the level's own prior stays as it is."""
    usual = np.log(max(float(window.counts.mean()), 1e-3))
    begin = np.zeros(columns.shape[1])
    begin[0] = usual
    scaled = [np.concatenate([widths[:1], scale * widths[1:]]) for scale in scales]
    rough = _newton(columns, window, begin, begin, scaled[0] ** -2.0, 0.0)
    alpha = _dispersion(np.exp(_log_mean(columns, window, rough)), window)
    fits = []
    for width in scaled:
        rough = _newton(columns, window, begin, rough, width**-2.0, alpha)
        value = _evidence(columns, window, begin, rough, width**-2.0, alpha)
        fits.append(_Fit(rough, value))
    return fits


def _log_mean(
    columns: FloatArray, window: _Window, coefficients: FloatArray
) -> FloatArray:
    return np.asarray(
        np.clip(columns @ coefficients + window.offset, -LARGEST, LARGEST)
    )


def _dispersion(mean: FloatArray, window: _Window) -> float:
    over = np.sum(window.weight * ((window.counts - mean) ** 2 - mean))
    return float(np.clip(over / np.sum(window.weight * mean**2), *DISPERSION))


def _newton(
    columns: FloatArray,
    window: _Window,
    prior: FloatArray,
    begin: FloatArray,
    precision: FloatArray,
    alpha: float,
) -> FloatArray:
    """Maximum a posteriori coefficients by Fisher scoring, in steps kept short."""
    found = begin
    for _ in range(ROUNDS):
        mean = np.exp(_log_mean(columns, window, found))
        pull = window.weight * (window.counts - mean) / (1 + alpha * mean)
        slope = columns.T @ pull - precision * (found - prior)
        curve = _curve(columns, window, mean, precision, alpha)
        step = np.linalg.solve(curve, slope)
        longest = float(np.abs(step).max())
        found = found + step * min(1.0, LONGEST_STEP / max(longest, 1e-12))
        if longest < CLOSE:
            break
    return found


def _curve(
    columns: FloatArray,
    window: _Window,
    mean: FloatArray,
    precision: FloatArray,
    alpha: float,
) -> FloatArray:
    weight = window.weight * mean / (1 + alpha * mean)
    return np.asarray((columns.T * weight) @ columns + np.diag(precision))


def _evidence(
    columns: FloatArray,
    window: _Window,
    prior: FloatArray,
    found: FloatArray,
    precision: FloatArray,
    alpha: float,
) -> float:
    """Laplace's log marginal likelihood, up to what all scales share."""
    mean = np.exp(_log_mean(columns, window, found))
    odds = alpha * mean
    each = window.counts * np.log(odds) - (window.counts + 1 / alpha) * np.log1p(odds)
    away = np.sum(precision * (found - prior) ** 2) - np.sum(np.log(precision))
    _, volume = np.linalg.slogdet(_curve(columns, window, mean, precision, alpha))
    return float(np.sum(window.weight * each) - 0.5 * away - 0.5 * volume)
