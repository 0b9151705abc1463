"""The simulation against exact queues, and what must hold of any queue."""

import numpy as np
import pytest

from forecasting.errors import InputError
from staffing.queueing import abandonment, mean_wait, occupancy, service_level
from staffing.simulation import Distribution, Simulation, simulate
from staffing.simulation.engine import Arrivals
from tests.staffing.simulation_cases import STEADY, within_three_errors, without_start


def steady(
    load: float, agents: int, patience: float | None, *, seed: int = 5
) -> Simulation:
    """A long run of a queue with 180 s of handling, its first slots left out."""
    counts = np.full(STEADY + 600, load * 900 / 180)
    run = simulate(
        counts, np.full(counts.size, agents), 180, patience,
        slot_s=900, threshold_s=25, replications=40, seed=seed,
    )  # fmt: skip
    return without_start(run)


@pytest.mark.parametrize(("load", "agents"), [(0.5, 1), (3.5, 5), (10, 12)])
def test_without_patience_it_agrees_with_erlang_c(load: float, agents: int) -> None:
    rate, found = load * 20, steady(load, agents, None).overall
    assert within_three_errors(
        found.within_share, float(service_level(rate, 180, agents, 25))
    )
    assert within_three_errors(found.mean_wait_s, float(mean_wait(rate, 180, agents)))
    assert within_three_errors(found.occupancy, float(occupancy(rate, 180, agents)))


@pytest.mark.parametrize(("load", "agents"), [(0.5, 1), (3.5, 3), (10, 11), (20, 16)])
def test_with_patience_it_agrees_with_erlang_a(load: float, agents: int) -> None:
    rate, found = load * 20, steady(load, agents, 120).overall
    assert within_three_errors(
        found.within_share, float(service_level(rate, 180, agents, 25, 120))
    )
    assert within_three_errors(
        found.abandoned_share, float(abandonment(rate, 180, agents, 120))
    )
    assert within_three_errors(
        found.mean_wait_s, float(mean_wait(rate, 180, agents, 120))
    )


def test_the_mean_wait_of_one_server_obeys_pollaczek_and_khinchine() -> None:
    rate, cv, handling = 14 / 3600, 1.4, 180.0
    counts = np.full(3000, rate * 900)
    run = simulate(
        counts, np.ones(3000), Distribution(handling, cv),
        slot_s=900, threshold_s=25, replications=60, seed=2,
    )  # fmt: skip
    load = rate * handling
    exact = rate * handling**2 * (1 + cv**2) / 2 / (1 - load)
    assert within_three_errors(run.overall.mean_wait_s, exact)


def test_the_same_seed_gives_the_same_counts() -> None:
    runs = [
        simulate(
            [10, 20, 5], [2, 4, 1], 200, 60,
            slot_s=900, threshold_s=25, replications=5, seed=9,
        )
        for _ in range(2)
    ]  # fmt: skip
    np.testing.assert_array_equal(runs[0].within, runs[1].within)
    np.testing.assert_array_equal(runs[0].waited_s, runs[1].waited_s)


def test_one_agent_more_meets_the_same_contacts() -> None:
    few, many = (
        simulate(
            [30] * 8, [n] * 8, 200, 60,
            slot_s=900, threshold_s=25, replications=20, seed=1,
        )
        for n in (6, 7)
    )  # fmt: skip
    np.testing.assert_array_equal(few.offered, many.offered)
    assert (many.waited_s.sum(axis=1) <= few.waited_s.sum(axis=1)).all()


def test_each_replication_may_have_staff_and_arrivals_of_its_own() -> None:
    rng = np.random.default_rng(3)
    arrivals, agents = rng.integers(5, 40, (6, 4)), rng.uniform(0, 9, (6, 4))
    times = {"slot_s": 900, "threshold_s": 25, "seed": 8}
    own = simulate(arrivals, agents, 200, 60, replications=6, **times)  # type: ignore[arg-type]  # numbers
    for run in range(6):
        alone = simulate(
            arrivals[run],
            agents[run],
            200,
            60,
            replications=6,
            **times,  # type: ignore[arg-type]  # numbers
        )
        np.testing.assert_array_equal(own.within[run], alone.within[run])
        np.testing.assert_array_equal(own.busy_s[run], alone.busy_s[run])
        np.testing.assert_array_equal(own.staffed_s[run], alone.staffed_s[run])


def test_who_gives_up_within_the_threshold_is_counted_apart() -> None:
    """With nobody there each leaves when patience is over: 1 - exp(-25 / 60) in time."""
    run = simulate(
        [100], [0], 200, 60, slot_s=900, threshold_s=25, replications=400, seed=1
    )
    early = run.abandoned_within.sum() / run.abandoned.sum()
    exact = 1 - np.exp(-25 / 60)
    assert early == pytest.approx(exact, abs=3 * np.sqrt(exact * (1 - exact) / 4e4))


def test_who_gives_up_counts_as_asked() -> None:
    """With Erlang A the four shares differ; by hand from the counts."""
    run = simulate(
        [60] * 4, [9] * 4, 200, 60,
        slot_s=900, threshold_s=25, replications=50, seed=1,
    )  # fmt: skip
    offered, left, within, early = (
        counts.sum()
        for counts in (run.offered, run.abandoned, run.within, run.abandoned_within)
    )
    by_hand = {
        "late": within / offered,
        "left_out": within / (offered - left),
        "short_left_out": within / (offered - early),
        "in_time": (within + early) / offered,
    }
    for treatment, share in by_hand.items():
        assert run.counted(treatment).overall.within_share.mean == pytest.approx(share)
    assert run.counted("late").overall.within_share == run.overall.within_share
    with pytest.raises(InputError, match="in_time"):
        run.counted("forgotten")


def test_nobody_there_serves_nobody() -> None:
    run = simulate(
        [10, 10], [0, 0], 200, 60, slot_s=900, threshold_s=25, replications=9, seed=1
    )
    assert run.answered.sum() == 0
    np.testing.assert_array_equal(run.abandoned, run.offered)


def test_who_came_before_closing_is_served_by_those_present() -> None:
    run = simulate(
        [60], [1], Distribution(300, 0), slot_s=900, threshold_s=25,
        replications=20, seed=1, pattern=Arrivals(exact=True),
    )  # fmt: skip
    np.testing.assert_array_equal(run.answered, np.full((20, 1), 60.0))
    assert (run.busy_s <= 900).all()


def test_an_agent_who_leaves_finishes_the_contact() -> None:
    run = simulate(
        [1, 0, 0], [1, 0, 0], Distribution(1000, 0), slot_s=900, threshold_s=25,
        replications=50, seed=4, pattern=Arrivals(exact=True),
    )  # fmt: skip
    np.testing.assert_array_equal(run.answered[:, 0], np.ones(50))
    np.testing.assert_allclose(run.busy_s.sum(axis=1), np.full(50, 1000.0), rtol=1e-9)


def test_a_part_agent_is_there_for_part_of_the_slot() -> None:
    run = simulate(
        [200], [0.5], Distribution(1e-6, 0), Distribution(1e-3, 0), slot_s=1000,
        threshold_s=1, replications=200, seed=4,
    )  # fmt: skip
    share = run.overall.within_share
    assert share.low <= 0.5 <= share.high


def test_uncertain_arrivals_spread_as_a_negative_binomial() -> None:
    run = simulate(
        [50], [99], 10, slot_s=900, threshold_s=25, replications=20_000, seed=4,
        pattern=Arrivals(arrival_cv=0.3),
    )  # fmt: skip
    assert run.offered.mean() == pytest.approx(50, rel=0.01)
    assert run.offered.var() == pytest.approx(50 + 0.09 * 2500, rel=0.05)


def test_planned_visits_come_as_planned() -> None:
    run = simulate(
        [0, 0], [9, 9], 10, slot_s=900, threshold_s=25, replications=300, seed=4,
        pattern=Arrivals(booked=[4, 2.5]),
    )  # fmt: skip
    np.testing.assert_array_equal(run.offered[:, 0], np.full(300, 4.0))
    assert set(run.offered[:, 1]) == {2.0, 3.0}


def test_handling_times_as_measured_are_drawn_from_their_values() -> None:
    run = simulate(
        [40, 0], [80, 0], Distribution.empirical([100, 400]), slot_s=5000, threshold_s=25,
        replications=400, seed=4, pattern=Arrivals(exact=True),
    )  # fmt: skip
    assert run.busy_s.sum() / run.offered.sum() == pytest.approx(250, rel=0.03)


def test_slots_and_overall_tell_the_same_story() -> None:
    run = simulate(
        [30, 0, 20], [3, 0, 3], 200, 60,
        slot_s=900, threshold_s=25, replications=50, seed=1,
    )  # fmt: skip
    slots = run.slots
    assert slots["within"].sum() == pytest.approx(run.overall.within.mean)
    assert slots["within_share"][1] is None
    assert (slots["within_low"] <= slots["within"]).all()
    np.testing.assert_array_equal(run.offered, run.answered + run.abandoned)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"agents": [1, 2]}, "agents for 3 slots"),
        ({"arrivals": [1, -2, 3]}, "arrivals .* slot 1"),
        ({"agents": [1, np.nan, 3]}, "agents .* slot 1"),
        ({"agents": np.ones((3, 3))}, "agents .* 2 replications x 3 slots"),
        ({"agents": [[1, 1, 1], [1, 1, -1]]}, "slot 2 of replication 1"),
        ({"replications": 0}, "replication"),
        ({"handling_time": -3}, "mean duration"),
        ({"handling_time": np.nan}, "mean duration"),
        ({"handling_factor": [1, 1, np.nan]}, "handling_factor .* slot 2"),
    ],
)
def test_bad_input_is_one_clear_line(change: dict[str, object], problem: str) -> None:
    good: dict[str, object] = {
        "arrivals": [1, 2, 3], "agents": [1, 1, 1], "handling_time": 100,
        "slot_s": 900, "threshold_s": 25, "replications": 2, "seed": 0,
    }  # fmt: skip
    with pytest.raises(InputError, match=problem):
        simulate(**(good | change))  # type: ignore[arg-type]  # wrong on purpose
