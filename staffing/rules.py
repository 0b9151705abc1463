"""Policy of this room: service standards, labour rules and prices, as typed settings."""

from typing import Literal

from pydantic import Field, model_validator

from forecasting.policy import Policy


class Standard(Policy):
    """A service standard of one skill: a share of contacts served within a threshold."""

    target: float = Field(gt=0, lt=1)
    threshold_s: float = Field(gt=0)
    patience_s: float | None = Field(default=None, gt=0)
    minimum_people: int = Field(default=1, ge=0)
    arrival_cv: float = Field(default=0.0, ge=0)
    source: str


class Standards(Policy):
    """Standards per skill and what is lost of paid time (`config/standards.toml`).

    `no_show` is the share of planned visits that does not come. `forecast_correlation`
    is how far forecast errors of different series and days move together: 0 apart, 1 as
    one; the upper quartile of a week's hours follows from it.
    """

    skill: dict[str, Standard]
    shrinkage: float = Field(ge=0, lt=1)
    shrinkage_source: str
    no_show: float = Field(default=0.0, ge=0, lt=1)
    no_show_source: str = "assumed: everybody comes"
    forecast_correlation: float = Field(default=0.3, ge=0, le=1)
    forecast_correlation_source: str = "assumed"


class BreakRule(Policy):
    """Shifts longer than `over_hours` hold a break of at least `minutes`."""

    over_hours: float = Field(gt=0)
    minutes: int = Field(gt=0)


class LabourRules(Policy):
    """The law and the agreement (`config/labour.toml`); each value has its source."""

    max_shift_hours: float = Field(gt=0, le=24)
    max_week_hours: float = Field(gt=0, le=168)
    daily_rest_hours: float = Field(ge=0, le=24)
    weekly_rest_hours: float = Field(ge=0, le=168)
    breaks: tuple[BreakRule, ...]
    day_window_from_hour: int = Field(ge=0, le=24)
    day_window_to_hour: int = Field(ge=0, le=24)
    notice_days: int = Field(ge=0)
    source: dict[str, str]


class RosterPolicy(Policy):
    """Shift templates and prices in euros (`config/roster.toml`).

    `shift_hours` are hours worked, breaks not counted. `opening_margin_minutes` is how
    long before opening and after closing a shift may run, to open and close the hall.
    `break_part_hours` is worked at least before and after a break. A person missing for
    a quarter-hour costs `price_short_quarter`, up to twice that when all are missing.
    `price_hour` is the price of a contract hour left unused: staff are paid either way.
    """

    start_grid_minutes: Literal[15, 30, 60]
    shift_hours: tuple[float, ...] = Field(min_length=1)
    opening_margin_minutes: Literal[0, 15, 30, 45, 60]
    break_minutes: Literal[15, 30, 45, 60]
    break_earliest_hour: float
    break_latest_hour: float
    break_part_hours: float = Field(gt=0)
    minimum_block_minutes: int = Field(ge=15)
    price_late_contact: float = Field(ge=0)
    price_short_quarter: float = Field(ge=0)
    price_short_deferrable_quarter: float = Field(ge=0)
    price_short_block: float = Field(ge=0)
    price_hour: float = Field(ge=0)
    relative_gap: float = Field(gt=0, lt=1)
    time_limit_s: float = Field(gt=0)

    @model_validator(mode="after")
    def _check_break_window(self) -> "RosterPolicy":
        if self.break_earliest_hour >= self.break_latest_hour:
            raise ValueError("break_earliest_hour must be before break_latest_hour")
        return self

    @model_validator(mode="after")
    def _check_shift_hours(self) -> "RosterPolicy":
        if any(hours <= 0 or hours * 4 % 1 for hours in self.shift_hours):
            raise ValueError("shift_hours must be positive quarter-hours")
        return self
