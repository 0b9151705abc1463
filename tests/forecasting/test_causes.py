"""Causes add up to the mean, whatever the effects, and say what was planted."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.explaining.causes import causes_of, settled
from forecasting.models.protocol import Past
from forecasting.rolling.explained import log_effects
from forecasting.series.exposure import Exposure
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning

MONDAY = date(2026, 11, 23)
TUNING = load_tuning().glm
EFFECT = st.floats(-30, 30) | st.just(0.0)
NAMES = ("trend", "season", "holiday", "event fair")


def days(count: int) -> list[date]:
    return [MONDAY + timedelta(days=i) for i in range(count)]


def effects_of(rows: list[dict[str, float]]) -> pl.DataFrame:
    long = [
        {"series": "a", "start": day, "cause": cause, "effect": effect}
        for day, row in zip(days(len(rows)), rows, strict=True)
        for cause, effect in row.items()
    ]
    return pl.DataFrame(long)


def forecast_of(means: list[float]) -> pl.DataFrame:
    return pl.DataFrame({"series": "a", "start": days(len(means)), "mean": means})


def sums(causes: pl.DataFrame) -> list[float]:
    total = causes.group_by("start").agg(pl.col("count").sum()).sort("start")
    return total["count"].to_list()


@given(
    st.lists(
        st.tuples(
            st.fixed_dictionaries(
                {"level": st.floats(-5, 8), **dict.fromkeys(NAMES, EFFECT)}
            ),
            st.floats(0, 1e5),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_causes_of_a_period_add_up_to_its_mean(rows):
    effects, means = zip(*rows, strict=True)
    causes = causes_of(effects_of(list(effects)), forecast_of(list(means)))
    size = float(causes["count"].abs().sum())
    by_day = dict(zip(causes["start"].unique().sort(), sums(causes), strict=True))
    for day, mean in zip(days(len(means)), means, strict=True):
        assert by_day.get(day, 0.0) == pytest.approx(mean, abs=1e-9 * (1 + size))


def test_contacts_are_divided_by_effect_and_the_rest_is_said():
    """Usual 100, times 2 by one cause and times 2 by another: 150 each of the 400."""
    twice = float(np.log(2))
    effects = effects_of([{"level": np.log(100), "season": twice, "trend": twice}])
    causes = causes_of(effects, forecast_of([430.0]))
    told = dict(causes.select("cause", "count").iter_rows())
    assert told == pytest.approx(
        {"level": 100, "season": 150, "trend": 150, "rest": 30}
    )


def test_causes_that_cancel_out_leave_the_usual():
    effects = effects_of([{"level": np.log(50), "season": 0.4, "trend": -0.4}])
    told = dict(
        causes_of(effects, forecast_of([50.0])).select("cause", "count").iter_rows()
    )
    assert told["season"] == pytest.approx(20) == pytest.approx(-told["trend"])


def test_a_period_without_effects_is_all_level():
    causes = causes_of(effects_of([{"level": 1.0}]), forecast_of([np.e, 9.0]))
    later = causes.filter(pl.col("start") == days(2)[1])
    assert later.select("cause", "count").rows() == [("level", 9.0)]


def test_parts_added_later_keep_the_sum():
    forecast = forecast_of([10.0])
    causes = causes_of(effects_of([{"level": np.log(8)}]), forecast)
    moved = forecast.with_columns(mean=pl.lit(25.0))
    part = causes.head(1).with_columns(cause=pl.lit("planner 1"), count=pl.lit(15.0))
    told = settled(pl.concat([causes, part]), moved)
    counts = dict(told.select("cause", "count").iter_rows())
    assert counts == pytest.approx({"level": 8, "rest": 2, "planner 1": 15})


def past_of(weeks: int, **beside) -> tuple[Past, np.ndarray, np.ndarray]:
    """Working days at 40 a day, with Mondays double and a fair that adds half."""
    every = np.datetime64("2024-01-01") + np.arange(7 * weeks)
    weekday = (every.astype(int) + 3) % 7
    starts = every[weekday < 5]
    mean = 40.0 * np.where((starts.astype(int) + 3) % 7 == 0, 2.0, 1.0)
    fair = (np.datetime64("2024-03-04"), np.datetime64("2024-03-15"))
    inside = (starts >= fair[0]) & (starts <= fair[1])
    mean[inside] *= 1.5
    events = (
        ("fair", date(2024, 3, 4), date(2024, 3, 15)),
        ("fair", date(2026, 3, 2), date(2026, 3, 6)),
    )
    series = Series("a", starts, np.round(mean))
    future = np.datetime64("2026-03-02") + np.array([0, 1, 2, 3, 4, 7, 8])
    return Past(series, "day", {}, events, **beside), future, mean


def test_a_planted_weekday_and_event_are_found_as_causes():
    past, future, _ = past_of(112)
    effects = log_effects(past, future, TUNING)
    total = effects.group_by("start").agg(pl.col("effect").sum().exp().alias("mean"))
    forecast = total.with_columns(pl.lit("a").alias("series"))
    causes = causes_of(effects, forecast)
    day = causes.filter(pl.col("start") == date(2026, 3, 3))
    told = dict(day.select("cause", "count").iter_rows())
    assert told["level"] == pytest.approx(48, rel=0.05)
    assert told["event fair"] == pytest.approx(20, rel=0.25)
    assert told["weekday"] == pytest.approx(-9, rel=0.3)
    after = causes.filter(pl.col("start") == date(2026, 3, 10))
    assert "event fair" not in set(after["cause"])
    assert "rest" not in set(causes.filter(pl.col("count").abs() > 1e-6)["cause"])


def test_expiring_documents_are_a_cause_beside_the_usual_of_the_year():
    """Twice as many documents expire as did over the past year."""
    weekly = np.full(160, 200.0)
    weekly[112:] = 400.0
    exposure = Exposure(
        "passport", date(2026, 2, 1), np.datetime64("2024-01-01"), weekly
    )
    past, _, _ = past_of(112, exposure=exposure)
    future = np.datetime64("2026-03-09") + np.arange(5)
    effects = log_effects(past, future, TUNING)
    doubled = effects.filter(pl.col("cause") == "expiries")["effect"]
    assert doubled.to_list() == pytest.approx([np.log(2)] * 5, abs=0.02)


def test_a_history_too_short_for_a_regression_is_all_level():
    past, future, _ = past_of(2)
    effects = log_effects(past, future, TUNING)
    assert effects["cause"].unique().to_list() == ["level"]
    usual = past.series.counts.mean()
    assert effects["effect"].exp().to_list() == pytest.approx([usual] * 7)
