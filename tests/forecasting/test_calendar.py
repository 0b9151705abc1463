"""Days and quarter-hours of a Dutch town hall."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from forecasting.calendar import (
    Calendar,
    Hours,
    first_week_beyond,
    monday,
    parse_week,
    public_holidays,
    week_name,
)
from forecasting.errors import InputError, PolicyError
from forecasting.policy import load_policy
from forecasting.settings import Settings

TOWN = load_policy(Settings().config / "calendar.toml", Calendar)


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2027, 1, 1), True),
        (date(2027, 3, 26), False),  # Good Friday: the town is open
        (date(2027, 3, 29), True),  # Easter Monday
        (date(2027, 4, 27), True),  # King's Day
        (date(2025, 4, 26), True),  # King's Day moved off a Sunday
        (date(2025, 4, 27), False),
        (date(2026, 5, 5), True),  # Liberation Day, every year since 2024
        (date(2026, 5, 15), True),  # the Friday after Ascension, a local closure
        (date(2027, 1, 12), False),
    ],
)
def test_the_town_hall_is_closed_on_its_holidays(day: date, closed: bool):
    assert TOWN.is_closed(day) is closed


def test_holidays_of_other_countries_are_known():
    assert date(2026, 10, 3) in public_holidays("DE", "NW")
    assert date(2026, 10, 26) in public_holidays("AT", "6")


def test_a_counter_has_quarter_hours_only_when_open():
    slots = TOWN.slots("stadhuis", "counter", date(2027, 1, 12))
    assert len(slots) == 32
    assert slots[0] == datetime(2027, 1, 12, 8, 0, tzinfo=UTC)
    assert TOWN.slots("stadhuis", "counter", date(2027, 1, 10)) == []
    assert TOWN.slots("stadhuis", "counter", date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("day", "slots"),
    [(date(2027, 3, 28), 92), (date(2027, 3, 27), 96), (date(2027, 10, 31), 100)],
)
def test_a_day_has_92_96_or_100_quarter_hours(day: date, slots: int):
    round_the_clock = Hours(
        location="x",
        skills=("phone",),
        sat=(time(0), time(23, 45)),
        sun=(time(0), time(23, 45)),
    )
    always = Calendar(hours=(round_the_clock,), closed_holidays=("none",))
    assert len(always.slots("x", "phone", day)) == slots - 1


def test_an_unknown_place_has_no_hours():
    assert not TOWN.knows("elsewhere", "phone")
    assert TOWN.slots("elsewhere", "phone", date(2027, 1, 12)) == []


def test_weeks_are_read_and_written_as_iso_weeks():
    assert parse_week("2027-W02") == date(2027, 1, 11)
    assert week_name(date(2027, 1, 3)) == "2026-W53"
    assert monday(date(2027, 1, 3)) == date(2026, 12, 28)


@pytest.mark.parametrize("text", ["2027-02", "W02", "2027-W60", "2027-W53", "=1+1", ""])
def test_what_is_no_week_is_refused(text: str):
    with pytest.raises(InputError, match="expected an ISO week"):
        parse_week(text)


def test_the_first_week_beyond_notice_begins_after_it():
    assert first_week_beyond(date(2026, 11, 22), 28) == date(2026, 12, 21)
    assert first_week_beyond(date(2026, 11, 23), 28) == date(2026, 12, 21)
    assert first_week_beyond(date(2026, 11, 24), 28) == date(2026, 12, 28)


def test_a_wrong_policy_names_file_and_field(tmp_path: Path):
    file = tmp_path / "calendar.toml"
    file.write_text('elections = ["soon"]')
    with pytest.raises(PolicyError, match=r"calendar.toml: field 'elections.0'"):
        load_policy(file, Calendar)
    with pytest.raises(PolicyError, match="expected a policy file, found none"):
        load_policy(tmp_path / "none.toml", Calendar)
