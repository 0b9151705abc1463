"""The notice of a roster: 28 days, or as agreed: the law, day by day."""

from datetime import date, datetime, timedelta

import pytest

from forecasting.calendar import first_week_beyond
from forecasting.errors import InputError
from staffing.pipeline.publishing import publish_roster
from staffing.pipeline.rostering import default_week
from staffing.publish.notice import LateChange, late_changes, refuse_late
from staffing.publish.versions import versions
from staffing.roster.shifts import Span
from tests.staffing.roster_home import village_home
from tests.staffing.roster_weeks import WEEK, rules
from tests.staffing.stored_rosters import (
    days_ahead,
    keep,
    solved,
    somebody,
    with_shifts,
    without,
)


def earlier(minutes: int = 15):
    """The village's roster, in which somebody begins earlier on their first day."""
    first = solved().assignments[0]
    start = first.shift.start - timedelta(minutes=minutes)
    moved = first.model_copy(update={"shift": Span(start=start, end=first.shift.end)})
    return solved().model_copy(
        update={"assignments": (moved, *solved().assignments[1:])}
    )


def found(before, after, ahead: int) -> list[LateChange]:
    """What is late when published so many days before the day of `somebody`."""
    _, day = somebody()
    return late_changes(rules(), before, after, day - timedelta(days=ahead))


@pytest.mark.parametrize(("ahead", "late"), [(29, False), (28, False), (27, True)])
def test_a_first_publication_is_in_time_28_days_before_the_week(ahead, late):
    today = WEEK - timedelta(days=ahead)
    assert bool(late_changes(rules(), None, solved(), today)) is late


@pytest.mark.parametrize(("ahead", "own"), [(27, False), (4, False), (3, True)])
def test_hours_first_told_within_4_days_take_the_agreement_of_each(ahead, own):
    who, day = somebody()
    late = {(c.person, c.day): c.own for c in found(None, solved(), ahead)}
    assert late[who, day] is own


@pytest.mark.parametrize(("ahead", "own"), [(28, None), (27, True), (3, True)])
def test_a_rest_day_that_becomes_work_within_28_days_takes_that_person(ahead, own):
    late = found(without(*somebody()), solved(), ahead)
    assert [c.own for c in late] == ([] if own is None else [own])
    assert [(c.person, c.day, c.what) for c in late] == (
        [] if own is None else [(*somebody(), "rest day")]
    )


@pytest.mark.parametrize(
    ("ahead", "own"), [(28, None), (27, False), (4, False), (3, True), (-1, True)]
)
@pytest.mark.parametrize("after", [earlier(), without(*somebody())])
def test_hours_that_change_or_fall_away_within_4_days_take_that_person(
    ahead, own, after
):
    late = found(solved(), after, ahead)
    assert [(c.what, c.own) for c in late] == ([] if own is None else [("hours", own)])


def test_nothing_is_late_where_nothing_changes():
    moved = solved().model_copy(update={"bound": 0.0})
    assert found(solved(), moved, 0) == []


def test_another_break_or_activity_is_no_other_hours():
    first = solved().assignments[0]
    other = first.model_copy(update={"breaks": (), "activities": ()})
    after = with_shifts(solved().assignments).model_copy(
        update={"assignments": (other, *solved().assignments[1:])}
    )
    assert found(solved(), after, 0) == []


def refused(late: list[LateChange], *, agreed=False, people=()) -> str:
    with pytest.raises(InputError) as told:
        refuse_late(rules(), WEEK, WEEK, late, agreed=agreed, people=people)
    return str(told.value)


def test_what_the_law_asks_and_whose_agreement_is_missing_is_told_in_one_line():
    whole = LateChange("A", WEEK, "hours", 9, own=False)
    own = LateChange("B", WEEK, "rest day", 9, own=True)
    line = refused([whole, own])
    assert "roster 28 days ahead unless agreed otherwise" in line
    assert "--agreed otherwise" in line
    line = refused([whole, own], agreed=True)
    assert "rest days 28 days ahead and hours 4 days ahead" in line
    assert "B 2027-01-11 (rest day, 9 days ahead)" in line
    assert "--agreed B;" in line
    assert "A 2027" not in line
    assert "\n" not in line


def test_a_persons_own_agreement_does_for_either():
    late = [
        LateChange("A", WEEK, "hours", 9, own=False),
        LateChange("B", WEEK, "rest day", 9, own=True),
    ]
    refuse_late(rules(), WEEK, WEEK, late, agreed=False, people={"A", "B"})
    refuse_late(rules(), WEEK, WEEK, late, agreed=True, people={"B"})
    assert "B 2027" in refused(late, agreed=True, people={"A"})


def test_a_long_list_is_cut_and_counted():
    late = [LateChange(f"P{i}", WEEK, "hours", 1, own=True) for i in range(40)]
    line = refused(late, agreed=True)
    assert "and 35 more" in line
    assert "40 days of 40 people" in line


def publish(workspace, now: datetime, **how):
    return publish_roster(workspace, week=WEEK, now=now, **how)


def test_the_28th_day_is_counted_on_the_clock_of_the_town(workspace):
    """23:30 in Amsterdam on the last day is in time; half an hour later is not."""
    keep(workspace)
    last = days_ahead(28).replace(hour=22, minute=30)
    with pytest.raises(InputError, match="27 days ahead, expected at least 28"):
        publish(workspace, last + timedelta(minutes=30))
    assert publish(workspace, last).late == ()


def test_an_agreement_is_kept_with_the_publication(workspace):
    keep(workspace)
    done = publish(workspace, days_ahead(10), agreed=True)
    assert len(done.late) == len(solved().assignments)
    assert versions(workspace, WEEK)[0].last.agreed


def test_a_late_change_is_published_only_with_that_persons_agreement(workspace):
    who, _ = somebody()
    keep(workspace, without(*somebody()))
    publish(workspace, days_ahead(30))
    keep(workspace)
    with pytest.raises(InputError, match=f"--agreed {who}; or change"):
        publish(workspace, days_ahead(20), agreed=True)
    done = publish(workspace, days_ahead(20), people=[who])
    assert [(c.person, c.what) for c in done.late] == [(who, "rest day")]
    assert versions(workspace, WEEK)[1].last.people == (who,)


def test_a_code_of_nobody_in_the_roster_is_named(workspace):
    keep(workspace)
    with pytest.raises(InputError, match="came 'M0O1'"):
        publish(workspace, days_ahead(10), agreed=True, people=["M0O1"])


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 12, 13), date(2027, 1, 11)),
        (date(2026, 12, 14), date(2027, 1, 11)),
        (date(2026, 12, 15), date(2027, 1, 18)),
    ],
)
def test_the_first_week_beyond_the_notice_can_just_be_told_in_time(day, week):
    assert first_week_beyond(day, 28) == week
    assert (week - day).days >= 28
    assert (week - timedelta(days=7) - day).days < 28


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    return village_home(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(
    ("today", "week"),
    [
        (None, date(2027, 1, 11)),
        (date(2026, 11, 1), date(2027, 1, 11)),
        (date(2026, 12, 14), date(2027, 1, 11)),
        (date(2026, 12, 15), date(2027, 1, 18)),
        (date(2026, 12, 21), date(2027, 1, 18)),
        (date(2026, 12, 22), date(2027, 1, 11)),  # the requirement ends before
    ],
)
def test_the_default_week_is_still_in_time_today(village, today, week):
    """History ends on 14 December; who rosters on the 15th is a day further on."""
    key = village.key("requirement", [], {}, 1)
    hours = {"2027-W02": 1.0, "2027-W03": 1.0}
    now = datetime.fromisoformat("2026-11-21T12:00:00+00:00")
    village.store(key, {}, {"required_hours": hours}, now=now)
    assert default_week(village, today=today) == week
