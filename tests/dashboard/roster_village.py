"""A home where a small town's roster can be made at once, weeks ahead of the real clock."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from forecasting.calendar import first_week_beyond, week_name
from forecasting.records import ImportRecord, RunRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.rostering import store_roster
from staffing.pipeline.week_inputs import WeekInputs
from staffing.roster.explaining.shortfalls import find_shortfalls
from tests.adopting import adopt
from tests.empty_home import open_home
from tests.staffing.drawn_rosters import drawn, stated
from tests.staffing.roster_weeks import CONFIG, VILLAGE, requirement, staff

AHEAD = 42
"""Days from now to the earliest Monday: past the notice of 28."""


LIMIT_S = 4


def clock() -> datetime:
    """The real time, which is the server's too."""
    return datetime.now(UTC)  # noqa: TID251 - what a server process would read


def next_week(now: datetime, ahead: int = AHEAD) -> date:
    """The Monday that the village is rostered for."""
    return first_week_beyond(now.date(), ahead)


def village(folder: Path, now: datetime, ahead: int = AHEAD) -> Workspace:
    """Requirement, forecast and six people, and a solver that soon stops."""
    config, monday = folder / "config", next_week(now, ahead)
    shutil.copytree(CONFIG, config)
    policy = config / "roster.toml"
    limit = policy.read_text("utf-8").replace(
        "time_limit_s = 300", f"time_limit_s = {LIMIT_S}"
    )
    policy.write_text(limit, "utf-8")
    workspace = open_home(Settings(home=folder / "home", config=config))
    record = ImportRecord(
        id="people-1",
        source="people",
        kind="people",
        file="team.xlsx",
        sha256="0" * 64,
        rows_imported=6,
        rows_rejected=0,
        at=now,
    )
    adopt(workspace, record, {"people": staff({"gemeentehuis": 6})}, now=now)
    forecast = workspace.key("forecast", [], {}, 0)
    last = monday - timedelta(days=28)
    workspace.store(forecast, {}, {"history_last": last.isoformat()}, now=now)
    key = workspace.key("requirement", [forecast.id], {}, 0)
    table = {"requirement": requirement(VILLAGE, week=monday)}
    figures = {"required_hours": {week_name(monday): 100.0}}
    workspace.store(key, table, figures, now=now)
    return workspace


def store_drawn(
    workspace: Workspace, monday: date, seed: int, *, share: float = 0.7
) -> RunRecord:
    """Store a lawful roster of the week that no solver was asked for."""
    inputs = WeekInputs(workspace)
    instance = inputs.instance(monday)
    shifts = drawn(instance, seed, share=share)
    found = {"shortfalls": find_shortfalls(instance, shifts, cured=3)}
    roster = stated(instance, shifts).model_copy(update=found)
    return store_roster(inputs, instance, roster, now=clock())
