"""Settings of the forecast (`config/forecast.toml`), each with its own range."""

from forecasting.tuning.documents import (
    DocumentTuning,
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
    ShiftTuning,
    SmoothingTuning,
)
from forecasting.tuning.spread import (
    DefaultProfile,
    IntervalTuning,
    IntradayTuning,
    MonthTuning,
    SampleTuning,
)
from forecasting.tuning.whole import Tuning, load_tuning

__all__ = [
    "BacktestTuning",
    "BlendTuning",
    "CensoredTuning",
    "DefaultProfile",
    "DocumentTuning",
    "EffectTuning",
    "ExpiryTuning",
    "ExplainTuning",
    "GapTuning",
    "GlmTuning",
    "IntervalTuning",
    "IntradayTuning",
    "LevelTuning",
    "MonthTuning",
    "OutsideTuning",
    "PooledTuning",
    "ProphetTuning",
    "SampleTuning",
    "ShiftTuning",
    "SmoothingTuning",
    "Tuning",
    "VisitTuning",
    "load_tuning",
]
