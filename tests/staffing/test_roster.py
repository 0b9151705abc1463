from itertools import product
from math import inf

import pytest

from staffing.roster import Instance, Roster, solve, verify
from staffing.roster.explaining.shortfalls import find_shortfalls
from staffing.roster.gap import relative_gap
from staffing.roster.people import Person
from staffing.roster.result import Assignment, Objective
from staffing.roster.shifts import Span, Template
from staffing.roster.valuing import value
from staffing.roster.wanted import Demand
from staffing.roster.week.bounding import Bound
from staffing.roster.week.generating import generate
from staffing.roster.week.problem import Problem
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.solving_week import program_of
from tests.staffing.roster_weeks import (
    WEEK,
    moment,
    policy,
    rules,
    town_week,
    village_week,
)


@pytest.fixture(scope="module")
def village() -> Roster:
    return solve(village_week(), time_limit_s=300)


def hard(instance: Instance, roster: Roster):
    return [str(v) for v in verify(instance, roster) if v.hard]


def tiny(people: int = 1, **changes) -> Instance:
    """Monday 9 to 13, phone, two wanted; people of four hours."""
    demands = tuple(
        Demand(
            location="hall",
            skill="phone",
            start=moment(WEEK, 9 + quarter / 4),
            required=2,
            late=(3.0, 1.0, 0.25),
        )
        for quarter in range(16)
    )
    staff = tuple(
        Person(
            code=f"P{i}",
            location="hall",
            skills=("phone",),
            contract_hours=4,
            days=(WEEK,),
        )
        for i in range(people)
    )
    return Instance(
        week=WEEK,
        zone="Europe/Amsterdam",
        policy=policy(),
        rules=rules(),
        demands=demands,
        templates=(Template(start=540, end=780), Template(start=570, end=810)),
        people=staff,
    )


def test_a_village_roster_breaks_no_hard_rule(village):
    assert hard(village_week(), village) == []


def test_the_same_seed_gives_the_same_roster(village):
    again = solve(village_week(), time_limit_s=300, seed=0)
    assert again.to_json() == village.to_json()


def test_no_roster_beats_the_bound(village):
    assert village.objective.total >= village.bound


def test_a_village_comes_close_to_the_bound(village):
    assert village.gap is not None
    assert village.gap < 0.05


def test_too_few_people_give_shortfalls_with_a_counted_reason(village):
    assert village.shortfalls
    assert all("with this authorisation" in s.reason for s in village.shortfalls)
    assert all(s.quarters > 0 for s in village.shortfalls)


def test_a_roster_survives_json(village):
    assert Roster.from_json(village.to_json()) == village


def test_people_work_about_their_contract_hours(village):
    instance = village_week()
    worked = sum(shift.worked_hours for shift in village.assignments)
    assert worked >= 0.95 * sum(p.contract_hours for p in instance.people)


def test_nobody_at_all_gives_an_empty_roster_with_every_hour_short():
    roster = solve(tiny(people=0), time_limit_s=60)
    assert roster.assignments == ()
    assert roster.shortfalls[0].quarters == 32
    assert roster.shortfalls[0].reason == "nobody here has this authorisation"
    assert roster.objective.total == pytest.approx(roster.bound)


@pytest.mark.parametrize("people", [1, 2, 3])
def test_a_tiny_week_is_solved_to_the_brute_force_optimum(people):
    instance = tiny(people)
    best = min(
        value(instance, [a for a in choice if a]).total
        for choice in product(*(options(instance, p) for p in instance.people))
    )
    roster = solve(instance, time_limit_s=60)
    assert roster.objective.total == pytest.approx(best)
    assert roster.status == "optimal"


def options(instance: Instance, person: Person) -> list[Assignment | None]:
    """Not working, or either template on the phone while it is open."""
    found: list[Assignment | None] = [None]
    for template in instance.templates:
        open_quarters = [template.start + 15 * i < 780 for i in range(16)]
        found.append(
            Assignment(
                person=person.code,
                day=WEEK,
                location="hall",
                shift=Span(
                    start=moment(WEEK, template.start / 60),
                    end=moment(WEEK, template.end / 60),
                ),
                activities=tuple("phone" if now else None for now in open_quarters),
            )
        )
    return found


def test_out_of_time_gives_a_lawful_roster_and_says_so():
    roster = solve(village_week(), time_limit_s=1e-9)
    assert roster.status == "out_of_time"
    assert hard(village_week(), roster) == []


def test_the_bound_of_a_town_lies_between_the_unavoidable_and_an_empty_roster():
    problem = Problem(town_week())
    bound, search = Bound(problem), Search(problem, 0)
    assert search.fill(Stop(inf))
    program = program_of(problem, search)
    assert generate(bound, program, inf)
    assert bound.best <= program.objective + 1e-6
    assert bound.unavoidable < bound.best < value(town_week(), ()).total


def test_a_shortfall_says_that_all_are_at_their_weekly_maximum():
    instance = tiny(2).model_copy(
        update={
            "people": (
                tiny().people[0].model_copy(update={"contract_hours": 2.0}),
                tiny(2).people[1].model_copy(update={"days": ()}),
            )
        }
    )
    (short,) = find_shortfalls(instance, ())
    assert short.reason == (
        "all two with this authorisation: one not available that day, "
        "one at their weekly maximum"
    )
    assert short.reason_nl.startswith("alle twee bevoegden: een die dag")
    assert (short.short, short.quarters) == (2, 32)


def test_the_gap_leaves_out_what_nobody_can_change():
    objective = Objective(late_contacts=110.0)
    assert relative_gap(objective, 100.0, 60.0) == pytest.approx(0.25)
    assert relative_gap(objective, 110.0, 110.0) == 0.0
    assert relative_gap(objective, 100.0, 100.0) is None
