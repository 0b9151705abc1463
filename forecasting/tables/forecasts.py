"""What is expected, by period and slot, and how good that was."""

import itertools

import dataframely as dy
import polars as pl

from forecasting.tables.naming import QUANTILE_NAMES


class Forecast(dy.Schema):
    """A forecast per series and period: mean and quantiles, never negative or crossing."""

    series = dy.String(primary_key=True, min_length=1)
    start = dy.Date(primary_key=True)
    mean = dy.Float64(nullable=False, min=0)
    q05 = dy.Float64(nullable=False, min=0)
    q10 = dy.Float64(nullable=False)
    q25 = dy.Float64(nullable=False)
    q50 = dy.Float64(nullable=False)
    q75 = dy.Float64(nullable=False)
    q90 = dy.Float64(nullable=False)
    q95 = dy.Float64(nullable=False)

    @dy.rule()
    def quantiles_never_cross(cls) -> pl.Expr:
        """Each quantile is at least the one below it."""
        pairs = itertools.pairwise(QUANTILE_NAMES)
        return pl.all_horizontal(pl.col(low) <= pl.col(high) for low, high in pairs)


class StoredForecast(Forecast):
    """A forecast as kept by a run: with its cadence and the method chosen."""

    cadence = dy.String(nullable=False)
    method = dy.String(nullable=False)


class SlotForecast(dy.Schema):
    """Expected contacts per series and open quarter-hour: day forecast x profile.

    `cv` is the noise of the slot: the coefficient of variation of its rate about the
    day's level, beyond the chance of counting; null where no history tells it.
    """

    series = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    mean = dy.Float64(nullable=False, min=0)
    cv = dy.Float64(nullable=True, min=0)


class Accuracy(dy.Schema):
    """How a method did on held-back periods of a series, over all rolling origins."""

    series = dy.String(primary_key=True, min_length=1)
    method = dy.String(primary_key=True)
    horizon = dy.Int32(primary_key=True)
    chosen = dy.Bool(nullable=False)
    periods = dy.Int64(nullable=False, min=1)
    demand = dy.Float64(nullable=False, min=0)
    wape = dy.Float64(nullable=True, min=0)
    mase = dy.Float64(nullable=True, min=0)
    pinball = dy.Float64(nullable=True, min=0)
    coverage90 = dy.Float64(nullable=True, min=0, max=1)
