"""Settings of the forecast (`config/forecast.toml`), each with its own range."""

from functools import cache
from pathlib import Path
from typing import Self

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


@cache
def load_tuning(config: Path | None = None) -> Tuning:
    """Read the settings from a configuration folder, or from the installed one."""
    folder = config if config is not None else Settings().config
    return load_policy(folder / "forecast.toml", Tuning)
