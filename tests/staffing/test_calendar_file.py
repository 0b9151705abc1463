"""Calendars per person: what a calendar program reads is what was stored."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from forecasting.errors import InputError
from forecasting.workspace import Workspace
from staffing.publish import export_roster
from staffing.publish.calendar_file import Told, calendar_of
from staffing.publish.sheets import duties_of, read_week
from staffing.publish.time_zone import time_zone
from staffing.roster.result import Assignment
from staffing.roster.shifts import Span
from tests.staffing.published_home import published_home
from tests.staffing.roster_weeks import AMSTERDAM, WEEK, village_week
from tests.staffing.stored_rosters import days_ahead, keep, solved, somebody, without


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    return published_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def files(home, tmp_path_factory) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("out")
    made = export_roster(home, week=WEEK, format="ics", out=out)
    return {file.stem.removeprefix("rooster-2027-W02-"): file for file in made}


class Event(NamedTuple):
    """What a calendar program makes of an event."""

    uid: str
    start: datetime
    end: datetime
    status: str
    summary: str
    description: str
    location: str
    sequence: int
    stamp: datetime


def read(data: bytes) -> list[Event]:
    return [
        Event(
            uid=str(found["uid"]),
            start=found.decoded("dtstart"),
            end=found.decoded("dtend"),
            status=str(found["status"]),
            summary=str(found["summary"]),
            description=str(found["description"]),
            location=str(found["location"]),
            sequence=int(found.decoded("sequence")),
            stamp=found.decoded("dtstamp"),
        )
        for found in Calendar.from_ical(data).walk("VEVENT")
    ]


def events(file: Path) -> list[Event]:
    return read(file.read_bytes())


def standing(found: list[Event]) -> list[Event]:
    return [event for event in found if event.status != "CANCELLED"]


def test_there_is_a_file_for_each_person_in_a_folder_of_the_week(files):
    assert set(files) == {person.code for person in village_week().people}
    assert {file.parent.name for file in files.values()} == {"rooster-2027-W02-ics"}


def test_every_event_has_the_times_place_and_work_of_the_store(files):
    stored = without(*somebody())
    for code, file in files.items():
        own = [shift for shift in stored.assignments if shift.person == code]
        found = sorted(standing(events(file)), key=lambda e: e.start)
        told = [(e.start, e.end, e.location) for e in found]
        assert told == [(s.shift.start, s.shift.end, s.location) for s in own]
        for event, shift in zip(found, own, strict=True):
            text = event.description
            for pause in shift.breaks:
                begin = pause.start.astimezone(AMSTERDAM)
                assert f"{begin:%H:%M}-" in text
                assert "pauze" in text
            assert "versie 2, gepubliceerd 22-12-2026" in text


def test_times_are_local_with_the_zone_beside_them(files):
    text = files["M002"].read_text("utf-8")
    assert "DTSTART;TZID=Europe/Amsterdam:202701" in text
    assert "BEGIN:VTIMEZONE" in text


def test_number_and_stamp_come_from_the_store(files):
    for event in (e for file in files.values() for e in events(file)):
        assert event.sequence == 2
        assert event.stamp == days_ahead(20)


def test_a_day_that_fell_away_is_cancelled_under_the_uid_it_had(home, tmp_path, files):
    who, day = somebody()
    (gone,) = [e for e in events(files[who]) if e.status == "CANCELLED"]
    assert gone.start.date() == day
    assert gone.summary.startswith("VERVALLEN")
    (first,) = export_roster(
        home, week=WEEK, format="ics", out=tmp_path, version=1, person=who
    )
    told = {e.start.date(): e.uid for e in events(first)}
    assert gone.uid == told[day]
    now = {e.start.date(): e.uid for e in events(files[who])}
    assert now == told


def test_no_two_events_share_a_uid(files):
    found = [e.uid for file in files.values() for e in events(file)]
    assert len(set(found)) == len(found) == len(solved().assignments)


def test_a_uid_tells_nobody_who_it_is(files):
    assert not any("M00" in e.uid for f in files.values() for e in events(f))


def test_a_draft_is_tentative_and_cancels_nothing(tmp_path):
    home = published_home(tmp_path / "home")
    who, _ = somebody()
    keep(home, solved().model_copy(update={"bound": -2.0}))
    (file,) = export_roster(
        home, week=WEEK, format="ics", out=tmp_path, version=3, person=who
    )
    found = events(file)
    assert {e.status for e in found} == {"TENTATIVE"}
    assert all(e.summary.startswith("CONCEPT") for e in found)


def test_who_is_no_longer_in_the_roster_gets_a_file_that_cancels(home):
    """The calendar of who left would keep the old days for ever."""
    who, _ = somebody()
    sheet = read_week(home, WEEK)
    left = replace(
        sheet, duties=tuple(duty for duty in sheet.duties if duty.person != who)
    )
    first = duties_of(village_week(), solved().assignments, {})
    told: Told = {(who, d.day): (d,) for d in first if d.person == who}
    found = read(calendar_of(left, who, told))
    assert {e.status for e in found} == {"CANCELLED"}
    assert {e.start.date() for e in found} == {d for _, d in told}


def test_a_file_left_of_before_is_taken_away(home, tmp_path):
    folder = tmp_path / "rooster-2027-W02-ics"
    folder.mkdir()
    (folder / "rooster-2027-W02-GONE.ics").write_text("old")
    export_roster(home, week=WEEK, format="ics", out=tmp_path)
    assert not (folder / "rooster-2027-W02-GONE.ics").exists()


def test_a_folder_that_leads_elsewhere_is_refused(home, tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "rooster-2027-W02-ics").symlink_to(elsewhere)
    with pytest.raises(InputError, match="leave the folder"):
        export_roster(home, week=WEEK, format="ics", out=out)
    assert list(elsewhere.iterdir()) == []


def test_lines_are_as_the_standard_asks(files):
    for file in files.values():
        data = file.read_bytes()
        assert data.endswith(b"END:VCALENDAR\r\n")
        assert data.count(b"\n") == data.count(b"\r\n")
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))


@pytest.mark.parametrize("year", [2026, 2027, 2031])
def test_the_zone_in_the_file_goes_as_the_clocks_do(year):
    """Each hour about both changes, by the rules in the file against the zone database."""
    zone = time_zone("Europe/Amsterdam", year).to_tz(lookup_tzid=False)
    real = ZoneInfo("Europe/Amsterdam")
    for month in (1, 3, 6, 10, 12):
        begin = datetime(year, month, 20 if month in (3, 10) else 1, tzinfo=UTC)
        for hour in range(24 * 12):
            moment = begin + timedelta(hours=hour)
            local = moment.astimezone(real)
            if local.fold or _is_ambiguous(local):
                continue  # no file can say which of the two
            shown = local.replace(tzinfo=zone)
            assert shown.utcoffset() == local.utcoffset(), local


@pytest.mark.parametrize("year", [1998, 2026, 2027, 2037])
def test_each_rule_sets_in_at_the_moment_of_the_change(year):
    """What a program makes of it that goes from moments to clocks."""
    zone = ZoneInfo("Europe/Amsterdam")
    parts = time_zone("Europe/Amsterdam", year).subcomponents
    assert {part.name for part in parts} == {"STANDARD", "DAYLIGHT"}
    for part in parts:
        lines = part.to_ical().decode().split("\r\n")
        said = dict(line.split(":", 1) for line in lines if line)
        onset = datetime.strptime(said["DTSTART"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        assert onset.weekday() == 6
        assert said["RRULE"] == f"FREQ=YEARLY;BYDAY=-1SU;BYMONTH={onset.month}"
        last = onset.replace(year=year, day=31)
        last -= timedelta(days=(last.weekday() + 1) % 7)
        before, after = (
            timedelta(hours=int(said[name][:3]))
            for name in ("TZOFFSETFROM", "TZOFFSETTO")
        )
        moment = last - before
        second = timedelta(seconds=1)
        assert (moment - second).astimezone(zone).utcoffset() == before
        assert moment.astimezone(zone).utcoffset() == after


def _is_ambiguous(local: datetime) -> bool:
    return local.replace(fold=1).utcoffset() != local.utcoffset()


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_a_shift_on_the_day_of_a_clock_change_reads_back_at_its_moment(home, day):
    """Eight in the morning is another moment in UTC than the day before."""
    start = datetime(day.year, day.month, day.day, 8, tzinfo=AMSTERDAM).astimezone(UTC)
    shift = Assignment(
        person="M001",
        day=day,
        location="gemeentehuis",
        shift=Span(start=start, end=start + timedelta(hours=4)),
        activities=("counter",) * 16,
    )
    sheet = read_week(home, WEEK)
    sheet = replace(sheet, duties=duties_of(village_week(), [shift], {}))
    (event,) = read(calendar_of(sheet, "M001", {}))
    assert event.start == start
    assert f"{event.start:%H:%M}" == "08:00"
    assert event.end - event.start == timedelta(hours=4)


def test_a_town_whose_clocks_never_change_has_one_rule():
    zone = time_zone("America/Kralendijk", 2027)
    assert [part.name for part in zone.subcomponents] == ["STANDARD"]


def test_two_shifts_on_one_day_have_each_their_own_uid(home):
    sheet = read_week(home, WEEK)
    who, _ = somebody()
    first = next(duty for duty in sheet.duties if duty.person == who)
    later = replace(
        first,
        begin=first.finish + timedelta(hours=1),
        finish=first.finish + timedelta(hours=2),
    )
    two = replace(sheet, duties=(first, later))
    found = read(calendar_of(two, who, {}))
    assert len({e.uid for e in found}) == 2
