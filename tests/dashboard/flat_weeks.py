"""Runs of a forecast that expects the same of every working day, made up for tests."""

from datetime import date, timedelta

import polars as pl

from forecasting.insight_tables import Causes
from forecasting.records import RunRecord
from forecasting.tables import Demand, StoredForecast
from forecasting.workspace import Workspace
from tests.dashboard.made_up_demand import NOW
from tests.dashboard.made_up_demand import demand as came

PASSPORT = "stadhuis/passport/application/appointment"
PHONE = "stadhuis/general/question/phone"
BOTH = [PHONE, "stadhuis/move/question/phone"]
MONDAY = date(2026, 11, 23)
LATER = NOW + timedelta(hours=1)
STEPS = {
    "q05": -9.0,
    "q10": -7.0,
    "q25": -4.0,
    "q50": 0.0,
    "q75": 4.0,
    "q90": 7.0,
    "q95": 9.0,
}


def store(
    workspace: Workspace,
    last: date,
    told: pl.DataFrame,
    causes: pl.DataFrame | None = None,
    hours: int = 0,
) -> RunRecord:
    """A stored forecast of a run that knew days up to `last`."""
    tables = {
        "demand": came().filter(pl.col("start") <= last),
        "forecast": told.filter(pl.col("start") > last),
        "causes": Causes.create_empty() if causes is None else causes,
    }
    key = workspace.key("forecast", [f"{last}-{hours}"], {}, 0)
    figures = {"history_last": last.isoformat()}
    return workspace.store(key, tables, figures, now=NOW + timedelta(hours=hours))


def said(level: float, first: date, days: int = 28) -> pl.DataFrame:
    """A forecast of the phone that expects the same of every working day."""
    starts = [first + timedelta(days=i) for i in range(days)]
    rows = [
        {"series": PHONE, "start": day, "mean": level, "cadence": "day"}
        | {name: level + step for name, step in STEPS.items()}
        | {"method": "blend"}
        for day in starts
        if day.weekday() < 5
    ]
    return StoredForecast.validate(pl.DataFrame(rows), cast=True)


def history(last: date, level: float, weeks: int = 20) -> pl.DataFrame:
    """The phone as it was called, the same on every working day."""
    days = [last - timedelta(days=i) for i in range(7 * weeks)]
    rows = [
        {"series": PHONE, "start": day, "cadence": "day", "count": level, "unmet": 0.0}
        for day in days
        if day.weekday() < 5
    ]
    frame = pl.DataFrame(rows).with_columns(handling_s=pl.lit(None, pl.Float64))
    return Demand.validate(frame.sort("start"), cast=True)


def with_demand(
    workspace: Workspace,
    last: date,
    counts: pl.DataFrame,
    told: pl.DataFrame,
    causes: pl.DataFrame | None = None,
) -> RunRecord:
    why = Causes.create_empty() if causes is None else causes
    tables = {"demand": counts, "forecast": told, "causes": why}
    key = workspace.key("forecast", [last.isoformat()], {}, 0)
    hours = (last - date(2026, 1, 1)).days
    figures = {"history_last": last.isoformat()}
    now = NOW + timedelta(hours=hours)
    return workspace.store(key, tables, figures, now=now)
