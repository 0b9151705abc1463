"""From typed tables to an instance; what cannot be rostered is named before solving."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import dataframely as dy
import numpy as np
import polars as pl

from forecasting.calendar import WEEKDAYS
from forecasting.errors import InputError
from staffing.roster.clock import Clock
from staffing.roster.instance import Instance
from staffing.roster.people import Away, Person
from staffing.roster.templates import generate
from staffing.roster.wanted import Demand
from staffing.roster.week.curves import convex_envelope
from staffing.rules import LabourRules, RosterPolicy
from staffing.supply.patterns import (
    WHOLE_DAY,
    Minutes,
    Row,
    Spell,
    days_at_work,
    spells_by_person,
)
from staffing.tables import Absence, Availability, People, Requirement, completed


def build(
    requirement: pl.DataFrame,
    people: pl.DataFrame,
    availability: pl.DataFrame,
    *,
    week: date,
    policy: RosterPolicy,
    rules: LabourRules,
    zone: str = "Europe/Amsterdam",
    minimum: Mapping[str, int] | None = None,
    skills: Iterable[str] = (),
    locations: Iterable[str] = (),
) -> Instance:
    """Build the instance of the week of a Monday.

    `requirement`, `people` and `availability` are tables of `staffing.tables`; whole days
    of `Absence` will do for the last. `minimum` is the minimum presence per skill. `skills` and `locations` are known ones that may be
    without demand this week. Work that can wait is recognised by its single row per
    slot without late contacts. Absent and closed days count as worked, in proportion.

    Raises:
        InputError: a frame breaks its schema, a skill, location or weekday is unknown,
            a contract does not fit its working days, no shift fits the opening hours.
    """
    if week.weekday() != 0:
        raise InputError(f"expected the Monday of a week, came {week}")
    clock = Clock(zone)
    demands = _demands(_typed(Requirement, requirement), week, clock, minimum or {})
    staff = _typed(People, completed(People, people))
    spells = spells_by_person(
        _typed(
            Availability if "kind" in availability.columns else Absence, availability
        )
    )
    _check_people(staff, demands, rules, set(skills), set(locations))
    first, last = _window(demands, clock, policy)
    templates = generate(policy, rules, first, last)
    if not templates:
        raise InputError(
            f"the shortest shift ({min(policy.shift_hours):g} h) is longer than the "
            "longest opening",
            remedy="Give a shorter one in shift_hours of roster.toml.",
        )
    return Instance(
        week=week,
        zone=zone,
        policy=policy,
        rules=rules,
        demands=demands,
        templates=templates,
        people=_people(staff, spells, demands, week, clock),
    )


def _typed(schema: type[dy.Schema], frame: pl.DataFrame) -> pl.DataFrame:
    try:
        return schema.validate(frame)
    except (dy.exc.ValidationError, dy.exc.SchemaError) as error:
        raise InputError(f"expected a table {schema.__name__}; {error}") from None


def _demands(
    requirement: pl.DataFrame, week: date, clock: Clock, minimum: Mapping[str, int]
) -> tuple[Demand, ...]:
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


def _window(
    demands: tuple[Demand, ...], clock: Clock, policy: RosterPolicy
) -> tuple[int, int]:
    quarters = [clock.quarter(demand.start)[1] for demand in demands]
    margin = policy.opening_margin_minutes
    return max(15 * min(quarters) - margin, 0), min(
        15 * max(quarters) + 15 + margin, 1440
    )


def _check_people(
    staff: pl.DataFrame,
    demands: tuple[Demand, ...],
    rules: LabourRules,
    skills: set[str],
    locations: set[str],
) -> None:
    skills = skills | {demand.skill for demand in demands}
    locations = locations | {demand.location for demand in demands}
    for row in staff.iter_rows(named=True):
        code = row["code"]
        for skill in row["skills"]:
            if skill not in skills:
                raise _unknown(code, "skill", skill, skills)
        if row["location"] not in locations:
            raise _unknown(code, "location", row["location"], locations)
        for name in row["working_days"]:
            if name not in WEEKDAYS:
                raise _unknown(code, "working day", name, set(WEEKDAYS))
        _check_hours(code, row["contract_hours"], len(row["working_days"]), rules)


def _unknown(code: str, what: str, came: str, known: set[str]) -> InputError:
    return InputError(
        f"person {code}: unknown {what} '{came}'; known: {', '.join(sorted(known))}"
    )


def _check_hours(code: str, hours: float, days: int, rules: LabourRules) -> None:
    allowed = min(days * rules.max_shift_hours, rules.max_week_hours)
    if hours > allowed:
        raise InputError(
            f"person {code}: a contract of {hours:g} hours does not fit "
            f"{days} working days; at most {allowed:g} hours"
        )


def _people(
    staff: pl.DataFrame,
    spells: Mapping[str, Sequence[Spell]],
    demands: tuple[Demand, ...],
    week: date,
    clock: Clock,
) -> tuple[Person, ...]:
    openings = _openings(demands, clock)
    open_days = {day for _, day in openings}
    return tuple(
        _person(row, week, spells.get(row["code"], ()), openings, open_days)
        for row in staff.sort("code").iter_rows(named=True)
    )


def _person(
    row: Row,
    week: date,
    spells: Sequence[Spell],
    openings: Mapping[tuple[str, date], Minutes],
    open_days: set[date],
) -> Person:
    location, skills = str(row["location"]), row["skills"]
    work = days_at_work(
        row, week, spells, lambda day: openings.get((location, day), WHOLE_DAY)
    )
    work = {day: at_work for day, at_work in work.items() if day in open_days}
    told = any(at_work.told for at_work in work.values())
    return Person(
        code=str(row["code"]),
        location=location,
        skills=tuple(sorted(set(skills if isinstance(skills, list) else []))),
        contract_hours=round(sum(at_work.hours for at_work in work.values()), 2),
        days=tuple(work),
        most=tuple(round(w.hours, 2) for w in work.values()) if told else (),
        away=tuple(
            Away(day=day, start=start, end=end)
            for day, at_work in work.items()
            for start, end in at_work.away
        ),
    )


def _openings(
    demands: tuple[Demand, ...], clock: Clock
) -> dict[tuple[str, date], Minutes]:
    """First minute open and minute of closing per location and day."""
    found: dict[tuple[str, date], Minutes] = {}
    for demand in demands:
        day, quarter = clock.quarter(demand.start)
        first, last = found.get((demand.location, day), (1440, 0))
        found[demand.location, day] = (
            min(first, 15 * quarter),
            max(last, 15 * quarter + 15),
        )
    return found
