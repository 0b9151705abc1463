"""Sampled futures of a day: factors of the load of walk-ins about what is expected."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

import forecasting
from forecasting.errors import InputError
from staffing.workload import DayFutures, day_futures, match_series
from tests.staffing import forecast_cases as cases
from tests.staffing.forecast_cases import BOOKED, CALLS, MONDAY, POST, VISITS

MEANS = {CALLS: 420.0, VISITS: 240.0, BOOKED: 36.0, POST: 30.0}
PERIOD = ["series", "start"]
PAIR_DAY = ["location", "skill", "day"]


def work_of(*series: str) -> pl.DataFrame:
    names = pl.Series(series, dtype=pl.String)
    return match_series(names, cases.catalogue(), no_show=0.1)[0]


def futures(
    means: dict[str, float],
    slots: pl.DataFrame | None = None,
    *,
    cadence: str = "day",
    days: tuple[date, date] | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    forecast = cases.forecast(means, days=14, cadence=cadence)
    drawn = forecasting.samples(forecast, 40, seed=3)
    told = slots if slots is not None else cases.slots(means, days=14)
    found = day_futures(
        drawn, forecast, told, work_of(*means), cases.calendar(), days=days
    )
    return drawn, DayFutures.validate(found)


def test_the_factors_of_a_day_are_1_on_average() -> None:
    _, found = futures(MEANS)
    mean = found.group_by(PAIR_DAY).agg(pl.col("factor").mean(), pl.len())
    np.testing.assert_allclose(mean["factor"], 1.0, rtol=1e-12)
    assert set(mean["len"]) == {40}
    assert mean.height == 2 * 10


def test_one_series_moves_as_its_samples_do_less_the_chance_of_counting() -> None:
    """Drawn in to the mean, so that the variance of a Poisson count of 400 is gone."""
    drawn, found = futures({CALLS: 400.0})
    count = pl.col("count")
    expected = drawn.select(
        pl.col("start").alias("day"),
        "sample",
        (count / count.mean().over("start")).alias("move"),
        count.mean().over("start").alias("mean"),
    )
    both = found.join(expected, on=["day", "sample"])
    assert both.height == 10 * 40
    for _, day in both.group_by("day"):
        factor, move, mean = (
            day[name].to_numpy() for name in ("factor", "move", "mean")
        )
        kept = (factor - 1) / (move - 1)
        np.testing.assert_allclose(kept, kept[0])
        assert factor.var() == pytest.approx(move.var() - 1 / mean[0])


def test_counts_drawn_about_the_factors_spread_as_the_forecast_does() -> None:
    """Chance counts once: 200 visits of which one day of three is 14% or more off."""
    forecast = cases.forecast({VISITS: 200.0}, days=5)
    drawn = forecasting.samples(forecast, 6000, seed=3)
    slots = cases.slots({VISITS: 200.0})
    found = day_futures(drawn, forecast, slots, work_of(VISITS), cases.calendar())
    rate = 200 * found["factor"].to_numpy()
    counts = np.random.default_rng(1).poisson(rate)
    spread = drawn["count"].to_numpy().std()
    assert counts.std() == pytest.approx(spread, rel=0.02)
    assert np.hypot(spread, np.sqrt(200)) > 1.15 * spread


def test_a_spread_no_wider_than_counting_leaves_a_rate_that_is_known() -> None:
    _, found = futures({VISITS: 30.0})
    assert (found["factor"] == 1).all()


def test_series_of_a_queue_weigh_by_their_seconds_of_work() -> None:
    """200 visits of 600 s count four times as much as 300 short ones of 100 s."""
    short = "hall/info/visit/video"
    means = {VISITS: 200.0, short: 300.0}
    forecast = cases.forecast(means)
    drawn = forecasting.samples(forecast, 40, seed=3)
    seconds = pl.when(pl.col("series") == short).then(100.0).otherwise("handling_s")
    work = work_of(*means).with_columns(seconds.alias("handling_s"))
    slots = cases.slots(means)
    found = day_futures(drawn, forecast, slots, work, cases.calendar())
    moves = drawn.with_columns(pl.col("count") / pl.col("count").mean().over(PERIOD))
    both = moves.pivot("series", index=["start", "sample"], values="count")
    expected = both.select(
        pl.col("start").alias("day"),
        "sample",
        (0.8 * pl.col(VISITS) + 0.2 * pl.col(short)).alias("move"),
    )
    joined = found.join(expected, on=["day", "sample"])
    assert joined.height == 5 * 40
    chance = 0.8**2 / 200 + 0.2**2 / 300
    for _, day in joined.group_by("day"):
        factor, move = day["factor"].to_numpy(), day["move"].to_numpy()
        kept = (factor - 1) / (move - 1)
        np.testing.assert_allclose(kept, kept[0])
        assert factor.var() == pytest.approx(move.var() - chance, rel=0.02)


def test_planned_visits_and_work_that_can_wait_do_not_move_a_day() -> None:
    alone, both = futures({VISITS: 240.0})[1], futures(MEANS)[1]
    counter = both.filter(pl.col("skill") == "counter")
    np.testing.assert_allclose(counter["factor"], alone["factor"])
    assert set(both["skill"]) == {"counter", "phone"}
    assert futures({BOOKED: 36.0})[1].is_empty()


@pytest.mark.parametrize("cadence", ["week", "month"])
def test_a_week_or_month_moves_all_its_days_alike(cadence: str) -> None:
    none = cases.slots({CALLS: 1.0}).clear()
    _, found = futures({CALLS: 600.0}, none, cadence=cadence)
    week = found.filter(pl.col("day") < MONDAY + timedelta(days=7))
    assert week["day"].n_unique() == 5
    spread = week.group_by("sample").agg(pl.col("factor").n_unique())
    assert (spread["factor"] == 1).all()


def test_only_the_days_asked_for_are_made() -> None:
    asked = (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2))
    assert set(futures(MEANS, days=asked)[1]["day"]) == set(asked)


def test_samples_of_another_forecast_are_refused_by_name() -> None:
    forecast = cases.forecast({CALLS: 120.0})
    drawn = forecasting.samples(forecast, 5, seed=3).filter(pl.col("start") != MONDAY)
    with pytest.raises(InputError, match=f"{CALLS} on {MONDAY}"):
        day_futures(
            drawn, forecast, cases.slots({CALLS: 9.0}), work_of(CALLS), cases.calendar()
        )
