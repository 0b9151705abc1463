"""The week's solver, part by part, against brute force and the objective itself."""

from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffing.roster import Instance, Roster, verify
from staffing.roster.people import Limits, Lock
from staffing.roster.valuing import value
from staffing.roster.week.blocks import BlockPrice, price_of_plan, walk, write_blocks
from staffing.roster.week.bounding import Bound
from staffing.roster.week.drafting import assignments_of, tally_of
from staffing.roster.week.generating import generate
from staffing.roster.week.pricing import Prices, capped
from staffing.roster.week.problem import Problem
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.solving_week import program_of, solve_week
from tests.staffing.planted_weeks import Planted, planted
from tests.staffing.roster_weeks import village_week

QUICK = Stop(inf, patience=2, lap=15, memory=2)
"""Limits that no clock decides."""


def hard(instance: Instance, roster: Roster) -> list[str]:
    return [str(found) for found in verify(instance, roster) if found.hard]


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_the_best_blocks_are_those_of_brute_force(seed):
    draw = np.random.default_rng(seed)
    block = BlockPrice(int(draw.integers(1, 4)), 5.0)
    worth = np.full((2, 96), -np.inf)
    worth[:, 30:36] = draw.integers(0, 8, (2, 6)).astype(float)
    worth[:, 30:36][draw.random((2, 6)) < 0.15] = -np.inf
    idle = np.where(np.isfinite(worth).any(axis=0), -100.0, 0.0)
    best = np.zeros(97)
    walk(worth, idle, (30, 36), block, best)
    plan = np.full(96, -1, np.int8)
    write_blocks(worth, idle, (30, 36), block, np.arange(2), plan)

    def worth_of(doing) -> float:
        filled = np.full(96, -1, np.int8)
        filled[30:36] = doing
        total = -price_of_plan(filled, block)
        for quarter, skill in enumerate(doing, 30):
            total += idle[quarter] if skill < 0 else worth[skill, quarter]
        return float(total)

    most = max(worth_of(doing) for doing in product((-1, 0, 1), repeat=6))
    assert best[36] == pytest.approx(most)
    assert worth_of(plan[30:36]) == pytest.approx(most)


@given(st.integers(0, 10**9))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_week_built_from_a_legal_roster_is_solved_to_at_least_its_value(seed):
    solve_planted(seed)


@pytest.mark.soak
@given(st.integers(0, 10**9))
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_so_are_hundreds_of_such_weeks(seed):
    solve_planted(seed)


def solve_planted(seed: int) -> None:
    made: Planted = planted(seed)
    solved = solve_week(made.instance, stop=Stop(inf), seed=0, workers=1, start=None)
    found = value(made.instance, solved.assignments).total
    assert found <= made.value + 1e-6
    assert solved.bound <= found + 1e-6
    roster = made.roster(solved.assignments)
    assert hard(made.instance, roster) == []


@pytest.mark.parametrize("seed", range(12))
def test_the_search_keeps_the_objective_of_what_it_holds(seed):
    problem = Problem(planted(seed).instance)
    search = Search(problem, seed)
    search.fill(QUICK)
    search.improve(QUICK)
    found = value(problem.instance, assignments_of(problem, search.editor.tally))
    assert search.cost == pytest.approx(found.total)


@pytest.mark.parametrize("seed", range(12))
def test_no_prices_give_a_bound_above_a_legal_roster(seed):
    made = planted(seed)
    problem = Problem(made.instance)
    targets, draw = problem.targets, np.random.default_rng(seed)
    bound = Bound(problem)
    shapes = (
        targets.is_open.shape,
        (len(targets.desks), 96),
        (len(targets.need), 3, 96),
    )
    tried = [
        Prices(*(draw.normal(0, size, shape) for shape in shapes)) for size in (1, 9)
    ]
    search = Search(problem, seed)
    assert search.fill(QUICK)
    program = program_of(problem, search)
    assert generate(bound, program, inf)
    assert bound.best <= program.objective + 1e-6
    for prices in tried:
        assert bound.at(capped(targets, prices)) <= made.value + 1e-6
    assert bound.best <= made.value + 1e-6
    assert bound.unavoidable <= made.value + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_a_lawful_start_is_kept_as_it_is_and_only_improved(seed):
    made = planted(seed)
    problem = Problem(made.instance)
    search = Search(problem, 0)
    start = made.roster(made.assignments)
    search.adopt(tally_of(problem, start.assignments))
    assert search.cost == pytest.approx(made.value)
    solved = solve_week(made.instance, stop=QUICK, seed=0, workers=1, start=start)
    assert value(made.instance, solved.assignments).total <= made.value + 1e-6


def test_locks_are_kept_to_the_letter():
    instance = village_week()
    person = instance.people[0]
    shift = next(t for t in instance.templates if t.hours == 4)
    locks = (Lock(day=person.days[0], shift=shift), Lock(day=person.days[1]))
    held = person.model_copy(update={"locks": locks})
    locked = instance.model_copy(update={"people": (held, *instance.people[1:])})
    solved = solve_week(locked, stop=QUICK, seed=0, workers=1, start=None)
    mine = {a.day: a for a in solved.assignments if a.person == person.code}
    assert mine[person.days[0]].shift.start == instance.clock.moment(
        person.days[0], shift.start
    )
    assert person.days[1] not in mine


def test_somebody_without_a_lawful_schedule_is_named_and_nothing_is_rostered():
    instance = village_week()
    person = instance.people[0]
    limits = Limits(least_minutes=600, most_weekends=0)
    first = person.model_copy(update={"limits": limits, "days": person.days[:1]})
    clash = instance.model_copy(update={"people": (first, *instance.people[1:])})
    solved = solve_week(clash, stop=QUICK, seed=0, workers=1, start=None)
    assert solved.status == "infeasible"
    assert {conflict.person for conflict in solved.conflicts} == {person.code}
    assert solved.assignments == ()


def test_one_or_two_threads_find_the_same_roster():
    made = planted(3)
    one, two = (
        solve_week(made.instance, stop=QUICK, seed=0, workers=workers, start=None)
        for workers in (1, 2)
    )
    assert one == two
