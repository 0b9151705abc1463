"""The minima of one place and day by themselves: who must be there, whatever they do."""

from datetime import date

from staffing.roster.building.renewing import renewed
from staffing.roster.instance import Instance


def minima_of(instance: Instance, location: str, day: date) -> Instance | None:
    """An instance of the minima of one place and day alone, if there are any."""
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
