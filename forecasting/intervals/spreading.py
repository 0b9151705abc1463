"""How far counts stray from their means: a dispersion per series, and where it differs.

The dispersion phi of `mean + phi mean^2` is by moments, shrunk to the series beside it
and these to an assumed one. Weekdays, parts of the year and holidays multiply it by a
factor of their own, shrunk to that of the other series, and that to an assumed one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasting.intervals.errors import KINDS, Codes, Errors
from forecasting.series.panel import FloatArray
from forecasting.tuning import IntervalTuning

PHI_RANGE = (0.0004, 25.0)
STRANGEST = 25.0
"""Squared errors count up to so many times what was expected of them."""


@dataclass(frozen=True)
class Spread:
    """Dispersion of one series, and its factor per kind and group."""

    phi: float
    factors: dict[str, FloatArray]

    def at(self, kinds: dict[str, Codes]) -> FloatArray:
        """The dispersion of each row."""
        phi = np.full(next(iter(kinds.values())).size, self.phi)
        for name, codes in kinds.items():
            phi = phi * self.factors[name][codes]
        return np.asarray(np.clip(phi, *PHI_RANGE))


@dataclass(frozen=True)
class _Told:
    """What the rows of a series tell of the factors of a kind: ratios and evidence."""

    ratio: FloatArray
    evidence: FloatArray


def spreads(errors: Sequence[Errors], tuning: IntervalTuning) -> list[Spread]:
    """The spread of each series, with what the others tell of it."""
    phis = _shrunk([dispersion(each) for each in errors], errors, tuning)
    factors: list[dict[str, FloatArray]] = [{} for _ in errors]
    for kind in KINDS:
        told = [
            _told(each, Spread(phi, known), kind)
            for each, phi, known in zip(errors, phis, factors, strict=True)
        ]
        for own, found in zip(factors, _factors(told, kind, tuning), strict=True):
            own[kind] = found
    return [Spread(phi, own) for phi, own in zip(phis, factors, strict=True)]


def dispersion(errors: Errors) -> float:
    """Phi of one series by moments; holidays, which stray otherwise, do not count."""
    weight = _ordinary(errors)
    excess = (errors.actual - errors.mean) ** 2 - errors.mean * errors.whole
    squares = float(np.sum(weight * errors.mean**2))
    found = float(np.sum(weight * excess)) / squares if squares > 0 else 0.0
    return float(np.clip(found, *PHI_RANGE))


def _ordinary(errors: Errors) -> FloatArray:
    usual = errors.weight * (errors.kinds["holiday"] == 0)
    return usual if usual.sum() > 0 else errors.weight


def _shrunk(
    phis: list[float], errors: Sequence[Errors], tuning: IntervalTuning
) -> list[float]:
    """Own dispersions, shrunk to the median of all, and that to the assumed one.

    A spread is a scale: it is averaged by its logarithm, so that what is assumed does
    not drown the dispersion of a steady series.
    """
    assumed = 2 * np.log(tuning.prior_cv)
    seen = [phi for phi, each in zip(phis, errors, strict=True) if each.origins > 0]
    common = float(np.log(np.median(seen))) if seen else assumed
    total, k = sum(each.origins for each in errors), tuning.dispersion_origins
    shrunk = []
    for phi, each in zip(phis, errors, strict=True):
        beside = total - each.origins
        prior = (beside * common + k * assumed) / (beside + k)
        own = each.origins * np.log(phi)
        shrunk.append(float(np.exp((own + k * prior) / (each.origins + k))))
    return shrunk


def _told(errors: Errors, known: Spread, kind: str) -> _Told:
    """Squared errors over what is expected of them by the factors known so far."""
    kinds = {name: errors.kinds[name] for name in known.factors} or {
        "weekday": np.zeros(errors.mean.size, dtype=np.int64)
    }
    factors = known.factors or {"weekday": np.ones(1)}
    phi = Spread(known.phi, factors).at(kinds)
    expected = errors.mean * errors.whole + phi * errors.mean**2
    squares = np.minimum((errors.actual - errors.mean) ** 2, STRANGEST * expected)
    usual = _ordinary(errors)
    overall = _ratio(np.sum(usual * squares), np.sum(usual * expected))
    weight = errors.weight if kind == "holiday" else usual
    codes, groups = errors.kinds[kind], KINDS[kind]
    found = np.bincount(codes, weight * squares, groups)
    share = _ratio(found, np.bincount(codes, weight * expected, groups) * overall)
    return _Told(share, _evidence(errors, kind, weight))


def _ratio(part: npt.ArrayLike, expected: npt.ArrayLike) -> FloatArray:
    """Part over what was expected; 1 where there is nothing to go by."""
    part, whole = np.asarray(part, dtype=float), np.asarray(expected, dtype=float)
    found = np.divide(part, whole, out=np.ones(whole.shape), where=whole > 0)
    return np.asarray(found)


def _evidence(errors: Errors, kind: str, weight: FloatArray) -> FloatArray:
    """Periods seen of each group; of a season the years it came back in.

    What was seen of a season in one year only may have been of that year.
    """
    codes, groups = errors.kinds[kind], KINDS[kind]
    if kind != "season":
        return np.bincount(codes, weight > 0, groups).astype(float)
    pairs = np.unique(np.stack([codes, errors.year]), axis=1)
    years = np.bincount(pairs[0], minlength=groups)
    return np.asarray(np.maximum(years - 1.0, 0.0))


def _factors(told: list[_Told], kind: str, tuning: IntervalTuning) -> list[FloatArray]:
    strength, assumed = _prior(kind, tuning)
    ratios, evidence = (
        np.array([getattr(each, name) for each in told]).reshape(-1, KINDS[kind])
        for name in ("ratio", "evidence")
    )
    sums, total = (ratios * evidence).sum(axis=0), evidence.sum(axis=0)
    beside, others = sums - ratios * evidence, total - evidence
    prior = (beside + strength * assumed) / (others + strength)
    shrunk = (ratios * evidence + strength * prior) / (evidence + strength)
    return list(np.asarray(shrunk))


def _prior(kind: str, tuning: IntervalTuning) -> tuple[float, FloatArray]:
    """What is assumed of the factors of a kind, and how much evidence that is worth."""
    if kind == "holiday":
        return tuning.holiday_periods, np.array([1.0, tuning.holiday_spread])
    season = kind == "season"
    strength = tuning.season_years if season else tuning.weekday_periods
    return strength, np.ones(KINDS[kind])
