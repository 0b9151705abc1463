"""What every forecasting method is given and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from forecasting.series.exposure import Exposure
from forecasting.series.panel import DayArray, FloatArray, Series


@dataclass(frozen=True)
class Past:
    """What a method may know at its origin: one series, its cadence, the calendar.

    `holidays` names the public holidays and `school` the school holidays of past and
    future years alike; `events` are named stretches of days, both ends included, known
    in advance. `exposure` is what expiring documents call for, as known at the origin;
    `leading` the series that this one follows (applications before collections) and
    `kin` the sum of its like, both up to the origin. Each of the three may be missing.
    """

    series: Series
    cadence: str
    holidays: Mapping[date, str]
    events: tuple[tuple[str, date, date], ...] = ()
    school: Mapping[date, str] = field(default_factory=dict)
    exposure: Exposure | None = None
    leading: Series | None = None
    kin: Series | None = None


class Method(Protocol):
    """A way to forecast the mean of one series."""

    @property
    def name(self) -> str:
        """The name under which accuracy is reported."""

    def suits(self, past: Past) -> bool:
        """Whether the history is long enough to say anything by this method."""

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """The mean of every future period: finite and not negative."""
