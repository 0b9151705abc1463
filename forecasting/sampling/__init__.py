"""Dependent draws from a forecast, from which the quantiles of every sum follow."""

from forecasting.sampling.adding import sum_quantiles
from forecasting.sampling.drawing import samples
from forecasting.sampling.measuring import dependence_of

__all__ = ["dependence_of", "samples", "sum_quantiles"]
