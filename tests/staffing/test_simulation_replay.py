"""Replaying: it finds back what made the data, and beats the formula on real calls."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from staffing.queueing import service_level
from staffing.simulation import Distribution, replay, simulate
from staffing.simulation.engine import Arrivals

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
    assert 0.65 < share_inside(both) < 0.95


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


@pytest.fixture(scope="module")
def call_log() -> pl.DataFrame:
    """The real log per half-hour, with staff as the minutes within spells of work."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "phone"
    file = folder / "call_log_1999_01.csv"
    if not file.exists():
        pytest.skip(f"the real call log is not there: {file}")
    return by_half_hour(file)


def by_half_hour(file: Path) -> pl.DataFrame:
    calls = _calls(file)
    slot = (
        pl.col("day").cast(pl.Datetime("us"))
        + pl.duration(seconds=pl.col("came") // HALF_HOUR * HALF_HOUR)
    ).alias("start")
    answered = pl.col("outcome") == "AGENT"
    counts = calls.group_by(slot).agg(
        pl.len().cast(pl.Float64).alias("offered"),
        pl.col("service").filter(answered).mean().alias("handling_time_s"),
        (answered & (pl.col("waited") <= 25))
        .sum()
        .cast(float)
        .alias("answered_in_time"),
        (~answered).sum().cast(pl.Float64).alias("abandoned"),
    )
    staff = _staff(calls.filter(answered))
    both = counts.join(staff, on="start", how="left")
    return both.with_columns(pl.col("agents").fill_null(0.0)).sort("start")


def _calls(file: Path) -> pl.DataFrame:
    def seconds(column: str) -> pl.Expr:
        parts = pl.col(column).str.split(":").list
        units = (3600, 60, 1)
        return pl.sum_horizontal(
            parts.get(i).cast(pl.Int64) * unit for i, unit in enumerate(units)
        )

    raw = pl.read_csv(file, separator=";", infer_schema=False)
    calls = raw.filter(pl.col("outcome") != "PHANTOM").with_columns(
        pl.col("date").str.to_date().alias("day"),
        seconds("q_start").alias("queued"),
        seconds("vru_exit").alias("heard"),
        seconds("ser_start").alias("from"),
        seconds("ser_exit").alias("until"),
        pl.col("ser_time").cast(pl.Int64).alias("service"),
        pl.col("q_time").cast(pl.Int64).alias("waited"),
    )
    came = pl.when(pl.col("queued") > 0).then("queued").otherwise("heard")
    asked = (pl.col("outcome") == "AGENT") | (pl.col("queued") > 0)
    sane = pl.col("waited").is_between(0, 3600) & pl.col("service").is_between(0, 5400)
    return calls.with_columns(came.alias("came")).filter(asked & sane)


def _staff(answered: pl.DataFrame) -> pl.DataFrame:
    """People online per half-hour: a spell ends with a quarter-hour without calls."""
    who = ["day", "server"]
    work = answered.filter(pl.col("until") >= pl.col("from")).sort(*who, "from")
    last = pl.col("until").cum_max().shift(1).over(who)
    idle = (pl.col("from") - last).fill_null(86400) > 900
    spells = work.with_columns(idle.cum_sum().over(who).alias("spell"))
    ends = spells.group_by(*who, "spell").agg(
        pl.col("from").min(), pl.col("until").max()
    )
    slots = ends.join(pl.DataFrame({"slot": range(48)}), how="cross")
    within = pl.min_horizontal("until", (pl.col("slot") + 1) * HALF_HOUR)
    within -= pl.max_horizontal("from", pl.col("slot") * HALF_HOUR)
    start = pl.col("day").cast(pl.Datetime("us"))
    start += pl.duration(seconds=pl.col("slot") * HALF_HOUR)
    return slots.group_by(start.alias("start")).agg(
        (within.clip(0).sum() / HALF_HOUR).alias("agents")
    )


@pytest.fixture(scope="module")
def replayed(call_log: pl.DataFrame) -> pl.DataFrame:
    """18-31 January predicted from 1-17 January: half-hours of 15 calls or more."""
    cut = datetime(1999, 1, 18)  # noqa: DTZ001 - the log has local clock times
    past = call_log.filter(pl.col("start") < cut)
    coming = call_log.filter(pl.col("start") >= cut)
    told = replay(coming, past, threshold_s=25, seed=1)
    both = coming.join(told, on="start", suffix="_told")
    return both.filter(pl.col("offered") >= 15)


def test_real_totals_are_within_three_points(replayed: pl.DataFrame) -> None:
    calls = total(replayed, "offered")
    for name in ("answered_in_time", "abandoned"):
        gap = total(replayed, f"{name}_told") - total(replayed, name)
        assert abs(gap) / calls < 0.03


def test_real_half_hours_fall_within_the_interval_as_often_as_it_says(
    replayed: pl.DataFrame,
) -> None:
    assert 0.72 <= share_inside(replayed) <= 0.88


def test_real_half_hours_are_predicted_better_than_by_erlang_a(
    replayed: pl.DataFrame,
) -> None:
    calls = replayed["offered"].to_numpy()
    seen = replayed["answered_in_time"].to_numpy() / calls
    told = replayed["answered_in_time_told"].to_numpy() / calls
    formula = service_level(
        2 * calls, replayed["handling_time_s"], replayed["agents"], 25, 366
    )
    ours, theirs = np.abs(told - seen).mean(), np.abs(formula - seen).mean()
    assert ours < 0.9 * theirs
