"""Notes of the planner move the forecast, each by what it says and no more."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.history import imported_counts
from forecasting.notes import Adjustment, Event
from forecasting.pipeline import run_forecast
from forecasting.pipeline.adjusting import adjusted
from forecasting.pipeline.town import Town
from forecasting.pipeline.trying_notes import added_by_notes, without_notes
from forecasting.planner import add, withdraw
from forecasting.records import AdjustmentRecord, RunRecord
from forecasting.tables import QUANTILE_NAMES, StoredForecast
from forecasting.workspace import Workspace
from tests.forecasting.pipeline_cases import NOW, contacts, workspace_with

MONDAY = date(2027, 1, 4)
PASSPORT = "stadhuis/passport/application/appointment"
PHONE = "stadhuis/general/question/phone"


def note(number: int, first: date, last: date, **said) -> AdjustmentRecord:
    blank = {"series": "", "factor": 1.0, "plus": 0.0, "reason": "a reason"}
    return AdjustmentRecord(id=number, first=first, last=last, **{**blank, **said})


def forecast(cadence: str = "day", step: int = 1) -> pl.DataFrame:
    starts = [MONDAY + timedelta(days=step * i) for i in range(4)]
    frame = pl.DataFrame({"series": [PASSPORT, PHONE]}).join(
        pl.DataFrame({"start": starts}), how="cross"
    )
    bounds = (pl.lit(8.0 + i).alias(name) for i, name in enumerate(QUANTILE_NAMES))
    told = frame.with_columns(
        *bounds, mean=pl.lit(10.0), cadence=pl.lit(cadence), method=pl.lit("blend")
    )
    return StoredForecast.validate(told, cast=True)


def means(told: pl.DataFrame, series: str) -> list[float]:
    return told.filter(series=series).sort("start")["mean"].to_list()


def test_only_the_series_and_days_meant_are_moved():
    days = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    moved, parts = adjusted(
        forecast(), [note(3, *days, factor=1.5, plus=2, series="*/*/*/phone")]
    )
    assert means(moved, PHONE) == [10.0, 17.0, 17.0, 10.0]
    assert means(moved, PASSPORT) == [10.0] * 4
    assert parts.sort("start").rows() == [
        (PHONE, day, "planner 3", 7.0) for day in days
    ]


def test_quantiles_move_as_the_mean_does():
    moved, _ = adjusted(forecast(), [note(1, MONDAY, MONDAY, factor=2, plus=1)])
    row = moved.filter(series=PHONE).row(0, named=True)
    assert [row[name] for name in QUANTILE_NAMES] == [2 * (8 + i) + 1 for i in range(7)]


def test_notes_that_overlap_are_applied_in_order():
    first = note(1, MONDAY, MONDAY, plus=10)
    second = note(2, MONDAY, MONDAY, factor=3)
    both, parts = adjusted(forecast(), [first, second])
    other, _ = adjusted(forecast(), [second, first])
    assert means(both, PHONE)[0] == 60.0
    assert means(other, PHONE)[0] == 40.0
    told = dict(parts.filter(series=PHONE).select("cause", "count").iter_rows())
    assert told == {"planner 1": 10.0, "planner 2": 40.0}


def test_a_forecast_never_falls_below_zero():
    moved, parts = adjusted(forecast(), [note(1, MONDAY, MONDAY, plus=-50)])
    assert means(moved, PHONE)[0] == 0.0
    assert parts["count"].to_list() == [-10.0, -10.0]


def test_a_week_covered_in_part_is_moved_in_part():
    middle = MONDAY + timedelta(days=5), MONDAY + timedelta(days=13)
    moved, _ = adjusted(forecast("week", 7), [note(1, *middle, factor=8)])
    assert means(moved, PHONE) == pytest.approx([30.0, 80.0, 10.0, 10.0])


def short_town(home: Path):
    soon = pl.col("start") > datetime(2026, 10, 1, tzinfo=UTC)
    return workspace_with(home, contacts().filter(soon), "sequential")


def stored(workspace: Workspace, run: RunRecord, dataset: str) -> pl.DataFrame:
    return workspace.table(run, dataset).collect()


def test_an_adjustment_stands_in_the_run_as_a_cause_until_it_is_withdrawn(tmp_path):
    workspace = short_town(tmp_path)
    before = run_forecast(workspace, now=NOW)
    week = date(2026, 12, 7), date(2026, 12, 11)
    number = add(workspace, Adjustment(*week, "open day", PHONE, factor=2.0), now=NOW)
    run = run_forecast(workspace, now=NOW + timedelta(hours=1))
    was, is_ = (stored(workspace, one, "forecast") for one in (before, run))
    both = was.join(is_, on=["series", "start"], suffix="_now")
    meant = (pl.col("series") == PHONE) & pl.col("start").is_between(*week)
    ratio = both.with_columns((pl.col("mean_now") / pl.col("mean")).alias("ratio"))
    assert ratio.filter(meant)["ratio"].to_list() == pytest.approx([2.0] * 5)
    assert ratio.filter(~meant)["ratio"].drop_nans().unique().to_list() == [1.0]
    causes = stored(workspace, run, "causes")
    bare = without_notes(is_, added_by_notes(causes.lazy()).collect())
    keys = ["series", "start"]
    assert bare["mean"].to_list() == pytest.approx(was.sort(keys)["mean"].to_list())
    own = causes.filter(cause=f"planner {number}")
    added = ratio.filter(meant)["mean"].sum()
    assert own["count"].sum() == pytest.approx(added)
    changes = stored(workspace, run, "changes")
    moved = changes.filter(pl.col("cause") != "nothing")
    assert moved["cause"].unique().to_list() == [f"planner {number}"]
    assert changes.filter(group="phone")["count"].sum() == pytest.approx(added)
    slots = stored(workspace, run, "forecast_slots").filter(series=PHONE)
    day = pl.col("start").dt.convert_time_zone("Europe/Amsterdam").dt.date()
    assert slots.filter(day.is_between(*week))["mean"].sum() == pytest.approx(2 * added)
    withdraw(workspace, "adjustment", number, now=NOW)
    again = run_forecast(workspace, now=NOW + timedelta(hours=2))
    assert stored(workspace, again, "forecast").equals(was)
    undone = stored(workspace, again, "changes").filter(group="phone")
    assert undone["count"].sum() == pytest.approx(-added)


def test_an_event_is_known_to_the_methods_for_its_series_only(tmp_path):
    workspace = short_town(tmp_path)
    fair = (date(2026, 11, 2), date(2026, 11, 6))
    number = add(
        workspace, Event(*fair, "the yearly fair", "*/*/*/phone", name="fair"), now=NOW
    )

    def events() -> dict[str, tuple[object, ...]]:
        town = Town.read(workspace, imported_counts(workspace))
        tasks = town.tasks(future=True, horizon_days=28, origins=2)
        return {
            task.series.name: tuple(e for e in task.events if e[0] == "fair")
            for task in tasks
        }

    assert events() == {PASSPORT: (), PHONE: (("fair", *fair),)}
    withdraw(workspace, "event", number, now=NOW)
    assert events() == {PASSPORT: (), PHONE: ()}
