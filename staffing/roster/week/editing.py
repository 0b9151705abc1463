"""Moves on a roster under construction: clear people's days, reply to all others, undo."""

from collections.abc import Mapping

import numpy as np

from staffing.roster.lawful.frame import Space, space_for
from staffing.roster.lawful.labels import cheapest
from staffing.roster.week.problem import Problem
from staffing.roster.week.replying import clear, put_back, reply, settle
from staffing.roster.week.tally import NOTHING, Plans, Tally
from staffing.roster.week.targets import Flags, Floats, Ints

MOST_LABELS = 4_000
"""Labels a day beyond which a reply need not be the very best."""


Week = tuple[int, Ints, Plans]
"""A person with options (D,) and plans (D, 96)."""


STINTS = (1, 16, 4)
"""Quarter-hours of waiting work that one shift may be taken to do at most."""


class Editor:
    """A tally with what it takes to change it; every change is lawful for the person."""

    def __init__(self, problem: Problem, tally: Tally) -> None:
        self.problem = problem
        self.tally = tally
        shape = (problem.instance.length, problem.widest)
        self._costs, self._which = np.empty(shape), np.empty(shape, np.int64)
        self._off = np.empty(shape[0])
        self._path = np.full(shape[0], NOTHING, np.int64)
        self._spaces: dict[int, Space] = {}
        self._targets = [problem.targets._replace(stint=float(n)) for n in STINTS]

    def weeks(self, people: list[int]) -> list[Week]:
        """Copies of people's weeks."""
        choice, plan = self.tally.choice, self.tally.plan
        return [(i, choice[i].copy(), plan[i].copy()) for i in people]

    def clear(self, person: int, free: Flags) -> float:
        """Take out a person's shifts of some days; the change in euros.

        Their own costs go with them and come back with `reply`.
        """
        p = self.problem
        return clear(p.targets, self.tally, p.staff, p.block, person, free)

    def reply(self, person: int, free: Flags, stint: int, strange: Floats) -> float:
        """Give a person, cleared, the best days they can have; the change in euros.

        Waiting work is priced as in `Targets.stint`: the best one is not known before. The
        euros `strange` (D,) are added to working on each day, to find other weeks.
        """
        p, tally = self.problem, self.tally
        width = p.schedules[person].frame.choices.shape[1]
        costs, which = self._costs[:, :width], self._which[:, :width]
        targets = self._targets[stint]
        common = (targets, tally, p.staff, p.block, person, free)
        reply(*common, costs, self._off, which)
        costs += strange[:, None]
        self._cheapest(person, costs, self._off)
        return settle(*common, self._path, which)

    def put_back(self, person: int, choices: Ints, plans: Plans) -> float:
        """Give a person this week in place of theirs; the change in euros."""
        p = self.problem
        return put_back(p.targets, self.tally, p.staff, p.block, person, choices, plans)

    def adopt(self, person: int, choices: Ints, plans: Plans) -> float:
        """As `put_back`, where that is lawful and there are desks; else nothing."""
        if not self._is_lawful(person, choices):
            return 0.0
        change = self.put_back(person, choices, plans)
        if self._is_crowded:
            nothing = np.full_like(choices, NOTHING)
            change += self.put_back(person, nothing, np.full_like(plans, NOTHING))
        return change

    def take_shifts(self, person: int, options: Ints) -> float:
        """Give a person, cleared, shifts (D,) with what pays best to do in them.

        The change in euros; nothing where the shifts may not stand together.
        """
        if not self._is_lawful(person, options):
            return 0.0
        p, every_day = self.problem, np.ones(len(options), bool)
        common = (p.targets, self.tally, p.staff, p.block, person)
        change = clear(*common, every_day)
        path = np.where(options == NOTHING, NOTHING, 0)
        return change + settle(*common, every_day, path, options[:, None].copy())

    def take_plans(self, day: int, plans: Mapping[int, Plans]) -> float:
        """Let people do other things (96,) in their shifts of a day; the change in euros.

        Nothing changes where that would cost more, or desks would lack.
        """
        before, change = self.weeks([*plans]), 0.0
        for person, plan in plans.items():
            week = self.tally.plan[person].copy()
            week[day] = plan
            change += self.put_back(person, self.tally.choice[person].copy(), week)
        if change < 0.0 and not self._is_crowded:
            return change
        for week_before in before:
            self.put_back(*week_before)
        return 0.0

    @property
    def _is_crowded(self) -> bool:
        return bool((self.tally.seats > self.problem.targets.desks[:, None]).any())

    def _is_lawful(self, person: int, choices: Ints) -> bool:
        """Whether the options of a week may stand together."""
        p = self.problem
        frame = p.schedules[person].frame
        costs = np.full(frame.choices.shape[:2], np.inf)
        worked = np.flatnonzero(choices != NOTHING)
        costs[worked, p.staff.choice[choices[worked]]] = 0.0
        must_work = (choices != NOTHING) | p.staff.must[person]
        off = np.where(must_work, np.inf, 0.0)
        return self._cheapest(person, costs, off) < np.inf

    def _cheapest(self, person: int, costs: Floats, off: Floats) -> float:
        """The cost of the cheapest lawful path, which is then in `_path`."""
        frame = self.problem.schedules[person].frame
        self._path[:] = NOTHING
        span, space = (0, len(off) - 1), self._space(frame.most_kind.size)
        arguments = (frame, costs, off, frame.entry, span, MOST_LABELS, space)
        return cheapest(*arguments, self._path)[0]

    def _space(self, kinds: int) -> Space:
        if kinds not in self._spaces:
            days = self.problem.instance.length
            self._spaces[kinds] = space_for(days, kinds, MOST_LABELS)
        return self._spaces[kinds]
