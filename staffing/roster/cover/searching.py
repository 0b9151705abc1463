"""Search around the best roster: some people's schedules anew, all others as they are.

The part of a few people is a small instance of its own: columns are generated for what
the others leave to be covered, and the best whole choice of them is looked for. Threads
take different parts at once; a part that comes back is taken over if the roster as it is
by then becomes no worse.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from staffing.roster.cover.board import Board, Desk, Plan
from staffing.roster.cover.generating import Generator
from staffing.roster.cover.master import Column, Master, Wants, column
from staffing.roster.cover.stacking import Value
from staffing.roster.lawful.frame import Ints

FEWEST, SECONDS, KNOWN = 3, 4.0, 25
"""People of the first parts, seconds that one program may take, columns that a person
brings along."""


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
class Parts:
    """Takes parts of the roster, as large as programs of them can be solved."""

    board: Board
    wants: Wants
    best: Incumbent
    known: dict[int, list[Column]]
    floor: float
    deadline: float

    def run(self, desk: Desk, pool: Executor, seed: int) -> int:
        """Take parts until the time is over or the floor is reached; how many."""
        draw, size, rounds = np.random.default_rng(seed), float(FEWEST), 0
        people = self.board.own.shape[0]
        while time.monotonic() < self.deadline and self.best.value > self.floor + 1e-6:
            number = min(people, round(size))
            chosen = sorted(draw.choice(people, number, replace=False).tolist())
            begun = time.monotonic()
            better = self.take(chosen, desk, pool, draw)
            slow = time.monotonic() - begun > SECONDS
            size = max(FEWEST, size * 0.9) if slow else size + (0.0 if better else 0.1)
            rounds += 1
        return rounds

    def take(
        self,
        chosen: list[int],
        desk: Desk,
        pool: Executor,
        draw: np.random.Generator,
    ) -> bool:
        """One part; whether the roster became better."""
        plan, before = self.best.copy(), self.best.value
        left = plan.heads.copy()
        for person in chosen:
            days = np.flatnonzero(plan.shift[person] >= 0)
            left[days, plan.shift[person, days]] -= 1
        master = Master(self.wants.less(left), chosen)
        for person in chosen:
            master.add(column(self.board, person, plan.shift[person]))
            for each in self._brought(person, draw):
                master.add(each)
        generator = Generator(self.board, master, (desk,), pool)
        end = min(self.deadline, time.monotonic() + SECONDS)
        generator.run(end, top=0)
        now = sum(self._cost(master, plan, chosen))
        if generator.value > now - 1e-7 and generator.level == 0:
            return False
        found = master.whole(max(0.05, min(SECONDS, self.deadline - time.monotonic())))
        rows = [c.row for c in sorted(found, key=lambda c: c.person)]
        for each in found:
            self._keep(each)
        return (
            bool(rows)
            and self.best.take(chosen, np.array(rows))
            and (self.best.value < before - 1e-7)
        )

    def _cost(self, master: Master, plan: Plan, chosen: list[int]) -> list[float]:
        """What the part costs as it is: covers, and each person's own."""
        wants, heads = master.wants, np.zeros_like(plan.heads)
        for person in chosen:
            days = np.flatnonzero(plan.shift[person] >= 0)
            heads[days, plan.shift[person, days]] += 1
        off = heads[wants.day, wants.shift] - wants.wanted
        amiss = np.maximum(off, 0) @ wants.over + np.maximum(-off, 0) @ wants.under
        own = (column(self.board, p, plan.shift[p]).cost for p in chosen)
        return [float(amiss), *own]

    def _brought(self, person: int, draw: np.random.Generator) -> list[Column]:
        known = self.known.get(person, [])
        if len(known) <= KNOWN:
            return known
        return [known[i] for i in draw.choice(len(known), KNOWN, replace=False)]

    def _keep(self, each: Column) -> None:
        self.known.setdefault(each.person, []).append(each)
