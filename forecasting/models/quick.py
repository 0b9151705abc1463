"""The count regression for months whose level moves within a quarter, not in years.

The slow one takes a collapse of some months for odd months and returns to what was; this
one follows it. Which was right shows at earlier origins.
"""

from dataclasses import dataclass

from forecasting.models.counts import CountRegression
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tuning import GlmTuning, LevelTuning

LEAST_MONTHS = 24
"""In less than two years a quick level and a season cannot be told apart."""


@dataclass(frozen=True)
class QuickRegression:
    """Negative-binomial GLM of months with a quick level."""

    glm: GlmTuning
    tuning: LevelTuning
    name: str = "nb_glm_quick"

    def suits(self, past: Past) -> bool:
        """Two years of months, not all of them zero."""
        enough = past.series.starts.size >= LEAST_MONTHS
        return past.cadence == "month" and enough and self._way.suits(past)

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """Fit on the window before the origin and extrapolate the last level."""
        return self._way.predict(past, future)

    @property
    def _way(self) -> CountRegression:
        level = {
            "slow_level_days": self.tuning.quick_days,
            "slow_level_sd": self.tuning.quick_sd,
        }
        return CountRegression(self.glm.model_copy(update=level))
