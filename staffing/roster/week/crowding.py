"""Where shares of weeks leave heads short or desks over-full."""

from collections.abc import Iterable

import numpy as np

from staffing.roster.week.columns import Column
from staffing.roster.week.problem import Problem
from staffing.roster.week.rows import Rows, count_week, no_rows
from staffing.roster.week.tally import Tally
from staffing.roster.week.targets import CLOSED, Floats

LITTLE = 1e-6
Used = Iterable[tuple[Column, float]]
"""Weeks and how much of each."""


def missing_heads(
    problem: Problem, stated: Rows, others: Tally, used: Used
) -> list[tuple[int, int]]:
    """Minima and quarter-hours short of heads that no row states yet."""
    targets, rows = problem.targets, no_rows(problem.targets)
    numbers = np.arange(rows.head.size).reshape(rows.head.shape)
    heads = _counted(problem, rows._replace(head=numbers), rows.head.size, used)
    heads = heads.reshape(rows.head.shape) + others.heads
    short = (heads < targets.need[:, :, None] - LITTLE).any(axis=1)
    is_stated = (stated.head != CLOSED).any(axis=1)
    return [
        (m, q) for m, q in np.argwhere(short & targets.in_force & ~is_stated).tolist()
    ]


def full_desks(
    problem: Problem, stated: Rows, others: Tally, used: Used
) -> list[tuple[int, int]]:
    """Ceilings and quarter-hours over-full that no row states yet."""
    targets, rows = problem.targets, no_rows(problem.targets)
    numbers = np.arange(rows.desk.size).reshape(rows.desk.shape)
    seats = _counted(problem, rows._replace(desk=numbers), rows.desk.size, used)
    seats = seats.reshape(rows.desk.shape) + others.seats
    full = seats > targets.desks[:, None] + LITTLE
    return [(z, q) for z, q in np.argwhere(full & (stated.desk == CLOSED)).tolist()]


def _counted(problem: Problem, rows: Rows, size: int, used: Used) -> Floats:
    p, found = problem, np.zeros(size)
    for column, share in used:
        count_week(p.targets, p.staff, rows, *column, share, found)
    return found
