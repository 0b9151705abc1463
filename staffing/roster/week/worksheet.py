"""A roster under construction: boards per location and day, shifts per person and day.

Every shift that stands in it is lawful: hours, daily and weekly rest are checked here
before a shift goes in.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from staffing.roster.people import Person
from staffing.roster.shifts import Template
from staffing.roster.valuing import minimum_block
from staffing.roster.week.blocks import BlockPrice, best_plan
from staffing.roster.week.board import Board, Gains, Plan, open_board
from staffing.roster.week.grouping import Problem, team_of

EPSILON = 1e-6
WEEK_MINUTES = 7 * 1440


@dataclass(frozen=True)
class Placed:
    """A shift of a person on a day: template, plan and the price of its short blocks."""

    template: int
    plan: Plan
    fine: float


@dataclass
class Worksheet:
    """Shifts so far, with what they leave open."""

    problem: Problem
    placed: dict[tuple[str, date], Placed] = field(default_factory=dict)
    boards: dict[tuple[str, date], Board] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the boards."""
        instance = self.problem.instance
        for location in sorted({demand.location for demand in instance.demands}):
            for day in instance.days:
                board = open_board(instance, location, day)
                if board.skills:
                    self.boards[location, day] = board

    @cached_property
    def block(self) -> BlockPrice:
        """The wanted length of blocks and the price of shorter ones."""
        instance = self.problem.instance
        return BlockPrice(minimum_block(instance), instance.policy.price_short_block)

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """Shift templates of the instance."""
        return self.problem.instance.templates

    @cached_property
    def _noon(self) -> dict[date, int]:
        """Minutes from the start of the week to local noon: a clock change counts."""
        instance = self.problem.instance
        origin = instance.clock.moment(instance.week, 0)
        return {
            day: int((instance.clock.moment(day, 720) - origin).total_seconds()) // 60
            for day in instance.days
        }

    def skill_indices(self, person: Person, board: Board) -> np.ndarray:
        """Which rows of a board a person may work on."""
        known = [i for i, skill in enumerate(board.skills) if skill in person.skills]
        return np.array(known, dtype=np.int64)

    def remaining_hours(self, person: Person) -> float:
        """Contract hours not used yet."""
        return person.contract_hours - sum(
            self.templates[self.placed[person.code, day].template].hours
            for day in person.days
            if (person.code, day) in self.placed
        )

    def times(self, person: Person) -> list[tuple[int, int]]:
        """Begin and end of the person's shifts in minutes since the week began."""
        return [
            self.span(day, self.placed[person.code, day].template)
            for day in person.days
            if (person.code, day) in self.placed
        ]

    def span(self, day: date, template: int) -> tuple[int, int]:
        """Begin and end of a template on a day, in minutes since the week began."""
        shift, noon = self.templates[template], self._noon[day] - 720
        return noon + shift.start, noon + shift.end

    def is_lawful(self, person: Person, day: date, template: int) -> bool:
        """Whether a shift may be added: within contract, pattern and presence, rested."""
        shift = self.templates[template]
        most = min(self.remaining_hours(person), person.most_on(day))
        if shift.hours > most + EPSILON or not person.is_there(day, shift):
            return False
        rules = self.problem.instance.rules
        times = sorted([*self.times(person), self.span(day, template)])
        edges = [0, *(moment for span in times for moment in span)]
        rests = np.diff([*edges, self._end])[::2]
        daily = 60 * rules.daily_rest_hours
        return bool(
            (rests[1:-1] >= daily).all() and rests.max() >= 60 * rules.weekly_rest_hours
        )

    @cached_property
    def _end(self) -> int:
        instance = self.problem.instance
        first = instance.clock.moment(instance.week, 0)
        last = instance.clock.moment(instance.week, WEEK_MINUTES)
        return int((last - first).total_seconds()) // 60

    def fits(self, person: Person, day: date) -> tuple[int, ...]:
        """Templates within the opening hours of the person's team."""
        return self.problem.fitting[team_of(person), day]

    def put(self, person: Person, day: date, shift: Placed) -> None:
        """Add a shift."""
        self.placed[person.code, day] = shift
        self.boards[person.location, day].move(shift.plan, 1)

    def take(self, person: Person, day: date) -> Placed | None:
        """Take a shift out, if there is one."""
        shift = self.placed.pop((person.code, day), None)
        if shift is not None:
            self.boards[person.location, day].move(shift.plan, -1)
        return shift

    def planned(self, person: Person, day: date, template: int, gains: Gains) -> Placed:
        """A shift with its best activities, given the gains of the board."""
        board = self.boards[person.location, day]
        skills = self.skill_indices(person, board)
        quarters = self.templates[template].quarters
        plan, fine = best_plan(gains, skills, quarters, self.block)
        return Placed(template, plan, fine)

    def cost_of_day(self, person: Person, day: date) -> float:
        """Euros of the person's board, and of this shift's short blocks and hours."""
        total = self.boards[person.location, day].cost()
        shift = self.placed.get((person.code, day))
        if shift is None:
            return total
        hours = self.templates[shift.template].hours
        return total + shift.fine - self.problem.instance.policy.price_hour * hours
