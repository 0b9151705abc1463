"""What another day of somebody would change: the objective's terms, in euros.

Exact: what `value` tells of the roster as it would be, less what it tells of this one,
worked out from the quarter-hours and people that differ alone.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from staffing.roster.activity_blocks import minimum_block, short_blocks
from staffing.roster.building.renewing import renewed
from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.standing import Place, Standing
from staffing.roster.headcounts import headcount
from staffing.roster.instance import Instance
from staffing.roster.personal import day_change_cost, unevenness, unloved, wish_cost
from staffing.roster.presence import missing_heads
from staffing.roster.result import Assignment
from staffing.roster.shapes import template_of
from staffing.roster.valuing import value


def saving(standing: Standing, instead: Alternative) -> float:
    """Euros by which the objective would fall."""
    return -sum(differences(standing, instead).values())


def differences(standing: Standing, instead: Alternative) -> dict[str, float]:
    """What each term of the objective would rise by, in euros."""
    if standing.instance.covers:
        return _by_recounting(standing, instead)
    old, new = standing.had(instead), [s for s in instead.days.values() if s]
    prices, least = standing.instance.policy, minimum_block(standing.instance)
    hours = sum(s.worked_hours for s in new) - sum(s.worked_hours for s in old)
    blocks = sum(short_blocks(s, least) for s in new)
    blocks -= sum(short_blocks(s, least) for s in old)
    return {
        **_coverage(standing, old, new),
        "unused_hours": prices.price_hour * (_contracts(standing, instead) - hours),
        "short_blocks": prices.price_short_block * blocks,
        "missing_presence": _presence(standing, instead, [*old, *new]),
        **_personal(standing, instead),
    }


def _by_recounting(standing: Standing, instead: Alternative) -> dict[str, float]:
    before = value(standing.instance, standing.assignments).model_dump()
    there = instead.assignments(standing.assignments)
    after = value(instead.instance(standing.instance), there).model_dump()
    return {term: after[term] - before[term] for term in before}


def moved(
    standing: Standing, old: list[Assignment], new: list[Assignment]
) -> Counter[Place]:
    """Heads more (or fewer) at each place."""
    heads = headcount(standing.instance, new)
    heads.subtract(headcount(standing.instance, old))
    return Counter({place: n for place, n in heads.items() if n})


def _coverage(
    standing: Standing, old: list[Assignment], new: list[Assignment]
) -> dict[str, float]:
    prices = standing.instance.policy
    late = short = 0.0
    later: Counter[tuple[str, str, date]] = Counter()
    for place, more in moved(standing, old, new).items():
        demand = standing.demand.get(place)
        if demand is None:
            continue
        if demand.deferrable:
            day, _ = standing.instance.clock.quarter(demand.start)
            later[place[0], place[1], day] += more
            continue
        before, after = standing.heads[place], standing.heads[place] + more
        late += demand.late_with(after) - demand.late_with(before)
        short += demand.shortage(after) - demand.shortage(before)
    waits = sum(
        max(standing.waiting[key] - more, 0) - max(standing.waiting[key], 0)
        for key, more in later.items()
    )
    return {
        "late_contacts": prices.price_late_contact * late,
        "short_quarters": prices.price_short_quarter * short,
        "short_deferrable": prices.price_short_deferrable_quarter * waits,
    }


def _contracts(standing: Standing, instead: Alternative) -> float:
    known = standing.instance.person
    return sum(
        person.contract_hours
        - (known[person.code].contract_hours if person.code in known else 0.0)
        for person in instead.people
    )


def _personal(standing: Standing, instead: Alternative) -> dict[str, float]:
    after = {person.code: person for person in instead.people}
    wishes = changes = 0.0
    for (code, day), shift in instead.days.items():
        before = standing.instance.person.get(code)
        person = after.get(code, before)
        had = standing.on(code, day)
        for who, shifts, sign in (
            (person, [shift] if shift else [], 1),
            (before, had, -1),
        ):
            if who is not None:
                shapes = [template_of(standing.instance, one) for one in shifts]
                places = zip(shapes, shifts, strict=True)
                now = {(t.start, t.end, one.location) for t, one in places}
                wishes += sign * wish_cost(who, day, *shapes)
                changes += sign * day_change_cost(standing.instance, who, day, now)
    return {
        "wishes": wishes,
        "changes": changes,
        "unevenness": _unevenness(standing, instead),
    }


def _unevenness(standing: Standing, instead: Alternative) -> float:
    """Of those whose days differ; of all their team when somebody joins it."""
    there = instead.instance(standing.instance)
    codes = {code for code, _ in instead.days}
    joined = {
        p.location for p in instead.people if p.code not in standing.instance.person
    }
    codes |= {p.code for p in there.people if p.location in joined}
    total = 0.0
    for code in sorted(codes):
        if code in standing.instance.person:
            had = _unloved(standing, standing.by_person[code])
            total -= unevenness(standing.instance, standing.instance.person[code], had)
        if code in there.person:
            would = _unloved(standing, standing.shifts_of(code, instead))
            total += unevenness(there, there.person[code], would)
    return total


def _unloved(standing: Standing, shifts: list[Assignment]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for shift in shifts:
        shape = template_of(standing.instance, shift)
        counts.update(unloved(standing.instance.policy, shift.day, shape.end))
    return counts


def _presence(
    standing: Standing, instead: Alternative, moved: list[Assignment]
) -> float:
    """Euros of heads more (or fewer) that are missing where people are moved."""
    total = 0
    there = instead.instance(standing.instance)
    for location, day in sorted({(s.location, s.day) for s in moved}):
        minima = standing.minima(location, day)
        if minima is not None:
            total -= _missing(minima, standing.by_day[day])
            new = instead.assignments(standing.by_day[day])
            if instead.people:
                minima = renewed(minima, people=there.people)
            total += _missing(minima, [s for s in new if s.day == day])
    return standing.instance.policy.price_presence_quarter * total


def _missing(minima: Instance, shifts: Iterable[Assignment]) -> int:
    return sum(number for *_, number in missing_heads(minima, shifts))
