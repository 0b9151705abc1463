"""Small weeks of a few people at places that share nobody, from a stored requirement."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from forecasting.records import ImportRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.staff_tables import People, completed
from staffing.tables import Requirement
from tests.adopting import adopt
from tests.empty_home import open_home
from tests.staffing.roster_home import NOW
from tests.staffing.roster_weeks import CONFIG, WEEK, moment

PLACES = ("gemeentehuis", "noord")
HOURS = range(13, 18)
"""Open from 13 to 18 hours: shifts end late."""


def weeks(number: int) -> list[date]:
    """Mondays that follow one another."""
    return [WEEK + timedelta(weeks=i) for i in range(number)]


def needed(
    mondays: Sequence[date], places: Sequence[str], weekday: int
) -> pl.DataFrame:
    """One is asked for on the phone; the second person buys little."""
    late = (4.0, 1.0, 0.5)
    rows = [
        {"location": place, "skill": "phone", "start": moment(day, hour + quarter / 4),
         "people": n, "offered": 4.0, "load": 0.8, "handling_s": 240.0,
         "late": late[n], "chosen": n == 1}
        for day in (monday + timedelta(days=weekday) for monday in mondays)
        for place in places
        for hour in HOURS
        for quarter in range(4)
        for n in range(3)
    ]  # fmt: skip
    columns = Requirement.column_names()
    return Requirement.validate(pl.DataFrame(rows).select(columns), cast=True)


def team(places: Sequence[str], each: int) -> pl.DataFrame:
    """People of four hours on a Friday."""
    rows = [
        {"code": f"{place[:1].upper()}{number}", "label": "x", "location": place,
         "contract_hours": 4.0, "skills": ["phone"],
         "working_days": ["fri"]}
        for place in places
        for number in range(each)
    ]  # fmt: skip
    return People.validate(completed(People, pl.DataFrame(rows)))


def small_home(
    folder: Path,
    number: int = 3,
    *,
    places: Sequence[str] = PLACES,
    day: int = 4,
    settings: Settings | None = None,
) -> Workspace:
    """A home with a requirement of some weeks and two people at each place."""
    told = settings or Settings(executor="sequential")
    workspace = open_home(told.model_copy(update={"home": folder, "config": CONFIG}))
    people = team(places, 2)
    record = ImportRecord(
        id="people-1", source="people", kind="people", file="team.xlsx",
        sha256="0" * 64, rows_imported=people.height, rows_rejected=0, at=NOW,
    )  # fmt: skip
    adopt(workspace, record, {"people": people}, now=NOW)
    forecast = workspace.key("forecast", [], {}, 0)
    workspace.store(forecast, {}, {"history_last": "2026-12-14"}, now=NOW)
    key = workspace.key("requirement", [forecast.id], {}, 0)
    table = {"requirement": needed(weeks(number), places, day)}
    workspace.store(key, table, {}, now=NOW)
    return workspace
