"""Search around the best roster: many people's schedules anew, all others as they are.

Each thread has a linear program of its own. It keeps some people's schedules, dives with
the others, and where few are free looks for the best whole choice of the columns that
can still be part of anything better. What comes back is taken over if the roster as it
is by then becomes no worse.
"""

import math
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from staffing.roster.cover.board import Board, Desk, Plan
from staffing.roster.cover.diving import Dive
from staffing.roster.cover.generating import LEVELS, Generator
from staffing.roster.cover.master import Column, Master, Wants, column
from staffing.roster.cover.stacking import Value
from staffing.roster.cover.walking import build
from staffing.roster.lawful.frame import Ints

FEWEST, FEW = 4, 14
"""People free in a dive at least; with so many at most, whole choices are looked for."""

ALL = 0.2
"""Chance that all are free."""

SECONDS, WHOLE = 5.0, 1000
"""Seconds that a program may take, and columns that it may have."""

DIVE = 0.6
"""Share of the time left that a dive may take."""

COLUMNS = 120
"""Columns per person beyond which the dearer half goes."""


@dataclass
class Incumbent:
    """The best roster so far, and what it costs; shared by threads."""

    value_of: Value
    plan: Plan
    value: float
    lock: Lock = field(default_factory=Lock)

    def take(self, people: Sequence[int], rows: Ints) -> bool:
        """Take over some people's rows if that makes the roster no worse."""
        with self.lock:
            shift = self.plan.shift.copy()
            shift[list(people)] = rows
            plan = self.value_of.plan(shift)
            value = self.value_of(plan)
            if value > self.value + 1e-7:
                return False
            self.plan.shift[:], self.plan.heads[:] = plan.shift, plan.heads
            self.value = value
            return True

    def copy(self) -> Plan:
        """The plan as it is now."""
        with self.lock:
            return Plan(self.plan.shift.copy(), self.plan.heads.copy())


@dataclass
class Search:
    """What the threads share: the board, the best roster, and columns to begin with."""

    board: Board
    wants: Wants
    best: Incumbent
    columns: Sequence[Column]
    floor: float
    deadline: float
    most: float = math.inf

    def run(self, desk: Desk, pool: Executor, seed: int) -> int:
        """Dive until the time is over, the floor reached or `most` dives done; how many.

        Also ends where the first dive takes too long and brings nothing.
        """
        draw, rounds = np.random.default_rng(seed), 0
        people = self.board.own.shape[0]
        generator = self._generator(self.columns, desk, pool)
        free = np.arange(people)
        while rounds < self.most and time.monotonic() < self.deadline:
            if self.best.value <= self.floor + 1e-6:
                break
            late = DIVE * self.deadline + (1 - DIVE) * time.monotonic()
            better = self.turn(generator, free, draw)
            if not (rounds or better) and time.monotonic() > late:
                return rounds
            if len(generator.master.columns) > COLUMNS * people:
                lean = _cheapest(generator, generator.master.columns, np.inf)
                half = lean[: COLUMNS * people // 2]
                generator = self._generator(half, desk, pool)
            free = self._free(draw)
            rounds += 1
        return rounds

    def _generator(
        self, columns: Iterable[Column], desk: Desk, pool: Executor
    ) -> Generator:
        master = Master(self.wants, range(self.board.own.shape[0]))
        for each in columns:
            master.add(each)
        return Generator(self.board, master, (desk,), pool)

    def _free(self, draw: np.random.Generator) -> Ints:
        """Who is free in the next dive."""
        people = self.board.own.shape[0]
        if draw.random() < ALL or people <= FEWEST:
            return np.arange(people)
        return draw.choice(people, int(draw.integers(FEWEST, people)), replace=False)

    def turn(self, generator: Generator, free: Ints, draw: np.random.Generator) -> bool:
        """One dive, and a whole choice where few are free; whether it became better."""
        plan, before = self.best.copy(), self.best.value
        others = np.setdiff1d(np.arange(plan.shift.shape[0]), free)
        kept = [column(self.board, p, plan.shift[p]) for p in others.tolist()]
        for each in kept:
            generator.master.add(each)
        now = time.monotonic()
        dive = Dive(generator, now + DIVE * (self.deadline - now), draw)
        self._take(dive.run(kept), generator.desks[0])
        if self.best.value > before - 1e-7 and free.size <= FEW:
            self._take(self._whole(generator, kept, before), generator.desks[0])
        return self.best.value < before - 1e-7

    def _take(self, found: Sequence[Column], desk: Desk) -> None:
        """Take a roster over; who has no schedule in it gets what is best then."""
        if not found:
            return
        shift = np.full_like(self.best.plan.shift, -1)
        for each in found:
            shift[each.person] = each.row
        plan, settled = self.best.value_of.plan(shift), [c.person for c in found]
        left = np.setdiff1d(np.arange(shift.shape[0]), settled)
        if not build(self.board, plan, left, LEVELS[1], desk):
            self.best.take(range(shift.shape[0]), plan.shift)

    def _whole(
        self, generator: Generator, kept: list[Column], value: float
    ) -> list[Column]:
        """The best whole choice for who is not kept, of columns that can be better."""
        master, rows = generator.master, {each.person for each in kept}
        master.settle(kept)
        free = [each for each in master.columns if each.person not in rows]
        found = _cheapest(generator, free, value)[:WHOLE]
        master.settle(kept, settled=False)
        shift = np.full((len(kept), generator.shape[0]), -1)
        for place, each in enumerate(kept):
            shift[place] = each.row
        heads = self.best.value_of.plan(shift).heads
        people = [p for p in master.people if p not in rows]
        small = Master(self.wants.less(heads), people)
        for each in found:
            small.add(each)
        left = self.deadline - time.monotonic()
        chosen = small.whole(max(0.05, min(SECONDS, left)))
        return [*kept, *chosen] if chosen else []


def _cheapest(
    generator: Generator, columns: Iterable[Column], value: float
) -> list[Column]:
    """Columns that a roster below a value can have, those of least reduced cost first."""
    least, mu, duals = generator.master.solve()
    worth = generator.wants.worth(duals, generator.shape)
    room = value - least
    priced = []
    for each in columns:
        row = np.array(each.row)
        days = np.flatnonzero(row >= 0)
        reduced = each.cost - float(worth[days, row[days]].sum()) - mu[each.person]
        if reduced <= room:
            priced.append((reduced, each))
    return [each for _, each in sorted(priced, key=lambda pair: pair[0])]
