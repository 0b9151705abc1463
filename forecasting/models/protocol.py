"""What every forecasting method is given and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from forecasting.series.panel import DayArray, FloatArray, Series


@dataclass(frozen=True)
class Past:
    """What a method may know at its origin: one series, its cadence, the holidays.

    `holidays` names the public holidays of past and future years alike; `events` are
    named stretches of days, both ends included, known in advance.
    """

    series: Series
    cadence: str
    holidays: Mapping[date, str]
    events: tuple[tuple[str, date, date], ...] = ()


class Method(Protocol):
    """A way to forecast the mean of one series."""

    @property
    def name(self) -> str:
        """The name under which accuracy is reported."""

    def suits(self, past: Past) -> bool:
        """Whether the history is long enough to say anything by this method."""

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """The mean of every future period: finite and not negative."""
