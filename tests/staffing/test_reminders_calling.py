"""Calls that a plan causes: the share assumed of those addressed, in every channel."""

from datetime import timedelta

import polars as pl
import pytest

from staffing.reminders.calling import calls_caused
from staffing.tables import Letters
from tests.staffing.reminder_cases import FIRST, response


def letters(**leads: int) -> pl.DataFrame:
    """Letters by lead in weeks, all expiring in one week."""
    expiry = FIRST + timedelta(weeks=30)
    rows = [
        ("passport", expiry, "18+", "", expiry - timedelta(weeks=int(lead[1:])), count)
        for lead, count in leads.items()
    ]
    schema = Letters.create_empty().schema
    return Letters.validate(pl.DataFrame(rows, schema=schema, orient="row"))


def test_calls_are_shares_of_the_letters_with_the_range_assumed() -> None:
    found = calls_caused(letters(w8=600, w20=400), response(), "letter")
    assert found == {"expected": 50.0, "low": 10.0, "high": 120.0}
    assert calls_caused(letters(), response(), "letter")["expected"] == 0


def test_who_gets_a_letter_because_a_message_went_unread_may_phone_about_both() -> None:
    """42% have not read a message of the digital box after three weeks."""
    found = calls_caused(letters(w8=1000), response(), "message_box")
    assert found["expected"] == pytest.approx(1000 * (0.03 + 0.42 * 0.05))
    assert found["high"] == pytest.approx(1000 * (0.08 + 0.42 * 0.12))
    late = calls_caused(letters(w3=1000), response(), "message_box")
    assert late["expected"] == pytest.approx(30)


def test_a_channel_without_questions_causes_none() -> None:
    how = response()
    quiet = how.channel["letter"].model_copy(update={"questions": None})
    silent = how.with_channels({"letter": quiet})
    assert calls_caused(letters(w8=1000), silent, "letter")["expected"] == 0
