"""What the page Demand reads, against sums and draws of the tests' own."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboard.charts.reasons import LOOK
from dashboard.queries import (
    adjusting,
    demand,
    reasons,
    reckoning,
)
from dashboard.queries.demand import Selection
from forecasting.catalogue import Validity
from forecasting.insight_tables import Causes
from forecasting.pipeline.missed import missed_weeks
from forecasting.sampling import samples
from forecasting.tuning import load_tuning
from forecasting.validity import changes
from forecasting.workspace import Workspace
from tests.dashboard.flat_weeks import (
    BOTH,
    MONDAY,
    PHONE,
    history,
    said,
    store,
    with_demand,
)
from tests.dashboard.made_up_demand import LAST, forecast


def test_a_step_can_be_chosen_alone_and_goes_into_the_pattern(full):
    known = demand.parts(*full)
    chosen = Selection(service="passport", step="collection")
    assert demand.selected(known, chosen) == ["stadhuis/passport/collection/walk_in"]
    assert chosen.pattern == "*/passport/collection/*"
    assert Selection().pattern == ""
    assert len(demand.selected(known, Selection(step="application"))) == 4


def test_the_interval_of_a_sum_is_that_of_summed_draws_and_not_a_sum_of_quantiles(full):
    """The same draws, summed here with numpy."""
    workspace, run = full
    told = demand.outlook(workspace, run, BOTH, "week").row(0, named=True)
    week = pl.col("start").is_between(told["start"], told["start"] + timedelta(days=6))
    rows = forecast().filter(pl.col("series").is_in(BOTH))
    number = load_tuning().explaining.draws
    drawn = samples(rows, number, run.seed).filter(week)
    sums = drawn.group_by("sample").agg(pl.col("count").sum())["count"].to_numpy()
    for name, level in (("q05", 0.05), ("q75", 0.75), ("q95", 0.95)):
        assert told[name] == pytest.approx(np.quantile(sums, level))
        added = rows.filter(week)[name].sum()
        assert abs(told[name] - added) > 0.01 * told["mean"]


@pytest.mark.parametrize("grain", ["week", "day"])
@pytest.mark.parametrize("series", [BOTH, BOTH[:1]])
def test_the_means_alone_are_those_told_with_their_interval(full, series, grain):
    workspace, run = full
    means = demand.expected(workspace, run, series, grain)
    told = demand.outlook(workspace, run, series, grain).select("start", "mean")
    assert_frame_equal(means, told)


def test_last_year_counts_only_where_all_of_the_four_weeks_are_known():
    weeks = [MONDAY + timedelta(weeks=i) for i in range(6)]
    ahead = pl.DataFrame({"start": weeks, "mean": 100.0})
    before = pl.DataFrame({"start": weeks, "count": 80.0})
    assert demand.same_weeks_before(before, ahead) == 320.0
    assert demand.same_weeks_before(before[1:], ahead) is None
    assert demand.same_weeks_before(before.clear(), ahead) is None
    days = [MONDAY + timedelta(days=i) for i in range(26)]
    closed = pl.DataFrame({"start": days[:8] + days[9:], "count": 2.0})
    daily = pl.DataFrame({"start": days, "mean": 2.0})
    assert demand.same_weeks_before(closed, daily) == 50.0


def test_errors_of_methods_are_pooled_by_periods_and_by_demand(full):
    workspace, run = full
    rows = workspace.table(run, "accuracy").collect()
    changed = rows.filter(method="prophet").with_columns(
        periods=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        mase=pl.int_range(pl.len()).cast(pl.Float64),
    )
    (pooled,) = reckoning._by_method(
        changed.with_columns(pl.lit(0.1).alias("wape_main"))
    ).to_dicts()
    n, m = changed["periods"].to_numpy(), changed["mase"].to_numpy()
    assert pooled["mase"] == pytest.approx((n * m).sum() / n.sum())
    q, d = changed["pinball"].to_numpy(), changed["demand"].to_numpy()
    assert pooled["pinball"] == pytest.approx((q * d).sum() / d.sum())


def test_the_forecast_without_adjustments_lacks_what_they_added_and_no_more(full):
    workspace, run = full
    causes = workspace.table(run, "causes").filter(pl.col("series").is_in(BOTH))
    added = causes.filter(pl.col("cause") == "planner 4").collect()
    with_, bare = (
        query(workspace, run, BOTH, "day")
        for query in (demand.outlook, adjusting.without)
    )
    both = with_.join(bare, on="start", suffix="_bare").drop_nulls("mean_bare")
    assert both.filter(pl.col("start") >= date(2026, 12, 5)).is_empty()
    assert (both["mean"] - both["mean_bare"]).sum() == pytest.approx(
        added["count"].sum()
    )
    none = bare.filter(pl.col("start") >= date(2026, 12, 5))
    assert none["mean"].null_count() == none.height > 0


def test_a_week_that_was_missed_is_one_outside_the_interval_of_the_last_forecast_before(
    workspace: Workspace,
):
    """Of three weeks the middle one was tripled; a later run had seen it coming."""
    first, second = date(2026, 10, 30), date(2026, 11, 6)
    counts = history(LAST, 200.0)
    middle = pl.col("start").is_between(date(2026, 11, 9), date(2026, 11, 13))
    odd = counts.with_columns(
        pl.when(middle).then(600.0).otherwise("count").alias("count")
    )
    with_demand(workspace, first, history(first, 200.0), said(200.0, date(2026, 11, 2)))
    unaware = workspace.latest("forecast")
    newest = with_demand(workspace, LAST, odd, said(200.0, MONDAY))
    (row,) = missed_weeks(workspace, newest, [PHONE], weeks=13).to_dicts()
    assert (row["week"], row["came"], row["mean"]) == (
        date(2026, 11, 9),
        3000.0,
        1000.0,
    )
    assert unaware.id != newest.id
    told = said(600.0, date(2026, 11, 9), 5)
    rest = said(200.0, date(2026, 11, 16))
    with_demand(workspace, second, history(second, 200.0), pl.concat([told, rest]))
    assert missed_weeks(workspace, newest, [PHONE], weeks=13).is_empty()


def test_letters_and_adjustments_are_causes_of_their_own_and_all_add_up(
    workspace: Workspace,
):
    """Two notes are one cause, and the parts of a week are its forecast to the last bit."""
    told = said(200.0, MONDAY)
    parts = {
        "level": 140.0,
        "season": 30.5,
        "school holiday": -20.25,
        "holiday": 5.0,
        "letters": -7.5,
        "planner 3": 40.0,
        "planner 11": 2.25,
        "event fair": 10.0,
    }
    rows = [
        told.select("series", "start", pl.lit(name).alias("cause"), count=pl.lit(part))
        for name, part in parts.items()
    ]
    run = store(workspace, LAST, told, Causes.validate(pl.concat(rows), cast=True))
    found = reasons.causes(workspace, run, [PHONE], "week")
    first = dict(found.filter(start=MONDAY).select("cause", "count").iter_rows())
    assert first["letters"] == -37.5
    assert first["planner"] == 5 * 42.25
    assert first["holiday"] == 5 * -15.25
    assert (
        sum(first.values())
        == demand.outlook(workspace, run, [PHONE], "week")["mean"][0]
    )
    assert set(first) <= set(LOOK) | {"level"}


def test_the_law_of_2014_leaves_a_gap_of_five_years_and_an_unchanged_law_none():
    old = Validity(issued_from=date(2006, 8, 26), years=5, source="")
    adults = Validity(issued_from=date(2014, 3, 9), min_age=18, years=10, source="")
    minors = Validity(issued_from=date(2014, 3, 9), max_age=17, years=5, source="")
    (change,) = changes((old, minors, adults))
    assert (change.before, change.now, change.day) == (5, 10, date(2014, 3, 9))
    assert (change.gap, change.crest) == (date(2019, 3, 9), date(2024, 3, 9))
    assert changes((old,)) == changes(()) == ()
