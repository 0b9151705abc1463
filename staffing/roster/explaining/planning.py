"""The best activities of one shift, all others fixed: what each next head is worth."""

from dataclasses import dataclass
from datetime import date, datetime

from staffing.roster.activity_blocks import minimum_block
from staffing.roster.explaining.seats import has_desk
from staffing.roster.explaining.standing import Standing, doing
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment
from staffing.roster.shapes import shift_of
from staffing.roster.shifts import Template
from staffing.roster.wanted import Ceiling

Choices = list[tuple[str, float]]
"""Skills open to somebody in a quarter-hour, each with the euros it saves."""

State = tuple[str, int, bool]
"""A skill, how many quarter-hours it lasts (at most the least), whether it is the first
of its stretch."""


@dataclass(frozen=True)
class Desk:
    """A person at a place on a day; their own shift of that day is taken away first.

    With `ceilings`, if there were those desks.
    """

    standing: Standing
    person: Person
    location: str
    day: date
    ceilings: tuple[Ceiling, ...] | None = None

    @property
    def instance(self) -> Instance:
        """The instance."""
        return self.standing.instance

    def gain(self, skill: str, start: datetime) -> float | None:
        """Euros one head more saves at a skill; None where it is closed or seatless."""
        there = self.standing
        place = (self.instance.served(self.location, skill), skill, start)
        demand = there.demand.get(place)
        key = (self.person.code, self.day)
        if demand is None:
            return None
        if not has_desk(there, key, self.location, skill, start, self.ceilings):
            return None
        own = self._own_part(place)
        prices = self.instance.policy
        if demand.deferrable:
            left = there.waiting[place[0], skill, self.day] + self._own_waiting(skill)
            return prices.price_short_deferrable_quarter if left > 0 else 0.0
        n = there.heads[place] - own
        late = demand.late_with(n) - demand.late_with(n + 1)
        short = demand.shortage(n) - demand.shortage(n + 1)
        return prices.price_late_contact * late + prices.price_short_quarter * short

    def _own(self) -> Assignment | None:
        return self.standing.shift.get((self.person.code, self.day))

    def _own_part(self, place: tuple[str, str, datetime]) -> int:
        own = self._own()
        if own is None or doing(own, place[2]) != place[1]:
            return 0
        return int(self.instance.served(own.location, place[1]) == place[0])

    def _own_waiting(self, skill: str) -> int:
        own = self._own()
        return 0 if own is None else own.activities.count(skill)

    def choices(self, quarter: int) -> Choices:
        """What the person could do in a quarter-hour of the day, and its worth."""
        if self._set_apart(quarter):
            return []
        start = self.instance.clock.moment(self.day, 15 * quarter)
        found = [(skill, self.gain(skill, start)) for skill in self.person.skills]
        return [(skill, gain) for skill, gain in found if gain is not None]

    def _set_apart(self, quarter: int) -> bool:
        return any(
            apart.day == self.day
            and apart.start < 15 * quarter + 15
            and 15 * quarter < apart.end
            for apart in self.person.set_apart
        )


class Planner:
    """Plans shifts of one person at one place on one day."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._choices: dict[int, Choices] = {}

    def choices(self, quarter: int) -> Choices:
        """What the person could do in a quarter-hour, remembered."""
        if quarter not in self._choices:
            self._choices[quarter] = self.desk.choices(quarter)
        return self._choices[quarter]

    def worth(self, template: Template) -> float:
        """Euros that a shift saves at most, blocks of activity left aside."""
        best = (
            max((g for _, g in self.choices(q)), default=0.0) for q in template.quarters
        )
        return sum(best)

    def shift(self, template: Template) -> Assignment:
        """The shift with the activities that save most."""
        desk, plan = self.desk, self.plan(template)
        quarters = range(template.start // 15, template.end // 15)
        return shift_of(
            desk.instance,
            desk.person.code,
            desk.day,
            desk.location,
            template,
            tuple(plan.get(quarter) for quarter in quarters),
        )

    def plan(self, template: Template) -> dict[int, str]:
        """Activities per quarter-hour; short blocks are weighed at their price."""
        stretch: list[tuple[int, Choices]] = []
        found: dict[int, str] = {}
        for quarter in template.quarters:
            if stretch and quarter != stretch[-1][0] + 1:
                found |= self._best(stretch)
                stretch = []
            if choices := self.choices(quarter):
                stretch.append((quarter, choices))
            elif stretch:
                found |= self._best(stretch)
                stretch = []
        return found | self._best(stretch)

    def _best(self, stretch: list[tuple[int, Choices]]) -> dict[int, str]:
        if not stretch:
            return {}
        instance = self.desk.instance
        least = minimum_block(instance)
        price = instance.policy.price_short_block
        steps: list[dict[State, tuple[float, State | None]]] = []
        for _, choices in stretch:
            steps.append(_next(steps[-1] if steps else None, choices, least, price))
        ends = {
            state: total - (price if not state[2] and state[1] < least else 0.0)
            for state, (total, _) in steps[-1].items()
        }
        state: State | None = max(ends, key=lambda s: (ends[s], s))
        skills: list[str] = []
        for step in reversed(steps):
            if state is not None:
                skills.append(state[0])
                state = step[state][1]
        return dict(zip((q for q, _ in stretch), reversed(skills), strict=True))


def _next(
    before: dict[State, tuple[float, State | None]] | None,
    choices: Choices,
    least: int,
    price: float,
) -> dict[State, tuple[float, State | None]]:
    """The best way to each state after one quarter-hour more."""
    found: dict[State, tuple[float, State | None]] = {}
    for skill, gain in choices:
        if before is None:
            found[skill, 1, True] = (gain, None)
            continue
        for state, (total, _) in before.items():
            if state[0] == skill:
                new, cost = (skill, min(state[1] + 1, least), state[2]), 0.0
            else:
                new, cost = (skill, 1, False), price if state[1] < least else 0.0
            better = total + gain - cost
            if new not in found or better > found[new][0]:
                found[new] = (better, state)
    return found
