"""Amounts have no unit of their own; counts do."""

import numpy as np
import polars as pl
import pytest

from forecasting import forecast
from forecasting.intervals.errors import Errors
from forecasting.intervals.spreading import spreads
from forecasting.models.amounts import in_unit, unit_of
from forecasting.models.protocol import Past
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning

DAYS = np.datetime64("2023-01-02") + np.arange(150)
TUNING = load_tuning()


def amounts(unit: float) -> pl.DataFrame:
    """Thousands handed out per day, with a week; hardly any noise."""
    rng = np.random.default_rng(3)
    week = np.array([1.2, 1.0, 0.9, 1.1, 1.6, 0.8, 0.3])[np.arange(DAYS.size) % 7]
    counts = unit * 2.3 * week * rng.gamma(400, 1 / 400, DAYS.size)
    return pl.DataFrame({"series": "cash", "start": DAYS, "count": counts})


def test_the_unit_of_amounts_scales_the_forecast_and_nothing_else():
    small, large = (
        forecast(amounts(unit), horizon=14).drop("series", "start").to_numpy()
        for unit in (1.0, 1024.0)
    )
    assert large == pytest.approx(1024 * small, rel=1e-6)


def test_steady_amounts_are_told_within_a_few_parts_in_a_hundred():
    said = forecast(amounts(1.0), horizon=7)
    week = np.array([1.2, 1.0, 0.9, 1.1, 1.6, 0.8, 0.3])[(150 + np.arange(7)) % 7]
    assert said["mean"].to_numpy() == pytest.approx(2.3 * week, rel=0.06)
    assert (said["q95"] / said["q05"]).max() < 1.35  # type: ignore[operator]  # a number


def test_counts_keep_their_unit_and_whatever_stands_beside_amounts_takes_it():
    counts, halves = np.array([3.0, 0.0, 5.0]), np.array([3.5, 0.0, 5.0])
    assert unit_of(counts, "day") == 1.0
    kin = Series("kin", DAYS[:3], counts)
    past = Past(Series("own", DAYS[:3], halves), "day", {}, kin=kin)
    unit = unit_of(halves, "day")
    told = in_unit(past, unit)
    assert told.series.counts.mean() == pytest.approx(25)
    assert told.kin is not None
    assert told.kin.counts == pytest.approx(counts * unit)


def test_what_is_assumed_does_not_drown_the_spread_of_a_steady_series():
    rng = np.random.default_rng(4)
    origins = np.repeat(np.datetime64("2023-01-01") + 28 * np.arange(4), 28)
    past = pl.DataFrame(
        {
            "origin": origins,
            "ahead": np.tile(np.arange(1, 29), 4),
            "mean": 1e5,
            "actual": np.round(1e5 * np.exp(rng.normal(0, 0.03, 112))),
        }
    )
    phi = spreads([Errors.of(past, TUNING.intervals)], TUNING.intervals)[0].phi
    assert phi**0.5 < 2 * 0.03
