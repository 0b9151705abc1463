"""What residents are promised of appointments, and how the agenda is cut."""

from typing import Literal

from pydantic import Field

from forecasting.policy import Policy


class ServicePromise(Policy):
    """What differs for one service: a nearer promise, protected places, own minutes."""

    within_days: int | None = Field(default=None, ge=0, le=60)
    least_per_day: int = Field(default=0, ge=0, le=100)
    minutes: float | None = Field(default=None, gt=0, le=480)
    source: str


class AgendaPolicy(Policy):
    """The promise and the cut of the agenda (`config/agenda.toml`).

    The first free appointment lies within `within_days` working days in a `share` of
    `samples` futures. Of those who ask, `later_share` want a day `later_days` working
    days off; of a day's places, `kept_share` opens `kept_days` working days before it.
    `fill` is the part of the hours left beside walk-ins that places may take, and
    `even_price` weighs the week's highest staffing against the hours of places.
    """

    within_days: int = Field(ge=0, le=60)
    share: float = Field(gt=0, lt=1)
    promise_source: str
    samples: int = Field(ge=20, le=5000)
    notice_days: int = Field(ge=0, le=30)
    later_share: float = Field(ge=0, le=1)
    later_days: int = Field(ge=0, le=60)
    later_source: str
    kept_share: float = Field(ge=0, le=1)
    kept_days: int = Field(ge=0, le=60)
    kept_source: str
    grid_minutes: Literal[5, 15]
    overrun: float = Field(ge=0, le=3)
    overrun_source: str
    fill: float = Field(gt=0, le=1)
    even_price: float = Field(ge=0, le=100)
    service: dict[str, ServicePromise] = Field(default_factory=dict)

    def promised_days(self, service: str) -> int:
        """Working days within which the first free place of a service must lie."""
        own = self.service.get(service)
        known = own.within_days if own is not None else None
        return self.within_days if known is None else known

    def least_per_day(self, service: str) -> int:
        """Places that a service has on each open day, whoever asks."""
        own = self.service.get(service)
        return own.least_per_day if own is not None else 0

    def place_minutes(self, service: str, handling_s: float, handling_cv: float) -> int:
        """How long a place of a service lasts, rounded up to the grid."""
        own = self.service.get(service)
        told = own.minutes if own is not None else None
        spread = 1 + self.overrun * handling_cv
        minutes = handling_s * spread / 60 if told is None else told
        return self.grid_minutes * max(1, -int(-minutes // self.grid_minutes))
