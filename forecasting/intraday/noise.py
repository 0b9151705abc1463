"""How noisy slots are beyond chance: what is left when the day and its shape are known."""

import numpy as np

from forecasting.intraday.evidence import component
from forecasting.intraday.grids import IntArray
from forecasting.intraday.levels import LEAST_VARIANCE, Days, multinomial_moments
from forecasting.series.panel import FloatArray
from forecasting.tuning import IntradayTuning


def slot_noise(
    days: Days, rate: FloatArray, series: IntArray, number: int, tuning: IntradayTuning
) -> FloatArray:
    """The relative variance of slots by series (rows) and minute (columns).

    Each minute leans on its series, that on the group, the group on what is assumed.
    """
    moments = multinomial_moments(days, days.expected(rate))
    worth = tuning.level_worth
    group = component(*moments, tuning.slot_cv**2, worth)
    rows = []
    for place in range(number):
        squared, chance, signal = (part[series == place] for part in moments)
        assumed = max(float(group), LEAST_VARIANCE)
        whole = component(squared, chance, signal, assumed, worth)
        leaning = max(float(whole), LEAST_VARIANCE)
        rows.append(component(squared, chance, signal, leaning, worth, axis=0))
    return np.stack(rows)
