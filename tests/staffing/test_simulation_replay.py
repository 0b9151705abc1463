"""Replaying: it finds back what made the data, and beats the formula on real calls."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.policy import load_policy
from staffing.simulation import Distribution, replay, simulate
from staffing.simulation.call_log import replay_log
from staffing.simulation.call_log.layout import CallLogLayout
from staffing.simulation.call_log.replayed import LogReplay
from staffing.simulation.engine import Arrivals
from staffing.simulation.replaying import predict

HALF_HOUR = 1800
START = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - any clock will do


def made_up(days: int, seed: int) -> pl.DataFrame:
    """Days of a queue whose agents are ready 85% of the time; patience 200 s."""
    rng = np.random.default_rng(seed)
    slots = 16
    offered = rng.poisson(60, (days, slots)).astype(float)
    agents = rng.integers(6, 11, (days, slots)).astype(float)
    runs = [
        simulate(
            offered[day], agents[day] * 0.85, Distribution(200, 0.6), 200,
            slot_s=HALF_HOUR, threshold_s=25, replications=1, seed=seed * 100 + day,
            pattern=Arrivals(exact=True),
        )
        for day in range(days)
    ]  # fmt: skip
    starts = [
        START + timedelta(days=day, seconds=HALF_HOUR * slot)
        for day in range(days)
        for slot in range(slots)
    ]
    return pl.DataFrame(
        {
            "start": starts,
            "offered": offered.ravel(),
            "agents": agents.ravel(),
            "handling_time_s": np.full(days * slots, 200.0),
            "answered_in_time": np.concatenate([run.within[0] for run in runs]),
            "abandoned": np.concatenate([run.abandoned[0] for run in runs]),
        }
    )


def total(frame: pl.DataFrame, column: str) -> float:
    return float(frame[column].to_numpy().sum())


def share_inside(frame: pl.DataFrame) -> float:
    """Share of slots whose answered contacts fall within the predicted bounds."""
    seen = pl.col("answered_in_time").is_between(
        "answered_in_time_q10", "answered_in_time_q90"
    )
    return float(frame.select(seen).to_series().to_numpy().mean())


def test_it_predicts_a_queue_of_the_same_kind() -> None:
    past, coming = made_up(6, 1), made_up(6, 2)
    told = replay(
        coming.drop("answered_in_time", "abandoned"), past, threshold_s=25, seed=1
    )
    calls = total(coming, "offered")
    for name in ("answered_in_time", "abandoned"):
        assert abs(total(told, name) - total(coming, name)) / calls < 0.03
    both = coming.join(told, on="start", suffix="_told")
    assert 0.68 < share_inside(both) < 0.92


def test_readiness_and_patience_are_found_back() -> None:
    """Agents are ready 85% of the time and callers hold on for 200 s."""
    told = predict(made_up(2, 3), made_up(8, 1), threshold_s=25, seed=1)
    assert told.behaviour.readiness == pytest.approx(0.85, rel=0.04)
    assert told.behaviour.patience_s == pytest.approx(200, rel=0.25)


def test_outcomes_of_the_predicted_slots_are_never_looked_at() -> None:
    past, coming = made_up(2, 1), made_up(1, 2)
    lied = coming.with_columns(answered_in_time=pl.lit(0.0), abandoned=pl.lit(0.0))
    told = [replay(slots, past, threshold_s=25, seed=4) for slots in (coming, lied)]
    assert told[0].equals(told[1])


def test_the_same_seed_gives_the_same_prediction() -> None:
    past, coming = made_up(2, 1), made_up(1, 2)
    told = [replay(coming, past, threshold_s=25, seed=4) for _ in range(2)]
    assert told[0].equals(told[1])


def test_slots_keep_their_order_in_time_and_none_is_lost() -> None:
    past = made_up(2, 1)
    told = replay(
        past.sample(fraction=1, shuffle=True, seed=1), past, threshold_s=25, seed=4
    )
    assert told["start"].to_list() == past["start"].to_list()
    assert (told["answered_in_time_q10"] <= told["answered_in_time_q90"]).all()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (pl.col("offered").alias("calls"), "abandoned"),
        ((pl.col("agents") - 20).alias("agents"), "agents"),
        (pl.lit(0.0).alias("handling_time_s"), "handling time"),
        (pl.lit(None, pl.Float64).alias("agents"), "agents"),
        (pl.lit(float("nan")).alias("offered"), "offered"),
        ((pl.col("offered") + 1).alias("abandoned"), "no more than were offered"),
        (pl.lit(START).alias("start"), "each start once"),
    ],
)
def test_a_bad_frame_is_one_clear_line(change: pl.Expr, problem: str) -> None:
    past = made_up(1, 1)
    bad = past.with_columns(change)
    bad = bad.drop("abandoned") if "calls" in bad.columns else bad
    with pytest.raises(InputError, match=problem):
        replay(past, bad, threshold_s=25, seed=0)


def test_a_frame_without_slots_is_refused() -> None:
    past = made_up(1, 1)
    with pytest.raises(InputError, match="empty frame"):
        replay(past.clear(), past, threshold_s=25, seed=0)


def real_log() -> Path:
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "phone"
    file = folder / "call_log_1999_01.csv"
    if not file.exists():
        pytest.skip(f"the real call log is not there: {file}")
    return file


@pytest.fixture(scope="module")
def real() -> LogReplay:
    """18-31 January predicted from 1-17 January."""
    config = Path(__file__).resolve().parents[2] / "config"
    return replay_log(
        real_log(),
        load_policy(config / "call_log.toml", CallLogLayout),
        fit="1999-01-01..1999-01-17",
        predict_days="1999-01-18..1999-01-31",
        threshold_s=25,
        slot_minutes=30,
        seed=1,
    )


def test_real_totals_are_within_three_points(real: LogReplay) -> None:
    for share in (real.comparison.in_time, real.comparison.given_up):
        assert abs(share.predicted - share.observed) < 0.03
        assert share.low <= share.predicted <= share.high


def test_real_half_hours_fall_within_the_interval_as_often_as_it_says(
    real: LogReplay,
) -> None:
    assert 0.72 <= real.comparison.in_time.covered <= 0.88


def test_real_half_hours_are_predicted_better_than_by_a_scaled_formula(
    real: LogReplay,
) -> None:
    errors = real.comparison.errors
    best = min(errors["Erlang C, scaled"], errors["Erlang A, scaled"])
    assert errors["replay"] <= 0.95 * best
    assert best <= min(errors["Erlang C"], errors["Erlang A"]) < errors["constant"]
