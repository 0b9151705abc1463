from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting import forecast
from forecasting.backtesting import settle
from forecasting.errors import InputError
from forecasting.models.counts import CountRegression
from forecasting.models.following import Following
from forecasting.models.protocol import Past
from forecasting.models.seasonal import RecentMean, SameWeekLastYear
from forecasting.rolling.documents import Documents, moments
from forecasting.rolling.taking_part import beyond_evidence, taking_part
from forecasting.rolling.tasks import Task
from forecasting.series.cadence import last_day
from forecasting.series.exposure import Exposure
from forecasting.series.panel import Series
from tests.forecasting.expiry_cases import CATALOGUE, FIRST, TUNING, town


@pytest.fixture(scope="module")
def monthly():
    """Applications per month of six years, and the newest stock."""
    demand, stocks = town(weeks=312)
    months = demand.group_by(pl.col("start").dt.truncate("1mo")).agg(
        pl.col("count").sum()
    )
    whole = months.sort("start").with_columns(series=pl.lit("passport"))
    return whole.select("series", "start", "count"), stocks


def test_a_monthly_history_and_a_stock_give_the_ten_year_curve(monthly):
    history, stocks = monthly
    told = forecast(history, horizon=96, expiries=stocks)
    assert told.height == 96
    by_year = told.group_by(pl.col("start").dt.year()).agg(pl.col("mean").sum())
    mean = dict(by_year.iter_rows())
    last = history.filter(pl.col("start").dt.year() == 2018)["count"].sum()
    assert mean[2020] < 0.6 * last
    assert mean[2022] < 0.65 * last
    assert mean[2025] > 0.85 * last


def test_expiries_without_a_column_or_a_series_are_refused(monthly):
    history, stocks = monthly
    with pytest.raises(InputError, match="column 'age_band'"):
        forecast(history, horizon=3, expiries=stocks.drop("age_band"))
    two = pl.concat([history.with_columns(series=pl.lit(name)) for name in "ab"])
    with pytest.raises(InputError, match="none names one of: passport"):
        forecast(two, horizon=3, expiries=stocks)


def flat(value: float = 100.0, weeks: int = 400) -> Exposure:
    first = np.datetime64("2016-01-04")
    return Exposure("passport", date(2018, 1, 1), first, np.full(weeks, value))


def weekly(number: int = 120) -> Series:
    starts = np.datetime64("2017-01-02") + 7 * np.arange(number)
    counts = 50 + 10 * np.sin(np.arange(number) / 8.3)
    return Series("passport", starts, counts)


FUTURE = np.datetime64("2017-01-02") + 7 * np.arange(120, 150)


@pytest.mark.parametrize("base", [SameWeekLastYear(), RecentMean(4)])
def test_a_method_told_of_documents_that_do_not_move_says_what_it_says_without(base):
    past = Past(weekly(), "week", {}, exposure=flat())
    way = Following(base)
    assert way.name == f"{base.name}_documents"
    assert way.predict(past, FUTURE) == pytest.approx(base.predict(past, FUTURE))


def test_a_method_told_of_documents_falls_with_them():
    steps = np.where(np.arange(400) < 180, 100.0, 40.0)
    past = Past(weekly(), "week", {}, exposure=replace(flat(), weekly=steps))
    way, blind = Following(RecentMean(4)), RecentMean(4)
    told, alone = way.predict(past, FUTURE), blind.predict(past, FUTURE)
    assert told[-10:] == pytest.approx(0.4 * alone[-10:])


def test_a_series_that_only_comes_along_is_not_bound_to_the_documents():
    loose = Past(weekly(), "week", {}, exposure=replace(flat(), close=False))
    assert not Following(RecentMean(4)).suits(loose)
    assert CountRegression(TUNING.glm, exposed=True).suits(loose)


def answers(methods, ahead=(7, 14, 700), actual=10.0) -> pl.DataFrame:
    origin = date(2020, 1, 1)
    rows = [
        ("passport", origin, origin + timedelta(days=a), a, actual, method, value)
        for a in ahead
        for method, value in methods.items()
    ]
    names = ["series", "origin", "start", "ahead", "actual", "method", "mean"]
    schema = {"ahead": pl.Int32}
    return pl.DataFrame(rows, schema=names, orient="row", schema_overrides=schema)


METHODS = {
    "last_week": 99.0,
    "last_year": 30.0,
    "last_year_documents": 12.0,
    "nb_glm": 30.0,
    "expiry": 10.0,
}


def test_the_blind_twin_of_a_method_takes_no_part():
    left = taking_part(answers(METHODS))["method"].unique().to_list()
    assert sorted(left) == ["expiry", "last_year_documents"]
    alone = {name: METHODS[name] for name in ("last_week", "last_year", "nb_glm")}
    left = taking_part(answers(alone))["method"].unique().to_list()
    assert sorted(left) == ["last_year", "nb_glm"]


def test_beyond_every_backtest_only_documents_speak():
    past = taking_part(answers(METHODS, ahead=(7, 100)))
    wanted = taking_part(answers(METHODS)).with_columns(actual=pl.lit(None, pl.Float64))
    far = beyond_evidence(past, wanted).filter(pl.col("ahead") == 700)
    near = beyond_evidence(past, wanted).filter(pl.col("ahead") == 14)
    assert far["method"].to_list() == ["expiry"]
    assert near.height == 2


def test_the_blend_goes_by_the_documents_where_nothing_else_is_tried():
    past = pl.concat(
        [
            answers(METHODS, ahead=(7, 14, 21)),
            answers(METHODS, ahead=(7, 14, 21)).with_columns(
                pl.col("origin", "start").dt.offset_by("-28d")
            ),
        ]
    )
    wanted = answers(METHODS, ahead=(700,)).with_columns(
        pl.lit(None, pl.Float64).alias("actual"),
        pl.col("origin", "start").dt.offset_by("60d"),
    )
    settled = settle(past, wanted, TUNING)
    assert settled["mean"].to_list() == pytest.approx([10.0], rel=0.05)


def task(name: str, origins, cadence="month") -> Task:
    starts = np.arange("2013-01", "2019-01", dtype="datetime64[M]")
    series = Series(name, starts.astype("datetime64[D]"), np.full(starts.size, 9.0))
    days = tuple(np.datetime64(day) for day in origins)
    return Task(series, cadence, 365, days, np.empty(0, dtype="datetime64[D]"), {})


def test_documents_are_looked_at_when_the_last_known_period_ends():
    found = moments([task("passport", ["2017-12-01", "2018-06-01"])], 45)
    assert found == [date(2017, 12, 31), date(2018, 6, 30), date(2018, 12, 31)]
    assert last_day(date(2024, 2, 1), "month") == date(2024, 2, 29)
    assert last_day(date(2024, 12, 30), "week") == date(2025, 1, 5)


def test_moments_close_together_share_the_first():
    found = moments([task("passport", ["2018-05-01", "2018-06-01"])], 45)
    assert found == [date(2018, 5, 31), date(2018, 12, 31)]


def test_what_comes_along_with_applications_is_exposed_but_not_counted(monthly):
    _, stocks = monthly
    applied, asked = (f"hall/passport/{s}/x" for s in ("application", "question"))
    tasks = [task(name, ["2018-06-01"]) for name in (applied, asked, "hall/move/a/b")]
    found = Documents(CATALOGUE, stocks).behind(tasks, TUNING)
    assert set(found) == {applied, asked}
    assert {e.close for e in found[applied]} == {True}
    assert {e.close for e in found[asked]} == {False}
    weeks = found[applied][0].weekly
    assert weeks.size > 250
    assert weeks.mean() == pytest.approx(9 * 12 / 52.18, rel=0.3)  # not twice
    assert FIRST.year == 2013
