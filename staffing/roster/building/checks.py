"""Who and what must be known before a week can be rostered."""

from collections.abc import Iterable

import polars as pl

from forecasting.calendar import WEEKDAYS
from forecasting.errors import InputError
from staffing.roster.building.town import Town
from staffing.roster.wanted import Demand
from staffing.rules import LabourRules


def check_people(
    staff: pl.DataFrame, demands: Iterable[Demand], rules: LabourRules, town: Town
) -> None:
    """Refuse staff with a skill, location, day or contract that cannot be.

    Raises:
        InputError: the first is named, with what is known.
    """
    asked = tuple(demands)
    known = {
        "skill": town.skills | {demand.skill for demand in asked},
        "location": town.locations | {demand.location for demand in asked},
        "working day": frozenset(WEEKDAYS),
    }
    for row in staff.iter_rows(named=True):
        told = {
            "skill": row["skills"],
            "location": [row["location"], *(row["elsewhere"] or [])],
            "working day": row["working_days"],
        }
        for what, names in told.items():
            for name in names:
                if name not in known[what]:
                    raise _unknown(row["code"], what, name, known[what])
        days = len(row["working_days"])
        _check_hours(row["code"], row["contract_hours"], days, rules)


def _unknown(code: str, what: str, came: str, known: frozenset[str]) -> InputError:
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
