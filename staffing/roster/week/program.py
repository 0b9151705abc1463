"""The linear program over the weeks of some people, while all others keep theirs.

Dantzig and Wolfe's master program: a column is a person's week with its activities. What
is wanted are rows; of desks and heads only those that were ever short or over-full, for
few of the many bind (`crowding`).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from copy import copy

import numpy as np

from staffing.roster.week.columns import Column, own_price
from staffing.roster.week.crowding import full_desks, missing_heads
from staffing.roster.week.curves import marginal_gains
from staffing.roster.week.linear import DUAL, PRIMAL, Linear
from staffing.roster.week.pricing import Prices, capped
from staffing.roster.week.problem import Problem
from staffing.roster.week.rows import Rows, count_week, no_rows
from staffing.roster.week.tally import Tally
from staffing.roster.week.targets import Floats, Ints, Targets

TOO_MANY = 1000.0
"""Euros of somebody without a desk, so that there is always a solution."""

LITTLE = 1e-6
IDLE = 3
"""Solutions in a row that a column may stand idle."""


Alike = Callable[[Column], bytes]
"""What weeks have in common that are alike."""

Held = Mapping[int, bytes]
"""Who is held to weeks of what sort."""


class Program:
    """Weeks (`columns`) of some people, and how much of each (`shares`)."""

    def __init__(
        self,
        problem: Problem,
        people: Sequence[int],
        others: Tally,
        targets: Targets | None = None,
    ) -> None:
        """`others` counts what everybody else does; everybody needs a first column.

        `targets` are those of the problem where none are given.
        """
        self.problem, self.people, self.others = problem, tuple(people), others
        self.targets = targets or problem.targets
        self.columns: list[Column] = []
        self.shares = self.slack = np.zeros(0)
        self._places = self._idle = np.zeros(0, np.int64)
        self._waiting: list[Column] = []
        self._known: set[tuple[int, bytes, bytes]] = set()
        self._rows, self._linear = no_rows(self.targets), Linear()
        ones = np.ones(len(self.people))
        once = self._linear.add_rows(ones, ones).tolist()
        self._once = dict(zip(self.people, once, strict=True))
        self._state_work()
        self._state_waiting()

    @property
    def objective(self) -> float:
        """Euros of the solution, the others' own costs left out."""
        return self._linear.objective

    def _state_work(self) -> None:
        """A row per quarter-hour of work, with a step for what each next person saves."""
        targets, offset = self.targets, self.problem.contracts
        moments = np.argwhere(targets.is_open & ~targets.waits)
        none = np.zeros(len(moments))
        numbers = self._linear.add_rows(none, none + np.inf)
        self._rows.work[moments[:, 0], moments[:, 1]] = numbers
        gains, rows = list[float](), list[Ints]()
        for number, (row, quarter) in zip(numbers, moments.tolist(), strict=True):
            levels = _levels(targets, self.others, row, quarter)
            offset += float(levels[0])
            steps = marginal_gains(levels)
            gains += steps
            rows += [np.array([number])] * len(steps)
        self._linear.add(-np.array(gains), 1.0, rows, [-np.ones(1)] * len(rows))
        self._linear.add_constant(offset)

    def _state_waiting(self) -> None:
        """A row per day of work that waits; what is left over costs its price."""
        targets = self.targets
        waiting = np.flatnonzero(targets.waits.any(axis=1))
        left = np.maximum(targets.due - self.others.done, 0)[waiting].astype(float)
        numbers = self._linear.add_rows(left, np.full(len(left), np.inf))
        for number, row in zip(numbers, waiting.tolist(), strict=True):
            self._rows.work[row, targets.waits[row]] = number
        prices = np.full(len(left), targets.price_waiting)
        rows = [np.array([number]) for number in numbers]
        self._linear.add(prices, np.inf, rows, [np.ones(1)] * len(rows))

    def add(self, column: Column) -> bool:
        """Take in a week; whether it is new."""
        if column.key in self._known:
            return False
        self._known.add(column.key)
        self._waiting.append(column)
        return True

    def _take_in(self) -> None:
        """Let the linear program have the weeks that wait."""
        counts = [self._count(column) for column in self._waiting]
        rows = [np.flatnonzero(count) for count in counts]
        values = [count[row] for count, row in zip(counts, rows, strict=True)]
        prices = np.array([own_price(self.problem, c) for c in self._waiting])
        places = self._linear.add(prices, 1.0, rows, values)
        none = np.zeros(len(places))
        self._places = np.append(self._places, places)
        self._idle = np.append(self._idle, none.astype(np.int64))
        self.shares, self.slack = (
            np.append(self.shares, none),
            np.append(self.slack, none),
        )
        self.columns += self._waiting
        self._waiting = []

    def _count(self, column: Column) -> Floats:
        """What a week counts for in the rows (N,)."""
        staff, found = self.problem.staff, np.zeros(self._linear.rows)
        count_week(self.targets, staff, self._rows, *column, 1.0, found)
        found[self._once[column.person]] = 1.0
        return found

    def solve(self, seconds: float, method: int = PRIMAL) -> bool:
        """Find the cheapest shares of the weeks; False when the time did not suffice."""
        if self._waiting:
            self._take_in()
        end = time.monotonic() + seconds
        if not self._run(method, seconds):
            return False
        while self._state_crowded():
            if not self._run(DUAL, max(0.0, end - time.monotonic())):
                return False
        is_idle = (self.slack > LITTLE) & (self.shares < LITTLE)
        self._idle = np.where(is_idle, self._idle + 1, 0)
        return True

    def _run(self, method: int, seconds: float) -> bool:
        if not self._linear.run(method, seconds):
            return False
        self.shares = self._linear.values[self._places]
        self.slack = self._linear.slack[self._places]
        return True

    @property
    def prices(self) -> Prices:
        """The dual prices."""
        worth, rows = np.append(self._linear.worth, 0.0), self._rows  # 0.0: of no row
        return capped(
            self.targets,
            Prices(
                np.maximum(worth[rows.work], 0.0),
                np.maximum(-worth[rows.desk], 0.0),
                np.maximum(worth[rows.head], 0.0),
            ),
        )

    def copy(self) -> "Program":
        """A program of its own with the same weeks, solved as this one is."""
        other = copy(self)
        other.part_from(self._linear)
        return other

    def part_from(self, linear: Linear) -> None:
        """Share nothing that changes with the program that this is a copy of."""
        self.columns, self._known = [*self.columns], {*self._known}
        self._waiting = [*self._waiting]
        self._rows = Rows(*(numbers.copy() for numbers in self._rows))
        self._linear = linear.copy()

    def hold(self, alike: Alike, held: Held) -> None:
        """Leave people no other weeks than these; then `solve` by the dual method."""
        if self._waiting:
            self._take_in()
        others = [
            number
            for number, column in enumerate(self.columns)
            if column.person in held and alike(column) != held[column.person]
        ]
        self._linear.leave_out(self._places[others])

    def forget(self) -> None:
        """Leave out weeks that stood idle for some solutions."""
        idle, keep = np.flatnonzero(self._idle >= IDLE), self._idle < IDLE
        if not len(idle):
            return
        gone = self._places[idle]
        self._linear.delete(gone)
        self._known -= {self.columns[i].key for i in idle.tolist()}
        self.columns = [self.columns[i] for i in np.flatnonzero(keep).tolist()]
        self.shares, self.slack = self.shares[keep], self.slack[keep]
        self._idle, self._places = self._idle[keep], self._places[keep]
        self._places = self._places - np.searchsorted(gone, self._places)

    def _state_crowded(self) -> bool:
        """State rows of heads that are short and of desks that are over-full, if any."""
        used = zip(self.columns, self.shares.tolist(), strict=True)
        weeks = [(column, share) for column, share in used if share > LITTLE]
        common = (self.targets, self.problem.staff, self._rows, self.others, weeks)
        heads, desks = missing_heads(*common), full_desks(*common)
        for minimum, quarter in heads:
            self._state_heads(minimum, quarter)
        for ceiling, quarter in desks:
            self._state_desks(ceiling, quarter)
        return bool(heads or desks)

    def _state_heads(self, minimum: int, quarter: int) -> None:
        """The heads of a minimum in a quarter-hour; short of either is short of one."""
        targets = self.targets
        least = targets.need[minimum] - self.others.heads[minimum, :, quarter]
        short = self._linear.add(np.array([targets.price_head]), np.inf, [], [])
        for i in np.flatnonzero(targets.need[minimum]).tolist():
            one = no_rows(targets)
            one.head[minimum, i, quarter] = 0
            number = self._state(one, (float(least[i]), np.inf), (short, 1.0))
            self._rows.head[minimum, i, quarter] = number

    def _state_desks(self, ceiling: int, quarter: int) -> None:
        """The desks of a ceiling in a quarter-hour."""
        targets, one = self.targets, no_rows(self.targets)
        most = float(targets.desks[ceiling] - self.others.seats[ceiling, quarter])
        more = self._linear.add(np.array([TOO_MANY]), np.inf, [], [])
        one.desk[ceiling, quarter] = 0
        number = self._state(one, (-np.inf, most), (more, -1.0))
        self._rows.desk[ceiling, quarter] = number

    def _state(
        self, one: Rows, reach: tuple[float, float], slack: tuple[Ints, float]
    ) -> int:
        """State one row, with what each column counts for in it."""
        staff, values = self.problem.staff, np.zeros((len(self.columns), 1))
        for column, value in zip(self.columns, values, strict=True):
            count_week(self.targets, staff, one, *column, 1.0, value)
        counted = np.flatnonzero(values)
        places = np.append(self._places[counted], slack[0])
        return self._linear.add_row(
            reach, places, np.append(values[counted, 0], slack[1])
        )


def _levels(targets: Targets, others: Tally, row: int, quarter: int) -> Floats:
    """Euros of a quarter-hour by the number of people beside the others."""
    first, last = int(targets.first[row, quarter]), int(targets.last[row, quarter])
    at = min(int(others.people[row, quarter]), last)
    return targets.levels[first + at : first + last + 1]
