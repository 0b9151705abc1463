"""Cohorts: how cells are merged, what is too small, and what is planned together."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.reminders.cohorts import Stock, form_cohorts
from staffing.reminders.weeks import Weeks
from tests.staffing.reminder_cases import FIRST, policy, response, stock

WEEKS = Weeks(FIRST, 40)
Cells = list[tuple[str, int, str, str, int]]


def formed(cells: Cells) -> Stock:
    return form_cohorts(stock(cells), WEEKS, response(), policy())


def sizes(found: Stock) -> pl.DataFrame:
    return found.planned.group_by("cohort").agg(
        pl.col("count").sum(),
        pl.col("expiry", "age_band", "district", "span", "service").n_unique(),
    )


def test_large_cells_are_cohorts_of_their_own() -> None:
    cells: Cells = [
        ("passport", week, age, place, 20)
        for week in range(28, 32)
        for age in ("18-34", "35-64")
        for place in ("A", "B")
    ]
    found = sizes(formed(cells))
    assert found.height == 16
    assert found["count"].to_list() == [20] * 16


def test_small_cells_are_merged_over_weeks_first() -> None:
    cells: Cells = [
        ("passport", week, age, place, 6)
        for week in range(28, 32)
        for age in ("18-34", "35-64")
        for place in ("A", "B")
    ]
    found = sizes(formed(cells))
    assert found["count"].to_list() == [24] * 4
    assert found.select("expiry", "age_band", "district").unique().row(0) == (4, 1, 1)


def test_two_weeks_are_enough_where_they_hold_enough() -> None:
    cells: Cells = [("passport", week, "35-64", "A", 12) for week in range(28, 32)]
    assert sizes(formed(cells))["expiry"].to_list() == [2, 2]


def test_then_over_age_bands_and_then_over_districts() -> None:
    cells: Cells = [
        ("passport", 28, "18-34", "A", 12),
        ("passport", 28, "35-64", "A", 12),
        ("passport", 28, "18-34", "B", 12),
        ("passport", 28, "18-34", "C", 12),
    ]
    found = formed(cells).planned.sort("district", "age_band")
    cohort = found["cohort"].to_list()
    assert cohort[0] == cohort[1] != cohort[2] == cohort[3]


def test_what_is_left_of_a_span_joins_its_smallest_cohort() -> None:
    cells: Cells = [
        ("passport", 28, "18-34", "A", 90),
        ("passport", 28, "18-34", "B", 30),
        ("passport", 28, "18-34", "C", 3),
    ]
    found = formed(cells)
    assert found.lost("small") == 0
    assert sorted(sizes(found)["count"].to_list()) == [33, 90]


def test_a_span_that_is_small_in_all_gets_no_letters() -> None:
    found = formed([("licence", 28, "65+", "A", 7), ("passport", 28, "65+", "A", 40)])
    assert found.lost("small") == 7
    assert found.planned["service"].to_list() == ["passport"]


def test_districts_and_bands_that_renew_alike_are_planned_as_one_lot() -> None:
    cells: Cells = [
        ("passport", 28, age, place, 4)
        for age in ("18-34", "35-64", "65+")
        for place in "ABCDE"
    ]
    assert formed(cells).number_of_lots == 1


def test_bands_that_renew_otherwise_are_planned_as_a_lot_of_their_own() -> None:
    """Also where their cohorts are merged: the old of every district together."""
    known = response()
    early = known.timing_of("passport", "65+").model_copy(
        update={"age_bands": ("65+",), "points": ((-20, 1.0), (-10, 3.0), (0, 1.0))}
    )
    how = known.model_copy(update={"timing": (early, *known.timing)})
    cells: Cells = [
        ("passport", 28, age, place, 4)
        for age in ("18-34", "35-64", "65+")
        for place in "ABCDE"
    ]
    found = form_cohorts(stock(cells), WEEKS, how, policy())
    lots = found.planned.group_by("lot").agg(
        pl.col("age_band").unique().sort(), pl.col("district").n_unique()
    )
    assert lots.sort("lot")["age_band"].to_list() in (
        [["18-34", "35-64"], ["65+"]],
        [["65+"], ["18-34", "35-64"]],
    )
    assert lots["district"].to_list() == [5, 5]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["passport", "licence"]),
            st.integers(-5, 80),
            st.sampled_from(["18-34", "65+"]),
            st.sampled_from(["A", "B", "C"]),
            st.integers(0, 40),
        ),
        min_size=1,
        max_size=60,
        unique_by=lambda cell: cell[:4],
    )
)
def test_whatever_the_stock_no_cohort_is_small_and_no_document_is_lost(
    cells: Cells,
) -> None:
    found = formed(cells)
    assert found.cells.height == len(cells)
    assert found.cells["count"].sum() == sum(cell[-1] for cell in cells)
    cohorts = sizes(found)
    assert (cohorts["count"] >= 20).all()
    assert (cohorts.select("span", "service").to_numpy() == 1).all()
    planned = found.cells["cohort"].is_not_null()
    assert (planned == found.cells["fate"].is_null()).all()
    assert (planned == found.cells["lot"].is_not_null()).all()


@pytest.mark.parametrize(("week", "fate"), [(1, "too_late"), (100, "not_due")])
def test_what_no_letter_can_reach_says_why(week: int, fate: str) -> None:
    assert formed([("passport", week, "65+", "A", 50)]).lost(fate) == 50
