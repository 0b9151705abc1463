"""Any method, told of the documents: it forecasts demand beside what they call for.

A method that goes by the counts alone cannot know that fewer documents expire next year.
So it is given the ratio of demand to exposure, and its answer is multiplied by the
exposure to come. Where the exposure does not move, it says what it says without.
"""

from dataclasses import dataclass, replace

import numpy as np

from forecasting.models.features import over_periods
from forecasting.models.protocol import Method, Past
from forecasting.series.exposure import Exposure
from forecasting.series.panel import DayArray, FloatArray, Series

SUFFIX = "_documents"


@dataclass(frozen=True)
class Following:
    """A method on the ratio of demand to exposure, for series that count requests."""

    base: Method

    @property
    def name(self) -> str:
        """The name of the method, marked."""
        return f"{self.base.name}{SUFFIX}"

    def suits(self, past: Past) -> bool:
        """Whether the method does, and documents bring these very requests."""
        exposure = past.exposure
        return exposure is not None and exposure.close and self.base.suits(past)

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """The ratio that the method expects, times the exposure."""
        exposure = past.exposure
        if exposure is None:
            return self.base.predict(past, future)
        series = past.series
        known = relative(exposure, series.starts, past.cadence)
        usual = float(known.mean())
        counts = series.counts * usual / known
        plain = replace(past, series=Series(series.name, series.starts, counts))
        coming = relative(exposure, future, past.cadence) / usual
        return np.asarray(self.base.predict(plain, future) * coming)


def relative(exposure: Exposure, starts: DayArray, cadence: str) -> FloatArray:
    """The exposure of each period, as requests per week."""
    days, mean = over_periods(starts, cadence)
    rates = exposure.rates(days)
    return rates if cadence == "day" else np.asarray(mean @ rates)
