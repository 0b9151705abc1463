"""Quantiles of normal scores: those seen, shrunk to what is known beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from forecasting.intervals.errors import Codes
from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILES
from forecasting.tuning import IntervalTuning

LEVELS = np.array(QUANTILES)
MIDDLE = LEVELS == 0.5
LEAST_BETWEEN = 0.05
"""Origins are never taken to agree better than by this variance of their medians."""


@dataclass(frozen=True)
class Scores:
    """Normal scores of outcomes, several per row, with the weight of each row.

    `origins` is how many origins they are worth.
    """

    values: FloatArray
    weight: FloatArray
    band: Codes
    origin: Codes
    origins: float

    @classmethod
    def of_all(cls, scores: Sequence["Scores"]) -> "Scores":
        """The scores of several series together, each at an origin of its own."""
        first = np.cumsum([0, *(each.origin.size for each in scores)])
        origin = [
            each.origin + start for each, start in zip(scores, first[:-1], strict=True)
        ]
        values, weight, band = (
            np.concatenate([getattr(each, name) for each in scores])
            for name in ("values", "weight", "band")
        )
        total = sum(each.origins for each in scores)
        return cls(values, weight, band, np.concatenate(origin), total)

    def of_band(self, band: int) -> "Scores":
        """The scores of one horizon group."""
        found = self._where(self.band == band)
        return replace(found, origins=float(np.unique(found.origin).size))

    def of_origin(self, origin: int) -> "Scores":
        """The scores of one origin."""
        return self._where(self.origin == origin)

    def before(self, origin: int) -> "Scores":
        """The scores of the origins before one."""
        found = self._where(self.origin < origin)
        return replace(found, origins=float(np.unique(found.origin).size))

    @cached_property
    def quantiles(self) -> FloatArray:
        """Weighted empirical quantiles, each value in the middle of its own weight."""
        values = self.values.ravel()
        weight = np.repeat(self.weight, self.values.shape[1])
        order = np.argsort(values, kind="stable")
        passed = np.cumsum(weight[order]) - 0.5 * weight[order]
        return np.asarray(np.interp(LEVELS, passed / weight.sum(), values[order]))

    @cached_property
    def agreement(self) -> float:
        """How sure the sign of the median is: 0 where origins disagree, at most 1.

        The part of a mean's square that is not noise, `1 - 2 noise / mean^2`, never
        below 0 (a positive-part James-Stein factor; noise from the origins' medians).
        """
        places, rows = np.unique(self.origin, return_inverse=True)
        centres = [np.median(self.values[rows == i]) for i in range(places.size)]
        between = np.var(centres, ddof=1) if places.size > 1 else 1.0
        noise = (between + LEAST_BETWEEN) / places.size
        middle = float(self.quantiles[MIDDLE][0])
        return max(0.0, 1 - 2 * float(noise) / max(middle**2, 1e-12))

    def _where(self, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> "Scores":
        return Scores(
            self.values[rows],
            self.weight[rows],
            self.band[rows],
            self.origin[rows],
            self.origins,
        )


def shrunk_steps(
    scores: Scores, origins: float, base: FloatArray, tuning: IntervalTuning
) -> FloatArray:
    """Quantiles of the scores, shrunk to `base` as if `origins` had told of them.

    The median follows a bias as far as origins agree on it.
    """
    if not scores.values.size or origins <= 0:
        return base
    found = scores.quantiles
    middle, usual = found[MIDDLE], base[MIDDLE]
    # The error that days of one origin share is seen only once per origin; a mean of
    # that many errors leaves (1 + 1/origins) of its variance to the next.
    wide = (found - middle) * np.sqrt(1 + 1 / (2 * origins))
    shift = scores.agreement * origins / (origins + tuning.shift_origins)
    shape = origins / (origins + tuning.pooled_origins)
    centre = shift * middle + (1 - shift) * usual
    return np.asarray(centre + shape * wide + (1 - shape) * (base - usual))
