"""Input that contradicts itself is named, each contradiction in a line of its own."""

import re

import pytest

from forecasting.errors import InputError
from staffing.roster.checking import ASKING, READING, check, contradictions
from staffing.roster.contradictions.settling import LATER, lasting_rules
from staffing.roster.instance import Instance
from staffing.roster.replanning.applying import apply_events
from staffing.roster.replanning.events import Absent
from staffing.roster.verifying import RULES
from tests.staffing.contradictory_weeks import CONTRADICTIONS, settled, someone, week
from tests.staffing.planted_breaches import (
    DAYS,
    named_days,
)
from tests.staffing.roster_weeks import village_week


@pytest.mark.parametrize("case", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_named_in_one_line(case: tuple[Instance, str]):
    instance, told = case
    lines = [line for line in contradictions(instance) if told in line]
    assert len(lines) == 1
    with pytest.raises(InputError, match=re.escape(told)):
        check(instance)


@pytest.mark.parametrize("ask", [*READING, *ASKING], ids=lambda ask: ask.__name__)
def test_every_check_has_a_case_that_it_alone_names(ask):
    for instance, told in CONTRADICTIONS.values():
        unread = any(problem for first in READING for problem in first(instance))
        if ask not in READING and unread:
            continue
        if any(told in line for line in ask(instance)):
            return
    pytest.fail("no case")


def test_all_contradictions_come_at_once_a_line_each():
    instance = week(
        settled((0, 9, 13), (0, 14, 18)),
        someone("B", contract_hours=70),
        someone("C", skills=("chess",)),
        hours=(9, 11),
    )
    with pytest.raises(InputError) as caught:
        check(instance)
    lines = str(caught.value).split("\n")
    assert any("person A is double-booked" in line for line in lines)
    assert any("person B: a contract of 70 hours is above" in line for line in lines)
    assert any("person C: unknown skill 'chess'" in line for line in lines)
    assert any("no shift fits the opening hours" in line for line in lines)


def test_very_many_contradictions_are_counted():
    staff = [someone(f"P{i}", contract_hours=70) for i in range(30)]
    with pytest.raises(InputError) as caught:
        check(week(*staff))
    assert str(caught.value).split("\n")[-1] == "And 10 more."


def test_an_ordinary_week_contradicts_nothing():
    check(village_week())
    check(week())
    check(named_days())
    check(week(settled((0, 9, 13), (2, 14, 18))))


def test_known_skills_without_demand_are_no_contradiction():
    instance = week(someone(skills=("phone", "naturalisation")))
    check(instance.model_copy(update={"skills": ("naturalisation",)}))


def test_every_rule_is_asked_of_settled_days_or_left_for_later():
    hard = {rule.name for rule in RULES if rule.hard}
    assert {rule.name for rule in lasting_rules()} | LATER == hard
    assert hard >= LATER


def test_who_falls_ill_does_not_contradict_the_contract():
    instance = week(someone(contract_hours=28, most=(7.0,) * 7))
    check(instance)
    ill = Absent(person="A", first=DAYS[0], last=DAYS[4])
    after = apply_events(instance, (), (ill,))
    check(after)
    assert after.person["A"].contract_hours == 14
