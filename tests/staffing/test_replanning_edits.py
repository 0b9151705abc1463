"""An edit by hand is told at once what it costs and which rules it breaks."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.errors import InputError
from staffing.roster import check_edit, verify
from staffing.roster.replanning.edits import (
    Edit,
    GiveShift,
    MoveBreak,
    RemoveShift,
    SetActivity,
    SwapShifts,
)
from staffing.roster.shapes import template_of
from staffing.roster.shifts import Template
from staffing.roster.valuing import value
from tests.staffing.drawn_rosters import chance, full_roster, full_week, stated
from tests.staffing.roster_weeks import WEEK, moment

ROSTER = full_roster(0)
DAY = Template(start=540, end=1050, break_start=720, break_end=750)


def told():
    return stated(full_week(), ROSTER)


def drawn_edit(seed: int) -> Edit:
    draw, instance = chance(seed), full_week()
    shift, other = draw.choice(ROSTER), draw.choice(instance.people)
    paused = draw.choice([shift for shift in ROSTER if shift.breaks])
    start = 15 * draw.randint(36, 60)
    kinds: list[Edit] = [
        GiveShift(
            person=other.code, day=shift.day, shift=draw.choice(instance.templates)
        ),
        RemoveShift(person=shift.person, day=shift.day),
        SwapShifts(first=shift.person, second=other.code, day=shift.day),
        MoveBreak(person=paused.person, day=paused.day, start=start),
    ]
    return draw.choice(kinds)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_an_edit_costs_what_the_whole_objective_says_and_breaks_what_the_verifier_finds(
    seed,
):
    instance, roster, edit = full_week(), told(), drawn_edit(seed)
    if isinstance(edit, SwapShifts) and edit.first == edit.second:
        return
    done = check_edit(instance, roster, edit)
    exact = value(instance, done.roster.assignments)
    assert done.roster.objective.total == pytest.approx(exact.total, abs=1e-6)
    assert done.difference == pytest.approx(
        exact.total - roster.objective.total, abs=1e-6
    )
    skip = ("stated_bound", "stated_objective", "enough_desks")
    found = [v for v in verify(instance, done.roster) if v.hard and v.rule not in skip]
    mine = [v for v in done.violations if v.rule not in skip]
    assert {(v.rule, v.person) for v in mine} == {(v.rule, v.person) for v in found}
    assert done.storable == (not done.violations)


def test_a_break_is_moved_and_the_shift_kept():
    shift = next(s for s in ROSTER if s.breaks)
    shape = template_of(full_week(), shift)
    edit = MoveBreak(
        person=shift.person, day=shift.day, start=(shape.break_start or 0) + 15
    )
    done = check_edit(full_week(), told(), edit)
    (new,) = [s for s in done.roster.assignments if _key(s) == _key(shift)]
    assert new.shift == shift.shift
    assert new.breaks[0].start == shift.breaks[0].start + timedelta(minutes=15)
    assert new.breaks[0].length == shift.breaks[0].length


def _key(shift):
    return shift.person, shift.day


def test_a_break_at_the_edge_of_a_shift_is_a_violation_in_words():
    shift = next(s for s in ROSTER if s.breaks)
    start = template_of(full_week(), shift).start
    done = check_edit(
        full_week(), told(), MoveBreak(person=shift.person, day=shift.day, start=start)
    )
    assert any("Break inside shift" in str(v) for v in done.violations)
    assert not done.storable


def test_an_activity_is_changed_for_a_stretch_and_nothing_else():
    shift = next(s for s in ROSTER if "counter" in s.activities)
    begin = shift.activities.index("counter")
    at = shift.shift.start + begin * timedelta(minutes=15)
    local = full_week().clock.local(at)
    minute = 60 * local.hour + local.minute
    edit = SetActivity(
        person=shift.person,
        day=shift.day,
        start=minute,
        end=minute + 15,
        activity="back_office",
    )
    done = check_edit(full_week(), told(), edit)
    (new,) = [s for s in done.roster.assignments if _key(s) == _key(shift)]
    assert new.activities[begin] == "back_office"
    assert new.activities[:begin] == shift.activities[:begin]
    assert new.activities[begin + 1 :] == shift.activities[begin + 1 :]


def test_work_without_the_authorisation_is_named():
    shift = ROSTER[0]
    local = full_week().clock.local(shift.shift.start)
    start = 60 * local.hour + local.minute
    edit = SetActivity(
        person=shift.person, day=shift.day, start=start, end=start + 15, activity="BABS"
    )
    done = check_edit(full_week(), told(), edit)
    assert any(v.rule == "authorised" and "BABS" in v.detail for v in done.violations)


def test_a_swap_gives_each_the_hours_of_the_other():
    day = WEEK + timedelta(days=1)
    first, second = [s for s in ROSTER if s.day == day][:2]
    swap = SwapShifts(first=first.person, second=second.person, day=day)
    after = check_edit(full_week(), told(), swap).roster.assignments
    now = {s.person: s.shift for s in after if s.day == day}
    assert now[first.person] == second.shift
    assert now[second.person] == first.shift


def test_a_shift_on_a_day_off_is_not_refused_but_named():
    instance = full_week()
    person = instance.people[0]
    off = next(d for d in instance.days if d not in person.days)
    done = check_edit(
        instance, told(), GiveShift(person=person.code, day=off, shift=DAY)
    )
    assert "available_day" in {v.rule for v in done.violations}
    assert any(
        s.day == off and s.person == person.code for s in done.roster.assignments
    )
    assert moment(off, 9) in {s.shift.start for s in done.roster.assignments}


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (RemoveShift(person="Z", day=WEEK), "came 'Z'"),
        (
            RemoveShift(person="M001", day=WEEK - timedelta(days=1)),
            "expected a day from",
        ),
        (SwapShifts(first="M001", second="Z", day=WEEK), "came 'Z'"),
        (
            SetActivity(person=ROSTER[0].person, day=ROSTER[0].day, start=0, end=15),
            "within the shift",
        ),
    ],
)
def test_an_edit_of_what_is_not_there_is_one_clear_line(edit, named):
    with pytest.raises(InputError, match=named):
        check_edit(full_week(), told(), edit)
