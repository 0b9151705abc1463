"""Settings of what is read from the history: gaps, unmet demand, effects, causes."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forecasting.policy import Policy
from forecasting.tuning.quantities import (
    Count,
    Days,
    Order,
    Part,
    Share,
    Speed,
    Spread,
    Strength,
    Times,
    Weakness,
    Weeks,
    ascends,
)

Around = Annotated[int, Field(ge=-104, le=104)]
"""Weeks after something; before is negative."""


class GapTuning(Policy):
    """When silence is a gap: less likely than `improbable` at the rate around it.

    The rate is that of `window_periods` before and after. Of counted exports, and of
    single series, runs of under `least_periods` are not named.
    """

    improbable: float = Field(gt=0, lt=0.05)
    window_periods: Count = Field(ge=5)
    least_periods: Count


class CensoredTuning(Policy):
    """How demand that was not served is estimated.

    `redial` is the assumed share of callers who give up and call again, with its range;
    a measured one takes its place where its 90% interval is at most
    `informative_width` wide. `redial_after_s` is the mean delay before they do.
    The first of `wait_quantiles` of the days between asking and visit is the wait of who
    wants the first free place; the others widen the interval. The median of the
    `quiet_share` shortest waits is the reference.
    With `train_on` "served" the forecast learns from what was counted; with
    "served_and_unmet" callers count once and bookings not made are added.
    """

    redial: Share
    redial_low: Share
    redial_high: Share
    redial_after_s: float = Field(gt=0, le=86_400)
    redial_days: Days = Field(ge=28)
    informative_width: Speed
    wait_quantiles: tuple[Share, ...] = Field(min_length=1)
    quiet_share: Speed
    window_days: Days = Field(ge=182)
    draws: int = Field(ge=100, le=100_000)
    train_on: Literal["served", "served_and_unmet"]

    @model_validator(mode="after")
    def _range_holds_the_value(self) -> Self:
        if not self.redial_low <= self.redial <= self.redial_high:
            raise ValueError("redial lies between redial_low and redial_high")
        return self


class ExplainTuning(Policy):
    """What counts as a peak, and how earlier runs are held to account.

    A peak is a week whose upper quartile is above `peak_ratio` times the usual of the
    `around_weeks` around it, of which `peak_mean_ratio` times the usual is expected, and
    at least `peak_least` contacts.
    `draws` samples give the quantiles of sums. Earlier runs, the newest `verified_runs`
    of different histories, are judged by horizons up to each of `horizons` days; a
    warning is given where calibrated intervals would be left so often with a chance
    under `chance`. Two days of one origin are correlated in being outside by
    `day_alike` at least, and by `series_alike` where they are of different series.
    """

    peak_ratio: Times
    peak_mean_ratio: float = Field(ge=1, le=1000)
    peak_least: Weakness
    around_weeks: Weeks = Field(ge=8)
    draws: int = Field(ge=50, le=10_000)
    horizons: tuple[Days, ...] = Field(min_length=1)
    verified_runs: Count
    chance: float = Field(gt=0, lt=0.5)
    day_alike: float = Field(ge=0, lt=1)
    series_alike: float = Field(ge=0, lt=1)

    @model_validator(mode="after")
    def _horizons_ascend(self) -> Self:
        if not ascends(self.horizons):
            raise ValueError("horizons ascend, none twice")
        return self


class EffectTuning(Policy):
    """How effects are measured: what is known beside them, and how far they may differ.

    `season_order` counts yearly sine and cosine pairs; a week (or `share_days`) open for
    less than `least_share` of the usual is left out. Nothing is said from under
    `least_days` open days, under `least_freedom` bins beyond what is estimated, or where
    fewer than `least_counts` contacts were to be expected in the days of an occasion.
    `election_spread` and `fee_spread` are the scale (log) of how far occasions lie apart,
    `like_spread` that of services that are alike. `fee_weeks` are the edges of the phases
    around a change of fee, in weeks after it. An online share that moves by less than
    `least_move` tells nothing of calls.
    """

    season_order: Order = Field(le=8)
    least_share: Speed
    least_days: Days = Field(ge=100)
    least_freedom: Count = Field(ge=5)
    least_counts: Strength
    election_spread: Spread
    fee_spread: Spread
    like_spread: Spread
    fee_weeks: tuple[Around, ...] = Field(min_length=3)
    share_days: Days = Field(ge=7)
    least_move: Part

    @model_validator(mode="after")
    def _phases_ascend_around_the_change(self) -> Self:
        edges = self.fee_weeks
        if not ascends(edges) or 0 not in edges[1:-1]:
            raise ValueError("fee_weeks ascend, with 0 (the change) between two others")
        return self
