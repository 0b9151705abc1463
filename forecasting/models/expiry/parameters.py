"""What is estimated of one service, and where it stands in the vector of parameters."""

from dataclasses import dataclass

import numpy as np

from forecasting.models.expiry.bands import Bands, mean_by_band
from forecasting.models.expiry.curve import Curve
from forecasting.models.expiry.timing import Timing
from forecasting.models.expiry.weeks import midweek
from forecasting.models.features import fourier
from forecasting.series.panel import FloatArray
from forecasting.tuning import DocumentTuning, ExpiryTuning
from forecasting.validity import WEEKS_A_YEAR

QUARTER = 13
LASTING = 0.7
"""Correlation of the pressure of one quarter with that of the next."""


@dataclass(frozen=True)
class Rates:
    """What applications of a service are made of.

    In week t, times the season, they are `share` of (renewals + `lost` x valid documents)
    plus `first` x exp(`growth` x years since the week `origin`). `lost` is per week;
    `share` is the part of the documents' applications that the series count. `pressure`
    is how far quarters of the past departed from that (log), newest last.
    """

    timing: Timing
    lost: float
    share: float
    first: float
    growth: float
    season: FloatArray
    origin: int
    pressure: FloatArray

    def pressure_of(self, weeks: np.ndarray) -> FloatArray:
        """How far each week departed from the usual; 1 outside what was learnt from."""
        return np.asarray(
            np.exp(blocks(weeks, self.origin, self.pressure.size) @ self.pressure)
        )

    def season_of(self, weeks: np.ndarray) -> FloatArray:
        """The factor of the time of year, about 1 on average."""
        return np.asarray(np.exp(waves(weeks, self.season.size // 2) @ self.season))

    def first_of(self, weeks: np.ndarray) -> FloatArray:
        """First documents per week, before season."""
        years = (weeks - self.origin) / WEEKS_A_YEAR
        return np.asarray(self.first * np.exp(self.growth * years))


def waves(weeks: np.ndarray, order: int) -> FloatArray:
    """Yearly sine and cosine pairs at the middle of each week: weeks x pairs."""
    return fourier(midweek(weeks), order)


def blocks(weeks: np.ndarray, origin: int, number: int) -> FloatArray:
    """Indicators of quarters counted back from the week `origin`: weeks x quarters."""
    ago = (origin - 1 - weeks) // QUARTER
    return np.asarray(number - 1 - ago[:, None] == np.arange(number), dtype=float)


@dataclass(frozen=True)
class Layout:
    """The vector of parameters: curve, bands, lost, share, first, growth, season, pressure."""

    curve: Curve
    bands: int
    order: int
    origin: int
    quarters: int

    @property
    def knots(self) -> slice:
        """The coefficients of the curve."""
        return slice(0, self.curve.basis.shape[1])

    @property
    def renews(self) -> slice:
        """The logit of the share that renews, per band."""
        return slice(self.knots.stop, self.knots.stop + self.bands)

    @property
    def lost(self) -> int:
        """The log of the share lost in a year."""
        return int(self.curve.basis.shape[1]) + self.bands

    @property
    def share(self) -> int:
        """The log of the part of applications that is counted."""
        return self.lost + 1

    @property
    def first(self) -> int:
        """The log of first documents per week."""
        return self.lost + 2

    @property
    def growth(self) -> int:
        """The yearly growth of first documents."""
        return self.lost + 3

    @property
    def season(self) -> slice:
        """The yearly waves."""
        return slice(self.lost + 4, self.lost + 4 + 2 * self.order)

    @property
    def pressure(self) -> slice:
        """The log pressure of each quarter."""
        return slice(self.season.stop, self.size)

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self.lost + 4 + 2 * self.order + self.quarters

    def rates(self, values: FloatArray) -> Rates:
        """What a vector of parameters stands for."""
        return self._rates(values, self.curve.shape(values[self.knots]))

    def around(self, middle: FloatArray, values: FloatArray) -> Rates:
        """The same of a vector not far from another, its timing linear in the step."""
        step = values[self.knots] - middle[self.knots]
        return self._rates(values, self.curve.near(middle[self.knots], step))

    def _rates(self, values: FloatArray, shape: FloatArray) -> Rates:
        renews = 1 / (1 + np.exp(-values[self.renews]))
        return Rates(
            Timing(self.curve.first, shape, renews),
            float(np.exp(values[self.lost]) / WEEKS_A_YEAR),
            float(np.exp(values[self.share])),
            float(np.exp(values[self.first])),
            float(values[self.growth]),
            values[self.season],
            self.origin,
            values[self.pressure],
        )


@dataclass(frozen=True)
class Prior:
    """What is held before the data speak: a mean and a precision per parameter.

    Pressure has none: how far it departs is read off the data.
    """

    mean: FloatArray
    precision: FloatArray


def prior_of(
    layout: Layout,
    bands: Bands,
    document: DocumentTuning,
    tuning: ExpiryTuning,
    usual: float,
    share: tuple[float, float],
) -> Prior:
    """The prior of a service with `usual` applications a week.

    `share` is the log of the part of applications that is counted, and its deviation.
    """
    mean, deviation = np.zeros(layout.size), np.ones(layout.size)
    deviation[layout.knots] = tuning.shape_sd
    renews = mean_by_band(document.renews, bands)
    mean[layout.renews] = np.log(renews / (1 - renews))
    deviation[layout.renews] = tuning.renews_sd
    mean[layout.lost], deviation[layout.lost] = (
        np.log(document.lost_a_year),
        tuning.lost_sd,
    )
    mean[layout.share], deviation[layout.share] = share
    mean[layout.first] = np.log(max(document.first_share * usual, 1e-3))
    deviation[layout.first] = tuning.first_sd
    mean[layout.growth], deviation[layout.growth] = tuning.growth, tuning.growth_sd
    deviation[layout.season] = tuning.season_sd / np.repeat(
        np.arange(1, layout.order + 1), 2
    )
    precision = deviation**-2.0
    precision[layout.pressure] = 0.0
    return Prior(mean, precision)


def lasting(quarters: int) -> FloatArray:
    """The precision of a series of quarters of variance 1 that fades as `LASTING`."""
    step = 1 - LASTING**2
    matrix = np.diag(np.full(quarters, (1 + LASTING**2) / step))
    matrix[0, 0] = matrix[-1, -1] = 1 / step
    beside = np.arange(quarters - 1)
    matrix[beside, beside + 1] = matrix[beside + 1, beside] = -LASTING / step
    return matrix if quarters > 1 else np.ones((quarters, quarters))
