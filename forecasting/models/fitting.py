"""Counts, what is known beside them, and the coefficients that they speak for.

The likelihood is negative-binomial; priors are normal. Among several sets of priors the
one is taken under which the counts are most likely: the evidence, by Laplace's method
(MacKay 1992, Bayesian Interpolation).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from forecasting.models.oddness import heard, of_law
from forecasting.series.panel import FloatArray

ALPHA_RANGE = (0.01, 5.0)
"""Squared coefficient of variation beside Poisson noise: no period is surer than 10%."""
ROUNDS, STEPS = 3, 12
LONGEST_STEP, PRECISION = 4.0, 1e-5
"""Change of the log mean in one step: at most, and when it is small enough to end."""


@dataclass(frozen=True)
class Law:
    """Spread of the counts, what each counts for, and what that takes off the counts.

    Both of shape (periods); `lost` in counts, as a rule below 0.
    """

    alpha: float
    heard: FloatArray
    lost: FloatArray


@dataclass(frozen=True)
class Observed:
    """Columns (periods x columns), counts, weights and offset of the known periods."""

    columns: FloatArray
    counts: FloatArray
    weights: FloatArray
    offset: FloatArray

    def likeliest(
        self,
        precision: FloatArray,
        groups: Sequence[str],
        scales: Sequence[Mapping[str, float]],
    ) -> FloatArray:
        """The prior precision whose scales of groups have the most evidence.

        Each of `scales` multiplies the prior standard deviations of the groups it names.
        """
        tried: list[FloatArray] = []
        for scale in scales:
            wide = np.array([scale.get(name, 1.0) for name in groups])
            tried.append(precision / wide**2)
        if len(tried) == 1:
            return tried[0]
        law, start = self._settled(precision)
        return max(tried, key=lambda own: self._log_evidence(own, law, start))

    def fit(self, precision: FloatArray) -> FloatArray:
        """Maximum a posteriori coefficients.

        What lies far off counts for less, as under Student's t: an odd day or a collapse
        for some months leaves level and season as they were.
        """
        law, start = self._settled(precision)
        return self._ridge(precision, law, start)

    def _settled(self, precision: FloatArray) -> tuple[Law, FloatArray]:
        """Dispersion and weights, by rounds of moments, and coefficients near the end."""
        nothing = np.zeros(self.counts.size)
        law, fitted = Law(0.1, self.weights, nothing), np.zeros(self.columns.shape[1])
        fitted[0] = np.log(max(self.counts.mean(), 1e-3))
        for _ in range(ROUNDS):
            fitted = self._ridge(precision, law, fitted)
            law = self._law(fitted, law)
        return law, fitted

    def _law(self, fitted: FloatArray, before: Law) -> Law:
        mean = self._mean(fitted)
        off, left = (self.counts - mean) ** 2, of_law(mean, before.alpha)
        noise = np.sum(before.heard * (off / left.square - mean))
        found = noise / np.sum(before.heard * mean**2)
        alpha = float(np.clip(found, *ALPHA_RANGE))
        variance = mean + alpha * mean**2
        shift = np.sqrt(variance) * of_law(mean, alpha).shift
        return Law(alpha, self.weights * heard(off / variance), shift)

    def _mean(self, fitted: FloatArray) -> FloatArray:
        linear = np.clip(self.columns @ fitted + self.offset, -20, 20)
        return np.asarray(np.exp(linear), dtype=float)

    def _log_evidence(
        self, precision: FloatArray, law: Law, start: FloatArray
    ) -> float:
        """Log probability of the counts under a prior, but for a constant."""
        fitted = self._ridge(precision, law, start)
        mean, size = self._mean(fitted), 1 / law.alpha
        likely = (
            gammaln(self.counts + size)
            - gammaln(size)
            + self.counts * np.log(mean / (mean + size))
            + size * np.log(size / (mean + size))
        )
        told = law.heard * mean / (1 + law.alpha * mean)
        curved = self.columns.T @ (self.columns * told[:, None]) + np.diag(precision)
        shrunk = precision[precision > 0]
        prior = np.sum(np.log(shrunk)) - precision @ fitted**2
        volume = np.linalg.slogdet(curved)[1]
        return float(law.heard @ likely + (prior - volume) / 2)

    def _ridge(self, precision: FloatArray, law: Law, start: FloatArray) -> FloatArray:
        """Penalised iteratively reweighted least squares.

        The family is that of statsmodels, whose own ridge takes a general minimiser and
        thirty times as long for the same coefficients.
        """
        from statsmodels.genmod.families import (  # type: ignore[import-untyped]  # no types
            NegativeBinomial,
        )

        family, fitted = NegativeBinomial(alpha=law.alpha), start
        linear = self.columns @ fitted + self.offset
        for _ in range(STEPS):
            mean = np.exp(np.clip(linear, -20, 20))
            working = linear - self.offset
            working += (self.counts - law.lost - mean) * family.link.deriv(mean)
            told = self.columns * (law.heard * family.weights(mean))[:, None]
            normal = self.columns.T @ told + np.diag(precision)
            step = np.linalg.solve(normal, told.T @ working) - fitted
            moved = self.columns @ step
            room = float(np.abs(moved).max())
            share = min(1.0, LONGEST_STEP / max(room, 1e-12))
            fitted, linear = fitted + share * step, linear + share * moved
            if room < PRECISION:
                break
        return np.asarray(fitted, dtype=float)
