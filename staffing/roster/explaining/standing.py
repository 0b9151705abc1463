"""A fixed roster, ready to tell in a moment what another day of somebody would change.

`differences` is exact: what `value` tells of the roster as it would be, less what it
tells of this one, worked out from the quarter-hours and people that differ alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cached_property

from staffing.roster.activity_blocks import minimum_block, short_blocks
from staffing.roster.building.renewing import renewed
from staffing.roster.explaining.alternatives import Alternative, PersonDay
from staffing.roster.headcounts import Headcount, headcount, seated
from staffing.roster.instance import Instance
from staffing.roster.personal import (
    day_change_cost,
    unevenness,
    unloved,
    wish_cost,
)
from staffing.roster.presence import missing_heads
from staffing.roster.result import Assignment
from staffing.roster.shapes import template_of
from staffing.roster.valuing import value
from staffing.roster.wanted import Ceiling, Demand

Place = tuple[str, str, datetime]
"""Location of the demand, skill and quarter-hour."""


class Standing:
    """A roster with its people counted; nothing in it changes.

    `shift` is what each person has on a day: where that is two, at two locations, the
    first.
    """

    def __init__(self, instance: Instance, assignments: Iterable[Assignment]) -> None:
        self.instance = instance
        self.assignments = tuple(assignments)
        self.shift = {(a.person, a.day): a for a in reversed(self.assignments)}
        self._minima: dict[tuple[str, date], Instance | None] = {}

    @cached_property
    def heads(self) -> Headcount:
        """People per location of the demand, skill and quarter-hour."""
        return headcount(self.instance, self.assignments)

    @cached_property
    def seats(self) -> Headcount:
        """People per location where they sit, skill and quarter-hour."""
        return seated(self.assignments)

    @cached_property
    def demand(self) -> dict[Place, Demand]:
        """What is asked for, by place."""
        return {(d.location, d.skill, d.start): d for d in self.instance.demands}

    @cached_property
    def waiting(self) -> Counter[tuple[str, str, date]]:
        """Person-quarters left of work that can wait (below 0: to spare)."""
        left: Counter[tuple[str, str, date]] = Counter()
        for (location, skill, day), slots in self.instance.slots.items():
            for demand in slots.values():
                if demand.deferrable:
                    done = self.heads[location, skill, demand.start]
                    left[location, skill, day] += demand.required - done
        return left

    @cached_property
    def by_day(self) -> dict[date, list[Assignment]]:
        """The shifts of each day."""
        found: dict[date, list[Assignment]] = defaultdict(list)
        for shift in self.assignments:
            found[shift.day].append(shift)
        return found

    @cached_property
    def by_person(self) -> dict[str, list[Assignment]]:
        """The shifts of each person."""
        found: dict[str, list[Assignment]] = defaultdict(list)
        for shift in self.assignments:
            found[shift.person].append(shift)
        return found

    def had(self, instead: Alternative) -> list[Assignment]:
        """The shifts that an alternative takes the place of."""
        return [s for key in instead.days for s in self.on(*key)]

    def on(self, code: str, day: date) -> list[Assignment]:
        """The shifts of a person on a day."""
        return [shift for shift in self.by_person[code] if shift.day == day]

    def shifts_of(self, code: str, instead: Alternative) -> list[Assignment]:
        """A person's shifts as they would be."""
        kept = [s for s in self.by_person[code] if (code, s.day) not in instead.days]
        own = [s for (who, _), s in instead.days.items() if who == code and s]
        return sorted(kept + own, key=lambda shift: shift.shift.start)

    def saves(self, instead: Alternative) -> float:
        """Euros by which the objective would fall."""
        return -sum(self.differences(instead).values())

    def differences(self, instead: Alternative) -> dict[str, float]:
        """What each term of the objective would rise by, in euros."""
        if self.instance.covers:
            return self._by_recounting(instead)
        old, new = self.had(instead), [s for s in instead.days.values() if s]
        prices, least = self.instance.policy, minimum_block(self.instance)
        hours = sum(s.worked_hours for s in new) - sum(s.worked_hours for s in old)
        blocks = sum(short_blocks(s, least) for s in new)
        blocks -= sum(short_blocks(s, least) for s in old)
        return {
            **self._coverage(old, new),
            "unused_hours": prices.price_hour * (self._contracts(instead) - hours),
            "short_blocks": prices.price_short_block * blocks,
            "missing_presence": self._presence(instead, [*old, *new]),
            **self._personal(instead),
        }

    def _by_recounting(self, instead: Alternative) -> dict[str, float]:
        before = value(self.instance, self.assignments).model_dump()
        there = instead.assignments(self.assignments)
        after = value(instead.instance(self.instance), there).model_dump()
        return {term: after[term] - before[term] for term in before}

    def moved(self, old: list[Assignment], new: list[Assignment]) -> Counter[Place]:
        """Heads more (or fewer) at each place."""
        heads = headcount(self.instance, new)
        heads.subtract(headcount(self.instance, old))
        return Counter({place: n for place, n in heads.items() if n})

    def _coverage(
        self, old: list[Assignment], new: list[Assignment]
    ) -> dict[str, float]:
        prices = self.instance.policy
        late = short = 0.0
        later: Counter[tuple[str, str, date]] = Counter()
        for place, more in self.moved(old, new).items():
            demand = self.demand.get(place)
            if demand is None:
                continue
            if demand.deferrable:
                day, _ = self.instance.clock.quarter(demand.start)
                later[place[0], place[1], day] += more
                continue
            before, after = self.heads[place], self.heads[place] + more
            late += demand.late_with(after) - demand.late_with(before)
            short += demand.shortage(after) - demand.shortage(before)
        waits = sum(
            max(self.waiting[key] - more, 0) - max(self.waiting[key], 0)
            for key, more in later.items()
        )
        return {
            "late_contacts": prices.price_late_contact * late,
            "short_quarters": prices.price_short_quarter * short,
            "short_deferrable": prices.price_short_deferrable_quarter * waits,
        }

    def _contracts(self, instead: Alternative) -> float:
        known = self.instance.person
        return sum(
            person.contract_hours
            - (known[person.code].contract_hours if person.code in known else 0.0)
            for person in instead.people
        )

    def _personal(self, instead: Alternative) -> dict[str, float]:
        after = {person.code: person for person in instead.people}
        wishes = changes = 0.0
        for (code, day), shift in instead.days.items():
            before = self.instance.person.get(code)
            person = after.get(code, before)
            had = self.on(code, day)
            for who, shifts, sign in (
                (person, [shift] if shift else [], 1),
                (before, had, -1),
            ):
                if who is not None:
                    shapes = [template_of(self.instance, one) for one in shifts]
                    places = zip(shapes, shifts, strict=True)
                    now = {(t.start, t.end, one.location) for t, one in places}
                    wishes += sign * wish_cost(who, day, *shapes)
                    changes += sign * day_change_cost(self.instance, who, day, now)
        return {
            "wishes": wishes,
            "changes": changes,
            "unevenness": self._unevenness(instead),
        }

    def _unevenness(self, instead: Alternative) -> float:
        """Of those whose days differ; of all their team when somebody joins it."""
        there = instead.instance(self.instance)
        codes = {code for code, _ in instead.days}
        joined = {
            p.location for p in instead.people if p.code not in self.instance.person
        }
        codes |= {p.code for p in there.people if p.location in joined}
        total = 0.0
        for code in sorted(codes):
            if code in self.instance.person:
                had = self._unloved(self.by_person[code])
                total -= unevenness(self.instance, self.instance.person[code], had)
            if code in there.person:
                would = self._unloved(self.shifts_of(code, instead))
                total += unevenness(there, there.person[code], would)
        return total

    def _unloved(self, shifts: list[Assignment]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for shift in shifts:
            shape = template_of(self.instance, shift)
            counts.update(unloved(self.instance.policy, shift.day, shape.end))
        return counts

    def _presence(self, instead: Alternative, moved: list[Assignment]) -> float:
        """Euros of heads more (or fewer) that are missing where people are moved."""
        total = 0
        there = instead.instance(self.instance)
        for location, day in sorted({(s.location, s.day) for s in moved}):
            minima = self._minima_of(location, day)
            if minima is not None:
                total -= _missing(minima, self.by_day[day])
                new = instead.assignments(self.by_day[day])
                if instead.people:
                    minima = renewed(minima, people=there.people)
                total += _missing(minima, [s for s in new if s.day == day])
        return self.instance.policy.price_presence_quarter * total

    def _minima_of(self, location: str, day: date) -> Instance | None:
        """An instance of the minima of one place and day alone, if there are any."""
        if (location, day) not in self._minima:
            self._minima[location, day] = _minima(self.instance, location, day)
        return self._minima[location, day]

    def crowded(self, instead: Alternative) -> Iterator[tuple[date, datetime]]:
        """Quarter-hours in which there would be more people than desks."""
        more = seated(s for s in instead.days.values() if s)
        more.subtract(seated(self.had(instead)))
        ceilings = (
            self.instance.ceilings if instead.ceilings is None else instead.ceilings
        )
        for ceiling in ceilings:
            for start in sorted({start for _, _, start in more}):
                keys = [(ceiling.location, skill, start) for skill in ceiling.skills]
                grows = sum(more[key] for key in keys)
                taken = sum(self.seats[key] for key in keys) + grows
                day, _ = self.instance.clock.quarter(start)
                if grows > 0 and taken > ceiling.people and day == ceiling.day:
                    yield day, start

    def has_desk(
        self,
        key: PersonDay,
        location: str,
        skill: str,
        start: datetime,
        ceilings: tuple[Ceiling, ...] | None = None,
    ) -> bool:
        """Whether somebody could sit down to a skill then, their own place left.

        With `ceilings`, if there were those desks.
        """
        day, own = key[1], self.shift.get(key)
        for ceiling in self.instance.ceilings if ceilings is None else ceilings:
            here = (ceiling.location, ceiling.day) == (location, day)
            if here and skill in ceiling.skills:
                taken = sum(self.seats[location, s, start] for s in ceiling.skills)
                taken -= _sits(own, location, ceiling.skills, start)
                if taken >= ceiling.people:
                    return False
        return True


def _sits(
    shift: Assignment | None, location: str, skills: tuple[str, ...], start: datetime
) -> bool:
    return (
        shift is not None
        and shift.location == location
        and doing(shift, start) in skills
    )


def doing(shift: Assignment, start: datetime) -> str | None:
    """The activity of a shift in a quarter-hour; None in a break or outside."""
    place = int((start - shift.shift.start).total_seconds() // 900)
    return shift.activities[place] if 0 <= place < len(shift.activities) else None


def _missing(minima: Instance, shifts: Iterable[Assignment]) -> int:
    return sum(number for *_, number in missing_heads(minima, shifts))


def _minima(instance: Instance, location: str, day: date) -> Instance | None:
    presences = tuple(
        p for p in instance.presences if (p.location, p.day) == (location, day)
    )
    separations = tuple(s for s in instance.separations if s.location == location)
    if not presences and not separations:
        return None
    skills = {separation.skill for separation in separations}
    demands = tuple(
        demand
        for (place, skill, when), slots in instance.slots.items()
        if place == location and skill in skills and when == day
        for demand in slots.values()
    )
    return renewed(
        instance,
        week=day,
        length=1,
        presences=presences,
        separations=separations,
        demands=demands,
        known=None,
    )
