"""The objective of a set of assignments in euros, term by term, by the true tables."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from staffing.roster.activity_blocks import (
    block_lengths,
    minimum_block,
    short_blocks,
    stretches,
)
from staffing.roster.headcounts import Headcount, headcount, missing, seated
from staffing.roster.instance import Instance
from staffing.roster.personal import day_change_cost, unevenness, unloved, wish_cost
from staffing.roster.presence import missing_heads
from staffing.roster.result import Assignment, Objective
from staffing.roster.shapes import template_of

__all__ = [
    "Headcount",
    "block_lengths",
    "headcount",
    "minimum_block",
    "missing",
    "seated",
    "short_blocks",
    "stretches",
    "template_of",
    "value",
]


def value(instance: Instance, assignments: Iterable[Assignment]) -> Objective:
    """What the assignments cost, term by term."""
    shifts = tuple(assignments)
    prices = instance.policy
    late, short, waiting = _coverage(instance, headcount(instance, shifts))
    worked = sum(shift.worked_hours for shift in shifts)
    contracts = sum(person.contract_hours for person in instance.people)
    blocks = sum(short_blocks(shift, minimum_block(instance)) for shift in shifts)
    heads = sum(number for *_, number in missing_heads(instance, shifts))
    under, over = _shift_cover(instance, shifts)
    return Objective(
        late_contacts=prices.price_late_contact * late,
        short_quarters=prices.price_short_quarter * short,
        short_deferrable=prices.price_short_deferrable_quarter * waiting,
        unused_hours=prices.price_hour * (contracts - worked),
        short_blocks=prices.price_short_block * blocks,
        missing_presence=prices.price_presence_quarter * heads,
        under=under,
        over=over,
        **_personal(instance, shifts),
    )


def _coverage(instance: Instance, people: Headcount) -> tuple[float, float, int]:
    """Late contacts, weighed quarters short, and quarters of waiting work left over."""
    late = short = 0.0
    left: Counter[tuple[str, str, date]] = Counter()
    for demand in instance.demands:
        present = people[demand.location, demand.skill, demand.start]
        if demand.deferrable:
            day, _ = instance.clock.quarter(demand.start)
            left[demand.location, demand.skill, day] += demand.required - present
            continue
        late += demand.late_with(present)
        short += demand.shortage(present)
    return late, short, sum(max(0, quarters) for quarters in left.values())


def _shift_cover(
    instance: Instance, shifts: tuple[Assignment, ...]
) -> tuple[float, float]:
    """Euros of heads under and over what named shifts want."""
    heads = Counter((shift.day, shift.name) for shift in shifts)
    off = [
        (cover, heads[cover.day, cover.shift] - cover.wanted)
        for cover in instance.covers
    ]
    under = sum(-gap * cover.price_under for cover, gap in off if gap < 0)
    over = sum(gap * cover.price_over for cover, gap in off if gap > 0)
    return under, over


def _personal(instance: Instance, shifts: tuple[Assignment, ...]) -> dict[str, float]:
    """Euros of wishes, of days that changed, and of unloved shifts."""
    wishes = changes = uneven = 0.0
    own: defaultdict[tuple[str, date], list[Assignment]] = defaultdict(list)
    for shift in shifts:
        own[shift.person, shift.day].append(shift)
    for person in instance.people:
        counts: Counter[str] = Counter()
        for day in instance.days:
            had = own.get((person.code, day), [])
            shapes = [template_of(instance, shift) for shift in had]
            wishes += wish_cost(person, day, *shapes)
            places = zip(shapes, had, strict=True)
            now = {(shape.start, shape.end, shift.location) for shape, shift in places}
            changes += day_change_cost(instance, person, day, now)
            for shape in shapes:
                counts.update(unloved(instance.policy, day, shape.end))
        uneven += unevenness(instance, person, counts)
    return {"wishes": wishes, "changes": changes, "unevenness": uneven}
