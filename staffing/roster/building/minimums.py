"""Presence and separation of functions as the town has set them, day by day."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from staffing.roster.building.renewing import renewed
from staffing.roster.instance import Instance
from staffing.roster.wanted import Presence, Separation, Travel
from staffing.supply.sites import LeastThere, Sites, TwoPeople


def with_sites(instance: Instance, sites: Sites) -> Instance:
    """The instance with its presences, separations and travel.

    A presence holds while one of its skills is open: with a lunch closing between, in
    two parts. A separation binds where somebody's functions are known.
    """
    places = sorted(_places(instance))
    return renewed(
        instance,
        presences=tuple(
            presence
            for least in sites.presence
            for place in places
            for day in instance.days
            if least.holds(place, day)
            for presence in _presences(instance, least, place, day)
        ),
        separations=tuple(
            _separation(two, place)
            for two in sites.separation
            for place in places
            if _binds(instance, two, place)
        ),
        travels=tuple(
            Travel(between=road.between, minutes=road.minutes)
            for road in sites.travel
            if {*road.between} <= _places(instance)
        ),
    )


def _places(instance: Instance) -> set[str]:
    """Where people work."""
    return {place for person in instance.people for place in person.locations}


def _presences(
    instance: Instance, least: LeastThere, place: str, day: date
) -> Iterator[Presence]:
    first, last = least.minutes
    for begin, end in open_spans(instance, place, least.while_open, day):
        start, stop = max(begin, first), min(end, last)
        if start < stop:
            yield Presence(
                name=least.name,
                name_nl=least.name_nl,
                location=place,
                able=least.able,
                day=day,
                start=start,
                end=stop,
                least=least.least,
            )


def open_spans(
    instance: Instance, place: str, skills: Iterable[str], day: date
) -> list[tuple[int, int]]:
    """Stretches (local minutes) in which any of the skills, or any at all, is open here.

    Work that is shared between locations is open at each of them.
    """
    wanted = set(skills) or {demand.skill for demand in instance.demands}
    quarters = sorted(
        {
            quarter
            for skill in wanted
            for quarter in instance.slots.get(
                (instance.served(place, skill), skill, day), {}
            )
        }
    )
    if not quarters:
        return []
    ends = [a for a, b in pairwise(quarters) if b > a + 1] + [quarters[-1]]
    begins = [quarters[0]] + [b for a, b in pairwise(quarters) if b > a + 1]
    return [(15 * a, 15 * b + 15) for a, b in zip(begins, ends, strict=True)]


def _binds(instance: Instance, two: TwoPeople, place: str) -> bool:
    """Whether it holds here: the skill is open, and somebody has one of the functions."""
    if two.locations and place not in two.locations:
        return False
    functions = {two.first, two.second}
    known = any(
        functions & person.able
        for person in instance.people
        if place in person.locations
    )
    asked = any(
        (demand.location, demand.skill) == (place, two.skill)
        for demand in instance.demands
    )
    return known and asked


def _separation(two: TwoPeople, place: str) -> Separation:
    return Separation(
        name=two.name,
        name_nl=two.name_nl,
        location=place,
        skill=two.skill,
        first=two.first,
        second=two.second,
    )
