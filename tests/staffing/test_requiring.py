"""The step `requirement` on a stored forecast: tables, figures, errors."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError, MissingStepError
from forecasting.records import ImportRecord, RunRecord
from forecasting.settings import Settings, shipped
from forecasting.workspace import Workspace
from staffing.pipeline.requiring import run_requirement
from staffing.rules import Standards
from staffing.tables import Requirement, WeeklyLoad
from tests.adopting import adopt
from tests.staffing import forecast_cases as cases

CALLS = "stadhuis/general/question/phone"
COLLECTIONS = "noord/passport/collection/walk_in"
MOVES = "stadhuis/move/processing/online"
MEANS = {CALLS: 600.0, COLLECTIONS: 60.0, MOVES: 40.0}


def store_forecast(
    workspace: Workspace,
    now: datetime,
    means: Mapping[str, float],
    *,
    days: int = 21,
    timed: bool = True,
) -> RunRecord:
    tables = {"forecast": cases.forecast(means, days=days)}
    if timed:
        queued = {name: mean for name, mean in means.items() if name != MOVES}
        tables["forecast_slots"] = cases.slots(queued, days=days)
    key = workspace.key("forecast", [], {}, 0)
    return workspace.store(key, tables, {}, now=now)


def import_people(workspace: Workspace, now: datetime, frame: pl.DataFrame) -> None:
    record = ImportRecord(
        id="import-1", source="people", kind="people", file="people.csv",
        sha256="0", rows_imported=frame.height, rows_rejected=0, at=now,
    )  # fmt: skip
    adopt(workspace, record, {"people": frame}, now=now)


def test_a_forecast_becomes_people_per_slot_and_hours_per_week(
    workspace: Workspace, now: datetime
) -> None:
    store_forecast(workspace, now, MEANS)
    import_people(workspace, now, cases.people(("a", "stadhuis", ["phone"])))
    run = run_requirement(workspace, now=now)
    needed = Requirement.validate(workspace.table(run, "requirement").collect())
    load = WeeklyLoad.validate(workspace.table(run, "weekly_load").collect())
    assert set(needed["skill"]) == {"phone", "counter", "back_office"}
    phone = load.filter(pl.col("skill") == "phone")
    assert phone["hours"].to_list() == pytest.approx([600 * 5 * 210 / 3600] * 3)
    assert phone["capacity"].null_count() == 0
    assert load.filter(pl.col("skill") == "counter")["capacity"].null_count() == 3


def test_the_figures_count_hours_to_roster(workspace: Workspace, now: datetime) -> None:
    store_forecast(workspace, now, MEANS)
    run = run_requirement(workspace, now=now)
    figures = run.figures
    assert figures["weeks"] == ["2027-W02", "2027-W03", "2027-W04"]
    hours = figures["required_hours"]
    assert isinstance(hours, dict)
    needed = workspace.table(run, "requirement").filter("chosen").collect()
    assert sum(hours.values()) == needed["people"].sum() / 4
    assert figures["unstaffed"] == []


def test_a_team_too_small_makes_every_week_a_peak(
    workspace: Workspace, now: datetime
) -> None:
    store_forecast(workspace, now, {CALLS: 3000.0})
    import_people(workspace, now, cases.people(("a", "stadhuis", ["phone"])))
    run = run_requirement(workspace, now=now)
    weeks = ["2027-W02", "2027-W03", "2027-W04"]
    assert run.figures["peak_weeks"] == {"stadhuis/phone": weeks}


def test_series_that_cannot_be_staffed_are_named(
    workspace: Workspace, now: datetime
) -> None:
    strange, far = "stadhuis/wedding/party/phone", "mill/move/processing/online"
    store_forecast(workspace, now, {CALLS: 600.0, strange: 3.0, far: 5.0}, timed=False)
    run = run_requirement(workspace, now=now)
    assert run.figures["unstaffed"] == [strange, far]


def test_a_forecast_without_times_of_day_is_spread_over_open_slots(
    workspace: Workspace, now: datetime
) -> None:
    store_forecast(workspace, now, MEANS, timed=False)
    run = run_requirement(workspace, now=now)
    calls = workspace.table(run, "requirement").filter(pl.col("skill") == "phone")
    one = calls.filter("chosen").collect()
    assert one["offered"].sum() == pytest.approx(600 * 15)
    assert one.height == 15 * 34


def test_the_same_forecast_gives_the_same_bytes(
    workspace: Workspace, now: datetime, tmp_path: Path
) -> None:
    other = Workspace.open(Settings(home=tmp_path / "other"))
    runs = []
    for place in (workspace, other):
        store_forecast(place, now, MEANS)
        runs.append(run_requirement(place, now=now))
    assert runs[0].id == runs[1].id
    assert runs[0].figures == runs[1].figures
    for table in ("requirement", "weekly_load"):
        files = [w.lake.path(table, runs[0].id) for w in (workspace, other)]
        assert files[0].read_bytes() == files[1].read_bytes()


def test_without_a_forecast_the_command_to_run_is_named(
    workspace: Workspace, now: datetime
) -> None:
    with pytest.raises(MissingStepError, match="piekwijzer forecast"):
        run_requirement(workspace, now=now)


def test_a_forecast_of_unknown_services_is_refused(
    workspace: Workspace, now: datetime
) -> None:
    store_forecast(workspace, now, {"stadhuis/wedding/party/phone": 3.0})
    with pytest.raises(InputError, match=r"catalogue\.toml"):
        run_requirement(workspace, now=now)
    assert workspace.ledger.runs("requirement") == []


def test_the_shipped_standards_name_their_sources() -> None:
    text = (shipped("config", "config") / "standards.toml").read_text("utf-8")
    rules = Standards.model_validate(tomllib.loads(text))
    sources = [kind.source for kind in rules.shrinkage.values()]
    sources += [rules.no_show.source, rules.punctuality.source]
    assert all("assumed" in source for source in sources)
