"""What a mailing plan reads of a stored requirement: hours, futures of them, staff."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.counter_load import CounterLoad, counter_load
from staffing.pipeline.requiring import run_requirement
from staffing.pipeline.stored_load import stored_load
from tests.staffing import forecast_cases as cases

CALLS = "stadhuis/general/question/phone"
COLLECTIONS = "noord/passport/collection/walk_in"
WEEKS = 4


@pytest.fixture
def requirement(workspace: Workspace, now: datetime) -> RunRecord:
    """Of four weeks with 60 collections and 600 calls a day."""
    means, days = {CALLS: 600.0, COLLECTIONS: 60.0}, 7 * WEEKS
    tables = {
        "forecast": cases.forecast(means, days=days),
        "forecast_slots": cases.slots(means, days=days),
    }
    seen = cases.MONDAY - timedelta(days=1)
    key = workspace.key("forecast", [], {}, 0)
    workspace.store(key, tables, {"history_last": seen.isoformat()}, now=now)
    return run_requirement(workspace, now=now, seed=0)


def read(
    workspace: Workspace, requirement: RunRecord, *, weeks: int = 60
) -> CounterLoad:
    day = cases.MONDAY - timedelta(days=30)
    return counter_load(workspace, requirement, day, weeks=weeks, seed=0)


def test_the_futures_are_those_that_the_upper_quartile_was_taken_of(
    workspace: Workspace, requirement: RunRecord
) -> None:
    load = read(workspace, requirement).hours
    futures = np.array(load["hours_samples"].to_list())
    assert futures.shape == (WEEKS, store.standards(workspace).futures)
    assert futures.mean(axis=1) == pytest.approx(load["hours"].to_numpy())
    assert np.quantile(futures, 0.75, axis=1) == pytest.approx(
        load["hours_q75"].to_numpy()
    )
    assert (np.ptp(futures, axis=1) > 0).all()


def test_weeks_of_one_future_belong_together(
    workspace: Workspace, requirement: RunRecord
) -> None:
    """Errors of a forecast last, so that a busy future is busy in more than one week."""
    futures = np.array(read(workspace, requirement).hours["hours_samples"].to_list())
    assert np.corrcoef(futures)[0, 1] > 0.1


def test_staff_hours_are_those_of_the_requirement(
    workspace: Workspace, requirement: RunRecord
) -> None:
    staff = read(workspace, requirement).capacity["staff_hours"]
    asked = workspace.table(requirement, "requirement_weeks").filter(skill="counter")
    assert staff.to_list() == asked.sort("week").collect()["hours_chosen"].to_list()


def test_capacity_is_that_of_the_requirement_and_part_weeks_ask_for_unknown_staff(
    workspace: Workspace, requirement: RunRecord, now: datetime
) -> None:
    """What the requirement stored is read as it is, however many hours are at hand."""
    asked = workspace.table(requirement, "requirement_weeks").collect()
    load = workspace.table(requirement, "weekly_load").collect().sort("week")
    staffed = load.with_columns(hours_at_hand=pl.lit(999.0), capacity=pl.lit(21.5))
    in_part = pl.when(pl.col("week") == load["week"].max()).then(0.25).otherwise(1.0)
    told = asked.with_columns(hours_chosen=pl.col("hours_chosen") * in_part)
    key = workspace.key("requirement", requirement.inputs, {}, 2)
    tables = {"weekly_load": staffed, "requirement_weeks": told}
    found = read(workspace, workspace.store(key, tables, {}, now=now))
    assert found.capacity_known
    assert found.capacity["hours"].to_list() == [21.5] * 4
    assert found.capacity["staff_hours"].is_null().to_list() == [False] * 3 + [True]


def test_hours_of_staff_that_an_earlier_version_told_are_no_capacity(
    workspace: Workspace, requirement: RunRecord, now: datetime
) -> None:
    """As requirements told it before both were columns."""
    load = workspace.table(requirement, "weekly_load").collect()
    older = load.drop("hours_at_hand").with_columns(capacity=pl.lit(40.0))
    key = workspace.key("requirement", requirement.inputs, {}, 3)
    run = workspace.store(key, {"weekly_load": older}, {}, now=now)
    assert not read(workspace, run).capacity_known
    assert stored_load(workspace, run).collect()["hours_at_hand"].to_list() == (
        [40.0] * load.height
    )


def test_no_more_weeks_are_read_than_asked_for(
    workspace: Workspace, requirement: RunRecord
) -> None:
    load = read(workspace, requirement, weeks=2)
    assert (load.hours.height, load.capacity.height) == (2, 2)


def test_a_run_without_work_has_no_futures(
    workspace: Workspace, requirement: RunRecord, now: datetime
) -> None:
    """As runs before the work of each series was stored."""
    load = workspace.table(requirement, "weekly_load").collect()
    key = workspace.key("requirement", requirement.inputs, {}, 1)
    older = workspace.store(key, {"weekly_load": load}, {}, now=now)
    assert read(workspace, older).hours.columns == ["week", "hours", "hours_q75"]
    assert read(workspace, older).capacity.columns == ["week", "hours"]
    assert pl.Series(read(workspace, older).hours["hours"]).null_count() == 0
