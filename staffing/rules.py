"""Labour rules, and the shapes and prices of shifts, as typed settings."""

from typing import Literal

from pydantic import Field, model_validator

from forecasting.policy import Policy


class BreakRule(Policy):
    """Shifts longer than `over_hours` hold a break of at least `minutes`."""

    over_hours: float = Field(gt=0)
    minutes: int = Field(gt=0)


class MeanHours(Policy):
    """At most so many hours a week on average over so many weeks."""

    weeks: int = Field(ge=2, le=52)
    hours: float = Field(gt=0, le=168)


class LabourRules(Policy):
    """The law and the agreement (`config/labour.toml`); each value has its source.

    Once in every `short_rest_days` days the daily rest may be `short_rest_hours`. Instead
    of the weekly rest, `fortnight_rest_hours` in 14 days will do, in parts of at least
    `fortnight_part_hours`. Sundays are free unless `sunday_work` was agreed, and then
    `free_sundays` of 52. `notice_days` before it begins a roster is known; where that was
    agreed otherwise, rest days are, and hours `notice_hours_days` before.
    """

    max_shift_hours: float = Field(gt=0, le=24)
    max_week_hours: float = Field(gt=0, le=168)
    max_mean_hours: tuple[MeanHours, ...] = ()
    daily_rest_hours: float = Field(ge=0, le=24)
    short_rest_hours: float = Field(ge=0, le=24)
    short_rest_days: int = Field(ge=1, le=14)
    weekly_rest_hours: float = Field(ge=0, le=168)
    fortnight_rest_hours: float = Field(ge=0, le=336)
    fortnight_part_hours: float = Field(ge=0, le=168)
    breaks: tuple[BreakRule, ...]
    sunday_work: bool
    free_sundays: int = Field(ge=0, le=52)
    day_window_from_hour: int = Field(ge=0, le=24)
    day_window_to_hour: int = Field(ge=0, le=24)
    notice_days: int = Field(ge=0)
    notice_hours_days: int = Field(ge=0)
    source: dict[str, str]

    @model_validator(mode="after")
    def _check_day_window(self) -> "LabourRules":
        first, last = self.day_window_from_hour, self.day_window_to_hour
        if first >= last:
            raise ValueError(
                f"expected day_window_from_hour before day_window_to_hour, came {first} "
                f"and {last}"
            )
        return self

    @model_validator(mode="after")
    def _check_parts_of_rest(self) -> "LabourRules":
        if self.short_rest_hours > self.daily_rest_hours:
            raise ValueError("expected short_rest_hours of at most daily_rest_hours")
        if self.fortnight_part_hours > self.fortnight_rest_hours:
            raise ValueError(
                "expected fortnight_part_hours of at most fortnight_rest_hours"
            )
        return self


class RosterPolicy(Policy):
    """Shift templates and prices in euros (`config/roster.toml`).

    `shift_hours` are hours worked, breaks not counted. `opening_margin_minutes` is how
    long before opening and after closing a shift may run, to open and close the hall.
    `break_part_hours` is worked at least before and after a break. A person missing for
    a quarter-hour costs `price_short_quarter`, up to twice that when all are missing.
    `price_hour` is the price of a contract hour left unused: staff are paid either way.
    `price_presence_quarter` is that of a head short of a minimum presence. A wish that is
    not granted costs `price_wish`; a late, evening or Saturday shift `price_uneven_shift`
    for each the person has had of its kind (this one included) over the team's mean and
    one; a day that differs from the roster people know `price_change`, on the days that
    gave rise to it `price_change_affected`. A shift is late that ends after
    `late_after_hour`, and an evening shift after `evening_after_hour`.
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
    price_presence_quarter: float = Field(ge=0)
    price_wish: float = Field(ge=0)
    price_uneven_shift: float = Field(ge=0)
    price_change: float = Field(ge=0)
    price_change_affected: float = Field(ge=0)
    late_after_hour: float = Field(ge=0, le=24)
    evening_after_hour: float = Field(ge=0, le=24)
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
