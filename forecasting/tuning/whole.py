"""All settings of the forecast (`config/forecast.toml`), each with its own range."""

from functools import cache
from pathlib import Path

from pydantic import Field

from forecasting.policy import Policy, load_policy
from forecasting.settings import Settings
from forecasting.tuning.documents import (
    ExpiryTuning,
    OutsideTuning,
    VisitTuning,
)
from forecasting.tuning.knowledge import (
    CensoredTuning,
    EffectTuning,
    ExplainTuning,
    GapTuning,
)
from forecasting.tuning.methods import (
    BacktestTuning,
    BlendTuning,
    GlmTuning,
    LevelTuning,
    PooledTuning,
    ProphetTuning,
    SmoothingTuning,
)
from forecasting.tuning.quantities import LONGEST_DAYS, Days, Weeks
from forecasting.tuning.spread import (
    DefaultProfile,
    IntervalTuning,
    IntradayTuning,
    SampleTuning,
)


class Tuning(Policy):
    """All settings of the forecast."""

    horizon_days: Days
    slot_weeks: Weeks = Field(le=104)
    stale_days: int = Field(ge=0, le=LONGEST_DAYS)
    holdback_days: Days = Field(ge=7)
    backtest: BacktestTuning
    glm: GlmTuning
    smoothing: SmoothingTuning
    levels: LevelTuning
    prophet: ProphetTuning
    pooled: PooledTuning
    visits: VisitTuning
    outside: OutsideTuning
    blend: BlendTuning
    intervals: IntervalTuning
    intraday: IntradayTuning
    samples: SampleTuning
    default_profile: DefaultProfile
    gaps: GapTuning
    censored: CensoredTuning
    expiry: ExpiryTuning
    explaining: ExplainTuning
    effects: EffectTuning


@cache
def load_tuning(config: Path | None = None) -> Tuning:
    """Read the settings from a configuration folder, or from the installed one."""
    folder = config if config is not None else Settings().config
    return load_policy(folder / "forecast.toml", Tuning)
