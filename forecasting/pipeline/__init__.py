"""The runs of this room: imported contacts in, stored forecasts and accuracy out."""

from forecasting.pipeline.running import run_backtest, run_forecast

__all__ = ["run_backtest", "run_forecast"]
