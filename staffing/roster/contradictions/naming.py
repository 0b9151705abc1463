"""Names that nobody knows: skills, locations, authorisations, shifts and people."""

from collections.abc import Iterable, Iterator

from staffing.roster.instance import Instance


def unknown_names(instance: Instance) -> Iterator[str]:
    """Each name that is used and known nowhere."""
    people = set(instance.person)
    for settled in instance.known.shifts if instance.known else ():
        if settled.person not in people:
            yield _unknown("known roster", "person", settled.person, people)
    yield from _shifts(instance)
    if instance.demands:
        yield from _of_people(instance)
    yield from _of_wanted(instance)


def _shifts(instance: Instance) -> Iterator[str]:
    known = {template.name for template in instance.templates if template.name}
    used = [(f"cover {cover.day}", cover.shift) for cover in instance.covers]
    used += [("forbidden succession", name) for p in instance.forbidden for name in p]
    for person in instance.people:
        owner = f"person {person.code}"
        used += [(f"{owner}: limits", name) for name, _ in person.limits.most_shifts]
        used += [(f"{owner}: wish of {w.day}", w.shift) for w in person.wishes]
    for owner, name in dict.fromkeys(used):
        if name and name not in known:
            yield _unknown(owner, "shift", name, known)


def _of_people(instance: Instance) -> Iterator[str]:
    skills, locations = _skills(instance), _locations(instance)
    for person in instance.people:
        owner = f"person {person.code}"
        for skill in person.skills:
            if skill not in skills:
                yield _unknown(owner, "skill", skill, skills)
        for place in person.locations:
            if place not in locations:
                yield _unknown(owner, "location", place, locations)


def _of_wanted(instance: Instance) -> Iterator[str]:
    skills = _skills(instance) | {s for p in instance.people for s in p.skills}
    able = skills | {name for p in instance.people for name in p.authorisations}
    locations = _locations(instance) | {p.location for p in instance.people}
    for owner, place, doing, functions in _uses(instance):
        for location in place:
            if location not in locations:
                yield _unknown(owner, "location", location, locations)
        for skill in doing:
            if skill not in skills:
                yield _unknown(owner, "skill", skill, skills)
        for name in functions:
            if name not in able:
                yield _unknown(owner, "authorisation", name, able)


Use = tuple[str, Iterable[str], Iterable[str], Iterable[str]]
"""Who uses names, with the locations, skills and authorisations used."""


def _uses(instance: Instance) -> Iterator[Use]:
    for presence in instance.presences:
        yield f"presence '{presence.name}'", (presence.location,), (), presence.able
    for told in instance.separations:
        functions = (told.first, told.second)
        yield (
            f"separation of {told.location}",
            (told.location,),
            (told.skill,),
            functions,
        )
    for ceiling in instance.ceilings:
        place = (ceiling.location,)
        yield f"ceiling of {ceiling.location}", place, ceiling.skills, ()
    for pool in instance.pools:
        yield f"pool {pool.location}", pool.members, (pool.skill,), ()
    for travel in instance.travels:
        yield "travel", travel.between, (), ()


def _skills(instance: Instance) -> set[str]:
    return {demand.skill for demand in instance.demands} | set(instance.skills)


def _locations(instance: Instance) -> set[str]:
    pooled = {member for pool in instance.pools for member in pool.members}
    wanted = {demand.location for demand in instance.demands}
    return wanted | pooled | set(instance.locations)


def _unknown(owner: str, what: str, came: str, known: Iterable[str]) -> str:
    names = sorted(known)
    shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    return f"{owner}: unknown {what} '{came}'; known: {shown or 'none'}"
