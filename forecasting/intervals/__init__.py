"""How sure a forecast is: conformal quantiles from what earlier forecasts missed."""

from forecasting.intervals.conforming import conformal

__all__ = ["conformal"]
