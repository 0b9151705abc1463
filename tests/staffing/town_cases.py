"""Invented small towns that may share their phone, from the forecast on."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import polars as pl

from forecasting.policy import load_policy
from forecasting.records import ImportRecord
from forecasting.settings import Settings
from forecasting.tables import SlotForecast
from forecasting.workspace import Workspace
from staffing.staff_tables import People, completed
from staffing.standards import Standards
from tests.adopting import adopt
from tests.empty_home import open_home
from tests.staffing import forecast_cases as cases
from tests.staffing.roster_weeks import CONFIG, moment

MONDAY = cases.MONDAY
OPEN = (9, 13)
DAYS = ("mon", "tue", "wed", "thu", "fri")
CALLS, VISITS = "general/question/phone", "passport/collection/walk_in"


def towns(number: int) -> list[str]:
    """Their names."""
    return [f"town{place:02d}" for place in range(1, number + 1)]


def towns_config(folder: Path, names: list[str], *, pooled: bool) -> Path:
    """The shipped policy, with the opening hours of these towns."""
    config = copytree(CONFIG, folder / "config")
    hours = "\n".join(_hours(name) for name in names)
    (config / "calendar.toml").write_text(f'school_region = "Noord"\n{hours}\n')
    standards = (config / "standards.toml").read_text()
    shared = 'pooled = true\npool_location = "phones"\n' if pooled else ""
    standards = standards.replace("[skill.phone]\n", f"[skill.phone]\n{shared}")
    standards = standards.replace("futures = 200", "futures = 40")
    standards = standards.replace(
        "minimum_people = 2", 'minimum_people = 2\ncheck = "formula"'
    )
    (config / "standards.toml").write_text(standards)
    return config


def _hours(name: str) -> str:
    times = f"[{OPEN[0]:02d}:00:00, {OPEN[1]:02d}:00:00]"
    days = "\n".join(f"{day} = {times}" for day in DAYS)
    return f'\n[[hours]]\nlocation = "{name}"\nskills = ["phone", "counter"]\n{days}'


def slots(means: Mapping[str, float], days: int) -> pl.DataFrame:
    """A day's mean evenly over its open quarter-hours."""
    number = 4 * (OPEN[1] - OPEN[0])
    rows = [
        {"series": series, "start": moment(day, OPEN[0] + quarter / 4),
         "mean": mean / number, "cv": 0.1}
        for series, mean in means.items()
        for day in (MONDAY + timedelta(days=i) for i in range(days))
        if day.weekday() < 5
        for quarter in range(number)
    ]  # fmt: skip
    frame = pl.DataFrame(rows).with_columns(pl.col("start").dt.cast_time_unit("us"))
    return SlotForecast.validate(frame)


def staff(names: list[str], each: int) -> pl.DataFrame:
    """People of 16 hours on four days, of whom all answer calls and all serve."""
    rows = [
        {"code": f"{name}-{number}", "label": f"{name}-{number}", "location": name,
         "contract_hours": 16.0, "skills": ["counter", "phone"],
         "working_days": [d for i, d in enumerate(DAYS) if i != number % 5]}
        for name in names
        for number in range(each)
    ]  # fmt: skip
    return People.validate(completed(People, pl.DataFrame(rows)))


def towns_home(
    folder: Path,
    number: int,
    *,
    pooled: bool,
    now: datetime,
    days: int = 7,
    each: int = 4,
    calls: float = 24.0,
) -> Workspace:
    """A home with a forecast and the staff of some towns."""
    names = towns(number)
    config = towns_config(folder, names, pooled=pooled)
    workspace = open_home(Settings(home=folder / "home", config=config))
    means = {f"{name}/{CALLS}": calls for name in names}
    means |= {f"{name}/{VISITS}": 20.0 for name in names}
    tables = {
        "forecast": cases.forecast(means, days=days),
        "forecast_slots": slots(means, days),
    }
    key = workspace.key("forecast", [], {}, 0)
    workspace.store(key, tables, {"history_last": f"{date(2026, 12, 14)}"}, now=now)
    record = ImportRecord(
        id="import-1", source="people", kind="people", file="people.csv",
        sha256="0", rows_imported=1, rows_rejected=0, at=now,
    )  # fmt: skip
    adopt(workspace, record, {"people": staff(names, each)}, now=now)
    return workspace


def standards_of(config: Path) -> Standards:
    """The standards of a policy folder."""
    return load_policy(config / "standards.toml", Standards)
