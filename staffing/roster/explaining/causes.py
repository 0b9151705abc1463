"""Why each authorised person does not lift a shortfall: one cause each, none left out."""

from collections import Counter
from datetime import date

from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.differing import saving
from staffing.roster.explaining.standing import doing
from staffing.roster.explaining.stretches import Stretch
from staffing.roster.explaining.tables import Tables, quarter_of
from staffing.roster.options import opened
from staffing.roster.people import Away, Person
from staffing.roster.result import Assignment
from staffing.roster.shifts import Template
from staffing.roster.wanted import Demand

RULE = "rule:"
"""Before the name of a hard rule that alone forbids every shift then."""

TRIED = 3
"""Shifts worked out in full for somebody who is free."""


def count_causes(tables: Tables, stretch: Stretch) -> Counter[str]:
    """How many of the authorised people each cause keeps away at the worst moment.

    A cause is named as in `wording.CAUSES`, or `rule:` and the name of a hard rule.
    Whoever is doing the work counts as `here`; the sum is everybody authorised.
    """
    people = tables.able(stretch.location, stretch.skill)
    return Counter(cause_of(tables, stretch, person) for person in people)


def cause_of(tables: Tables, stretch: Stretch, person: Person) -> str:
    """The one cause that keeps a person away, the first that applies."""
    demand, day = stretch.worst, stretch.day
    quarter = quarter_of(tables.instance, demand.start)
    shift = tables.standing.shift.get((person.code, day))
    if shift is not None:
        return _at_work(tables, stretch, person, shift)
    if person.lock_on(day) is not None:
        return "settled"
    if day not in person.days:
        return "off"
    if _within(person.away, day, quarter):
        return "absent"
    return _free(tables, demand, person, day)


def _within(parts: tuple[Away, ...], day: date, quarter: int) -> bool:
    first, last = 15 * quarter, 15 * quarter + 15
    return any(a.day == day and a.start < last and first < a.end for a in parts)


def _at_work(
    tables: Tables, stretch: Stretch, person: Person, shift: Assignment
) -> str:
    demand, day = stretch.worst, stretch.day
    quarter = quarter_of(tables.instance, demand.start)
    if tables.instance.served(shift.location, demand.skill) != demand.location:
        return "elsewhere"
    if any(pause.start <= demand.start < pause.end for pause in shift.breaks):
        return "break"
    if not shift.shift.start <= demand.start < shift.shift.end:
        if _within(person.away, day, quarter):
            return "absent"
        return _outside(tables, demand, person, shift)
    if _within(person.set_apart, day, quarter):
        return "set_apart"
    return _busy(tables, demand, person, shift)


def _busy(tables: Tables, demand: Demand, person: Person, shift: Assignment) -> str:
    activity = doing(shift, demand.start)
    if activity == demand.skill:
        return "here"
    standing = tables.standing
    desk = tables.planner(person, shift.day, shift.location).desk
    gain = desk.gain(demand.skill, demand.start)
    if gain is None:
        return "seats"
    if activity is None:
        return "idle"
    other = (tables.instance.served(shift.location, activity), activity, demand.start)
    work = standing.demand.get(other)
    if work is not None and _is_short(tables, work, shift.day):
        return "busy_short"
    return "busy_needed" if (desk.gain(activity, demand.start) or 0) >= gain else "busy"


def _is_short(tables: Tables, work: Demand, day: date) -> bool:
    if work.deferrable:
        return tables.standing.waiting[work.location, work.skill, day] > 0
    return tables.standing.heads[work.location, work.skill, work.start] < work.required


def _outside(tables: Tables, demand: Demand, person: Person, shift: Assignment) -> str:
    """Outside the shift: whether one as long could be there instead."""
    if person.lock_on(shift.day) is not None:
        return "settled"
    hours = tables.shape(shift).hours
    moved = [
        (place, template)
        for place, template in _covering(tables, demand, person, shift.day)
        if template.hours == hours
    ]
    if not any(not tables.against(person, shift.day, *one) for one in moved):
        return "outside_fixed"
    return "outside" if _seat(tables, demand, person, shift.day) else "seats"


def _covering(
    tables: Tables, demand: Demand, person: Person, day: date
) -> list[tuple[str, Template]]:
    """Places and shifts in which the person would be at work then, each by itself."""
    quarter = quarter_of(tables.instance, demand.start)
    return [
        (place, template)
        for place in tables.serving(person, demand.location, demand.skill)
        for template in tables.options(person, day, place)
        if quarter in template.quarters
    ]


def _seat(tables: Tables, demand: Demand, person: Person, day: date) -> bool:
    places = tables.serving(person, demand.location, demand.skill)
    return any(
        tables.planner(person, day, at).desk.gain(demand.skill, demand.start)
        is not None
        for at in places
    )


def _free(tables: Tables, demand: Demand, person: Person, day: date) -> str:
    """A day without a shift: the rule that alone forbids each, or why none pays."""
    found = _covering(tables, demand, person, day)
    if not found:
        return _no_shift(tables, demand, person, day)
    sets = [tables.against(person, day, *one) for one in found]
    least = min(sets, key=lambda rules: (len(rules), sorted(rules)))
    if least:
        return RULE + _binding(least)
    if not _seat(tables, demand, person, day):
        return "seats"
    lawful = [one for one, rules in zip(found, sets, strict=True) if not rules]
    return "free" if best_saving(tables, person, day, lawful) > 0 else "unpaying"


def _binding(rules: frozenset[str]) -> str:
    """The rule to name where several bind at once: the contract, or the first."""
    return "contract_hours" if "contract_hours" in rules else min(rules)


def _no_shift(tables: Tables, demand: Demand, person: Person, day: date) -> str:
    """No shift by itself: without which of pattern and absence would there be one?"""
    quarter = quarter_of(tables.instance, demand.start)
    at_hand = [
        template
        for place in tables.serving(person, demand.location, demand.skill)
        for template in opened(tables.instance, place, person.skills, day)
        if quarter in template.quarters
    ]
    if any(t.hours <= person.most_on(day) + 1e-6 for t in at_hand):
        return "absent"
    if any(person.is_there(day, t) for t in at_hand):
        return "pattern"
    return "unfitting"


def best_saving(
    tables: Tables, person: Person, day: date, shifts: list[tuple[str, Template]]
) -> float:
    """Euros that the best of some shifts would save, those worth most worked out."""

    def worth(one: tuple[str, Template]) -> tuple[float, int, int]:
        place, template = one
        value = tables.planner(person, day, place).worth(template)
        return -value, template.start, template.break_start or 0

    best = -float("inf")
    for place, template in sorted(shifts, key=worth)[:TRIED]:
        shift = tables.planner(person, day, place).shift(template)
        instead = Alternative({(person.code, day): shift})
        best = max(best, saving(tables.standing, instead))
    return best
