"""Every rule finds the breach made for it; without that rule, the breach goes unseen."""

from datetime import UTC, date, datetime

import pytest

from staffing.roster import Violation, verify
from staffing.roster.result import Assignment
from staffing.roster.shifts import Span
from staffing.roster.valuing import value
from staffing.roster.verifying import RULES
from tests.staffing.planted_breaches import (
    BREACHES,
    named_days,
    open_days,
    person,
    roster,
    shift,
    worked,
)


def names(found: list[Violation]) -> set[str]:
    return {violation.rule for violation in found}


def test_every_rule_has_a_planted_breach():
    assert [rule.name for rule in RULES] == list(BREACHES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_planted_breach_is_seen_by_its_own_rule_alone(rule):
    instance, bad = BREACHES[rule.name]
    assert names(verify(instance, bad)) == {rule.name}
    rest = tuple(other for other in RULES if other is not rule)
    assert verify(instance, bad, rest) == []


def test_a_lawful_roster_breaks_no_rule():
    instance = open_days(person(), person("B"))
    good = roster(instance, shift(), shift(day=1, start=8, end=12), shift("B", day=4))
    assert verify(instance, good) == []
    instance = named_days()
    assert verify(instance, roster(instance, *worked(0, 1, 2, 3, 7, 8))) == []


def test_every_rule_has_labels_in_two_languages_a_source_and_an_explanation():
    for rule in RULES:
        assert rule.label_en != rule.label_nl
        assert rule.source
        assert rule.check.__doc__
    assert len({rule.label_en for rule in RULES}) == len(RULES)
    assert len({rule.label_nl for rule in RULES}) == len(RULES)


def test_a_violation_tells_label_person_and_day():
    instance, bad = BREACHES["contract_hours"]
    (found,) = verify(instance, bad)
    assert str(found) == "Contract hours: A: 4 hours worked of 3"
    assert found.label_nl == "Contracturen"


def at(*hours: int) -> Span:
    first, last = (datetime(2027, 1, 11, hour, tzinfo=UTC) for hour in hours)
    return Span(start=first, end=last)


NONSENSE = {
    "reversed": shift().model_copy(update={"shift": at(15, 9)}),
    "empty": shift().model_copy(update={"shift": at(9, 9)}),
    "another day": shift().model_copy(update={"day": date.max}),
    "end of time": shift().model_copy(
        update={
            "shift": Span(
                start=datetime.min.replace(tzinfo=UTC),
                end=datetime.max.replace(tzinfo=UTC),
            )
        }
    ),
    "no zone": shift().model_copy(
        update={
            "shift": Span(start=at(9, 12).start.replace(tzinfo=None), end=at(9, 12).end)
        }
    ),
    "odd minutes": shift().model_copy(
        update={
            "shift": Span(start=at(9, 12).start.replace(second=7), end=at(9, 12).end)
        }
    ),
    "past midnight": shift().model_copy(
        update={
            "shift": Span(
                start=at(9, 12).start, end=datetime(2027, 1, 12, 3, tzinfo=UTC)
            )
        }
    ),
    "break elsewhere": shift().model_copy(
        update={
            "breaks": (Span(start=datetime.min.replace(tzinfo=UTC), end=at(9, 10).end),)
        }
    ),
    "nobody": shift(""),
    "nowhere": shift(location=""),
    "nothing done": shift(activities=()),
    "far too much done": shift(activities=("phone",) * 5000),
    "unknown work": shift(what="astrology"),
    "reversed break": shift().model_copy(update={"breaks": (at(11, 10),)}),
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_named_and_never_fatal(nonsense: Assignment):
    instance = open_days()
    for shifts in ((nonsense,), (nonsense, nonsense, shift())):
        found = verify(instance, roster(instance, *shifts))
        assert any(violation.hard for violation in found)


def test_the_objective_is_priced_from_the_true_table():
    instance = open_days(minimum=1, length=1)
    nobody = value(instance, ())
    somebody = value(instance, (shift(end=10),))
    prices = instance.policy
    # One person required: without anybody all are missing, which counts twice.
    assert nobody.short_quarters - somebody.short_quarters == pytest.approx(
        4 * 2 * prices.price_short_quarter
    )
    assert nobody.unused_hours - somebody.unused_hours == pytest.approx(
        prices.price_hour
    )
