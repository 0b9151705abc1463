"""Opening hours and closures as imported stand in for the policy, or come on top of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import xlsxwriter

from forecasting.calendar import Calendar, Hours
from forecasting.errors import InputError
from forecasting.ingest import import_file
from forecasting.ingest.kinds.opening_targets import OPENING_TARGETS
from forecasting.opening import load_calendar
from forecasting.policy import load_policy

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MONDAY = date(2027, 1, 11)
HEAD = ["Locatie", "Werk", "Dagen", "Van", "Tot", "Geldig vanaf", "Geldig t/m"]
SHUT = ["Locatie", "Van dag", "T/m dag", "Omschrijving"]


def bring(workspace, tmp_path, source: str, *rows: list[object]):
    sheet, head = {
        "template_opening": ("Openingstijden", HEAD),
        "template_closures": ("Sluitingen", SHUT),
    }[source]
    file = tmp_path / f"{len(list(tmp_path.iterdir()))}.xlsx"
    with xlsxwriter.Workbook(file, {"default_date_format": "dd-mm-yyyy"}) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, head)
        for number, row in enumerate(rows, 1):
            page.write_row(number, 0, row)
    return import_file(workspace, file, source, targets=OPENING_TARGETS, now=NOW)


def clock(calendar: Calendar, location: str, skill: str, day: date) -> list[str]:
    """Spans on the local clock."""
    return [
        "-".join(f"{moment.astimezone(calendar.tz):%H:%M}" for moment in span)
        for span in calendar.spans(location, skill, day)
    ]


def span(opens: int, closes: int, **more: object) -> Hours:
    week = dict.fromkeys(("mon", "tue"), (time(opens), time(closes)))
    return Hours.model_validate({"location": "x", "skills": ["s"], **week, **more})


def test_imported_hours_stand_in_for_those_of_their_location_and_skill(
    workspace, tmp_path
):
    policy = load_policy(workspace.settings.config / "calendar.toml", Calendar)
    assert load_calendar(workspace) == policy
    bring(workspace, tmp_path, "template_opening",
          ["Stadhuis", "Balie", "ma t/m vr", time(10), time(12), None, None],
          ["Stadhuis", "Balie", "ma t/m vr", time(13), time(15, 45), None, None],
          ["Balkbrug", "alles", "zo", "9:15", "11:00", None, None])  # fmt: skip
    calendar = load_calendar(workspace)
    assert clock(calendar, "stadhuis", "counter", MONDAY) == [
        "10:00-12:00",
        "13:00-15:45",
    ]
    assert len(calendar.slots("stadhuis", "counter", MONDAY)) == 8 + 11
    opening = calendar.opening("stadhuis", "counter", MONDAY)
    assert opening is not None
    assert opening[1] - opening[0] == timedelta(hours=5, minutes=45)
    for skill in ("phone", "civil_status"):
        there = calendar.slots("stadhuis", skill, MONDAY)
        assert there == policy.slots("stadhuis", skill, MONDAY)
    sunday = MONDAY + timedelta(days=6)
    assert clock(calendar, "balkbrug", "phone", sunday) == ["09:15-11:00"]
    assert calendar.knows("balkbrug", "phone")
    assert calendar.locations == policy.locations | {"balkbrug"}


def test_hours_hold_within_their_validity_and_the_policy_outside_it(
    workspace, tmp_path
):
    summer = [date(2027, 7, 5), date(2027, 7, 11)]
    bring(workspace, tmp_path, "template_opening",
          ["noord", "balie", "ma", time(10), time(11), *summer])  # fmt: skip
    calendar = load_calendar(workspace)
    for day, expected in (
        (date(2027, 6, 28), ["09:00-16:00"]),
        (date(2027, 7, 5), ["10:00-11:00"]),
        (date(2027, 7, 6), []),
        (date(2027, 7, 12), ["09:00-16:00"]),
    ):
        assert clock(calendar, "noord", "counter", day) == expected, day


def test_of_hours_that_begin_on_different_days_the_latest_holds_per_weekday():
    calendar = Calendar(
        closed_holidays=("none",),
        hours=(
            span(9, 17),
            span(9, 12, first=MONDAY, tue=None),
            span(13, 15, first=MONDAY, tue=None),
            span(8, 9, first=MONDAY + timedelta(weeks=1), last=MONDAY + timedelta(8)),
        ),
    )
    days = [MONDAY + timedelta(days=d) for d in (-7, 0, 1, 7, 8, 14)]
    assert [clock(calendar, "x", "s", day) for day in days] == [
        ["09:00-17:00"],
        ["09:00-12:00", "13:00-15:00"],
        ["09:00-17:00"],
        ["08:00-09:00"],
        ["08:00-09:00"],
        ["09:00-12:00", "13:00-15:00"],
    ]


def test_overlapping_spans_count_a_quarter_hour_once():
    calendar = Calendar(hours=(span(9, 12), span(11, 13)), closed_holidays=("none",))
    assert len(calendar.slots("x", "s", MONDAY)) == 16


def test_closures_add_to_those_of_the_policy_for_one_location_or_all(
    workspace, tmp_path
):
    bring(workspace, tmp_path, "template_closures",
          [None, MONDAY, MONDAY, "Heidag"],
          ["Noord", MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), "Verbouwing"],
          )  # fmt: skip
    calendar = load_calendar(workspace)
    for day, town, noord in ((0, True, True), (1, False, True), (3, False, False)):
        when = MONDAY + timedelta(days=day)
        assert calendar.is_closed(when) is town
        assert calendar.is_closed(when, "noord") is noord
        assert bool(calendar.slots("noord", "counter", when)) is not noord
        assert bool(calendar.slots("zuid", "counter", when)) is not town
    assert calendar.is_closed(date(2027, 5, 7))


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (["a/b", "balie", "ma", time(9), time(12)], "Locatie", "a plain name"),
        (["a", "kassa", "ma", time(9), time(12)], "Werk", "unknown value"),
        (["a", "balie", "maandag", time(9), time(12)], "Dagen", "unknown value"),
        (["a", "balie", "ma", time(9, 5), time(12)], "Van", "whole quarter-hour"),
        (["a", "balie", "ma", "half tien", time(12)], "Van", "unreadable time"),
        (["a", "balie", "ma", time(9), time(9)], "Tot", "closes before it opens"),
        (["a", "balie", "ma", time(9), time(10), date(2027, 1, 2), date(2027, 1, 1)],
         "Geldig t/m", "ends before it begins"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_are_named(workspace, tmp_path, row, column, reason):
    with pytest.raises(InputError, match=f"line 2, column '{column}': .*{reason}"):
        bring(workspace, tmp_path, "template_opening", row)
    assert not workspace.has_imported("opening")
