"""The public Python interface: names and arguments that others build on."""

import inspect

import polars as pl
import pytest

import forecasting
import staffing.queueing
import staffing.reminders
import staffing.roster
import staffing.simulation

INTERFACE = {
    forecasting.forecast: "history horizon future country subdiv expiries events seed",
    forecasting.backtest: "history horizon origins country subdiv expiries events",
    forecasting.samples: "n seed",
    staffing.queueing.service_level: (
        "arrivals_per_hour handling_time_s agents threshold_s patience_s"
    ),
    staffing.queueing.required_agents: (
        "arrivals_per_hour handling_time_s threshold_s target patience_s arrival_cv"
    ),
    staffing.queueing.wait_probability: "arrivals_per_hour handling_time_s agents",
    staffing.queueing.mean_wait: "arrivals_per_hour handling_time_s agents",
    staffing.queueing.abandonment: "arrivals_per_hour handling_time_s agents",
    staffing.queueing.occupancy: "arrivals_per_hour handling_time_s agents",
    staffing.simulation.simulate: (
        "arrivals agents handling_time patience slot_s threshold_s replications seed"
    ),
    staffing.simulation.replay: "slots calibration threshold_s seed",
    staffing.roster.solve: "instance time_limit_s seed workers",
    staffing.roster.verify: "instance roster",
    staffing.reminders.plan: "expiries demand capacity response policy seed",
}


@pytest.mark.parametrize("function", INTERFACE, ids=lambda function: function.__name__)
def test_a_public_function_takes_the_arguments_promised(function):
    taken = inspect.signature(function).parameters
    assert set(INTERFACE[function].split()) <= set(taken)


def test_a_forecast_has_a_mean_and_quantiles_per_series_and_period():
    days = pl.date_range(pl.date(2025, 1, 1), pl.date(2026, 6, 30), eager=True)
    history = pl.DataFrame({"series": "desk", "start": days}).with_columns(
        (20 + pl.col("start").dt.weekday()).alias("count")
    )
    found = forecasting.forecast(history, horizon=14)
    assert found.columns == [
        "series", "start", "mean", "q05", "q10", "q25", "q50", "q75", "q90", "q95",
    ]  # fmt: skip
    assert found.height == 14
