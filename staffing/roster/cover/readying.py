"""Makes the kernels ready: compiled on the first call ever, kept on disk after that.

A limit on time is for solving; compiling takes a minute on a new machine and is none.
"""

import numpy as np

from staffing.roster.cover.pricing import best_rows
from staffing.roster.cover.stacking import desk_for, empty_plan, stack
from staffing.roster.cover.walking import build, is_lawful, seed_walk, walk
from staffing.roster.instance import Instance
from staffing.roster.lawful.framing import compile_person
from staffing.roster.lawful.scheduling import any_schedule

LABELS = 50


def make_ready(instance: Instance) -> None:
    """Call every kernel once, for the first person and few labels."""
    one = instance.model_copy(update={"people": instance.people[:1]})
    if not one.people:
        return
    board, everybody = stack(one), np.zeros(1, np.int64)
    desk, plan = desk_for(board, LABELS), empty_plan(board)
    build(board, plan, everybody, LABELS, desk)
    seed_walk(0)
    days, heat = (0, instance.length - 1), (1.0, 1.0)
    walk(board, plan, everybody, days, heat, 1, LABELS, 1, desk)
    is_lawful(board, plan.shift[0], 0, desk)
    worth, fixed = np.zeros(plan.heads.shape), np.ones(board.own.shape[1:], np.int64)
    rows = np.empty((1, instance.length), np.int64)
    best_rows(board, 0, worth, fixed, LABELS, desk, rows)
    any_schedule(compile_person(one, one.people[0]))
