"""What others would forecast: each peer gives a mean and quantiles for one series.

Peers with intervals of their own keep them. The naive ones get normal quantiles from
what they missed in the sample they know.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import nbinom

from forecasting.models.features import IntArray, fourier, weekday
from forecasting.models.prophet import silence
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tables import QUANTILES

LEVELS = np.array(QUANTILES)
NORMAL = ndtri(LEVELS)
BANDS = [50, 80, 90]
ARIMA_PERIODS = 1096


@dataclass(frozen=True)
class Question:
    """One series as known at an origin, and the periods wanted."""

    starts: DayArray
    counts: FloatArray
    wanted: DayArray
    cadence: str
    holidays: Mapping[date, str]

    @property
    def season(self) -> int:
        """Periods after which the pattern repeats."""
        return 7 if self.cadence == "day" else 12

    def ordinals(self, starts: DayArray) -> IntArray:
        """Number of the period on a grid without gaps."""
        unit = "D" if self.cadence == "day" else "M"
        return np.asarray(starts.astype(f"datetime64[{unit}]").astype(np.int64))

    def grid(self) -> FloatArray:
        """The counts without gaps: a missing period repeats the season before it."""
        at = self.ordinals(self.starts)
        filled = np.full(at[-1] - at[0] + 1, np.nan)
        filled[at - at[0]] = self.counts
        for place in np.flatnonzero(np.isnan(filled)):
            back = place - self.season
            filled[place] = filled[back] if back >= 0 else self.counts.mean()
        return filled

    def steps(self) -> IntArray:
        """How many periods of the grid ahead the wanted ones are, from 1."""
        last = self.ordinals(self.starts[-1:])[0]
        return np.asarray(self.ordinals(self.wanted) - last)


Answer = tuple[FloatArray, FloatArray]
"""Means, and quantiles of shape (periods, levels)."""
Peer = Callable[[Question], Answer]


def last_season(question: Question) -> Answer:
    """The value one week (for months: one year) back."""
    grid, season = question.grid(), question.season
    steps = question.steps()
    back = season * (-(-steps // season))
    mean = grid[grid.size - 1 + steps - back]
    return mean, _normal(mean, grid[season:] - grid[:-season])


def same_week_last_year(question: Question) -> Answer:
    """The value 52 weeks (12 months) back, else last week's."""
    grid, year = question.grid(), 364 if question.cadence == "day" else 12
    if grid.size <= year + question.season:
        return last_season(question)
    steps = question.steps()
    back = year * (-(-steps // year))
    mean = grid[grid.size - 1 + steps - back]
    return mean, _normal(mean, grid[year:] - grid[:-year])


def mean_of_four(question: Question) -> Answer:
    """The mean of the last four same weekdays; of months: of the last four."""
    grid = question.grid()
    season = question.season if question.cadence == "day" else 1
    shifts = [grid[4 * season - k * season : grid.size - k * season] for k in range(5)]
    errors = shifts[0] - np.mean(shifts[1:], axis=0)
    last = grid[grid.size - 4 * season :].reshape(4, season).mean(axis=0)
    mean = last[(question.steps() - 1) % season]
    return mean, _normal(mean, errors)


def _normal(mean: FloatArray, errors: FloatArray) -> FloatArray:
    spread = np.sqrt(np.mean(errors**2))
    return np.asarray(np.maximum(mean[:, None] + spread * NORMAL, 0))


def auto_ets(question: Question) -> Answer:
    """Exponential smoothing, chosen by AICc."""
    from statsforecast.models import (
        AutoETS,
    )

    return _statsforecast(AutoETS(season_length=question.season), question)


def auto_arima(question: Question) -> Answer:
    """Seasonal ARIMA, chosen by AICc, on three years of days."""
    from statsforecast.models import AutoARIMA

    model = AutoARIMA(season_length=question.season, approximation=True)
    return _statsforecast(model, question, ARIMA_PERIODS)


def mstl(question: Question) -> Answer:
    """Seasonal decomposition with exponential smoothing of the rest."""
    from statsforecast.models import MSTL

    return _statsforecast(MSTL(season_length=question.season), question)


def _statsforecast(model: object, question: Question, most: int = 10**6) -> Answer:
    grid, steps = question.grid()[-most:], question.steps()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = model.forecast(y=grid, h=int(steps[-1]), level=BANDS)  # type: ignore[attr-defined]  # the models share no base class
    names = ["lo-90", "lo-80", "lo-50", "mean", "hi-50", "hi-80", "hi-90"]
    table = np.column_stack([said[name] for name in names])[steps - 1]
    table = np.maximum(np.where(np.isfinite(table), table, grid.mean()), 0)
    return table[:, 3], table


def prophet(question: Question) -> Answer:
    """Prophet with the public holidays, and its own samples."""
    from prophet import Prophet

    silence()
    rows = [(name, day) for day, name in question.holidays.items()]
    holidays = pd.DataFrame(rows, columns=["holiday", "ds"])
    model = Prophet(holidays=holidays if question.cadence == "day" else None)
    np.random.seed(0)  # Prophet draws from the global state
    model.fit(pd.DataFrame({"ds": question.starts, "y": question.counts}), seed=0)
    wanted = pd.DataFrame({"ds": question.wanted})
    mean = np.asarray(model.predict(wanted)["yhat"], dtype=float)
    draws = model.predictive_samples(wanted)["yhat"]
    quantiles = np.quantile(draws, LEVELS, axis=1).T
    return np.maximum(mean, 0), np.maximum(quantiles, 0)


def nb_glm(question: Question) -> Answer:
    """A negative-binomial regression on weekday, season, holidays and a trend."""
    from statsmodels.discrete.discrete_model import (  # type: ignore[import-untyped]  # ships no types
        NegativeBinomial,
    )

    known = _columns(question, question.starts)
    used = np.ptp(known, axis=0) > 0
    used[0] = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = NegativeBinomial(question.counts, known[:, used]).fit(
            disp=0, maxiter=200
        )
    params = np.asarray(fitted.params)
    linear = _columns(question, question.wanted)[:, used] @ params[:-1]
    room = np.log(max(question.counts.max(), 1.0)) + 1
    mean = np.exp(np.clip(linear, -20, room))
    size = 1 / max(params[-1], 1e-6)
    quantiles = nbinom.ppf(LEVELS, size, (size / (size + mean))[:, None])
    return mean, np.asarray(quantiles)


def _columns(question: Question, starts: DayArray) -> FloatArray:
    origin, days = question.starts[-1], starts.astype("datetime64[D]")
    years = (days - origin).astype(np.float64) / 365.25
    parts = [np.ones((days.size, 1)), years[:, None]]
    if question.cadence == "day":
        free = np.isin(days, np.array(sorted(question.holidays), "datetime64[D]"))
        parts += [fourier(days, 3), np.eye(7)[weekday(days)][:, 1:]]
        parts.append(free[:, None].astype(float))
    else:
        month = days.astype("datetime64[M]").astype(np.int64) % 12
        parts.append(np.eye(12)[month][:, 1:])
    return np.hstack(parts)


PEERS: dict[str, Peer] = {
    "last season": last_season,
    "same week last year": same_week_last_year,
    "mean of four": mean_of_four,
    "AutoETS": auto_ets,
    "AutoARIMA": auto_arima,
    "MSTL": mstl,
    "Prophet": prophet,
    "NB-GLM": nb_glm,
}
