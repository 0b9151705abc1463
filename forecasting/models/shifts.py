"""The level shifts of a series, as the count regression names them."""

from forecasting.models.breaks import LevelShift
from forecasting.models.counts import CountRegression
from forecasting.models.protocol import Past
from forecasting.tuning import GlmTuning


def level_shifts(past: Past, tuning: GlmTuning) -> tuple[LevelShift, ...]:
    """The sudden changes in the level of a series, in order of time.

    Week, season, holidays and events are taken out first. None where the history is too
    short for the regression.
    """
    way = CountRegression(tuning)
    return way.level_shifts(past) if way.suits(past) else ()
