"""The objective, against a second implementation that goes person by quarter-hour."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

from staffing.roster.instance import Instance
from staffing.roster.people import Person, Wish
from staffing.roster.result import Assignment
from staffing.roster.valuing import value
from tests.staffing.planted_breaches import DAYS, open_days, person, shift
from tests.staffing.rich_weeks import rich_week, worked_days

QUARTER = timedelta(minutes=15)
Work = tuple[Assignment, ...]


def doing(shift: Assignment, moment: datetime) -> str | None:
    """What a shift does in the quarter-hour that begins at a moment."""
    place = (moment - shift.shift.start) // QUARTER
    return shift.activities[place] if 0 <= place < len(shift.activities) else None


def at_work(instance: Instance, shift: Assignment, moment: datetime) -> bool:
    """Whether a head is there: in the shift, on no break and not in time set apart."""
    local = instance.clock.local(moment)
    minute = 60 * local.hour + local.minute
    apart = any(
        a.day == local.date() and a.start < minute + 15 and minute < a.end
        for a in instance.person[shift.person].set_apart
    )
    paused = any(p.start <= moment < p.end for p in shift.breaks)
    return shift.shift.start <= moment < shift.shift.end and not paused and not apart


def covering(instance: Instance, work: Work) -> dict[str, float]:
    late = short = 0.0
    waiting: dict[tuple[str, str, date], int] = {}
    for demand in instance.demands:
        places = {demand.location}
        for pool in instance.pools:
            if pool.skill == demand.skill and pool.location == demand.location:
                places |= set(pool.members)
            if pool.skill == demand.skill and demand.location in pool.members:
                assert pool.location == demand.location
        heads = sum(
            doing(shift, demand.start) == demand.skill and shift.location in places
            for shift in work
        )
        if demand.deferrable:
            day = instance.clock.local(demand.start).date()
            key = (demand.location, demand.skill, day)
            waiting[key] = waiting.get(key, 0) + demand.required - heads
            continue
        late += demand.late[min(heads, len(demand.late) - 1)]
        gap = max(demand.required - heads, 0)
        short += gap + gap * gap / max(demand.required, 1)
    prices = instance.policy
    left = sum(number for number in waiting.values() if number > 0)
    return {
        "late_contacts": late * prices.price_late_contact,
        "short_quarters": short * prices.price_short_quarter,
        "short_deferrable": left * prices.price_short_deferrable_quarter,
    }


def hours(instance: Instance, work: Work) -> dict[str, float]:
    quarters = sum(
        shift.shift.start + i * QUARTER < pause.start
        or pause.end <= shift.shift.start + i * QUARTER
        for shift in work
        for i in range((shift.shift.end - shift.shift.start) // QUARTER)
        for pause in (
            shift.breaks or (shift.shift.model_copy(update={"start": shift.shift.end}),)
        )
    )
    left = sum(person.contract_hours for person in instance.people) - quarters / 4
    return {"unused_hours": left * instance.policy.price_hour}


def blocks(instance: Instance, work: Work) -> dict[str, float]:
    number = 0
    for own in work:
        text = "".join(" " if a is None else a[-1] for a in own.activities)
        for stretch in text.split():
            marks = [i for i in range(1, len(stretch)) if stretch[i] != stretch[i - 1]]
            edges = [0, *marks, len(stretch)]
            lengths = [b - a for a, b in pairwise(edges)]
            number += sum(length < 4 for length in lengths) if marks else 0
    return {"short_blocks": number * instance.policy.price_short_block}


def presence(instance: Instance, work: Work) -> dict[str, float]:
    missing = 0

    def there(location: str, moment: datetime) -> list[Person]:
        return [
            instance.person[own.person]
            for own in work
            if own.location == location and at_work(instance, own, moment)
        ]

    for least in instance.presences:
        for minute in range(least.start // 15 * 15, least.end, 15):
            heads = there(least.location, instance.clock.moment(least.day, minute))
            able = [not least.able or bool(p.able & set(least.able)) for p in heads]
            missing += max(least.least - sum(able), 0)
    for two in instance.separations:
        for demand in instance.demands:
            if (demand.location, demand.skill) == (two.location, two.skill):
                heads = there(two.location, demand.start)
                missing += short_of_pair(heads, (two.first, two.second))
    return {"missing_presence": missing * instance.policy.price_presence_quarter}


def short_of_pair(there: list[Person], functions: tuple[str, ...]) -> int:
    """Two less the most of the two functions that different people can fulfil."""
    first, second = functions
    best = max(
        (
            (one is not None and first in one.able)
            + (two is not None and two is not one and second in two.able)
            for one in [None, *there]
            for two in [None, *there]
        ),
        default=0,
    )
    return 2 - best


def personal(instance: Instance, work: Work) -> dict[str, float]:
    wishes = changes = uneven = 0.0
    prices = instance.policy
    for someone in instance.people:
        own = [shift for shift in work if shift.person == someone.code]
        for wish in someone.wishes:
            met = [
                (s, e, shift.name)
                for shift in own
                if shift.day == wish.day
                for s, e in [minutes(instance, shift)]
                if wish.shift in ("", shift.name)
            ]
            inside = any(wish.start <= s and e <= wish.end for s, e, _ in met)
            touched = any(s < wish.end and wish.start < e for s, e, _ in met)
            wishes += wish.weight * (not inside if wish.wants else touched)
        for day in instance.days:
            now = {(*minutes(instance, s), s.location) for s in own if s.day == day}
            was = {
                (k.shift.start, k.shift.end, k.location)
                for k in (instance.known.shifts if instance.known else ())
                if (k.person, k.day) == (someone.code, day)
            }
            if instance.known and now != was:
                hit = day in instance.known.affected
                changes += prices.price_change_affected if hit else prices.price_change
        uneven += unevenness(instance, someone, own)
    return {"wishes": wishes, "changes": changes, "unevenness": uneven}


def minutes(instance: Instance, shift: Assignment) -> tuple[int, int]:
    start, end = (instance.clock.local(t) for t in (shift.shift.start, shift.shift.end))
    return 60 * start.hour + start.minute, 60 * end.hour + end.minute


def unevenness(instance: Instance, someone: Person, own: list[Assignment]) -> float:
    """Shift by shift: each costs for those had, itself included."""
    prices = instance.policy
    team = [p for p in instance.people if p.location == someone.location]
    had = someone.past.burden.model_dump()
    euros = 0.0
    for worked in own:
        end = minutes(instance, worked)[1] / 60
        kinds = ["saturday"] if worked.day.weekday() == 5 else []
        if end > prices.evening_after_hour:
            kinds.append("evening")
        elif end > prices.late_after_hour:
            kinds.append("late")
        for kind in kinds:
            mean = sum(getattr(p.past.burden, kind) for p in team) / len(team)
            had[kind] += 1
            euros += prices.price_uneven_shift * had[kind] / (mean + 1)
    return euros


def named(instance: Instance, work: Work) -> dict[str, float]:
    under = over = 0.0
    for cover in instance.covers:
        heads = sum((s.day, s.name) == (cover.day, cover.shift) for s in work)
        under += cover.price_under * max(cover.wanted - heads, 0)
        over += cover.price_over * max(heads - cover.wanted, 0)
    return {"under": under, "over": over}


TERMS = (covering, hours, blocks, presence, personal, named)


@given(worked_days())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_term_is_that_of_a_second_implementation(work):
    instance = rich_week()
    found = value(instance, work).model_dump()
    peer = {
        name: euros for term in TERMS for name, euros in term(instance, work).items()
    }
    assert found == pytest.approx(peer)


def test_every_term_of_the_objective_can_cost_something():
    instance = rich_week()
    late = shift("A", 1, 12, 20, (15, 15.5), "phone", name="L")
    split = shift("B", 0, 8, 12, activities=("phone", "counter") * 8, name="E")
    assert all(value(instance, (late, split)).model_dump().values())


def test_the_total_is_the_sum_of_the_terms():
    found = value(rich_week(), ())
    assert found.total == pytest.approx(sum(found.model_dump().values()))


def test_two_shifts_of_one_day_grant_a_wish_for_either():
    wish = Wish(day=DAYS[0], wants=True, start=540, end=660, weight=5)
    instance = open_days(person(wishes=(wish,), elsewhere=("annex",)))
    early, late = shift(end=11), shift(start=12, end=14, location="annex")
    assert value(instance, (early, late)).wishes == 0
    assert value(instance, (late,)).wishes == 5
