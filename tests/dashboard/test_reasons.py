from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.queries import demand, measured, moved, reasons, reckoning
from dashboard.queries.rounding import whole_parts
from forecasting.insight_tables import Causes, Changes
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.tables import Accuracy
from forecasting.workspace import Workspace
from tests.dashboard.made_up_demand import SERIES

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


def test_the_usual_level_is_one_number_and_closed_days_are_what_a_week_lacks(
    workspace: Workspace,
):
    """A week of two open days: by hand, 5 days of 10 with weekdays, and 2 of 10."""
    monday = date(2027, 1, 4)
    days = [
        monday + timedelta(days=i) for i in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15)
    ]
    parts = [
        {"series": "a", "start": day, "cause": cause, "count": count}
        for day in days
        for cause, count in (
            ("level", 10.0),
            ("weekday", (2.0, 1.0, 0.0, -1.0, -2.0)[day.weekday()]),
            ("season", 1.5),
        )
        if count
    ]
    frame = Causes.validate(pl.DataFrame(parts), cast=True)
    run = _stored(workspace, {"causes": frame, **_two_tables(days)})
    told = reasons.causes(workspace, run, ["a"], "week")
    assert told.filter(pl.col("cause") == "level")["count"].to_list() == [50.0] * 3
    closed = told.filter(pl.col("cause") == "closed").select("start", "count").rows()
    assert closed == [(monday + timedelta(weeks=2), 23.0 - 50.0)]
    sums = told.group_by("start").agg(pl.col("count").sum()).sort("start")
    assert sums["count"].to_list() == pytest.approx([57.5, 57.5, 26.0])


def _two_tables(days: list[date]) -> dict[str, pl.DataFrame]:
    """A demand that ends on a Friday and a forecast that ends on a Friday."""
    week = (date(2027, 1, 1), date(2027, 1, 22))
    cadence = pl.lit("day").alias("cadence")
    return {
        name: pl.DataFrame({"series": ["a"], "start": [day]}).with_columns(cadence)
        for name, day in zip(("demand", "forecast"), week, strict=True)
    }


def _stored(workspace: Workspace, tables: dict[str, pl.DataFrame]) -> RunRecord:
    """A run of long ago, so that it is the newest of nothing."""
    key = workspace.key("forecast", [f"of {'-'.join(sorted(tables))}"], {}, seed=0)
    return workspace.store(key, tables, {}, now=datetime(2020, 1, 1, tzinfo=UTC))


def test_one_week_stands_for_the_weeks_that_belong_together(workspace: Workspace):
    run = _run(workspace, "forecast")
    found = reasons.busy_weeks(workspace, run, ["passport"])
    assert found.rows.select("first", "week", "last").rows() == [
        (date(2027, 2, 8), date(2027, 2, 15), date(2027, 2, 15)),
        (date(2027, 4, 19), date(2027, 4, 19), date(2027, 4, 19)),
    ]
    few = reasons.busy_weeks(workspace, run, ["passport", "phone"], most=3)
    assert (few.rows.height, few.found) == (3, 4)


def test_what_moved_a_forecast_adds_up_over_all_weeks_that_both_runs_hold(
    workspace: Workspace,
):
    run = _run(workspace, "forecast")
    found = moved.moved(workspace, run, ["passport", "move"])
    assert found is not None
    assert (found.first, found.weeks) == (date(2026, 11, 23), 13)
    assert (found.before, found.now) == (9100.0, 9436.0)
    assert sum(count for _, count in found.causes) == found.now - found.before
    assert found.causes[0] == ("stock", 360.0)
    assert moved.moved(workspace, run, ["move"]) is None


def test_a_change_beyond_the_first_weeks_is_told_with_its_cause(workspace: Workspace):
    """Of two notes 15 weeks apart the later and larger one is not left out."""
    weeks = [date(2026, 11, 23) + timedelta(weeks=i) for i in range(30)]
    notes = {0: ("planner 1", 60.0), 15: ("planner 2", 310.0)}
    rows = [
        {"group": "g", "week": week, "before": 100.0, "now": 100.0 + count}
        | {"cause": cause, "count": count}
        for i, week in enumerate(weeks)
        for cause, count in (notes.get(i, ("nothing", 0.0)),)
    ]
    frame = Changes.validate(pl.DataFrame(rows), cast=True)
    found = moved.moved(workspace, _stored(workspace, {"changes": frame}), ["g"])
    assert found is not None
    assert (found.now - found.before, found.causes) == (60.0, (("planner 1", 60.0),))
    assert found.later == moved.Later(
        weeks[15], weeks[15], 310.0, (("planner 2", 310.0),)
    )


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=12),
    st.integers(-1, 1),
)
def test_rounded_parts_add_up_and_are_off_by_less_than_one_and_what_is_left_over(
    parts, off
):
    total = round(sum(parts)) + off
    whole = whole_parts(parts, total)
    assert sum(whole) == total
    assert all(
        abs(n - part) < 1 + 2 / len(parts) for n, part in zip(whole, parts, strict=True)
    )
    assert whole_parts([0.4, 0.4, 0.2], 1) in ([1, 0, 0], [0, 1, 0])


def test_effects_are_those_of_the_services_chosen_the_clearest_first(
    workspace: Workspace,
):
    run = _run(workspace, "forecast")
    found = measured.effects(workspace, run, ["general", "stadhuis"])
    assert found.select("detail", "clear").rows() == [
        ("days before", True),
        ("polling day", False),
    ]
    assert "level shift" not in set(measured.effects(workspace, run, BOTH)["kind"])


def test_what_others_said_and_was_not_followed_stands_on_top(workspace: Workspace):
    run = _run(workspace, "forecast")
    passports = [name for name in SERIES if "passport" in name]
    mine = measured.outside(workspace, run, passports, ["passport"])
    assert mine["subject"].to_list() == ["visa", "passport"]
    calls = measured.outside(workspace, run, BOTH, ["general", "move"])
    assert calls["subject"].to_list() == ["visa", "*/phone"]


def test_methods_are_ranked_on_the_same_series_only(workspace: Workspace):
    """A method that was tried on an easy series alone does not seem the best of all."""
    errors = {
        ("easy", "blend"): 0.1,
        ("easy", "last_year"): 0.2,
        ("easy", "prophet"): 0.12,
        ("easy", "expiry"): 0.05,
        ("hard", "blend"): 0.4,
        ("hard", "last_year"): 0.5,
        ("hard", "prophet"): 0.38,
        ("young", "blend"): 0.9,
    }
    usual = {"horizon": 28, "chosen": False, "periods": 20, "demand": 100.0}
    none = {"mase": None, "pinball": None, "coverage90": 0.9}
    rows = [
        {"series": name, "method": method, "wape": error, **usual, **none}
        for (name, method), error in errors.items()
    ]
    table = pl.DataFrame(rows).select(Accuracy.column_names())
    frame = Accuracy.validate(table, cast=True)
    run = _stored(workspace, {"accuracy": frame})
    series = ["easy", "hard", "young"]
    ranked = reckoning.ranking(workspace, run, series)
    told = ranked.rows.select("method", "wape").rows()
    assert told == [
        ("blend", pytest.approx(0.25)),
        ("prophet", pytest.approx(0.25)),
        ("last_year", pytest.approx(0.35)),
    ]
    assert (ranked.series, ranked.of) == (2, 3)
    every = reckoning.accuracy(workspace, run, series)
    expiry = every.filter(pl.col("method") == "expiry").row(0, named=True)
    assert (expiry["wape"], expiry["beside"], expiry["series"]) == (0.05, 0.1, 1)


def test_a_run_without_reasons_has_none(workspace: Workspace):
    key = workspace.key("forecast", ["older"], {}, seed=0)
    tables = {
        name: workspace.table(_run(workspace, "forecast"), name).collect()
        for name in ("demand", "forecast")
    }
    older = datetime(2020, 1, 1, tzinfo=UTC)
    run = workspace.store(key, tables, {}, now=older)
    assert reasons.causes(workspace, run, BOTH, "week").is_empty()
    assert reasons.busy_weeks(workspace, run, ["phone"]).rows.is_empty()
    assert reasons.level_shifts(workspace, run, BOTH).is_empty()
    assert moved.moved(workspace, run, ["phone"]) is None
    assert measured.effects(workspace, run, ["passport"]).is_empty()
    assert measured.second_visits(workspace, run, BOTH).is_empty()
    assert measured.outside(workspace, run, BOTH, ["move"]).is_empty()
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


def test_series_with_something_special_are_named_by_kind(workspace: Workspace):
    run = _run(workspace, "forecast")
    names = demand.parts(workspace, run)["series"].to_list()
    assert reasons.special(workspace, run, names) == [
        ("pooled", ["noord/extract/application/walk_in"])
    ]
    assert reasons.special(workspace, run, BOTH) == []
