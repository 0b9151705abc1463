"""From typed tables to an instance; what cannot be rostered is named before solving."""

from collections.abc import Mapping
from datetime import date

import dataframely as dy
import polars as pl

from forecasting.errors import InputError
from staffing.roster.building.checks import check_people
from staffing.roster.building.demands import demands_of
from staffing.roster.building.team import openings_of, people_of
from staffing.roster.building.town import Town, pools_of, taught
from staffing.roster.clock import Clock
from staffing.roster.instance import Instance
from staffing.roster.shifts import Template
from staffing.roster.templates import generate
from staffing.roster.wanted import Demand
from staffing.rules import LabourRules, RosterPolicy
from staffing.staff_tables import Absence, Availability, People, completed
from staffing.supply.patterns import spells_by_person
from staffing.tables import Requirement

NOBODY_ELSE = Town()


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
    town: Town = NOBODY_ELSE,
) -> Instance:
    """Build the instance of the week of a Monday.

    `requirement`, `people` and `availability` are tables of `staffing.tables`; whole days
    of `Absence` will do for the last. `minimum` is the minimum presence per skill, `town`
    what is known beside what this week asks for. Days of absence are left out of the
    contract hours, in proportion, and kept as hours absent; closed days are left out.
    Presence, wishes, protected time and the past come on top: see this package.

    Raises:
        InputError: a frame breaks its schema, a skill, location or weekday is unknown,
            a contract does not fit its working days, no shift fits the opening hours.
    """
    if week.weekday() != 0:
        raise InputError(f"expected the Monday of a week, came {week}")
    clock = Clock(zone)
    demands = demands_of(typed(Requirement, requirement), week, clock, minimum or {})
    staff = typed(People, completed(People, people))
    check_people(staff, demands, rules, town)
    staff = taught(staff, town, {demand.skill for demand in demands})
    schema = Availability if "kind" in availability.columns else Absence
    pools = pools_of(demands, staff, town)
    return Instance(
        week=week,
        zone=zone,
        policy=policy,
        rules=rules,
        demands=demands,
        templates=_templates(demands, clock, policy, rules),
        people=people_of(
            staff,
            spells_by_person(typed(schema, availability)),
            openings_of(demands, pools, clock),
            week=week,
            contract_minimum=town.contract_minimum,
        ),
        pools=pools,
        skills=tuple(sorted(town.skills)),
        locations=tuple(sorted(town.locations)),
    )


def typed(schema: type[dy.Schema], frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as its schema has it.

    Raises:
        InputError: it breaks the schema.
    """
    try:
        return schema.validate(frame)
    except (dy.exc.ValidationError, dy.exc.SchemaError) as error:
        raise InputError(f"expected a table {schema.__name__}; {error}") from None


def _templates(
    demands: tuple[Demand, ...], clock: Clock, policy: RosterPolicy, rules: LabourRules
) -> tuple[Template, ...]:
    quarters = [clock.quarter(demand.start)[1] for demand in demands]
    margin = policy.opening_margin_minutes
    first = max(15 * min(quarters) - margin, 0)
    last = min(15 * max(quarters) + 15 + margin, 1440)
    templates = generate(policy, rules, first, last)
    if not templates:
        raise InputError(
            f"the shortest shift ({min(policy.shift_hours):g} h) is longer than the "
            "longest opening",
            remedy="Give a shorter one in shift_hours of roster.toml.",
        )
    return templates
