"""What-if tables beside the requirement they come from, at and between their points."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from forecasting.errors import MissingStepError
from forecasting.settings import Settings
from staffing.cli import app
from staffing.pipeline.asking_what_if import run_what_if
from staffing.pipeline.requiring import run_requirement
from staffing.queueing import mean_wait, service_level
from staffing.requirement import requirement
from staffing.whatif import (
    WhatIfPeople,
    WhatIfTargets,
    between,
    what_if_people,
    what_if_targets,
)
from staffing.workload import match_series, slot_workload
from tests.empty_home import open_home
from tests.staffing import forecast_cases as cases
from tests.staffing import requirement_cases as made_up
from tests.staffing.roster_weeks import CONFIG
from tests.staffing.test_requiring import MEANS, store_forecast

NOW = datetime(2027, 1, 10, 9, tzinfo=UTC)
ZONE = "Europe/Amsterdam"
STANDARDS = cases.standards()


@pytest.fixture(scope="module")
def workload() -> pl.DataFrame:
    means = {cases.CALLS: 300.0, cases.VISITS: 60.0}
    work, _ = match_series(pl.Series([*means]), cases.catalogue(), no_show=0.0)
    forecast = cases.forecast(means)
    return slot_workload(cases.slots(means), forecast, work, cases.calendar())[0]


@pytest.fixture(scope="module")
def needed(workload):
    return requirement(workload, STANDARDS)


@pytest.fixture(scope="module")
def people(needed):
    return what_if_people(needed, STANDARDS, at_work=1.0, zone=ZONE)


@pytest.fixture(scope="module")
def targets(workload, needed):
    return what_if_targets(workload, STANDARDS, needed)


def test_late_contacts_of_an_hour_are_those_of_its_quarter_hours(needed, people):
    at = datetime(2027, 1, 12, 9, tzinfo=UTC)
    hour = needed.filter(
        pl.col("start").is_between(at, at + timedelta(hours=1), closed="left"),
        skill="phone",
    )
    chosen = hour.filter("chosen").select("start", pl.col("people").alias("now"))
    beside = hour.join(chosen, on="start")
    row = people.filter(skill="phone", weekday=2, hour=10).row(0, named=True)
    for name, step in (("late_less", -1), ("late", 0), ("late_more", 1)):
        told = beside.filter(pl.col("people") == pl.col("now") + step)["late"].sum()
        assert row[name] == pytest.approx(told)
    assert row["offered"] == pytest.approx(4 * 300 / 12)


def test_the_mean_wait_is_that_of_erlang_a_at_the_load_that_is_as_late(needed):
    """Where lateness is Erlang A's at 1.2 times the load, so is the wait."""
    phone = needed.filter(skill="phone")
    queue = phone["load"].to_numpy() * 1.2 * 3600 / 240, 240.0
    level = service_level(*queue, phone["people"].to_numpy(), 25, 180.0)
    late = phone["offered"].to_numpy() * (1 - level)
    told = phone.with_columns(pl.Series("late", late))
    row = what_if_people(told, STANDARDS, at_work=1.0, zone=ZONE).filter(
        weekday=2, hour=10
    )
    at = datetime(2027, 1, 12, 9, tzinfo=UTC)
    inside = pl.col("start").is_between(at, at + timedelta(hours=1), closed="left")
    now = phone.filter(inside, "chosen")
    waits = mean_wait(
        now["load"].to_numpy() * 1.2 * 3600 / 240,
        240.0,
        now["people"].to_numpy(),
        180.0,
    )
    assert row["wait_s"].item() == pytest.approx(waits.mean(), rel=1e-6)


def test_one_person_more_never_makes_anybody_wait_longer(people):
    assert (people["late_less"] >= people["late"]).all()
    assert (people["late"] >= people["late_more"]).all()
    assert (people["wait_less_s"] >= people["wait_s"] - 1e-9).all()
    assert (people["wait_s"] >= people["wait_more_s"] - 1e-9).all()
    assert people["wait_less_s"].max() <= 3600


def test_weeks_are_averaged_and_not_added(needed):
    later = needed.with_columns(pl.col("start") + timedelta(weeks=1))
    one = what_if_people(needed, STANDARDS, at_work=1.0, zone=ZONE)
    two = what_if_people(pl.concat([needed, later]), STANDARDS, at_work=1.0, zone=ZONE)
    assert two["late"].to_list() == pytest.approx(one["late"].to_list())


@pytest.mark.parametrize(
    ("factor", "target", "threshold"),
    [(1.0, 0.8, 25.0), (1.3, 0.9, 10.0), (0.8, 0.6, 120.0)],
)
def test_a_grid_point_is_the_requirement_with_those_settings(
    workload, targets, factor, target, threshold
):
    phone = STANDARDS.skill["phone"].model_copy(
        update={"target": target, "threshold_s": threshold}
    )
    changed = STANDARDS.model_copy(
        update={"skill": {**STANDARDS.skill, "phone": phone}}
    )
    slower = workload.with_columns(pl.col("handling_s", "load") * factor)
    chosen = requirement(slower.filter(skill="phone"), changed).filter("chosen")
    row = targets.filter(
        skill="phone", factor=factor, target=target, threshold_s=threshold
    ).row(0, named=True)
    assert row["hours"] == chosen["people"].sum() / 4
    share = 1 - float(chosen["late"].sum()) / float(chosen["offered"].sum())
    assert row["share"] == pytest.approx(share)


def test_todays_settings_ask_for_todays_hours_and_reach_todays_share(needed, targets):
    for skill, standard in STANDARDS.skill.items():
        row = targets.filter(
            skill=skill, factor=1.0, target=standard.target, threshold_s=standard.threshold_s
        ).row(0, named=True)  # fmt: skip
        chosen = needed.filter("chosen", skill=skill)
        assert row["hours"] == pytest.approx(chosen["people"].sum() / 4, rel=0.01)
        assert row["share_now"] == pytest.approx(row["share"], abs=0.01)
        share = 1 - float(chosen["late"].sum()) / float(chosen["offered"].sum())
        assert row["share_now"] == pytest.approx(share, abs=0.002)


def test_what_a_simulation_set_right_keeps_its_hours_at_todays_settings() -> None:
    """Visits of twelve minutes, half of them planned: the table tells what was found."""
    wave = list(5 + 2 * np.sin(np.arange(32) / 5))
    rows = made_up.workload("counter", wave, 720, cv=0.7, booked=0.5)
    told = made_up.standards(check="simulation", shrinkage=0.05)
    found = requirement(rows, told, seed=1)
    asked = found.filter("chosen")
    point = what_if_targets(rows, told, found).row(
        by_predicate=(pl.col("factor") == 1)
        & (pl.col("threshold_s") == 900)
        & (pl.col("target") == 0.9),
        named=True,
    )
    assert point["hours"] == float(asked["people"].sum()) / 4
    share = 1 - float(asked["late"].sum()) / float(asked["offered"].sum())
    assert point["share"] == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(
    ("axis", "rises"), [("factor", True), ("target", True), ("threshold_s", False)]
)
def test_hours_only_rise_or_only_fall_along_an_axis_and_between_its_points(
    targets, axis, rises
):
    phone = targets.filter(skill="phone")
    at = {"factor": 1.0, "target": 0.8, "threshold_s": 25.0}
    points = phone[axis].unique().sort().to_list()
    fine = [
        low + (high - low) * k / 4 for low, high in pairwise(points) for k in range(4)
    ]
    hours = [between(phone, {**at, axis: value}).hours or 0.0 for value in fine]
    steps = [after - before for before, after in pairwise(hours)]
    assert all(step >= -1e-9 for step in steps) if rises else max(steps) <= 1e-9
    assert hours[0] != hours[-1]


def test_between_is_exact_at_each_point_and_stays_within_the_grid(targets):
    phone = targets.filter(skill="phone")
    for row in phone.sample(40, seed=1).iter_rows(named=True):
        told = between(phone, row)
        assert told.hours == pytest.approx(row["hours"])
        assert told.share == pytest.approx(row["share"])
    far = between(phone, {"factor": 9.0, "target": 0.99, "threshold_s": 1.0})
    assert far.hours == pytest.approx(phone["hours"].max())


def test_the_step_stores_both_tables_and_names_the_week(tmp_path):
    workspace = open_home(Settings(home=tmp_path, config=CONFIG))
    store_forecast(workspace, NOW, MEANS, days=21)
    run_requirement(workspace, now=NOW)
    run = run_what_if(workspace, now=NOW)
    people = WhatIfPeople.validate(workspace.table(run, "what_if_people").collect())
    targets = WhatIfTargets.validate(workspace.table(run, "what_if_targets").collect())
    assert run.kind == "what_if"
    weeks = run.figures["weeks"]
    assert isinstance(weeks, list)
    assert run.figures["week"] in weeks
    assert set(people["skill"]) == set(targets["skill"]) == {"phone", "counter"}
    again = run_what_if(workspace, now=NOW)
    assert again.id == run.id
    assert workspace.table(again, "what_if_targets").collect().equals(targets)


def test_no_requirement_yet_names_the_command(tmp_path):
    workspace = open_home(Settings(home=tmp_path, config=CONFIG))
    with pytest.raises(MissingStepError, match="piekwijzer requirement"):
        run_what_if(workspace, now=NOW)
    answer = CliRunner().invoke(
        app, ["what-if", "--home", str(tmp_path), "--config", str(CONFIG)]
    )
    assert answer.exit_code == 2
    assert "piekwijzer requirement" in answer.output
