"""A network of queues against exact queues, and what each of its parts must do."""

import numpy as np
import pytest

from staffing.queueing import (
    abandonment,
    mean_wait,
    occupancy,
    service_level,
    wait_probability,
)
from staffing.simulation import (
    Again,
    Distribution,
    Group,
    Planned,
    Queue,
    Simulation,
    simulate,
    simulate_network,
)
from tests.staffing.simulation_cases import (
    STEADY,
    agree,
    run,
    within_three_errors,
    without_start,
)


def steady(load: float, agents: int, patience: float | None) -> Simulation:
    counts = np.full(STEADY + 600, load * 5)
    queue = Queue("calls", counts, 180, 25, patience)
    return without_start(run([queue], np.full(counts.size, agents)).queues["calls"])


@pytest.mark.parametrize(("load", "agents"), [(0.5, 1), (3.5, 5), (10, 12)])
def test_without_patience_one_queue_agrees_with_erlang_c(
    load: float, agents: int
) -> None:
    rate, found = load * 20, steady(load, agents, None).overall
    level = float(service_level(rate, 180, agents, 25))
    assert within_three_errors(found.within_share, level)
    assert within_three_errors(found.mean_wait_s, float(mean_wait(rate, 180, agents)))
    assert within_three_errors(found.occupancy, float(occupancy(rate, 180, agents)))


@pytest.mark.parametrize(("load", "agents"), [(0.5, 1), (3.5, 3), (10, 11), (20, 16)])
def test_with_patience_one_queue_agrees_with_erlang_a(load: float, agents: int) -> None:
    rate, found = load * 20, steady(load, agents, 120).overall
    level = float(service_level(rate, 180, agents, 25, 120))
    assert within_three_errors(found.within_share, level)
    left = float(abandonment(rate, 180, agents, 120))
    assert within_three_errors(found.abandoned_share, left)
    wait = float(mean_wait(rate, 180, agents, 120))
    assert within_three_errors(found.mean_wait_s, wait)


def test_two_queues_of_equal_rank_are_one_queue() -> None:
    counts = np.full(STEADY + 600, 20.0)
    queues = [Queue(name, counts, 180, 25) for name in ("dutch", "english")]
    group = Group("all", np.full(counts.size, 10), {"dutch": 0, "english": 0})
    found = simulate_network(queues, [group], slot_s=900, replications=40, seed=3)
    for name in ("dutch", "english"):
        overall = without_start(found.queues[name]).overall
        assert within_three_errors(overall.mean_wait_s, float(mean_wait(160, 180, 10)))
        level = float(service_level(160, 180, 10, 25))
        assert within_three_errors(overall.within_share, level)


def test_waits_by_priority_obey_cobham() -> None:
    """Cobham (1954): W0 / ((1 - load of those before) (1 - load up to and with these))."""
    loads, agents = np.array([1.2, 0.9, 0.5]), 3
    size = STEADY + 800
    queues = [
        Queue(f"rank {rank}", np.full(size, load * 5), 180, 25)
        for rank, load in enumerate(loads)
    ]
    found = run(queues, np.full(size, agents), replications=60)
    together = float(wait_probability(loads.sum() * 20, 180, agents)) * 180 / agents
    before = np.concatenate([[0.0], np.cumsum(loads)]) / agents
    for rank, queue in enumerate(queues):
        exact = together / ((1 - before[rank]) * (1 - before[rank + 1]))
        overall = without_start(found.queues[queue.name]).overall
        assert within_three_errors(overall.mean_wait_s, exact)


def test_a_day_that_changes_agrees_with_the_simulation_of_one_queue() -> None:
    arrivals, agents = [40, 80, 60, 20, 0], [6, 9.5, 11.3, 4.2, 0.5]
    law = Distribution(200, 1.3)
    one = simulate(
        arrivals,
        agents,
        law,
        150,
        slot_s=900,
        threshold_s=25,
        replications=2000,
        seed=1,
    ).overall
    queue = Queue("calls", arrivals, law, 25, 150)
    other = run([queue], agents, replications=2000, seed=2).queues["calls"].overall
    for name in ("within_share", "abandoned_share", "mean_wait_s", "occupancy"):
        assert agree(getattr(one, name), getattr(other, name)), name


def test_who_serves_fewest_queues_is_asked_first() -> None:
    queues = [Queue("desk", [5] * 8, 100, 25), Queue("phone", [5] * 8, 100, 25)]
    groups = [
        Group("both", [9] * 8, {"desk": 0, "phone": 0}),
        Group("desk only", [9] * 8, {"desk": 0}),
    ]
    found = simulate_network(queues, groups, slot_s=900, replications=50, seed=1)
    assert found.queues["phone"].within.sum() == found.queues["phone"].offered.sum()
    work = {name: busy.sum() for name, busy in found.busy_s.items()}
    assert work["desk only"] == pytest.approx(found.queues["desk"].busy_s.sum())
    assert work["both"] == pytest.approx(found.queues["phone"].busy_s.sum())


def test_runs_that_differ_in_staff_meet_the_same_contacts() -> None:
    queues = [
        Queue("calls", [30] * 8 + [0] * 30, Distribution(200, 1.3), 25),
        Queue("visits", [9] * 8 + [0] * 30, 300, 900, planned=Planned([99.0] * 9, 0.3)),
    ]
    few, many = (run(queues, [n] * 38, replications=20) for n in (9, 14))
    for name in ("calls", "visits"):
        one, other = few.queues[name], many.queues[name]
        np.testing.assert_array_equal(one.offered, other.offered)
        work = one.busy_s.sum(axis=1), other.busy_s.sum(axis=1)
        np.testing.assert_allclose(*work, rtol=1e-9)
        assert one.waited_s.sum() > other.waited_s.sum()


def test_patience_too_is_the_same_whoever_is_there() -> None:
    calls = Queue("calls", [30] * 4, 200, 25, Distribution(60, 0.7))
    desk = Queue("desk", [9] * 4, 200, 25, 90, again=Again("desk", 0.5, 300))
    groups = [Group("b", [2] * 4, {"desk": 0})]
    runs = [
        simulate_network(
            [calls, desk], [Group("a", [n] * 4, {"calls": 0}), *groups],
            slot_s=900, replications=20, seed=1,
        )
        for n in (0, 3)
    ]  # fmt: skip
    for name in ("answered", "abandoned", "waited_s", "busy_s"):
        one, other = (getattr(found.queues["desk"], name) for found in runs)
        np.testing.assert_array_equal(one, other)
    assert runs[0].queues["desk"].abandoned.sum() > 100
    nobody = run([calls], [0] * 4, replications=20, seed=1).queues["calls"]
    assert nobody.waited_s.sum() / nobody.offered.sum() == pytest.approx(60, rel=0.05)


def test_each_replication_may_have_staff_and_arrivals_of_its_own() -> None:
    rng = np.random.default_rng(3)
    arrivals, agents = rng.integers(5, 40, (6, 4)), rng.uniform(0, 9, (6, 4))
    own = run([Queue("calls", arrivals, 200, 25, 60)], agents, replications=6)
    for row in range(6):
        queue = Queue("calls", arrivals[row], 200, 25, 60)
        alone = run([queue], agents[row], replications=6)
        for name in ("within", "busy_s", "staffed_s"):
            one, other = getattr(own.queues["calls"], name), alone.queues["calls"]
            np.testing.assert_array_equal(one[row], getattr(other, name)[row])
