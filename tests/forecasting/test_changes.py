"""What moved a forecast since the run before adds up, and bears the right name."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.explaining.changes import Difference, changes_of

WEEK = date(2027, 1, 4)
NEW_DATA = Difference(inputs=True, policy=False, exclusions=False)
CAUSES = ("level", "trend", "season", "expiries", "rest", "event fair", "planner 3")


def causes(counts: dict[str, float], week: date = WEEK) -> pl.DataFrame:
    schema = {"cause": pl.String, "count": pl.Float64}
    rows = pl.DataFrame(list(counts.items()), schema=schema, orient="row")
    return rows.select(
        pl.lit("passport").alias("group"), pl.lit(week).alias("week"), "cause", "count"
    )


def told(
    before: dict[str, float], now: dict[str, float], **difference
) -> dict[str, float]:
    table = changes_of(causes(before), causes(now), Difference(**difference))
    return dict(table.select("cause", "count").iter_rows())


COUNTS = st.dictionaries(st.sampled_from(CAUSES), st.floats(0, 1000), min_size=1)


@given(COUNTS, COUNTS, st.booleans(), st.booleans(), st.booleans())
def test_the_causes_of_a_change_add_up_to_it(before, now, inputs, policy, exclusions):
    table = changes_of(
        causes(before), causes(now), Difference(inputs, policy, exclusions)
    )
    moved = sum(now.values()) - sum(before.values())
    assert table["count"].sum() == pytest.approx(moved, abs=1e-6)
    if table.height:
        assert table["before"].to_list() == pytest.approx(
            [sum(before.values())] * table.height
        )
        assert table["now"].to_list() == pytest.approx(
            [sum(now.values())] * table.height
        )


def test_with_new_data_each_move_has_the_name_of_its_source():
    before = {"level": 100.0, "trend": 5.0, "expiries": 20.0, "rest": 3.0}
    now = {"level": 104.0, "trend": 9.0, "expiries": 50.0, "rest": 1.0}
    moved = told(before, now, inputs=True, policy=True, exclusions=True)
    assert moved == {"level": 8.0, "stock": 30.0, "methods": -2.0}


def test_a_note_added_or_withdrawn_is_named():
    before = {"level": 100.0, "planner 3": 10.0}
    now = {"level": 100.0, "planner 4": 25.0, "event fair": 5.0}
    moved = told(before, now, inputs=False, policy=False, exclusions=True)
    assert moved == {"planner 3": -10.0, "planner 4": 25.0, "event fair": 5.0}


@pytest.mark.parametrize(
    ("policy", "exclusions", "name"),
    [(True, True, "policy"), (False, True, "exclusions"), (False, False, "version")],
)
def test_on_the_same_data_the_one_thing_that_differs_moved_it(policy, exclusions, name):
    moved = told(
        {"level": 100.0, "season": 5.0},
        {"level": 90.0, "season": 11.0},
        inputs=False,
        policy=policy,
        exclusions=exclusions,
    )
    assert moved == {name: -4.0}


def test_only_weeks_that_both_runs_hold_are_compared():
    before = causes({"level": 10.0})
    now = pl.concat(
        [causes({"level": 12.0}), causes({"level": 9.0}, WEEK + timedelta(weeks=1))]
    )
    table = changes_of(before, now, NEW_DATA)
    assert table["week"].to_list() == [WEEK]


def test_a_week_that_stayed_the_same_is_kept_as_one_in_which_nothing_moved():
    same = causes({"level": 10.0, "rest": 1.0})
    table = changes_of(same, same, NEW_DATA)
    told = table.select("week", "before", "now", "cause", "count").rows()
    assert told == [(WEEK, 11.0, 11.0, "nothing", 0.0)]
