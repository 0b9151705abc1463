"""What nobody can change: the cost that stays with everybody there who can be."""

from itertools import product
from math import inf

import numpy as np
import pytest

from staffing.roster import solve
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.wanted import Presence
from staffing.roster.week.bounding import Bound
from staffing.roster.week.curves import convex_envelope
from staffing.roster.week.everybody import cost_with_everybody
from staffing.roster.week.generating import generate
from staffing.roster.week.problem import Problem
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.solving_week import program_of
from staffing.roster.week.targets import costs_by_number
from tests.staffing.planted_weeks import planted
from tests.staffing.roster_weeks import village_week

FOREVER = Stop(inf)


def wanting(seed: int) -> Instance:
    """A planted week whose slots want up to five people at random late contacts."""
    instance, draw = planted(seed).instance, np.random.default_rng(seed)
    demands = []
    for demand in instance.demands:
        late = np.sort(draw.uniform(0, 9, int(draw.integers(1, 6))))[::-1]
        demands.append(
            demand.model_copy(
                update={
                    "required": int(draw.integers(0, 6)),
                    "late": (0.0,) if demand.deferrable else tuple(late.tolist()),
                }
            )
        )
    return instance.model_copy(update={"demands": tuple(demands)})


class Everybody:
    """The same sum over the objects of an instance, one quarter-hour at a time."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.policy = instance, instance.policy
        self.places = dict[str, list[tuple[Person, set[tuple[int, int]]]]]()
        for schedule in Problem(instance).schedules:
            for option in schedule.options:
                quarters = {
                    (option.day, q)
                    for q in option.shift.quarters
                    if not self._apart(schedule.person, option.day, q)
                }
                own = self.places.setdefault(option.location, [])
                if not own or own[-1][0] is not schedule.person:
                    own.append((schedule.person, set()))
                own[-1][1].update(quarters)

    def _apart(self, person: Person, day: int, quarter: int) -> bool:
        return any(
            away.day == self.instance.days[day]
            and away.start // 15 <= quarter < -(-away.end // 15)
            for away in person.set_apart
        )

    def present(self, place: str, day: int, quarter: int) -> list[Person]:
        return [p for p, at in self.places.get(place, []) if (day, quarter) in at]

    def served(self, place: str, skill: str, day: int, quarter: int) -> int:
        """How many could serve a slot, from any place that serves it."""
        found = 0
        for own in self.places:
            if self.instance.served(own, skill) != place:
                continue
            able = [p for p in self.present(own, day, quarter) if skill in p.skills]
            limits = [
                ceiling.people
                for ceiling in self.instance.ceilings
                if (ceiling.location, ceiling.day) == (own, self.instance.days[day])
                and skill in ceiling.skills
            ]
            found += min([len(able), *limits])
        return found

    def cost(self) -> float:
        return self._work() + self._minima()

    def _work(self) -> float:
        total = 0.0
        for (place, skill, date), slots in self.instance.slots.items():
            due, day = 0, self.instance.days.index(date)
            for quarter, demand in slots.items():
                number = self.served(place, skill, day, quarter)
                if demand.deferrable:
                    due += demand.required - number
                    continue
                costs = np.array(costs_by_number(demand, self.policy))
                levels = convex_envelope(np.minimum.accumulate(costs))
                total += levels[min(number, len(levels) - 1)]
            total += self.policy.price_short_deferrable_quarter * max(due, 0)
        return total

    def _minima(self) -> float:
        short = 0
        for presence in self.instance.presences:
            day = self.instance.days.index(presence.day)
            for quarter in range(presence.start // 15, -(-presence.end // 15)):
                there = self.present(presence.location, day, quarter)
                short += max(presence.least - len(there), 0)
        for parted, date in product(self.instance.separations, self.instance.days):
            day = self.instance.days.index(date)
            at = (parted.location, parted.skill, date)
            for quarter in self.instance.slots.get(at, {}):
                there = self.present(parted.location, day, quarter)
                first = [p for p in there if parted.first in p.able]
                second = [p for p in there if parted.second in p.able]
                either = {p.code for p in (*first, *second)}
                missing = (1 - len(first), 1 - len(second), 2 - len(either))
                short += max(0, *missing)
        return self.policy.price_presence_quarter * short


@pytest.mark.parametrize("seed", range(20))
def test_the_cost_with_everybody_is_that_of_counting_one_by_one(seed):
    instance = wanting(seed)
    expected = Everybody(instance).cost()
    assert cost_with_everybody(Problem(instance)) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(12))
def test_what_nobody_can_change_is_below_the_best_bound(seed):
    problem = Problem(wanting(seed))
    bound, search = Bound(problem), Search(problem, seed)
    assert search.fill(FOREVER)
    program = program_of(problem, search)
    assert generate(bound, program, inf)
    assert bound.unavoidable <= program.objective + 1e-6
    assert bound.unavoidable <= bound.best


def test_calls_that_nobody_may_answer_cannot_be_changed():
    """A village where nobody knows the phone: its late calls count as unavoidable."""
    village = village_week()
    deaf = tuple(
        person.model_copy(
            update={"skills": tuple(s for s in person.skills if s != "phone")}
        )
        for person in village.people
    )
    instance = village.model_copy(update={"people": deaf})
    calls = sum(
        costs_by_number(demand, instance.policy)[0]
        for demand in instance.demands
        if demand.skill == "phone"
    )
    heard = Bound(Problem(village)).unavoidable
    assert Bound(Problem(instance)).unavoidable > heard + 0.9 * calls


def test_where_nobody_can_come_there_is_no_gap():
    """Nobody has a day to work on: the roster is empty, and the best there is."""
    village = village_week()
    away = tuple(
        person.model_copy(update={"days": (), "contract_hours": 0.0})
        for person in village.people
    )
    presence = Presence(
        name="open", location="gemeentehuis", day=village.days[0], start=540, end=600,
        least=2,
    )  # fmt: skip
    empty = village.model_copy(update={"people": away, "presences": (presence,)})
    roster = solve(empty, time_limit_s=60)
    assert roster.assignments == ()
    assert roster.status == "optimal"
    assert roster.bound == pytest.approx(roster.unavoidable)
