from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from dashboard.queries import demand, reasons, reckoning
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace

BOTH = ["stadhuis/general/question/phone", "stadhuis/move/question/phone"]


@pytest.fixture(scope="module")
def workspace(full_home: Path) -> Workspace:
    return Workspace.open(Settings(home=full_home))


def _run(workspace: Workspace, kind: str) -> RunRecord:
    return workspace.latest(kind)


def test_the_causes_of_a_sum_add_up_to_its_forecast(workspace: Workspace):
    run = _run(workspace, "forecast")
    names = demand.parts(workspace, run)["series"].to_list()
    asked: list[tuple[list[str], demand.Grain]] = [(names, "week"), (names[:1], "day")]
    for series, grain in asked:
        told = reasons.causes(workspace, run, series, grain)
        sums = told.group_by("start").agg(pl.col("count").sum()).sort("start")
        means = demand.outlook(workspace, run, series, grain)
        assert sums["start"].to_list() == means["start"].to_list()
        assert sums["count"].to_list() == pytest.approx(means["mean"].to_list())
        assert set(told["cause"]) <= set(reasons.CAUSES)


def test_the_interval_of_a_sum_is_narrower_than_the_sum_of_intervals(
    workspace: Workspace,
):
    run = _run(workspace, "forecast")
    both = demand.outlook(workspace, run, BOTH, "week")
    stored = workspace.table(run, "forecast").filter(pl.col("series").is_in(BOTH))
    week = pl.col("start").dt.truncate("1w")
    wide = stored.group_by(week).agg((pl.col("q95") - pl.col("q05")).sum().alias("w"))
    joined = both.join(wide.collect(), on="start")
    assert joined.height == both.height
    width = joined["q95"] - joined["q05"]
    assert (width < 0.9 * joined["w"]).all()
    assert joined["mean"].is_between(joined["q05"], joined["q95"]).all()


def test_one_peak_stands_for_the_weeks_that_belong_together(workspace: Workspace):
    run = _run(workspace, "forecast")
    rows = reasons.coming_peaks(workspace, run, ["passport"])
    assert rows.select("first", "week", "last").rows() == [
        (date(2027, 2, 8), date(2027, 2, 15), date(2027, 2, 15)),
        (date(2027, 4, 19), date(2027, 4, 19), date(2027, 4, 19)),
    ]
    assert reasons.coming_peaks(workspace, run, [], most=3).height == 3


def test_what_moved_a_forecast_adds_up_to_the_difference(workspace: Workspace):
    found = reasons.moved(workspace, _run(workspace, "forecast"), "passport")
    assert found is not None
    assert (found.weeks, found.before, found.now) == (13, 9100.0, 9464.0)
    assert sum(count for _, count in found.causes) == found.now - found.before
    assert found.causes[0] == ("stock", 390.0)


def test_a_run_without_reasons_has_none(workspace: Workspace):
    key = workspace.key("forecast", ["older"], {}, seed=0)
    tables = {
        name: workspace.table(_run(workspace, "forecast"), name).collect()
        for name in ("demand", "forecast")
    }
    older = datetime(2020, 1, 1, tzinfo=UTC)
    run = workspace.store(key, tables, {}, now=older)
    assert reasons.causes(workspace, run, BOTH, "week").is_empty()
    assert reasons.coming_peaks(workspace, run, []).is_empty()
    assert reasons.level_shifts(workspace, run, BOTH).is_empty()
    assert reasons.moved(workspace, run, "phone") is None
    assert reasons.services_ahead(workspace, run) == []
    assert reckoning.verification(workspace, run, BOTH, all_of_them=False).is_empty()


def test_earlier_forecasts_are_pooled_over_the_series_chosen(workspace: Workspace):
    run = _run(workspace, "forecast")
    off = "noord/extract/application/walk_in"
    some = reckoning.verification(workspace, run, [*BOTH, off], all_of_them=False)
    assert some["ahead"].to_list() == [7, 28]
    assert some["periods"].to_list() == [60, 60]
    assert some["outside"].to_list() == pytest.approx([0.8 / 3] * 2)
    assert some["warned"].to_list() == [1, 1]
    assert some["names"].to_list() == [[off], [off]]
    assert some["expected_outside"].null_count() == 2
    one = reckoning.verification(workspace, run, [off], all_of_them=False)
    assert one["expected_outside"].to_list() == [0.5, 0.5]
    names = demand.parts(workspace, run)["series"].to_list()
    every = reckoning.verification(workspace, run, names, all_of_them=True)
    assert every["expected_outside"].to_list() == [0.3, 0.3]


def test_series_with_something_special_are_counted_by_kind(workspace: Workspace):
    run = _run(workspace, "forecast")
    names = demand.parts(workspace, run)["series"].to_list()
    assert reasons.special(workspace, run, names) == [("pooled", 1)]
    assert reasons.special(workspace, run, BOTH) == []
