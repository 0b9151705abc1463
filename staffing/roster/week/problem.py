"""An instance with everything that the solver counts and prices it by."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from staffing.roster.instance import Instance
from staffing.roster.lawful.compiling import Compiled
from staffing.roster.lawful.framing import compile_person
from staffing.roster.lawful.scheduling import best_schedule
from staffing.roster.people import Person
from staffing.roster.valuing import minimum_block
from staffing.roster.week.blocks import BlockPrice
from staffing.roster.week.people import Shapes, staff_of
from staffing.roster.week.replying import Staff
from staffing.roster.week.targets import Names, Targets, name_all, targets_of


@dataclass(frozen=True)
class Problem:
    """What is wanted, who there is, and which schedules are lawful."""

    instance: Instance

    @cached_property
    def names(self) -> Names:
        """What the numbers stand for."""
        return name_all(self.instance)

    @cached_property
    def targets(self) -> Targets:
        """What is wanted."""
        return targets_of(self.instance, self.names)

    @cached_property
    def schedules(self) -> tuple[Compiled, ...]:
        """The options and rules of each person."""
        people = self.instance.people
        return tuple(compile_person(self.instance, p, is_priced=True) for p in people)

    @cached_property
    def without(self) -> tuple[Person, ...]:
        """People without any lawful schedule."""
        return tuple(
            schedule.person
            for schedule in self.schedules
            if best_schedule(schedule, np.zeros(len(schedule.options)))[0] == -np.inf
        )

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of shifts that occur."""
        return Shapes()

    @cached_property
    def staff(self) -> Staff:
        """The people and their options."""
        return staff_of(self.instance, self.names, self.schedules, self.shapes)

    @cached_property
    def block(self) -> BlockPrice:
        """The wanted length of blocks and the price of shorter ones."""
        price = self.instance.policy.price_short_block
        return BlockPrice(minimum_block(self.instance), price)

    @cached_property
    def widest(self) -> int:
        """The most choices that anybody has on a day."""
        widths = (schedule.frame.choices.shape[1] for schedule in self.schedules)
        return max(widths, default=1)

    @cached_property
    def contracts(self) -> float:
        """Euros of all contract hours, as if none were used."""
        hours = sum(person.contract_hours for person in self.instance.people)
        return self.instance.policy.price_hour * hours

    @cached_property
    def close(self) -> float:
        """The gap at which a search may end."""
        return self.instance.policy.relative_gap
