"""The objective of a set of assignments in euros, term by term, by the true tables."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from forecasting.calendar import SLOT
from staffing.roster.instance import Instance
from staffing.roster.personal import change_cost, unevenness, unloved, wish_cost
from staffing.roster.presence import missing_heads
from staffing.roster.result import Assignment, Objective
from staffing.roster.shifts import Template
from staffing.roster.wanted import Demand

Headcount = Counter[tuple[str, str, datetime]]
"""People per location, skill and quarter-hour (UTC)."""


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
    own = {(shift.person, shift.day): shift for shift in shifts}
    for person in instance.people:
        counts: Counter[str] = Counter()
        for day in instance.days:
            shift = own.get((person.code, day))
            shape = template_of(instance, shift) if shift else None
            wishes += wish_cost(person, day, shape)
            place = shift.location if shift else ""
            changes += change_cost(instance, person, day, shape, place)
            if shape:
                counts.update(unloved(instance.policy, day, shape.end))
        uneven += unevenness(instance, person, counts)
    return {"wishes": wishes, "changes": changes, "unevenness": uneven}


def template_of(instance: Instance, shift: Assignment) -> Template:
    """The shape of a shift on the town's clock; its first break is the one that counts.

    A shift that is none (it ends before it begins, or runs past midnight) is cut to fit:
    other rules name it.
    """
    start = _minute(instance, shift.shift.start)
    end = _after(start, shift.shift.length)
    pause = shift.breaks[0] if shift.breaks else None
    first = _minute(instance, pause.start) if pause else None
    last = _after(first, pause.length) if pause and first is not None else None
    return Template(
        start=start, end=end, break_start=first, break_end=last, name=shift.name
    )


def _minute(instance: Instance, moment: datetime) -> int:
    local = instance.clock.local(moment)
    return 60 * local.hour + local.minute


def _after(minute: int, length: timedelta) -> int:
    return min(max(minute + length // timedelta(minutes=1), minute + 1), 1440)


def headcount(instance: Instance, assignments: Iterable[Assignment]) -> Headcount:
    """People at an activity per location whose demand they serve, skill and quarter."""
    return Counter(
        (instance.served(shift.location, skill), skill, start)
        for shift in assignments
        for start, skill in shift.moments()
    )


def seated(assignments: Iterable[Assignment]) -> Headcount:
    """People at an activity per location where they sit, skill and quarter-hour."""
    return Counter(
        (shift.location, skill, start)
        for shift in assignments
        for start, skill in shift.moments()
    )


def missing(demand: Demand, people: Headcount) -> int:
    """How many people a quarter-hour is short of its requirement."""
    present = people[demand.location, demand.skill, demand.start]
    return max(0, demand.required - present)


def minimum_block(instance: Instance) -> int:
    """The shortest wanted block of one activity, in quarter-hours."""
    return -(-instance.policy.minimum_block_minutes // 15)


def short_blocks(shift: Assignment, least: int) -> int:
    """Blocks of one activity under `least` quarter-hours that need not be so short.

    A stretch of work that is itself shorter than `least` counts only its changes.
    """
    total = 0
    for stretch in stretches(shift):
        runs = block_lengths(stretch)
        if len(runs) > 1:
            total += sum(length < least for length in runs)
    return total


def stretches(shift: Assignment) -> list[list[str]]:
    """Runs of quarter-hours with an activity, split at breaks and closed ones."""
    found: list[list[str]] = [[]]
    last: datetime | None = None
    for start, skill in shift.moments():
        if last is not None and start != last + SLOT:
            found.append([])
        found[-1].append(skill)
        last = start
    return found


def block_lengths(stretch: list[str]) -> list[int]:
    """Lengths of the runs of one skill."""
    lengths: list[int] = []
    for i, skill in enumerate(stretch):
        if i and skill == stretch[i - 1]:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths
