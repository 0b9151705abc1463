"""Applications as a Poisson convolution of expiries with a smooth timing.

Applications of week t have the mean

    season_t (base + sum over bands b, lags l of  renews_b timing_l issued_{b, t - l})

with `base` applications that follow no expiry (first and lost documents), a yearly wave
for the season, and a timing that adds up to 1 over the lags and is positive: its
logarithm bends much as that of the usual timing (a Gaussian prior on second differences,
whose precision is unknown as well; Rue and Held 2005). Counts vary `spread` times as much as
Poisson counts do (quasi-likelihood, Wedderburn 1974).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from staffing.reminders.timing import LAGS, FloatArray

ORDER = 2
"""Yearly waves: sine and cosine of one and of two periods a year."""

WEEKS_A_YEAR = 365.25 / 7
HEIGHT_SD, SEASON_SD, BASE_SD, RENEWS_SD = 2.0, 0.3, 1.0, 0.65
USUAL_BASE, USUAL_RENEWS = 0.2, 0.8
USUAL_TIMING = (
    (-26, 0.4),
    (-13, 1.5),
    (-6, 4.0),
    (-2, 6.0),
    (0, 5.0),
    (3, 2.5),
    (13, 0.6),
)
"""What is held beforehand: the part of applications that follows no expiry, the share
that renews, and a timing (week, height), as is assumed of passports. Their deviations
above are wide, on the scales of log and logit; that of the share makes it as sure beforehand
as `config/reminders.toml` is (0.70 to 0.95, 0.55 to 0.90)."""

NEAR_WEEKS = 4
"""So far from expiry a bend of the log timing costs as much as the price says."""

LEAST = 1e-9


@dataclass(frozen=True)
class Convolution:
    """What is known: documents (bands x weeks x lags), applications, week numbers.

    Parameters are rows of: log timing per lag, logit of `renews` per band, log base,
    season. Functions take several rows at once: chains x parameters.
    """

    issued: FloatArray
    counts: FloatArray
    weeks: FloatArray
    breaks: tuple[int, ...] = ()

    @property
    def bands(self) -> int:
        """The number of age bands."""
        return len(self.issued)

    @property
    def size(self) -> int:
        """The number of parameters."""
        return len(LAGS) + self.bands + 1 + 2 * ORDER

    @cached_property
    def waves(self) -> FloatArray:
        """Weeks x yearly waves."""
        angles = [
            2 * np.pi * k * self.weeks / WEEKS_A_YEAR for k in range(1, ORDER + 1)
        ]
        return np.column_stack([wave(a) for a in angles for wave in (np.sin, np.cos)])

    @cached_property
    def bend(self) -> FloatArray:
        """Price of bends of the log timing: lags x lags.

        It grows with the distance to expiry, near which the timing changes fastest. A
        bend across a break is free.
        """
        rows = np.diff(np.eye(len(LAGS)), n=2, axis=0)
        first, middle, last = LAGS[:-2], LAGS[1:-1], LAGS[2:]
        across = [(first < at) & (at <= last) for at in self.breaks]
        kept = ~np.any(across, axis=0) if across else np.full(len(rows), True)
        priced = ((1 + np.abs(middle)) / NEAR_WEEKS)[kept, None] * rows[kept]
        return np.asarray(priced.T @ priced)

    @cached_property
    def prior(self) -> tuple[FloatArray, FloatArray]:
        """Mean and precision of each parameter, smoothness apart."""
        logit = np.log(USUAL_RENEWS / (1 - USUAL_RENEWS))
        base = np.log(max(USUAL_BASE * self.counts.mean(), 1e-3))
        weeks, heights = zip(*USUAL_TIMING, strict=True)
        parts = (
            (np.interp(LAGS, weeks, np.log(heights)), HEIGHT_SD),
            (np.full(self.bands, logit), RENEWS_SD),
            (np.array([base]), BASE_SD),
            (np.zeros(2 * ORDER), SEASON_SD),
        )
        mean = np.concatenate([values for values, _ in parts])
        return mean, np.concatenate([np.full(v.size, sd**-2) for v, sd in parts])

    def bent(self, rows: FloatArray) -> FloatArray:
        """Squares of the bends beyond the usual ones, priced and added up: one per row."""
        away = (rows - self.prior[0])[:, : len(LAGS)]
        return np.asarray(((away @ self.bend) * away).sum(axis=1))

    def split(self, rows: FloatArray) -> Sequence[FloatArray]:
        """Timing, renews, base and season of each row of parameters."""
        places = np.cumsum([len(LAGS), self.bands, 1])
        heights, logits, base, waves = np.split(rows, places, axis=1)
        raised = np.exp(heights - heights.max(axis=1, keepdims=True))
        timing = raised / raised.sum(axis=1, keepdims=True)
        return timing, 1 / (1 + np.exp(-logits)), np.exp(base), waves

    def weights(self, rows: FloatArray) -> FloatArray:
        """Share of all documents that renews: rows x bands x lags."""
        timing, renews, _, _ = self.split(rows)
        return renews[:, :, None] * timing[:, None, :]

    def means(self, row: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Expected applications per week, and their slopes: weeks x parameters."""
        timing, renews, base, waves = (part[0] for part in self.split(row[None]))
        season = np.exp(self.waves @ waves)
        coming = self.issued @ timing
        mean = season * (renews @ coming + base[0]) + LEAST
        of_lags = np.tensordot(renews, self.issued, axes=1) * timing
        of_lags -= of_lags.sum(axis=1, keepdims=True) * timing
        of_bands = (renews * (1 - renews))[:, None] * coming
        inside = np.column_stack([of_lags, of_bands.T, np.full(len(mean), base[0])])
        slopes = np.hstack([season[:, None] * inside, mean[:, None] * self.waves])
        return mean, slopes

    def logs(
        self, rows: FloatArray, price: FloatArray, spread: float
    ) -> tuple[FloatArray, FloatArray]:
        """Log posterior and its slope per row, at a price of bends per row."""
        timing, renews, base, waves = self.split(rows)
        season = np.exp(waves @ self.waves.T)
        coming = self.issued @ timing.T
        mean = season * (np.einsum("cb,bnc->cn", renews, coming) + base) + LEAST
        value = (self.counts * np.log(mean) - mean).sum(axis=1) / spread
        off = (self.counts / mean - 1) / spread
        by_lag = np.einsum("bnl,cn->cbl", self.issued, off * season, optimize=True)
        toward = np.einsum("cb,cbl->cl", renews, by_lag)
        slope = np.hstack(
            [
                timing * (toward - (toward * timing).sum(axis=1, keepdims=True)),
                renews * (1 - renews) * np.einsum("cbl,cl->cb", by_lag, timing),
                base * (off * season).sum(axis=1, keepdims=True),
                (off * mean) @ self.waves,
            ]
        )
        return self._with_prior(rows, price, value, slope)

    def _with_prior(
        self, rows: FloatArray, price: FloatArray, value: FloatArray, slope: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        middle, precision = self.prior
        away = rows - middle
        bent = away[:, : len(LAGS)] @ self.bend * price[:, None]
        held = (away**2) @ precision + (bent * away[:, : len(LAGS)]).sum(axis=1)
        value = value - 0.5 * held
        slope = slope - precision * away
        slope[:, : len(LAGS)] -= bent
        return value, slope

    def precision(self, row: FloatArray, price: float, spread: float) -> FloatArray:
        """Expected information of the counts, and that of the prior."""
        mean, slopes = self.means(row)
        held = np.diag(self.prior[1])
        held[: len(LAGS), : len(LAGS)] += price * self.bend
        return np.asarray(held + slopes.T @ (slopes / (spread * mean)[:, None]))
