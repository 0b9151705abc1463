"""Equal treatment: leads of districts and age bands, measured and kept within a bound."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.reminders.equality import differences, evened, unequal_leads

Row = tuple[int, str, str, int, int]
NAMES = ("lot", "district", "age_band", "expiry", "mailing")


def mailed(rows: list[Row]) -> pl.DataFrame:
    kinds = (pl.Int64, pl.String, pl.String, pl.Int64, pl.Int64)
    schema = dict(zip(NAMES, kinds, strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row")


LATE_IN_B = mailed(
    [(0, "A", "x", 30, 10)] * 10 + [(0, "B", "x", 30, 20)] * 10
    + [(1, "A", "y", 40, 30)] * 5 + [(1, "B", "y", 40, 30)] * 5
)  # fmt: skip


def test_the_lead_of_a_group_is_compared_with_others_of_its_lot() -> None:
    """In lot 0 district B gets 10 weeks, A 20, the mean is 15; lot 1 is even."""
    found = differences(LATE_IN_B, "district")
    assert found.rows() == [
        ("A", 15, pytest.approx(10 * 5 / 15)),
        ("B", 15, pytest.approx(-10 * 5 / 15)),
    ]
    assert unequal_leads(LATE_IN_B) == {
        "district": pytest.approx(10 / 3),
        "age_band": pytest.approx(0.0),
    }


def test_holders_swap_weeks_until_no_district_is_later() -> None:
    kept = evened(LATE_IN_B, 0.5)
    assert max(unequal_leads(kept).values()) <= 0.5
    assert kept.height == LATE_IN_B.height
    weeks = ["lot", "mailing"]
    assert kept.select(weeks).sort(weeks).equals(LATE_IN_B.select(weeks).sort(weeks))
    assert kept.drop("mailing").equals(LATE_IN_B.drop("mailing"))


def test_what_no_swap_mends_is_not_sent() -> None:
    lone = mailed([(0, "A", "x", 30, 10)] * 9 + [(0, "B", "x", 30, 20)])
    kept = evened(lone, 0.5)
    assert kept.height == 9
    assert unequal_leads(kept)["district"] == pytest.approx(0.0)


def test_even_letters_are_left_alone() -> None:
    assert evened(LATE_IN_B, 4.0).equals(LATE_IN_B)
    assert evened(LATE_IN_B.clear(), 0.5).is_empty()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from("ABC"),
            st.sampled_from("xy"),
            st.integers(26, 29),
            st.integers(3, 20),
        ),
        max_size=40,
    )
)
def test_whatever_was_dealt_the_bound_is_kept(rows: list[Row]) -> None:
    kept = evened(mailed(rows), 0.5)
    assert max(unequal_leads(kept).values()) <= 0.5 + 1e-9
    assert kept.height <= len(rows)
