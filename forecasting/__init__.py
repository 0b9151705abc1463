"""Forecasting: what will residents ask for, and when?"""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.backtesting import backtest
    from forecasting.errors import InputError, PiekwijzerError
    from forecasting.predicting import forecast
    from forecasting.sampling import samples
    from forecasting.tables import Accuracy, Demand, Forecast

__all__ = [
    "Accuracy",
    "Demand",
    "Forecast",
    "InputError",
    "PiekwijzerError",
    "backtest",
    "forecast",
    "samples",
]

__getattr__ = lazily(
    __name__,
    {
        "Accuracy": "tables",
        "Demand": "tables",
        "Forecast": "tables",
        "InputError": "errors",
        "PiekwijzerError": "errors",
        "backtest": "backtesting",
        "forecast": "predicting",
        "samples": "sampling",
    },
)
