"""Makes the kernels ready: compiled on the first call ever, kept on disk after that.

A limit on time is for solving; compiling takes a minute on a new machine and is none.
"""

import math

from staffing.roster.instance import Instance
from staffing.roster.week.bounding import Bound
from staffing.roster.week.polishing import Polish
from staffing.roster.week.problem import Problem
from staffing.roster.week.searching import Search, Stop


def make_ready(instance: Instance) -> None:
    """Solve the week of the first person alone, once through."""
    one = instance.model_copy(update={"people": instance.people[:1]})
    problem = Problem(one)
    if one.people and not problem.without:
        Bound(problem)
        search = Search(problem, 0)
        search.fill(Stop(math.inf))
        Polish(search, 1).run(Stop(math.inf, patience=1, lap=1))
