"""Settings of intervals, samples and quarter-hours."""

from typing import Self

from pydantic import Field, model_validator

from forecasting.policy import Policy


class MonthTuning(Policy):
    """How far months are off, as a factor.

    `prior_sd` is what is assumed a year ahead (log scale), as if `prior_origins` had told
    it, and a Student's t as if `shape_origins` had. `at_once` is the part of the variance
    a year ahead that is there from the first month. Origins fade by `half_life_days`.
    """

    prior_sd: float = Field(gt=0)
    prior_origins: float = Field(gt=0)
    shape_origins: float = Field(gt=0)
    at_once: float = Field(gt=0, le=1)
    half_life_days: float = Field(gt=0)


class IntervalTuning(Policy):
    """Horizon groups, pooling and adaptation of the conformal quantiles.

    Numbers that end in `_origins`, `_periods` or `_years` are the strength of what is
    assumed or pooled, as if so many had told it: of the spread of a series (`prior_cv`,
    a coefficient of variation), of the shape of its errors, of their median, of how
    weekdays, quarters of the year and holidays differ in spread. On holidays the
    dispersion is assumed to be `holiday_spread` times the usual. An origin counts half
    after `half_life_days`. Whole counts with a mean below `small_mean` have whole
    quantiles. The share outside the 90% interval moves by `adapt_rate` times what it was
    off at each origin, within `adapt_range`.
    """

    group_days: tuple[int, ...]
    prior_cv: float = Field(gt=0)
    dispersion_origins: float = Field(gt=0)
    pooled_origins: float = Field(ge=0)
    shift_origins: float = Field(ge=0)
    half_life_days: float = Field(gt=0)
    weekday_periods: float = Field(gt=0)
    season_years: float = Field(gt=0)
    holiday_periods: float = Field(gt=0)
    holiday_spread: float = Field(gt=0)
    small_mean: float = Field(ge=0)
    adapt_rate: float = Field(ge=0, le=1)
    adapt_range: tuple[float, float]
    months: MonthTuning

    @model_validator(mode="after")
    def _range_holds_a_tenth(self) -> Self:
        least, most = self.adapt_range
        if not 0 < least <= 0.1 <= most < 1:
            raise ValueError("adapt_range holds 0.1, within 0 and 1")
        return self


class SampleTuning(Policy):
    """How the errors of one sampled future hang together, until measured.

    Of the variance of a normal score, `shared` is common to all periods of a series; the
    rest moves, and `next_period` is what a period keeps of the one before. Of both, the
    factors of the town, the service and the channel explain the parts named so. What is
    assumed counts as `assumed_origins` or `assumed_periods` measured ones; periods over
    `apart_periods` apart share nothing but the common part.
    """

    shared: float = Field(ge=0, lt=1)
    next_period: float = Field(ge=0, lt=1)
    town: float = Field(ge=0, lt=1)
    service: float = Field(ge=0, lt=1)
    channel: float = Field(ge=0, lt=1)
    assumed_origins: float = Field(gt=0)
    assumed_periods: float = Field(gt=0)
    apart_periods: int = Field(ge=1)
    source: str

    @model_validator(mode="after")
    def _factors_leave_room(self) -> Self:
        if self.town + self.service + self.channel > 0.9:
            raise ValueError("town, service and channel explain at most 0.9 together")
        return self


class IntradayTuning(Policy):
    """The profile of a day over its slots, its levels, and the noise of slots.

    Days count half after `half_life_days` and not at all before `window_days`. Factors
    of a level are smoothed over `smooth_minutes`; `level_sd` is how far they are assumed
    to differ, `drift_sd` how far quarters of a year differ in one of them, `slot_cv` how
    noisy slots are beyond chance, given the day: each as if `level_worth` cells without
    noise had told so. `kept_share` of the usual demand of
    slots that are shut on a short day is assumed to come in the open ones, give or take
    `kept_sd`.
    """

    half_life_days: float = Field(gt=0)
    window_days: int = Field(ge=7)
    smooth_minutes: float = Field(ge=0)
    level_sd: float = Field(gt=0)
    drift_sd: float = Field(gt=0)
    slot_cv: float = Field(gt=0)
    level_worth: float = Field(gt=0)
    kept_share: float = Field(ge=0, le=1)
    kept_sd: float = Field(gt=0)
    source: str


class DefaultProfile(Policy):
    """The assumed profile of a week whose exports tell no time of day."""

    weekday: tuple[float, ...] = Field(min_length=7, max_length=7)
    hour_from: tuple[int, ...]
    hour_weight: tuple[float, ...]
    source: str

    @model_validator(mode="after")
    def _hours_match(self) -> Self:
        if len(self.hour_from) != len(self.hour_weight) or self.hour_from[0] != 0:
            raise ValueError("hour_from starts at 0 and has one weight per hour")
        return self
