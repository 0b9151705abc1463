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
