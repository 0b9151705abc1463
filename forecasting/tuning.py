"""Settings of the forecast (`config/forecast.toml`), each with its own range."""

from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from forecasting.policy import Policy, load_policy
from forecasting.settings import Settings


class BacktestTuning(Policy):
    """Rolling origins: how many, how far apart, and what history the first needs."""

    origins: int = Field(ge=1)
    pipeline_origins: int = Field(ge=2)
    spacing_share: float = Field(gt=0, le=1)
    shortest_spacing_days: int = Field(ge=1)
    longest_spacing_days: int = Field(ge=1)
    least_history_days: int = Field(ge=7)


class GlmTuning(Policy):
    """Prior standard deviations (log scale) and window of the negative-binomial GLM.

    `day_evidence` is what a day counts for beside an independent observation: the
    errors of neighbouring days are alike, so a day says less than it seems.
    """

    window_years: float = Field(gt=0)
    fourier_order: int = Field(ge=1, le=12)
    half_life_years: float = Field(gt=0)
    day_evidence: float = Field(gt=0, le=1)
    level_days: int = Field(ge=7)
    level_sd: float = Field(gt=0)
    season_sd: float = Field(gt=0)
    weekday_sd: float = Field(gt=0)
    holiday_sd: float = Field(gt=0)
    named_sd: float = Field(gt=0)
    school_sd: float = Field(gt=0)


class ProphetTuning(Policy):
    """Window and prior scales of Prophet."""

    window_years: float = Field(gt=0)
    changepoint_scale: float = Field(gt=0)
    season_scale: float = Field(gt=0)
    holiday_scale: float = Field(gt=0)
    changepoints: int = Field(ge=0)
    least_days: int = Field(ge=30)


class BlendTuning(Policy):
    """How far backtest losses move the weights of the blend away from equal."""

    sharpness: float = Field(ge=0)
    pooled_origins: float = Field(ge=0)
    equal_share: float = Field(ge=0, le=1)


class IntervalTuning(Policy):
    """Horizon groups and pooling of the conformal residuals."""

    group_days: tuple[int, ...]
    pooled_origins: float = Field(ge=0)
    prior_cv: float = Field(gt=0)


class IntradayTuning(Policy):
    """Weights of the quarter-hour profile."""

    half_life_days: float = Field(gt=0)
    group_slots: float = Field(ge=0)
    window_days: int = Field(ge=7)


class SampleTuning(Policy):
    """Dependence between the periods of one sampled future."""

    shared: float = Field(ge=0, lt=1)
    next_period: float = Field(ge=0, lt=1)


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


class GapTuning(Policy):
    """When silence is a gap: less likely than `improbable` at the rate around it.

    The rate is that of `window_periods` before and after. Of counted exports, and of
    single series, runs of under `least_periods` are not named.
    """

    improbable: float = Field(gt=0, lt=0.05)
    window_periods: int = Field(ge=5)
    least_periods: int = Field(ge=1)


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

    redial: float = Field(ge=0, le=1)
    redial_low: float = Field(ge=0, le=1)
    redial_high: float = Field(ge=0, le=1)
    redial_source: str
    redial_after_s: float = Field(gt=0)
    redial_days: int = Field(ge=28)
    informative_width: float = Field(gt=0, le=1)
    wait_quantiles: tuple[float, ...] = Field(min_length=1)
    quiet_share: float = Field(gt=0, le=1)
    window_days: int = Field(ge=182)
    draws: int = Field(ge=100)
    train_on: Literal["served", "served_and_unmet"]

    @model_validator(mode="after")
    def _range_holds_the_value(self) -> Self:
        if not self.redial_low <= self.redial <= self.redial_high:
            raise ValueError("redial lies between redial_low and redial_high")
        return self


class Tuning(Policy):
    """All settings of the forecast."""

    horizon_days: int = Field(ge=1)
    slot_weeks: int = Field(ge=1)
    stale_days: int = Field(ge=0)
    holdback_days: int = Field(ge=7)
    backtest: BacktestTuning
    glm: GlmTuning
    prophet: ProphetTuning
    blend: BlendTuning
    intervals: IntervalTuning
    intraday: IntradayTuning
    samples: SampleTuning
    default_profile: DefaultProfile
    gaps: GapTuning
    censored: CensoredTuning


@cache
def load_tuning(config: Path | None = None) -> Tuning:
    """Read the settings from a configuration folder, or from the installed one."""
    folder = config if config is not None else Settings().config
    return load_policy(folder / "forecast.toml", Tuning)
