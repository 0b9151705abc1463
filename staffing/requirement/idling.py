"""What waiting work fits between contacts: time of people at work that nothing fills.

A person does one thing at a time: of n people of whom a part is at work, the time not
spent on contacts is left, and each hour of it is given out once. Only work that the
standard of a skill names (`fills`) may be done between its contacts.
"""

import numpy as np
import polars as pl

from staffing.requirement.choosing import Staffed
from staffing.standards import Standards

SLOT_HOURS = 0.25
DAY = ["location", "day"]


def idle_hours(staffed: Staffed, at_work: float) -> pl.DataFrame:
    """Per location, skill and day the hours of people at work without a contact."""
    people = staffed.chosen * at_work
    idle = np.maximum(people - staffed.queue.load, 0) * SLOT_HOURS
    slots = staffed.queue.keys.with_columns(pl.Series("idle_hours", idle))
    days = slots.group_by("location", "skill", "day", maintain_order=True)
    return days.agg(pl.col("idle_hours").sum())


def filled(
    staffed: list[Staffed], waiting: pl.DataFrame, standards: Standards
) -> pl.DataFrame:
    """`location, skill, day, idle_hours, filled_hours` of every queue.

    Skills take of the waiting work in the order of the standards, each what is left.
    """
    work = (
        waiting.sort(*DAY, "skill", "start")
        .group_by(*DAY, "skill")
        .agg((pl.col("load") * SLOT_HOURS).sum())
    )
    left = {row[:3]: row[3] for row in work.iter_rows()}
    order = list(standards.skill)
    parts = [
        _filling(idle_hours(one, standards.at_work), standards, left)
        for one in sorted(
            staffed, key=lambda one: order.index(one.queue.keys["skill"][0])
        )
    ]
    columns = ["location", "skill", "day", "idle_hours", "filled_hours"]
    kinds = [pl.String, pl.String, pl.Date, pl.Float64, pl.Float64]
    none = pl.DataFrame(schema=dict(zip(columns, kinds, strict=True)))
    return pl.concat([none, *(part.select(columns) for part in parts)])


def _filling(
    idle: pl.DataFrame, standards: Standards, left: dict[tuple[object, ...], float]
) -> pl.DataFrame:
    """The idle hours with those that waiting work uses, which is taken off `left`."""
    taken = []
    for place, skill, day, hours in idle.iter_rows():
        used = 0.0
        for other in standards.skill[skill].fills:
            part = min(hours - used, left.get((place, day, other), 0.0))
            left[place, day, other] = left.get((place, day, other), 0.0) - part
            used += part
        taken.append(used)
    return idle.with_columns(pl.Series("filled_hours", taken, dtype=pl.Float64))
