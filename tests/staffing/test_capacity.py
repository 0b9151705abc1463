"""Capacity: what the staff at hand can serve, and how they are divided."""

from datetime import date, timedelta

import polars as pl
import pytest

from staffing.tables import RequirementWeeks
from staffing.workload import with_capacity
from staffing.workload.serving import staff_per_contact
from tests.staffing import forecast_cases as cases

MONDAY = cases.MONDAY
OPEN_HOURS = 36.0
LOST = 0.1


def load_of(skill: str, *hours: float) -> pl.DataFrame:
    """Contact hours of consecutive weeks."""
    weeks = [MONDAY + timedelta(weeks=i) for i in range(len(hours))]
    return pl.DataFrame({"week": weeks, "hours": hours}).select(
        pl.lit("stadhuis").alias("location"), pl.lit(skill).alias("skill"), "week",
        pl.col("hours").cast(pl.Float64),
    )  # fmt: skip


def needed_of(skill: str, *chosen: float, first: date = MONDAY) -> pl.DataFrame:
    """Hours to roster of consecutive weeks; what the rest says is of no matter here."""
    rows = [
        {"location": "stadhuis", "skill": skill, "week": first + timedelta(weeks=i),
         "hours_chosen": hours, "share": 1.0, "worst_start": None, "worst_share": None,
         **dict.fromkeys(("offered", "hours_slot_aim", "hours_day_aim", "hours_week_aim",
                          "idle_hours", "filled_hours"), 0.0)}
        for i, hours in enumerate(chosen)
    ]  # fmt: skip
    return RequirementWeeks.validate(pl.DataFrame(rows), cast=True)


def capacity_of(team: pl.DataFrame, load: pl.DataFrame, needed: pl.DataFrame):
    return with_capacity(
        load, needed, team, cases.absence(), cases.calendar(), shrinkage=LOST
    )


def each_of(load: pl.DataFrame, needed: pl.DataFrame) -> list[float]:
    return staff_per_contact(load, needed, at_work=1 - LOST).to_list()


def test_half_of_the_staff_that_a_week_asks_for_can_serve_half_of_its_contacts():
    """One person is at work 32.4 hours; 100 hours of contacts ask for 64.8 / 0.9."""
    team = cases.people(("a", "stadhuis", ["phone"]))
    found = capacity_of(team, load_of("phone", 50), needed_of("phone", 72))
    assert found["hours_at_hand"].to_list() == pytest.approx([OPEN_HOURS * (1 - LOST)])
    assert found["capacity"].to_list() == pytest.approx([25.0])


def test_staff_of_two_teams_are_divided_by_what_each_needs_the_waiting_included():
    """Two hours at the phone for each of contacts: the phone gets twice the hours."""
    team = cases.people(
        ("a", "stadhuis", ["phone", "counter"]), ("b", "stadhuis", ["phone", "counter"])
    )
    load = pl.concat([load_of("counter", 40), load_of("phone", 40)])
    needed = pl.concat(
        [needed_of("counter", 40 / 0.9), needed_of("phone", 2 * 40 / 0.9)]
    )
    found = capacity_of(team, load, needed)
    assert found["hours_at_hand"].to_list() == pytest.approx([21.6, 43.2], rel=1e-3)
    assert found["capacity"].to_list() == pytest.approx([21.6, 21.6], rel=1e-3)


def test_a_week_beyond_the_requirement_goes_by_the_median_week():
    load = load_of("phone", 10, 10, 10, 20)
    each = each_of(load, needed_of("phone", 20, 15, 30))
    assert each == pytest.approx([1.8, 1.35, 2.7, 1.8])


def test_a_week_that_the_requirement_covers_in_part_is_passed_over():
    each = each_of(load_of("phone", 10, 10), needed_of("phone", 20, 10))
    assert each == pytest.approx([1.8, 1.8])


def test_work_without_a_requirement_is_served_hour_by_hour():
    """As work that can wait: nobody has to stand ready for it."""
    team = cases.people(("a", "stadhuis", ["back_office"]))
    found = capacity_of(team, load_of("back_office", 10), needed_of("phone", 20))
    assert found["capacity"].to_list() == found["hours_at_hand"].to_list()


def test_what_nobody_can_do_has_no_capacity():
    team = cases.people(("a", "stadhuis", ["counter"]))
    found = capacity_of(team, load_of("phone", 10), needed_of("phone", 20))
    assert found.select("hours_at_hand", "capacity").row(0) == (None, None)


def test_weeks_without_contacts_take_what_the_median_week_takes():
    assert each_of(load_of("phone", 0, 10), needed_of("phone", 5, 20)) == [1.8, 1.8]
