from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

import forecasting
from forecasting.backtesting import held_back
from forecasting.errors import InputError
from forecasting.models.blend import combine, mean_shares, prior, weigh
from forecasting.models.protocol import Past
from forecasting.models.seasonal import RecentMean
from forecasting.rolling.answers import predict_series
from forecasting.rolling.fanout import Predictions
from forecasting.rolling.origins import rolling_origins
from forecasting.rolling.tasks import Task
from forecasting.series.panel import Series
from forecasting.tables import Accuracy
from forecasting.tuning import load_tuning

TUNING = load_tuning()
EDGES = TUNING.intervals.group_days


def daily(number: int, name: str = "a", mean: float = 20.0) -> pl.DataFrame:
    days = [date(2025, 1, 6) + timedelta(days=i) for i in range(number)]
    counts = np.random.default_rng(0).poisson(mean, number)
    return pl.DataFrame({"series": name, "start": days, "count": counts})


def series(number: int, name: str = "a") -> Series:
    starts = np.datetime64("2025-01-06") + np.arange(number)
    return Series(
        name, starts, np.random.default_rng(1).poisson(20.0, number).astype(float)
    )


def task(number: int = 100, name: str = "a") -> Task:
    own = series(number, name)
    origins = rolling_origins(own, 28, 2, TUNING.backtest)
    future = own.starts[-1] + np.arange(1, 8)
    return Task(own, "day", 28, origins, future, {})


def said(method: str, errors: list[float], name: str = "a") -> pl.DataFrame:
    """Predictions of 100 at one origin, off by `errors`."""
    n = len(errors)
    return pl.DataFrame(
        {
            "series": name,
            "origin": date(2026, 1, 1),
            "start": [date(2026, 1, 2) + timedelta(days=i) for i in range(n)],
            "ahead": pl.Series(range(1, n + 1), dtype=pl.Int32),
            "actual": [100.0] * n,
            "method": method,
            "mean": [100.0 + error for error in errors],
        }
    )


def test_accuracy_stands_beside_the_naive_methods():
    table = forecasting.backtest(daily(260), horizon=28, origins=2)
    Accuracy.validate(table)
    assert {"blend", "last_week", "mean_of_4", "nb_glm"} <= set(table["method"])
    assert table.filter("chosen")["method"].to_list() == ["blend"]
    assert table["periods"].unique().to_list() == [56]


def test_the_blend_of_pure_noise_beats_repeating_last_week():
    table = forecasting.backtest(daily(300), horizon=28, origins=3)
    of = dict(table.select("method", "wape").iter_rows())
    assert of["blend"] < 0.85 * of["last_week"]


def test_a_history_too_short_to_hold_anything_back_is_refused():
    with pytest.raises(InputError, match="room for a backtest"):
        forecasting.backtest(daily(20), horizon=28, origins=2)


def test_origins_leave_the_least_history_and_stand_in_order():
    own = series(365)
    found = rolling_origins(own, 56, 4, TUNING.backtest)
    assert list(found) == [own.starts[-1] - 28 * step for step in (4, 3, 2, 1)]
    short = rolling_origins(series(60), 56, 4, TUNING.backtest)
    least = TUNING.backtest.least_history_days
    assert all((o - own.starts[0]).astype(int) >= least for o in short)
    assert rolling_origins(series(10), 56, 4, TUNING.backtest) == ()


def test_no_method_sees_anything_after_its_origin():
    class Spy:
        name = "spy"
        seen: list[tuple[np.datetime64, np.datetime64]] = []  # noqa: RUF012  one test's notes

        def suits(self, past: Past) -> bool:
            return True

        def predict(self, past: Past, future: np.ndarray) -> np.ndarray:
            self.seen.append((past.series.starts[-1], future[0]))
            return np.zeros(future.size)

    spy = Spy()
    predict_series(task(), [spy])
    assert len(spy.seen) == 3
    assert all(known < wanted for known, wanted in spy.seen)


def test_what_is_held_back_is_judged_by_earlier_origins_alone():
    predictions = predict_series(task(200), [RecentMean(4)])
    past = predictions.drop_nulls("actual")
    last = past["origin"].max()
    shocked = past.with_columns(
        pl.when(pl.col("start") > last)
        .then(pl.col("actual") * 9)
        .otherwise("actual")
        .alias("actual")
    )
    usual = held_back(Predictions(past, past.clear(), {}), 1, TUNING)
    changed = held_back(Predictions(shocked, past.clear(), {}), 1, TUNING)
    assert changed.drop("actual").equals(usual.drop("actual"))
    assert changed["actual"].sum() > usual["actual"].sum()


def test_the_blend_leans_to_the_better_method_but_never_wholly():
    past = pl.concat([said("good", [1.0, -1.0]), said("bad", [40.0, -40.0])])
    weights = weigh(past, pl.Series("series", ["a"]), EDGES, TUNING.blend)
    of = dict(
        weights.filter(pl.col("band") == 0).select("method", "weight").iter_rows()
    )
    assert of["good"] > 0.85
    assert of["bad"] > 0.02
    assert sum(of.values()) == pytest.approx(1.0)


def test_the_more_origins_speak_the_more_the_blend_leans():
    once = pl.concat([said("good", [1.0, -1.0]), said("bad", [2.0, -2.0])])
    later = [
        once.with_columns(pl.col("origin").dt.offset_by(f"{i}d")) for i in range(6)
    ]
    names = pl.Series("series", ["a"])
    few, many = (
        dict(weigh(past, names, EDGES, TUNING.blend).select("method", "weight").rows())
        for past in (once, pl.concat(later))
    )
    assert many["good"] > few["good"] + 0.05


def test_a_series_without_a_backtest_gets_the_weights_of_all():
    past = pl.concat([said("good", [1.0, -1.0]), said("bad", [40.0, -40.0])])
    names = pl.Series("series", ["a", "new"])
    weights = weigh(past, names, EDGES, TUNING.blend).sort("band", "method")
    own, new = (weights.filter(pl.col("series") == name)["weight"] for name in names)
    assert new.to_list() == own.to_list()


def test_without_any_backtest_naive_means_count_for_less():
    wanted = pl.concat([said("nb_glm", [0.0]), said("last_year", [10.0])])
    weights = weigh(wanted.clear(), pl.Series("series", ["a"]), EDGES, TUNING.blend)
    mean = combine(wanted, weights, EDGES, TUNING.blend)["mean"][0]
    prior = TUNING.blend.prior["last_year"]
    assert mean == pytest.approx(100.0 + 10.0 * prior / (1 + prior))


def test_a_method_told_of_documents_counts_like_the_one_that_is_not():
    names = ["last_year", "last_year_documents", "nb_glm"]
    frame = pl.DataFrame({"method": names}).select(prior(TUNING.blend))
    naive = TUNING.blend.prior["last_year"]
    assert frame.to_series().to_list() == [naive, naive, 1.0]


def test_without_any_backtest_other_methods_count_alike():
    wanted = pl.concat([said("x", [0.0]), said("y", [10.0])])
    weights = weigh(wanted.clear(), pl.Series("series", ["a"]), EDGES, TUNING.blend)
    assert combine(wanted, weights, EDGES, TUNING.blend)["mean"].to_list() == [105.0]


def test_a_long_gap_holds_one_origin_and_no_more():
    before, after = series(300).starts, series(100).starts + 500
    starts = np.concatenate([before, after])
    gapped = Series("a", starts, np.ones(starts.size))
    found = rolling_origins(gapped, 56, 12, TUNING.backtest)
    assert len(set(found)) == len(found)
    assert set(found) <= set(starts)
    assert list(found) == sorted(found)
    rows = predict_series(
        Task(gapped, "day", 56, found, after[:0], {}), [RecentMean(4)]
    )
    assert not rows.select("origin", "start").is_duplicated().any()


def test_every_scored_origin_has_a_whole_horizon_of_outcomes():
    table = forecasting.backtest(daily(500), horizon=120, origins=1)
    assert table["periods"].unique().to_list() == [120]


def test_the_pool_knows_no_outcome_later_than_the_origin():
    """A series judged a year earlier must not lean on what others saw since."""
    alive = predict_series(task(500, "alive"), [RecentMean(4)]).drop_nulls("actual")
    ended = predict_series(task(135, "ended"), [RecentMean(4)]).drop_nulls("actual")
    shocked = alive.with_columns(pl.col("actual") * 9)
    usual, changed = (
        held_back(Predictions(pl.concat([rows, ended]), ended.clear(), {}), 1, TUNING)
        for rows in (alive, shocked)
    )
    own = pl.col("series") == "ended"
    assert changed.filter(own).equals(usual.filter(own))


def test_the_shares_of_the_methods_are_those_of_the_blend():
    past = pl.concat([said("good", [1.0, -1.0]), said("bad", [40.0, -40.0])])
    wanted = pl.concat([said("good", [0.0]), said("bad", [50.0])])
    weights = weigh(past, pl.Series("series", ["a"]), EDGES, TUNING.blend)
    shares = mean_shares(wanted, weights, EDGES, TUNING.blend)
    of = dict(shares.select("method", "weight").iter_rows())
    assert sum(of.values()) == pytest.approx(1.0)
    blended = combine(wanted, weights, EDGES, TUNING.blend)["mean"][0]
    assert blended == pytest.approx(100.0 + 50.0 * of["bad"])
