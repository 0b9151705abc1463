"""What is asked for: the requirement's table of a week, slot by slot."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import polars as pl

from forecasting.errors import InputError
from staffing.roster.clock import Clock
from staffing.roster.wanted import Demand
from staffing.roster.week.curves import convex_envelope


def demands_of(
    requirement: pl.DataFrame, week: date, clock: Clock, minimum: Mapping[str, int]
) -> tuple[Demand, ...]:
    """The demands of the week of a Monday, from a table `Requirement`.

    Work that can wait is recognised by its single row per slot without late contacts.

    Raises:
        InputError: the table has nothing of that week.
    """
    day = pl.col("start").dt.convert_time_zone(clock.zone).dt.date()
    rows = requirement.filter(day >= week, day < week + timedelta(days=7))
    if rows.is_empty():
        raise InputError(f"expected a requirement for the week of {week}, found none")
    slots = (
        rows.sort("location", "skill", "start", "people")
        .group_by("location", "skill", "start", maintain_order=True)
        .agg(
            "people",
            "late",
            pl.col("offered").max(),
            pl.col("people").filter("chosen").min().alias("required"),
        )
    )
    waits = _deferrable(slots)
    return tuple(_demand(row, waits, minimum) for row in slots.iter_rows(named=True))


def _deferrable(slots: pl.DataFrame) -> set[tuple[str, str]]:
    """Location and skill of work that never has more than one row without late."""
    single = (pl.col("people").list.len() == 1) & (pl.col("late").list.max() == 0)
    pairs = slots.group_by("location", "skill").agg(single.all().alias("waits"))
    return set(pairs.filter("waits").select("location", "skill").iter_rows())


def _demand(
    row: Mapping[str, object], waits: set[tuple[str, str]], minimum: Mapping[str, int]
) -> Demand:
    location, skill = str(row["location"]), str(row["skill"])
    counts, late = row["people"], row["late"]
    if not isinstance(counts, list) or not isinstance(late, list):
        raise TypeError("people and late are lists after grouping")
    deferrable = (location, skill) in waits
    chosen = row["required"] if isinstance(row["required"], int) else counts[-1]
    floor = minimum.get(skill, 0)
    return Demand.model_validate(
        {
            "location": location,
            "skill": skill,
            "start": row["start"],
            "required": max(chosen, floor),
            "minimum": floor,
            "deferrable": deferrable,
            "late": (0.0,) if deferrable else _late(counts, late, row["offered"]),
        }
    )


def _late(counts: list[int], late: list[float], offered: object) -> tuple[float, ...]:
    """Late contacts from nobody up, made convex; below the smallest number, all.

    Too few people have no steady state: the formula calls all late, however many there
    are, so that one more would buy nothing and everybody might as well lunch together.
    But each serves contacts that then wait nowhere else. The chord gives that worth.
    """
    table: list[float] = []
    before = float(str(offered))
    for number, value in zip(counts, late, strict=True):
        table += [before] * (number - len(table)) + [value]
        before = value
    falling = np.minimum.accumulate(np.array(table))
    return tuple(convex_envelope(falling).tolist())
