"""Settings of intervals, samples and quarter-hours."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from forecasting.policy import Policy
from forecasting.tuning.quantities import (
    Count,
    Days,
    FadingDays,
    Part,
    Proportion,
    Share,
    Speed,
    Spread,
    Strength,
    Weakness,
    ascends,
    some_count,
)

Hour = Annotated[int, Field(ge=0, le=23)]
"""An hour of the day."""


class MonthTuning(Policy):
    """How far months are off, as a factor.

    `prior_sd` is what is assumed a year ahead (log scale), as if `prior_origins` had told
    it, and a Student's t as if `shape_origins` had. `at_once` is the part of the variance
    a year ahead that is there from the first month. Origins fade by `half_life_days`.
    """

    prior_sd: Spread
    prior_origins: Strength
    shape_origins: Strength
    at_once: Speed
    half_life_days: FadingDays


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

    group_days: tuple[Days, ...]
    prior_cv: Spread
    dispersion_origins: Strength
    pooled_origins: Weakness
    shift_origins: Weakness
    half_life_days: FadingDays
    weekday_periods: Strength
    season_years: Strength
    holiday_periods: Strength
    holiday_spread: Spread
    small_mean: Weakness
    adapt_rate: Share
    adapt_range: tuple[Part, Part]
    months: MonthTuning

    @model_validator(mode="after")
    def _ranges_are_in_order(self) -> Self:
        if not ascends(self.group_days):
            raise ValueError("group_days ascend, none twice")
        least, most = self.adapt_range
        if not least <= 0.1 <= most:
            raise ValueError("adapt_range holds 0.1")
        return self


class SampleTuning(Policy):
    """How the errors of one sampled future hang together, until measured.

    Of the variance of a normal score, `shared` is common to all periods of a series; the
    rest moves, and `next_period` is what a period keeps of the one before. Of both, the
    factors of the town, the service and the channel explain the parts named so. What is
    assumed counts as `assumed_origins` or `assumed_periods` measured ones; periods over
    `apart_periods` apart share nothing but the common part.
    """

    shared: Share = Field(lt=1)
    next_period: Share = Field(lt=1)
    town: Share = Field(lt=1)
    service: Share = Field(lt=1)
    channel: Share = Field(lt=1)
    assumed_origins: Strength
    assumed_periods: Strength
    apart_periods: Count
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

    half_life_days: FadingDays
    window_days: Days = Field(ge=7)
    smooth_minutes: float = Field(ge=0, le=1440)
    level_sd: Spread
    drift_sd: Spread
    slot_cv: Spread
    level_worth: Strength
    kept_share: Share
    kept_sd: Spread
    source: str


class DefaultProfile(Policy):
    """The assumed profile of a week whose exports tell no time of day."""

    weekday: tuple[Proportion, ...] = Field(min_length=7, max_length=7)
    hour_from: tuple[Hour, ...] = Field(min_length=1)
    hour_weight: tuple[Proportion, ...]
    source: str

    @model_validator(mode="after")
    def _hours_match(self) -> Self:
        if len(self.hour_from) != len(self.hour_weight) or self.hour_from[0] != 0:
            raise ValueError("hour_from starts at 0 and has one weight per hour")
        if not ascends(self.hour_from):
            raise ValueError("hour_from ascends, none twice")
        if not (some_count(self.weekday) and some_count(self.hour_weight)):
            raise ValueError("weekday and hour_weight hold proportions, not all 0")
        return self
