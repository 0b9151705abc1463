"""Large-neighbourhood search: take some people out and let each reply in turn.

A roster that costs no more than the one of some rounds ago is kept (late acceptance,
Burke and Bykov 2017), so that the search can leave a roster that only several moves
together improve.
"""

import math
import time
from dataclasses import dataclass

import numpy as np

from staffing.roster.valuing import value
from staffing.roster.week.editing import STINTS, Editor
from staffing.roster.week.problem import Problem
from staffing.roster.week.tally import NOTHING, Plans, Tally, empty_tally
from staffing.roster.week.targets import Flags, Ints

EPSILON = 1e-9
MOST_RUINED = 5
"""People taken out at once, at most."""


STRANGENESS = (0.0, 0.0, 0.0, 10.0, 50.0)
"""Euros by which a reply is led astray; mostly not at all."""


@dataclass(frozen=True)
class Stop:
    """When a search ends: laps without gain, the wall clock, or a cost that is reached.

    A lap ends after so many rounds per person (`lap`) without gain; `memory` is how many
    rounds per person late acceptance looks back. A lap that gains less than a share
    `least` of the cost counts as one without gain.
    """

    deadline: float
    patience: int = 3
    lap: int = 8
    memory: int = 10
    goal: float = -math.inf
    least: float = 0.0

    @property
    def left(self) -> float:
        """Seconds until the deadline, not below 0."""
        return max(0.0, self.deadline - time.monotonic())

    def part(self, share: float) -> float:
        """The moment when a share of the time left will be gone."""
        return (
            self.deadline - (1.0 - share) * self.left
            if self.left < math.inf
            else math.inf
        )

    @property
    def is_late(self) -> bool:
        """Whether the wall clock ended it."""
        return self.left == 0.0


class Search:
    """A roster under construction that is improved until it no longer is."""

    def __init__(self, problem: Problem, seed: int | tuple[int, int]) -> None:
        self.problem = problem
        instance = problem.instance
        self.people = len(instance.people)
        tally = empty_tally(problem.targets, self.people, instance.length)
        self.editor = Editor(problem, tally)
        self.draw = np.random.default_rng(seed)
        self.cost = value(instance, ()).total
        self.every_day = np.ones(instance.length, bool)

    def adopt(self, start: Tally) -> None:
        """Give everybody the week they have in a start, as far as it is still lawful."""
        for person in range(self.people):
            choices, plans = start.choice[person], start.plan[person]
            if (choices != NOTHING).any():
                self.cost += self.editor.adopt(person, choices, plans)

    def fill(self, stop: Stop) -> bool:
        """Let everybody without a shift reply once; whether there was time for it.

        Those whose locks say to work reply in any case.
        """
        must = [schedule.must.any() for schedule in self.problem.schedules]
        order = self.draw.permutation(self.people).tolist()
        for person in sorted(order, key=lambda person: not must[person]):
            if (self.editor.tally.choice[person] != NOTHING).any():
                continue
            if stop.is_late and not must[person]:
                return False
            self._reply([person], self.every_day)
        return True

    def improve(self, stop: Stop) -> None:
        """Ruin and recreate until nothing is gained any more; ends with the best roster."""
        best, kept, idle = self.cost, self.copy(), 0
        memory = np.full(max(stop.memory * self.people, 1), self.cost)
        rounds = 0
        most = stop.lap * (self.people + 4)
        while idle < most and best > stop.goal and not stop.is_late:
            place = rounds % len(memory)
            self._move(max(memory[place], self.cost))
            memory[place] = self.cost
            rounds, idle = rounds + 1, idle + 1
            if self.cost < best - EPSILON:
                best, kept, idle = self.cost, self.copy(), 0
        self.restore(kept)
        self.cost = best

    def copy(self) -> tuple[Ints, Plans]:
        """Everybody's options and plans."""
        tally = self.editor.tally
        return tally.choice.copy(), tally.plan.copy()

    def restore(self, kept: tuple[Ints, Plans]) -> None:
        """Give everybody the week of a copy."""
        for person in range(self.people):
            self.cost += self.editor.put_back(person, kept[0][person], kept[1][person])

    def _reply(self, people: list[int], free: Flags) -> None:
        """Take people out for some days, and let each reply in a random order."""
        for person in people:
            self.cost += self.editor.clear(person, free)
        for person in self.draw.permutation(people).tolist():
            stint = int(self.draw.integers(len(STINTS)))
            strange = self.draw.normal(0.0, self.draw.choice(STRANGENESS), len(free))
            self.cost += self.editor.reply(person, free, stint, strange)

    def _move(self, limit: float) -> None:
        """Ruin and recreate; undone where the roster then costs more than the limit."""
        people, free = self._pick()
        if not people:
            return
        before, cost = self.editor.weeks(people), self.cost
        self._reply(people, free)
        if self.cost > limit + EPSILON:
            for week in before:
                self.editor.put_back(*week)
            self.cost = cost

    def _pick(self) -> tuple[list[int], Flags]:
        """Some people for all their days, or those at work on one day for that day."""
        if self.draw.random() < 0.5:
            number = int(self.draw.integers(1, MOST_RUINED))
            people = self.draw.permutation(self.people)[:number]
            return people.tolist(), self.every_day
        day = int(self.draw.integers(0, len(self.every_day)))
        free = np.arange(len(self.every_day)) == day
        at_work = np.flatnonzero(self.editor.tally.choice[:, day] != NOTHING)
        number = int(self.draw.integers(2, MOST_RUINED + 1))
        return self.draw.permutation(at_work)[:number].tolist(), free
