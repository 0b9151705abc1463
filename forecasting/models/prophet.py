"""Prophet as one method among others: open days only, holidays, no own intervals.

This is the only place where pandas stands: Prophet takes and gives its frames.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray, Series
from forecasting.tuning import ProphetTuning

if TYPE_CHECKING:
    from prophet import Prophet

LEAST_DAYS_FOR_SEASON = 500
CEILING = 3.0
"""No forecast beyond this many times the largest count of the window."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class ProphetMethod:
    """Prophet with multiplicative seasons, over a capped window."""

    tuning: ProphetTuning
    name: str = "prophet"

    def suits(self, past: Past) -> bool:
        """Enough history for a trend and something to learn from."""
        starts, counts = past.series.starts, past.series.counts
        long = starts[-1] - starts[0] >= np.timedelta64(self.tuning.least_days, "D")
        return bool(long and np.unique(counts).size > 1 and starts.size >= 24)

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """Fit on the periods that have a row and predict the wanted ones only."""
        years = np.timedelta64(round(365.25 * self.tuning.window_years), "D")
        series = past.series.since(past.series.starts[-1] - years)
        model = self._model(past, series, future)
        model.fit(pd.DataFrame({"ds": series.starts, "y": series.counts}))
        answer = model.predict(pd.DataFrame({"ds": future}))
        mean = np.asarray(answer["yhat"], dtype=np.float64)
        return np.clip(mean, 0, CEILING * series.counts.max())

    def _model(self, past: Past, series: Series, future: DayArray) -> "Prophet":
        from prophet import Prophet

        silence()
        span = (series.starts[-1] - series.starts[0]).astype(int)
        return Prophet(
            yearly_seasonality=5 if span >= LEAST_DAYS_FOR_SEASON else False,
            weekly_seasonality=past.cadence == "day",
            daily_seasonality=False,
            holidays=(
                _special_days(series, past, future) if past.cadence == "day" else None
            ),
            n_changepoints=min(self.tuning.changepoints, series.starts.size // 10),
            changepoint_prior_scale=self.tuning.changepoint_scale,
            seasonality_mode="multiplicative",
            seasonality_prior_scale=self.tuning.season_scale,
            holidays_prior_scale=self.tuning.holiday_scale,
            uncertainty_samples=0,
        )


def silence() -> None:
    """Prophet and Stan log every fit; Stan's logger resets its level unless handled."""
    for name in ("cmdstanpy", "prophet", "prophet.plot", "prophet.models"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        if not any(isinstance(h, logging.NullHandler) for h in logger.handlers):
            logger.addHandler(logging.NullHandler())
        logger.propagate = False


def _special_days(
    series: Series, past: Past, future: DayArray
) -> "pd.DataFrame | None":
    """Days with an effect of their own, one column per name.

    A holiday has its own name where the series has it open; the days before and after
    holidays, and the days of an event, share one each. Only days that are fitted or
    forecast are named: Prophet walks through every row.
    """
    known = set(series.starts.tolist())
    looked_at = known | set(future.tolist())
    opened = {name for day, name in past.holidays.items() if day in known}
    rows = [(n, day) for day, n in past.holidays.items() if n in opened]
    rows += [("day before", day - DAY) for day in past.holidays]
    rows += [("day after", day + DAY) for day in past.holidays]
    for name, start, end in past.events:
        span = (end - start).days + 1
        rows += [(f"event {name}", start + i * DAY) for i in range(span)]
    kept = sorted({row for row in rows if row[1] in looked_at})
    return pd.DataFrame(kept, columns=["holiday", "ds"]) if kept else None
