"""People who serve several skills: one contact at a time, and what a pool saves."""

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from staffing.queueing import required_agents, service_level
from staffing.queueing.pooling import pooled_agents, pooled_levels
from staffing.requirement import work_out
from staffing.simulation.network import simulate_network
from staffing.simulation.network_parts import Group, Queue
from staffing.standards import Standards
from tests.staffing.requirement_cases import futures, standard, standards, workload


def per_hour(load: float, handling_s: float) -> float:
    return load * 3600 / handling_s


def test_skills_that_need_five_and_three_are_not_served_by_five() -> None:
    """At 2.8 + 1.3 Erlang 5 pooled agents answer 47.6% in 25 s; 7 are needed."""
    rates = [per_hour(2.8, 180), per_hour(1.3, 180)]
    assert required_agents(rates, 180, 25, 0.8).tolist() == [5, 3]
    five = pooled_levels(rates, [180, 180], 5, [25, 25])
    np.testing.assert_allclose(five, 0.476, atol=5e-4)
    assert pooled_agents(rates, [180, 180], [25, 25], [0.8, 0.8]) == 7


def test_equal_handling_times_are_exactly_one_queue() -> None:
    levels = pooled_levels([40, 25, 10], [240] * 3, 7, [25, 60, 900])
    np.testing.assert_allclose(levels, service_level(75, 240, 7, [25, 60, 900]))


def test_each_queue_meets_its_own_target() -> None:
    rates, handling = [30.0, 12.0], [180.0, 600.0]
    threshold, target = [25.0, 900.0], [0.8, 0.95]
    number = pooled_agents(rates, handling, threshold, target)
    assert (pooled_levels(rates, handling, number, threshold) >= target).all()
    assert (pooled_levels(rates, handling, number - 1, threshold) < target).any()


@pytest.mark.parametrize(
    ("handling", "load", "agents"),
    [((180.0, 180.0), (2.8, 1.3), 6), ((180.0, 600.0), (2.0, 3.0), 7),
     ((240.0, 900.0), (6.0, 6.0), 14)],
)  # fmt: skip
def test_pooled_levels_agree_with_a_simulated_network(
    handling: tuple[float, float], load: tuple[float, float], agents: int
) -> None:
    """Exact for equal handling times; to three points where they differ fivefold."""
    threshold = (25.0, 300.0)
    rates = [per_hour(a, h) for a, h in zip(load, handling, strict=True)]
    slots = 400
    queues = [
        Queue(name, np.full(slots, rate / 4), h, t)
        for name, rate, h, t in zip("ab", rates, handling, threshold, strict=True)
    ]
    group = Group("all", np.full(slots, float(agents)), {"a": 0, "b": 0})
    found = simulate_network(queues, [group], slot_s=900, replications=60, seed=2)
    told = pooled_levels(rates, list(handling), agents, list(threshold))
    for level, name in zip(told, "ab", strict=True):
        share = found.queues[name].overall.within_share
        error = (share.high - share.low) / 4
        bias = 0.0 if handling[0] == handling[1] else 0.03
        assert abs(level - share.mean) <= 3 * error + bias


def together(told: Standards) -> pl.DataFrame:
    calls = workload("phone", [6.0] * 16, 240)
    visits = workload("counter", [4.0] * 16, 300)
    rows = pl.concat([calls, visits])
    return work_out(rows, told, futures(rows, 0.1)).pooled


def test_a_pool_needs_fewer_than_apart_and_no_fewer_than_its_work() -> None:
    told = standards(shrinkage=0.1, pools=(("counter", "phone"),))
    told = standard(told, "counter", minimum_people=1)
    row = together(told).row(0, named=True)
    assert row["skills"] == "counter+phone"
    work = 16 / 4 * (6 * 240 + 4 * 300) / 900
    assert work / 0.9 < row["hours_pooled"] < row["hours_apart"]


def test_without_pools_named_nothing_is_compared() -> None:
    assert together(standards()).is_empty()


def test_a_pool_of_one_skill_at_a_location_is_none() -> None:
    rows = workload("phone", [6.0] * 4, 240)
    told = standards(pools=(("counter", "phone"),))
    assert work_out(rows, told).pooled.is_empty()


def test_a_pool_of_an_unknown_skill_is_refused() -> None:
    with pytest.raises(ValidationError, match="'wedding'"):
        standards(pools=(("phone", "wedding"),))
