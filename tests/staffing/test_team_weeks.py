"""A week of a team: hours, lateness and what one person changes, by counting."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from staffing.requirement.team_weeks import team_weeks

AT = datetime(2026, 12, 21, 8, tzinfo=UTC)
LATE = {2: 9.0, 3: 4.0, 4: 1.0, 5: 0.5}
"""Contacts late with each number of people, in one quarter-hour."""


def slot(number: int, chosen: int, people: range, skill: str = "phone") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "location": "noord",
            "skill": skill,
            "start": AT + timedelta(minutes=15 * number),
            "people": list(people),
            "late": [LATE[n] for n in people],
            "chosen": [n == chosen for n in people],
        }
    )


def told(*slots: pl.DataFrame) -> dict[str, float | None]:
    rows = team_weeks(pl.concat(slots))
    return rows.row(0, named=True)


def test_hours_and_lateness_are_those_of_the_chosen_numbers():
    row = told(slot(0, 3, range(2, 6)), slot(1, 4, range(2, 6)))
    assert (row["hours"], row["late"]) == (7 / 4, 5.0)


def test_one_person_changes_what_the_rows_beside_the_chosen_one_tell():
    row = told(slot(0, 3, range(2, 6)), slot(1, 4, range(2, 6)))
    assert row["one_less"] == pytest.approx((9 - 4) + (4 - 1))
    assert row["one_more"] == pytest.approx((1 - 4) + (0.5 - 1))


def test_a_quarter_hour_without_that_number_does_not_pass_for_one_without_lateness():
    """As a sum of what is known less all that is late it would tell -4.5."""
    row = told(slot(0, 3, range(2, 6)), slot(1, 5, range(4, 6)))
    assert row["one_more"] == pytest.approx(1 - 4)
    alone = told(slot(0, 5, range(4, 6)))
    assert alone["one_more"] is None
    assert alone["one_less"] == pytest.approx(0.5)


def test_teams_are_told_apart():
    both = [slot(0, 3, range(2, 6)), slot(0, 4, range(2, 6), "counter")]
    rows = team_weeks(pl.concat(both))
    assert rows.select("skill", "hours").rows() == [("counter", 1.0), ("phone", 0.75)]
