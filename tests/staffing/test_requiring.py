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
from forecasting.tables import BookedAhead, HandlingTimes, PlannedVisits
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.requiring import run_requirement
from staffing.standards import Standards
from staffing.tables import (
    Closing,
    Pooled,
    Requirement,
    RequirementWeeks,
    SeriesWork,
    WeeklyLoad,
)
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
    told: Mapping[str, pl.DataFrame] | None = None,
) -> RunRecord:
    tables = {"forecast": cases.forecast(means, days=days), **(told or {})}
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
    assert load.filter(pl.col("skill") == "counter")["capacity"].null_count() == 3
    asked = workspace.table(run, "requirement_weeks").filter(skill="phone").collect()
    at_work = asked.sort("week")["hours_chosen"] * store.standards(workspace).at_work
    served = phone["hours_at_hand"] * phone["hours"] / at_work
    assert phone["capacity"].to_list() == pytest.approx(served.to_list())
    assert (phone["capacity"] < phone["hours_at_hand"]).all()


def test_what_a_forecast_measured_is_taken_and_told(
    workspace: Workspace, now: datetime
) -> None:
    """600 calls a day of 420 s measured, where the catalogue assumes 210."""
    times = HandlingTimes.create_empty().schema
    row = (CALLS, 420.0, 0.9, 1e9, 10**9, "measured")
    told = {"handling_times": pl.DataFrame([row], schema=times, orient="row")}
    store_forecast(workspace, now, MEANS, told=told)
    run = run_requirement(workspace, now=now)
    work = SeriesWork.validate(workspace.table(run, "work").collect())
    by_series = dict(work.select("series", "source").iter_rows())
    assert by_series == {CALLS: "measured", COLLECTIONS: "assumed", MOVES: "assumed"}
    load = workspace.table(run, "weekly_load").filter(skill="phone").collect()
    assert load["hours"].to_list() == pytest.approx([600 * 5 * 420 / 3600] * 3)
    whole = 600 * 420 + 60 * 300 + 40 * 540
    assert run.figures["handling_measured"] == pytest.approx(600 * 420 / whole)


def test_visits_booked_already_move_a_week(workspace: Workspace, now: datetime) -> None:
    """Of Monday's 36 visits 30 are booked where 18 is usual: 12 more than forecast."""
    visits = "stadhuis/passport/application/appointment"
    days = BookedAhead.create_empty().schema
    row = (visits, cases.MONDAY, 30.0, 0.0, 0.5)
    start = cases.calendar().slots("hall", "phone", cases.MONDAY)[0]
    slot = (visits, start, 30.0, 1.0)
    schema = PlannedVisits.create_empty().schema
    told = {
        "booked_ahead": pl.DataFrame([row], schema=days, orient="row"),
        "planned_visits": pl.DataFrame([slot], schema=schema, orient="row"),
    }
    store_forecast(workspace, now, {visits: 36.0}, told=told)
    run = run_requirement(workspace, now=now)
    hours = workspace.table(run, "weekly_load").collect()["hours"]
    assert hours[0] / hours[1] == pytest.approx((30 + 18 + 4 * 36) / (5 * 36))
    needed = workspace.table(run, "requirement").filter("chosen").collect()
    assert needed.sort("start")["offered"][0] > 20


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


def test_hours_by_aim_closing_time_and_pools_are_kept_beside_it(
    workspace: Workspace, now: datetime
) -> None:
    store_forecast(workspace, now, MEANS)
    run = run_requirement(workspace, now=now)
    weeks = RequirementWeeks.validate(
        workspace.table(run, "requirement_weeks").collect()
    )
    closing = Closing.validate(workspace.table(run, "closing").collect())
    Pooled.validate(workspace.table(run, "pooled").collect())
    chosen = workspace.table(run, "requirement").filter("chosen").collect()
    queues = chosen.filter(pl.col("skill") != "back_office")
    assert weeks["hours_chosen"].sum() == queues["people"].sum() / 4
    assert closing.height == 15 * 2
    assert closing.filter(pl.col("there") > 1e-3).is_empty()  # all come before noon
    figures = run.figures
    hours, worst = figures["queue_hours"], figures["worst_slot"]
    assert isinstance(hours, dict)
    assert isinstance(worst, dict)
    assert hours["week"] <= hours["day"] <= hours["slot"]
    assert figures["hours_saved"] == 0
    assert worst["share"] == weeks["worst_share"].min()
    assert figures["closing"] == {
        f"{place}/{skill}": pytest.approx(minutes, abs=0.06)
        for place, skill, minutes in closing.group_by("location", "skill")
        .agg(pl.col("minutes_q90").max())
        .iter_rows()
    }


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
    for table in (
        "requirement",
        "requirement_weeks",
        "closing",
        "pooled",
        "weekly_load",
    ):
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
