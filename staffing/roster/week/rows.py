"""Rows of the program over weeks: numbers of rows, and which of them a week counts for."""

from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import stepping, threadable
from staffing.roster.week.replying import Staff
from staffing.roster.week.tally import NOTHING, Plans
from staffing.roster.week.targets import CLOSED, QUARTERS, Floats, Ints, Targets


class Rows(NamedTuple):
    """Row numbers of work (R, 96), desks (Z, 96) and heads (M, 3, 96); CLOSED: none."""

    work: Ints
    desk: Ints
    head: Ints


def no_rows(targets: Targets) -> Rows:
    """No rows at all."""
    rows, ceilings, minima = len(targets.due), len(targets.desks), len(targets.need)
    return Rows(
        np.full((rows, QUARTERS), CLOSED),
        np.full((ceilings, QUARTERS), CLOSED),
        np.full((minima, 3, QUARTERS), CLOSED),
    )


@threadable
def count_week(
    targets: Targets,
    staff: Staff,
    rows: Rows,
    person: int,
    options: Ints,
    plans: Plans,
    weight: float,
    found: Floats,
) -> None:
    """Add a person's week of options (D,) and plans (D, 96), so often, to the rows (N,)."""
    for day in range(len(options)):
        option = options[day]
        if option == NOTHING:
            continue
        place = staff.place[option]
        for quarter in range(QUARTERS):
            if plans[day, quarter] != NOTHING:
                skill = plans[day, quarter]
                _count(
                    rows.work[targets.row[place, day, skill], quarter], weight, found
                )
                for ceiling in targets.ceiling[place, day, skill]:
                    if ceiling != CLOSED:
                        _count(rows.desk[ceiling, quarter], weight, found)
        _count_heads(targets, staff, rows, (person, day), option, weight, found)


@stepping
def _count_heads(
    targets: Targets,
    staff: Staff,
    rows: Rows,
    who: tuple[int, int],
    option: int,
    weight: float,
    found: Floats,
) -> None:
    person, day = who
    begin, pause, resume, end = staff.shapes[staff.shape[option]]
    for minimum in targets.minimum[staff.place[option], day]:
        if minimum == CLOSED or staff.functions[person, minimum] == 0:
            continue
        function = staff.functions[person, minimum]
        for quarter in range(begin, end):
            if pause <= quarter < resume or staff.apart[person, day, quarter]:
                continue
            _count(rows.head[minimum, 0, quarter], weight * (function & 1), found)
            _count(rows.head[minimum, 1, quarter], weight * (function >> 1), found)
            _count(rows.head[minimum, 2, quarter], weight, found)


@stepping
def _count(row: int, weight: float, found: Floats) -> None:
    if row != CLOSED:
        found[row] += weight
