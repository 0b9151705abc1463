"""Where shares of weeks leave heads short or desks over-full."""

from collections.abc import Iterable

import numpy as np

from staffing.roster.week.columns import Column
from staffing.roster.week.replying import Staff
from staffing.roster.week.rows import Rows, count_week, no_rows
from staffing.roster.week.tally import Tally
from staffing.roster.week.targets import CLOSED, Floats, Ints, Targets

LITTLE = 1e-6
Used = Iterable[tuple[Column, float]]
"""Weeks and how much of each."""


def missing_heads(
    targets: Targets, staff: Staff, stated: Rows, others: Tally, used: Used
) -> list[tuple[int, int]]:
    """Minima and quarter-hours short of heads that no row states yet."""
    rows = no_rows(targets)
    numbers = np.arange(rows.head.size).reshape(rows.head.shape)
    rows = rows._replace(head=numbers)
    heads = _counted(targets, staff, rows, numbers, used) + others.heads
    short = (heads < targets.need[:, :, None] - LITTLE).any(axis=1)
    is_stated = (stated.head != CLOSED).any(axis=1)
    return [
        (m, q) for m, q in np.argwhere(short & targets.in_force & ~is_stated).tolist()
    ]


def full_desks(
    targets: Targets, staff: Staff, stated: Rows, others: Tally, used: Used
) -> list[tuple[int, int]]:
    """Ceilings and quarter-hours over-full that no row states yet."""
    rows = no_rows(targets)
    numbers = np.arange(rows.desk.size).reshape(rows.desk.shape)
    rows = rows._replace(desk=numbers)
    seats = _counted(targets, staff, rows, numbers, used) + others.seats
    full = seats > targets.desks[:, None] + LITTLE
    return [(z, q) for z, q in np.argwhere(full & (stated.desk == CLOSED)).tolist()]


def _counted(
    targets: Targets, staff: Staff, rows: Rows, numbers: Ints, used: Used
) -> Floats:
    """How much of the rows that have some numbers is used, in their shape."""
    found = np.zeros(numbers.size)
    for column, share in used:
        count_week(targets, staff, rows, *column, share, found)
    return found.reshape(numbers.shape)
