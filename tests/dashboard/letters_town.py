"""A home where reminder letters can be planned, weeks counted from the real clock."""

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from forecasting.calendar import monday
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.reminding import run_reminders
from tests.adopting import adopt, record_of
from tests.empty_home import open_home
from tests.staffing.reminder_cases import FIRST, Town, crest_town
from tests.staffing.test_reminding import HISTORY_LAST, weekly_load

WEEKS = 32


def letters_town(home: Path, now: datetime, *, actor: str) -> Workspace:
    """Stock, requirement and a plan made by somebody, of weeks from the one to come on."""
    later = monday(now.date()) + timedelta(weeks=1) - FIRST
    workspace = open_home(Settings(home=home, actor=actor))
    town = crest_town(weeks=WEEKS)
    stock = town.expiries.with_columns(pl.col("as_of", "expiry_week") + later)
    record = record_of("registry", "expiries", stock.height, now=now)
    adopt(workspace, record, {"expiries": stock}, now=now)
    _require(workspace, town, later, now)
    run_reminders(workspace, now=now)
    return workspace


def _require(workspace: Workspace, town: Town, later: timedelta, now: datetime) -> None:
    """A load halved over two locations, and the days that a forecast would reach."""
    first, last = (day + later for day in (HISTORY_LAST, FIRST - timedelta(days=1)))
    key = workspace.key("forecast", [], {}, 0)
    days = _days(first + timedelta(days=1), last + timedelta(weeks=WEEKS))
    figures = {"history_last": first.isoformat()}
    forecast = workspace.store(key, {"forecast": days}, figures, now=now)
    half = town.capacity["hours"][0] / 2
    load = weekly_load(town, [half, half]).with_columns(pl.col("week") + later)
    key = workspace.key("requirement", [forecast.id], {}, 0)
    workspace.store(key, {"weekly_load": load}, {}, now=now)


def _days(first: date, last: date) -> pl.DataFrame:
    days = pl.date_range(first, last, eager=True)
    return pl.DataFrame({"start": days, "cadence": "day"})
