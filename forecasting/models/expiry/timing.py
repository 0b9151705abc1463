"""When holders renew: one timing for all age bands, and a share that renews per band.

The same weights serve both bases of a stock: of documents issued, `weight` renew at a
lag; of those outstanding at lag x, `weight / left(x)` do, for they have not renewed yet.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forecasting.series.panel import FloatArray


@dataclass(frozen=True)
class Timing:
    """When renewals fall, and how many.

    `shape` adds up to 1 over the lags, from `first` weeks after expiry on (negative:
    before); `renews` is the share that renews at all, per age band.
    """

    first: int
    shape: FloatArray
    renews: FloatArray

    @property
    def lags(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Weeks after expiry, negative before."""
        return self.first + np.arange(self.shape.size)

    @cached_property
    def done(self) -> FloatArray:
        """The share of renewals before each lag, and before the end: one longer."""
        return np.concatenate([[0.0], np.cumsum(self.shape)])

    @property
    def weight(self) -> FloatArray:
        """Share of all documents of a cohort that renews: lags x bands."""
        return np.outer(self.shape, self.renews)

    @property
    def hazard(self) -> FloatArray:
        """Share that renews of those who have not yet: lags x bands."""
        return np.asarray(self.weight / self.left(self.lags.astype(float)))

    def done_by(self, lag: FloatArray) -> FloatArray:
        """The share of renewals before any point of time, on lines between weeks."""
        edges = self.first + np.arange(self.done.size)
        return np.interp(lag, edges, self.done)

    def left(self, lag: FloatArray) -> FloatArray:
        """The share not renewed yet at points of time: their shape x bands."""
        return np.asarray(1 - self.done_by(lag)[..., None] * self.renews)
