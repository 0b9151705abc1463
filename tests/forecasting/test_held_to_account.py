"""A run explains itself, and the next one with new data says what came of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.insight_tables import (
    Causes,
    Changes,
    Dependence,
    Effects,
    Issued,
    Notices,
    Outlook,
    Peaks,
    RenewalTiming,
    SecondVisits,
    Verification,
)
from forecasting.outside_tables import OutsideApplied
from forecasting.pipeline import run_forecast
from forecasting.records import ImportRecord, RunRecord
from forecasting.workspace import Workspace
from tests.adopting import adopt
from tests.forecasting.counted import counts_of
from tests.forecasting.pipeline_cases import CALENDAR, NOW, contacts, workspace_with

CUT = datetime(2026, 10, 10, tzinfo=UTC)
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
PASSPORT = "stadhuis/passport/application/appointment"
SCHEMAS = {
    "causes": Causes,
    "changes": Changes,
    "dependence": Dependence,
    "effects": Effects,
    "issued": Issued,
    "notices": Notices,
    "outlook": Outlook,
    "outside_applied": OutsideApplied,
    "peaks": Peaks,
    "renewal_timing": RenewalTiming,
    "second_visits": SecondVisits,
    "verification": Verification,
}


def bring(workspace: Workspace, frame: pl.DataFrame) -> None:
    """More contacts of the same town, as another import."""
    record = ImportRecord(
        id="import-2",
        source="later",
        kind="contacts",
        file="later.csv",
        sha256="1",
        rows_imported=frame.height,
        rows_rejected=0,
        at=NOW,
    )
    later = frame.with_columns(pl.format("later {}", "source").alias("source"))
    counted = counts_of(later.lazy(), CALENDAR.zone)
    tables = {
        "contacts": later,
        "slots": counted.slots.collect(),
        "bookings": counted.bookings.collect(),
    }
    adopt(workspace, record, tables, now=NOW)


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> tuple[Workspace, RunRecord, RunRecord]:
    """A run on what was known in October, and one six weeks later."""
    home: Path = tmp_path_factory.mktemp("home")
    every = contacts().filter(pl.col("start") > FIRST)
    workspace = workspace_with(home, every.filter(pl.col("start") < CUT), "sequential")
    first = run_forecast(workspace, now=NOW - timedelta(weeks=6))
    bring(workspace, every.filter(pl.col("start") >= CUT))
    return workspace, first, run_forecast(workspace, now=NOW)


def read(
    story: tuple[Workspace, RunRecord, RunRecord], dataset: str, run: int = 2
) -> pl.DataFrame:
    record = story[2] if run == 2 else story[1]
    return story[0].table(record, dataset).collect()


def test_every_table_that_explains_a_run_is_stored_and_typed(story):
    for dataset, schema in SCHEMAS.items():
        schema.validate(read(story, dataset))


def test_the_causes_of_a_run_add_up_to_its_forecast(story):
    sums = read(story, "causes").group_by("series", "start").agg(pl.col("count").sum())
    both = read(story, "forecast").join(sums, on=["series", "start"])
    assert both.height == read(story, "forecast").height
    assert both["count"].to_list() == pytest.approx(both["mean"].to_list(), abs=1e-9)


def test_a_first_run_has_nothing_to_compare_with(story):
    assert read(story, "verification", run=1).is_empty()
    assert read(story, "changes", run=1).is_empty()
    assert story[1].figures["verification"] is None


def test_what_came_is_held_against_what_was_said(story):
    table = read(story, "verification")
    assert set(table["run"]) == {story[1].id}
    mine = table.filter(series=PASSPORT).sort("ahead")
    assert mine["ahead"].to_list() == [7, 28, 91]
    said = read(story, "forecast", run=1).filter(series=PASSPORT)
    came = read(story, "demand").filter(series=PASSPORT)
    both = said.join(came, on=["series", "start"])
    assert mine["periods"].sum() == both.height > 25
    assert mine["demand"].sum() == both["count"].sum()
    error = (mine["wape"] * mine["demand"]).sum()
    assert error == pytest.approx((both["mean"] - both["count"]).abs().sum())
    headline = story[2].figures["verification"]
    assert headline["run"] == story[1].id
    assert headline["origin"] == story[1].figures["history_last"]


def test_the_changes_since_the_run_before_add_up_to_the_difference(story):
    changes = read(story, "changes")
    sums = changes.group_by("group", "week").agg(
        pl.col("count").sum(), pl.col("before", "now").first()
    )
    difference = (sums["now"] - sums["before"]).to_list()
    assert sums["count"].to_list() == pytest.approx(difference, abs=1e-6)
    now = read(story, "forecast").with_columns(
        pl.col("start").dt.truncate("1w").alias("week")
    )
    mine = now.filter(series=PASSPORT).group_by("week").agg(pl.col("mean").sum())
    both = sums.filter(group="passport").join(mine, on="week")
    assert both.height > 50
    assert both["now"].to_list() == pytest.approx(both["mean"].to_list())
    assert "level" in set(changes["cause"])
    assert "policy" not in set(changes["cause"])
