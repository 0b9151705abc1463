"""Counts of a period read off its quantiles, so that their mean is the one stated."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILES

KNOTS = ndtri(np.array(QUANTILES))
STEEPER = (0.5, 3.0)
"""How far the slope beyond q95 may differ from that before it, to meet the mean."""
GRID = ndtri((np.arange(400) + 0.5) / 400)
CUTS = np.linspace(0.0, 0.9, 10)


def _beyond(knot: FloatArray) -> FloatArray:
    """The mean of `max(z - knot, 0)` for a standard normal z."""
    density = np.exp(-(knot**2) / 2) / np.sqrt(2 * np.pi)
    return np.asarray(density - knot * ndtr(-knot))


AHEAD = _beyond(KNOTS)
BEHIND = float(_beyond(-KNOTS[:1])[0])


@dataclass(frozen=True)
class Marginals:
    """Piecewise linear counts in normal scores, one row of slopes per period.

    `slopes` are those before q05, between the quantiles, and beyond q95. Where all
    quantiles are whole numbers the counts are too: they are rounded up from `1 - cut`.
    """

    first: FloatArray
    slopes: FloatArray
    whole: bool
    cut: FloatArray

    @classmethod
    def of(
        cls, quantiles: FloatArray, mean: FloatArray | None, *, small: float
    ) -> "Marginals":
        """The marginals of periods with quantiles of shape (periods, 7) and means.

        Args:
            quantiles: of each period, never crossing.
            mean: of each period; None where it is not known.
            small: counts are whole where all quantiles are and none exceeds this much.
        """
        between = np.diff(quantiles, axis=1) / np.diff(KNOTS)
        whole = bool((quantiles == np.round(quantiles)).all())
        whole &= bool(np.median(quantiles[:, -1]) <= 2 * small)
        last = between[:, -1]
        if whole:
            last = np.maximum(last, np.sqrt(quantiles[:, -1]))
        slopes = np.column_stack([between[:, 0], between, last])
        found = cls(quantiles[:, 0], slopes, whole, np.zeros(len(quantiles)))
        if mean is None:
            return found
        return found._cut_for(mean) if whole else found._steeper_for(mean)

    def counts(self, scores: FloatArray) -> FloatArray:
        """Counts at normal scores, both of shape (periods, n)."""
        counts = self.first[:, None] + self.slopes[:, :1] * np.minimum(
            scores - KNOTS[0], 0.0
        )
        for i, gap in enumerate(np.diff(KNOTS)):
            counts += self.slopes[:, i + 1, None] * np.clip(scores - KNOTS[i], 0.0, gap)
        counts += self.slopes[:, -1:] * np.maximum(scores - KNOTS[-1], 0.0)
        counts = np.maximum(counts, 0.0)
        rounded = np.floor(counts + self.cut[:, None] + 1e-9)
        return np.asarray(rounded if self.whole else counts)

    def _steeper_for(self, mean: FloatArray) -> "Marginals":
        """With the slope beyond q95 that gives the mean, as far as it may."""
        inside = self.slopes[:, 1:-1] @ (AHEAD[:-1] - AHEAD[1:])
        without = self.first - self.slopes[:, 0] * BEHIND + inside
        wanted = (mean - without) / AHEAD[-1]
        least, most = (self.slopes[:, -2] * factor for factor in STEEPER)
        slopes = self.slopes.copy()
        slopes[:, -1] = np.clip(wanted, least, most)
        return Marginals(self.first, slopes, self.whole, self.cut)

    def _cut_for(self, mean: FloatArray) -> "Marginals":
        """With the place of the jumps between whole numbers that gives the mean."""
        grid = np.broadcast_to(GRID, (self.first.size, GRID.size))
        smooth = Marginals(self.first, self.slopes, whole=False, cut=self.cut)
        counts = smooth.counts(np.asarray(grid))
        means = np.stack([np.floor(counts + cut + 1e-9).mean(axis=1) for cut in CUTS])
        best = np.abs(means - mean).argmin(axis=0)
        return Marginals(self.first, self.slopes, self.whole, CUTS[best])
