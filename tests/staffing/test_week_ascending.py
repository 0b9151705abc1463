"""The ascent of prices: its steps point the right way, and never above what is true."""

from math import inf

import numpy as np
import pytest

from staffing.roster.week.ascending import Ascent
from staffing.roster.week.bounding import Bound
from staffing.roster.week.generating import generate
from staffing.roster.week.problem import Problem
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.solving_week import program_of
from tests.staffing.planted_weeks import planted
from tests.staffing.test_unavoidable import wanting
from tests.staffing.test_week_program import drawn_prices


@pytest.mark.parametrize("seed", range(12))
def test_what_is_asked_is_a_subgradient_of_the_bound(seed):
    """The bound is concave: from any prices it stays below the plane of what is asked."""
    problem = Problem(wanting(seed) if seed % 2 else planted(seed).instance)
    bound, draw = Bound(problem), np.random.default_rng(seed)
    ascent = Ascent(bound, inf)
    here, there = drawn_prices(problem, draw), drawn_prices(problem, draw)
    value, weeks = bound.weeks(here)
    ascent._at = here
    asked = ascent._asked(weeks)
    rise = sum(
        float((part * (to - at)).sum())
        for part, to, at in zip(asked, there, here, strict=True)
    )
    assert bound.at(there) <= value + rise + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_the_ascent_comes_near_the_program_and_not_above_it(seed):
    problem = Problem(wanting(seed))
    exact, search = Bound(problem), Search(problem, seed)
    assert search.fill(Stop(inf))
    program = program_of(problem, search)
    assert generate(exact, program, inf)
    bound = Bound(problem)
    before = bound.at(bound.prices)
    Ascent(bound, search.cost).run(200, inf)
    assert bound.best <= program.objective + 1e-6
    assert bound.best >= before
    gained = (bound.best - before) / max(program.objective - before, 1e-9)
    assert gained > 0.8 or program.objective - before < 1e-6


def test_an_ascent_that_is_late_takes_no_step():
    bound = Bound(Problem(wanting(1)))
    ascent, before = Ascent(bound, 1000.0), bound.prices
    assert ascent.run(50, -inf) == []
    assert bound.prices is before
