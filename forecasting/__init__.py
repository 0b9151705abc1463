"""Forecasting: what will residents ask for, and when?"""

from importlib import import_module
from typing import TYPE_CHECKING

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

_WHERE = {
    "Accuracy": "tables",
    "Demand": "tables",
    "Forecast": "tables",
    "InputError": "errors",
    "PiekwijzerError": "errors",
    "backtest": "backtesting",
    "forecast": "predicting",
    "samples": "sampling",
}


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
