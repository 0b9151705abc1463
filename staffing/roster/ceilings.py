"""Limits of a location become ceilings of a week: how many can be at work at once."""

import polars as pl

from forecasting.catalogue import Catalogue
from staffing.roster.building.renewing import renewed
from staffing.roster.instance import Instance
from staffing.roster.wanted import Ceiling
from staffing.supply.limits import limits_on

CHANNELS = {"desks": {"appointment", "walk_in"}, "phones": {"phone"}}
"""What is limited, and the channels of work that needs one for each person."""


def with_ceilings(
    instance: Instance, limits: pl.DataFrame, catalogue: Catalogue
) -> Instance:
    """The instance with the limits (`Limits`) that hold for people at once.

    A limit of desks is shared by all skills that receive people, one of phones by those
    that answer calls; skills of the catalogue are known, wanted this week or not.
    """
    ceilings = tuple(
        Ceiling(location=location, skills=skills, day=day, people=number)
        for what, channels in CHANNELS.items()
        if (skills := _skills(catalogue, channels))
        for (location, day), number in sorted(
            limits_on(limits, what, instance.days).items()
        )
    )
    known = {*instance.skills, *(skill for c in ceilings for skill in c.skills)}
    return renewed(instance, ceilings=ceilings, skills=tuple(sorted(known)))


def _skills(catalogue: Catalogue, channels: set[str]) -> tuple[str, ...]:
    steps = (step for service in catalogue.service for step in service.step)
    return tuple(
        sorted({step.skill for step in steps if channels & set(step.channels)})
    )
