"""Round the linear program to one schedule per person, pricing anew on the way down.

What is settled and makes the program much dearer, whatever columns are found for the
others, is let go again: another person goes first.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from staffing.roster.cover.generating import Generator
from staffing.roster.cover.master import Column

SURE = 0.7
"""Schedules with at least this weight are settled at once."""

MUCH = 0.002
"""A rise of the program by more than this part of it is much."""

PATIENT = 0.4
"""Share of the time after which nothing is let go again."""

BLUR = 0.3
"""The most that a weight is blurred by, so that no two dives are the same."""


@dataclass
class Dive:
    """One way down, from people whose schedules are kept."""

    generator: Generator
    deadline: float
    draw: np.random.Generator
    settled: dict[int, Column] = field(default_factory=dict)
    avoided: set[Column] = field(default_factory=set)
    spent: float = 0.0

    def __post_init__(self) -> None:
        now = time.monotonic()
        self.hurry = now + PATIENT * (self.deadline - now)

    def run(self, kept: Sequence[Column]) -> list[Column]:
        """Columns, one per person, the kept ones too; not all when time was out."""
        master = self.generator.master
        self._settle(kept)
        self.generator.refresh(self._left, self.deadline)
        while len(self.settled) < len(master.people):
            begun = time.monotonic()
            chosen = self._weightiest(master.weights(), self._least(begun))
            if begun > self.deadline or not chosen:
                break
            self._step(chosen)
            self.spent = max(self.spent, time.monotonic() - begun)
        found = list(self.settled.values())
        master.settle(found, settled=False)
        return found

    def _step(self, chosen: list[Column]) -> None:
        """Settle columns, or the first of them when all are much dearer, or none."""
        generator = self.generator
        aim = generator.value + MUCH * abs(generator.value)
        if time.monotonic() > self.hurry:
            aim = math.inf
        self._settle(chosen)
        generator.refresh(self._left, self.deadline, aim)
        if generator.value <= aim or self._tried_enough(chosen):
            return
        if len(chosen) == 1:
            self.avoided.add(chosen[0])
        released = chosen[len(chosen) // 2 :]
        generator.master.settle(released, settled=False)
        for each in released:
            del self.settled[each.person]
        generator.refresh(self._left, self.deadline, aim)

    def _settle(self, columns: Sequence[Column]) -> None:
        self.generator.master.settle(columns)
        self.settled |= {each.person: each for each in columns}

    @property
    def _left(self) -> list[int]:
        people = self.generator.master.people
        return [person for person in people if person not in self.settled]

    def _least(self, now: float) -> int:
        """So many must be settled at a time that the last is before the deadline."""
        steps = max(1.0, (self.deadline - now) / max(self.spent, 1e-9))
        return math.ceil(len(self._left) / steps)

    def _weightiest(self, weights: dict[Column, float], least: int) -> list[Column]:
        """The columns that are sure, and at least so many people's weightiest.

        Those avoided come last: only where there are no others.
        """
        best: dict[int, tuple[float, Column]] = {}
        for each, weight in weights.items():
            if each.person in self.settled:
                continue
            blurred = weight * (1 - BLUR * self.draw.random())
            blurred -= each in self.avoided
            if blurred > best.get(each.person, (-1.0,))[0]:
                best[each.person] = blurred, each
        ordered = sorted(best.values(), key=lambda pair: -pair[0])
        sure = sum(blurred >= SURE for blurred, _ in ordered)
        return [each for _, each in ordered[: max(sure, least)]]

    def _tried_enough(self, chosen: list[Column]) -> bool:
        """Whether what is dearer must be taken: nothing else, or no time, is left."""
        again = len(chosen) == 1 and chosen[0] in self.avoided
        often = len(self.avoided) > len(self.generator.master.people)
        return again or often or time.monotonic() > self.deadline
