"""The parts of a replay: its queue, its correction and its bounds, each alone."""

import numpy as np
import polars as pl
import pytest

from staffing.simulation import Distribution, correcting, intervals, simulate
from staffing.simulation.engine import Arrivals
from staffing.simulation.fitting import Behaviour, live, spread_of_handling
from staffing.simulation.outcomes import Floats
from staffing.simulation.timeline import Line

RUNS = 400


def line(offered: Floats, agents: Floats) -> Line:
    size = len(offered)
    return Line(np.arange(size), 1800.0, offered, agents, np.full(size, 180.0))


def test_the_queue_agrees_with_the_general_simulation() -> None:
    """Whole people and planned means: a second implementation of the same queue."""
    offered = np.array([40.0, 60, 75, 55, 30])
    agents = np.array([5.0, 6, 7, 6, 4])
    ours = live(line(offered, agents), Behaviour(1.0, 240.0, 0.8), 25, RUNS, 1)
    theirs = simulate(
        offered, agents, Distribution(180, 0.8), 240, slot_s=1800, threshold_s=25,
        replications=RUNS, seed=2, pattern=Arrivals(exact=True),
    )  # fmt: skip
    for told, known in zip(ours, (theirs.within, theirs.abandoned), strict=True):
        gap = told.mean(axis=0) - known.mean(axis=0)
        error = np.sqrt((told.var(axis=0) + known.var(axis=0)) / RUNS)
        assert (np.abs(gap) < 4 * error).all()


def test_knowing_the_mean_of_a_slot_leaves_less_to_chance() -> None:
    slots = line(np.full(6, 80.0), np.full(6, 9.0))
    spreads = [
        live(slots, Behaviour(1.0, 240.0, 1.4, measured), 25, RUNS, 1)[0].std(axis=0)
        for measured in (True, False)
    ]
    assert (spreads[0] < 0.9 * spreads[1]).all()


@pytest.mark.parametrize("cv", [0.6, 1.3])
def test_the_spread_of_handling_is_told_by_means_of_slots(cv: float) -> None:
    """However much the mean drifts over the day."""
    rng = np.random.default_rng(5)
    sigma = np.sqrt(np.log1p(cv**2))
    counts = rng.integers(10, 60, 600)
    drift = 180 * (1 + 0.3 * np.sin(np.arange(600) / 20))
    units = [rng.lognormal(-(sigma**2) / 2, sigma, count).mean() for count in counts]
    slots = pl.DataFrame(
        {
            "start": np.arange(600),
            "offered": counts,
            "abandoned": np.zeros(600),
            "handling_time_s": drift * np.array(units),
        }
    )
    assert spread_of_handling(slots) == pytest.approx(cv, rel=0.12)
    planned = slots.with_columns(handling_time_s=pl.lit(180.0))
    assert spread_of_handling(planned) == 0


def lesson(shift: float, slots: int = 300) -> correcting.Lesson:
    """Slots whose logit is off by `shift` times their only feature."""
    rng = np.random.default_rng(4)
    feature, share = rng.normal(size=slots), rng.uniform(0.3, 0.9, slots)
    odds = share / (1 - share) * np.exp(shift * feature)
    seen = rng.binomial(40, odds / (1 + odds)) / 40
    return correcting.Lesson(
        feature[:, None], share, seen, np.full(slots, 40.0),
        correcting.blocks_of(np.arange(slots) // 20),
    )  # fmt: skip


def test_what_a_feature_explains_is_learnt_on_other_days() -> None:
    given = lesson(0.8)
    _, told = correcting.learn(given)
    before = np.abs(given.seen - given.share).mean()
    assert np.abs(given.seen - told).mean() < 0.6 * before


def test_nothing_is_learnt_where_nothing_is_off() -> None:
    given = lesson(0.0)
    correction, _ = correcting.learn(given)
    moved = correction(given.features, given.share) - given.share
    assert np.abs(moved).max() < 0.02


def test_blocks_hold_whole_days_in_sequence() -> None:
    days = np.repeat(np.arange(12), 3)
    block = correcting.blocks_of(days)
    assert (np.diff(block) >= 0).all()
    assert len(np.unique(block)) == correcting.FOLDS
    assert all(len(np.unique(block[days == day])) == 1 for day in range(12))


def test_tilting_moves_the_mean_and_keeps_none_and_all() -> None:
    runs = np.array([[0.0, 10], [5, 10], [10, 10]])
    told = correcting.tilt(runs, np.array([10.0, 10]), np.array([0.6, 0.6]))
    assert told[:, 0].mean() == pytest.approx(6)
    assert told[[0, 2], 0].tolist() == [0, 10]
    assert told[:, 1].tolist() == [10, 10, 10]


@pytest.mark.parametrize("too_narrow", [1.0, 1.6])
def test_bounds_learnt_hold_80_percent_of_what_comes(too_narrow: float) -> None:
    """Also where what is seen spreads wider than the runs say."""
    rng = np.random.default_rng(6)
    offered = np.full(2000, 400.0)
    runs = 200 + 20 * rng.normal(size=(RUNS, 2000))
    seen = 200 + 20 * too_narrow * rng.normal(size=2000)
    widths = intervals.fitting_widths(runs[:, :1000], seen[:1000], offered[:1000])
    level = widths(runs[:, 1000:], offered[1000:])
    low, high = intervals.bounds(runs[:, 1000:], level)
    held = np.mean((seen[1000:] >= low) & (seen[1000:] <= high))
    assert held == pytest.approx(0.8, abs=4 * np.sqrt(2 * 0.16 / 1000))


def test_settled_runs_have_the_bounds_as_their_middle_80_percent() -> None:
    rng = np.random.default_rng(7)
    runs = rng.normal(size=(RUNS, 5))
    level = np.linspace(0.05, 0.2, 5)
    told = np.quantile(intervals.settled(runs, level), [0.1, 0.9], axis=0)
    assert np.allclose(told, intervals.bounds(runs, level), atol=0.05)


def test_quiet_slots_and_loaded_ones_get_bounds_of_their_own() -> None:
    """Runs that are too narrow under load and too wide in quiet slots."""
    rng = np.random.default_rng(8)
    offered, quiet = np.full(600, 400.0), np.arange(600) % 2 == 0
    middle = np.where(quiet, 330.0, 130.0)
    runs = middle + 15 * rng.normal(size=(RUNS, 600))
    seen = middle + np.where(quiet, 8, 24) * rng.normal(size=600)
    level = intervals.fitting_widths(runs, seen, offered)(runs, offered)
    low, high = intervals.bounds(runs, level)
    held = (seen >= low) & (seen <= high)
    for rows in (quiet, ~quiet):
        assert held[rows].mean() == pytest.approx(0.8, abs=0.08)


def test_bad_weeks_that_stay_together_widen_the_bounds_of_a_period() -> None:
    days = np.full(14, 100.0)
    streak = np.repeat([0.1, -0.1], 10)
    mixed = np.tile([0.1, -0.1], 10)
    wide, narrow = (
        np.diff(intervals.gap_of_total(gaps, days, 1))[0] for gaps in (streak, mixed)
    )
    assert wide > 2 * narrow


def test_a_neighbour_beyond_a_pause_is_no_neighbour() -> None:
    slots = Line(
        np.array([0, 1, 6]), 1800.0, np.array([10.0, 20, 0, 0, 0, 0, 40]),
        np.full(7, 4.0), np.full(7, 180.0),
    )  # fmt: skip
    here, before, after = correcting.features_of(slots, np.full(3, 0.5))[:, :3].T
    assert before.tolist() == [here[0], here[0], here[2]]
    assert after.tolist() == [here[1], here[1], here[2]]
