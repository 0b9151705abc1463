"""A week that changed keeps its law, its locks and its notice, and changes only what pays."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.errors import InputError
from staffing.publish.notice import late_changes
from staffing.roster import Roster, replan, verify
from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.candidates import with_fields
from staffing.roster.explaining.differing import saving
from staffing.roster.explaining.lawfulness import Lawfulness
from staffing.roster.explaining.standing import Standing
from staffing.roster.instance import Instance
from staffing.roster.people import Lock, Person
from staffing.roster.replanning.applying import apply_events
from staffing.roster.replanning.changes import list_changes
from staffing.roster.replanning.events import Absent, Asked, Available, Event, Settle
from staffing.roster.replanning.mending import mend
from staffing.roster.replanning.notice import keep_notice
from staffing.roster.replanning.repairing import kept
from staffing.roster.replanning.undoing import changed_days, undo
from staffing.roster.result import Assignment
from staffing.roster.shifts import Template
from staffing.roster.valuing import value
from staffing.roster.wanted import Demand
from tests.staffing.drawn_rosters import (
    chance,
    drawn_shift,
    full_roster,
    full_week,
    stated,
)
from tests.staffing.roster_weeks import WEEK, moment, policy, rules, village_week

SEEDS = st.integers(0, 10_000)
TUESDAY = WEEK + timedelta(days=1)


def drawn_events(instance: Instance, seed: int) -> list[Event]:
    draw = chance(seed)
    found: list[Event] = []
    for _ in range(draw.randint(1, 2)):
        person, day = draw.choice(instance.people), draw.choice(instance.days[:5])
        kinds: list[Event] = [
            Absent(person=person.code, first=day, last=day + timedelta(1)),
            Absent(person=person.code, first=day, last=day, start=720),
            Available(person=person.code, day=day, hours=4),
            Settle(person=person.code, day=day),
        ]
        found.append(draw.choice(kinds))
    return found


def mended(seed: int, today: date | None = None, agreed: tuple[str, ...] = ()):
    """A drawn roster after drawn events, mended without the search."""
    instance, before = full_week(), full_roster(seed % 3)
    events = drawn_events(instance, seed)
    now = apply_events(instance, before, events)
    if today is not None:
        now = keep_notice(now, today, agreed, events)
    return now, before, events, undo(now, mend(now, kept(now, before)))


@given(SEEDS)
@settings(max_examples=6, deadline=None)
def test_no_hard_rule_is_broken_after_any_event(seed):
    now, _, _, after = mended(seed)
    assert [str(v) for v in verify(now, stated(now, after)) if v.hard] == []


@given(SEEDS)
@settings(max_examples=5, deadline=None)
def test_a_change_elsewhere_pays_more_than_its_price(seed):
    """No change can be taken back, lawfully, without a loss."""
    now, before, _, _ = mended(seed)
    draw = chance(seed)
    shifts = mend(now, kept(now, before))
    for _ in range(3):
        person = draw.choice([p for p in now.people if p.days])
        day = draw.choice(person.days)
        shift = drawn_shift(now, shifts, person, day, draw)
        instead = Alternative({(person.code, day): shift})
        if not Lawfulness(Standing(now, shifts)).breaches(instead):
            shifts = instead.assignments(shifts)
    after = undo(now, shifts)
    assert value(now, after).total <= value(now, shifts).total + 1e-6
    standing = Standing(now, after)
    original = {(s.person, s.day): s for s in before}
    for key in changed_days(standing):
        back = Alternative({key: original.get(key)})
        if key[1] in now.person[key[0]].days and not Lawfulness(standing).breaches(
            back
        ):
            assert saving(standing, back) < 1e-6


@given(SEEDS, st.integers(-3, 30))
@settings(max_examples=6, deadline=None)
def test_within_the_notice_only_those_change_who_agreed(seed, ahead):
    agreed = ("M001",)
    today = WEEK - timedelta(days=ahead)
    now, before, events, after = mended(seed, today, agreed)
    told = list_changes(now, before, after, today=today, agreed=agreed, events=events)
    late = [change for change in told if change.within_notice]
    assert {change.person for change in late} <= set(agreed)
    assert all(change.agreed for change in late)
    own = {
        (code, day) for event in events for code in event.people for day in event.days
    }
    others = late_changes(now.rules, roster(now, before), roster(now, after), today)
    expected = {
        (change.person, change.day)
        for change in others
        if change.own and (change.person, change.day) not in own
    }
    assert {(change.person, change.day) for change in late} == expected


def roster(instance: Instance, shifts: tuple[Assignment, ...]) -> Roster:
    return stated(instance, shifts)


def test_nothing_happened_and_nothing_changes():
    instance = village_week()
    before = stated(instance, ())
    done = replan(instance, before, [], time_limit_s=5)
    assert (done.instance, done.roster, done.changes) == (instance, before, ())


def test_an_absence_takes_the_shift_and_counts_it_as_worked():
    instance, before = full_week(), full_roster(0)
    shift = before[0]
    gone = Absent(person=shift.person, first=shift.day, last=shift.day)
    now = apply_events(instance, before, [gone])
    was, person = instance.person[shift.person], now.person[shift.person]
    assert shift.day not in person.days
    assert person.contract_hours == was.contract_hours - shift.worked_hours
    assert person.absent_hours == was.absent_hours + shift.worked_hours
    assert shift not in kept(now, before)
    assert set(kept(now, before)) == set(before) - {shift}


def test_an_absence_for_a_part_of_a_day_leaves_the_rest():
    instance, before = full_week(), full_roster(0)
    shift = next(s for s in before if s.worked_hours >= 7)
    noon = Absent(person=shift.person, first=shift.day, last=shift.day, start=720)
    now = apply_events(instance, before, [noon])
    person = now.person[shift.person]
    afternoon = sum(
        shift.shift.start + i * timedelta(minutes=15) >= moment(shift.day, 12)
        for i in range(len(shift.activities))
        if not any(
            p.start <= shift.shift.start + i * timedelta(minutes=15) < p.end
            for p in shift.breaks
        )
    )
    assert person.absent_hours == pytest.approx(afternoon / 4)
    assert shift.day in person.days
    assert any(away.day == shift.day and away.start == 720 for away in person.away)


def test_an_absence_is_told_without_a_reason():
    instance, before = full_week(), full_roster(0)
    shift = before[0]
    gone = Absent(person=shift.person, first=shift.day, last=shift.day)
    now = apply_events(instance, before, [gone])
    (change,) = list_changes(now, before, kept(now, before), events=[gone])
    assert change.after == "absent"
    assert change.text_nl.endswith("-> afwezig")
    assert set(Absent.model_fields) == {"person", "first", "last", "start", "end"}


def test_who_becomes_available_can_work_and_has_the_hours_agreed():
    instance = village_week()
    week = instance.days[:5]
    person = next(p for p in instance.people if set(week) - set(p.days))
    day = min(set(week) - set(person.days))
    told = Available(person=person.code, day=day, start=720, end=1020, hours=4)
    now = apply_events(instance, (), [told]).person[person.code]
    assert day in now.days
    assert now.contract_hours == person.contract_hours + 4
    assert now.is_there(day, Template(start=720, end=960))
    assert not now.is_there(day, Template(start=660, end=900))


def test_a_settled_shift_is_locked_and_worked():
    instance, before = full_week(), full_roster(1)
    person = instance.people[0]
    day = person.days[-1]
    shift = next(t for t in instance.templates if t.hours == 4)
    told = Settle(person=person.code, day=day, shift=shift)
    now = apply_events(instance, before, [told])
    assert now.person[person.code].lock_on(day) == Lock(day=day, shift=shift)
    start = kept(now, before)
    own = next(s for s in start if (s.person, s.day) == (person.code, day))
    assert own.shift.start == moment(day, shift.start / 60)


@pytest.mark.parametrize(
    ("event", "named"),
    [
        (Absent(person="Z", first=WEEK, last=WEEK), "came 'Z'"),
        (Absent(person="M001", first=date(2030, 1, 1), last=date(2030, 1, 1)), "2030"),
        (Settle(person="M001", day=WEEK, location="moon"), "came 'moon'"),
    ],
)
def test_an_event_about_nobody_or_no_day_is_refused_by_name(event, named):
    with pytest.raises(InputError, match=named):
        apply_events(village_week(), (), [event])


def test_notice_locks_days_off_for_28_days_and_hours_for_four():
    instance, before = full_week(), full_roster(0)
    shift = before[0]
    now = apply_events(instance, before, [Asked(on=(TUESDAY,), demands=())])

    def locks(ahead: int, agreed: tuple[str, ...] = ()) -> dict[date, Lock]:
        today = shift.day - timedelta(days=ahead)
        person = keep_notice(now, today, agreed, []).person[shift.person]
        return {lock.day: lock for lock in person.locks}

    free = next(
        d
        for d in instance.days
        if all((s.person, s.day) != (shift.person, d) for s in before)
    )
    assert shift.day in locks(3)
    assert locks(3)[shift.day].shift is not None
    assert shift.day not in locks(4)
    assert free in locks(4)
    assert locks(40) == {}
    assert locks(3, (shift.person,)) == {}
    past = keep_notice(now, date(2027, 2, 1), (shift.person,), [])
    assert {lock.day for lock in past.person[shift.person].locks} == set(instance.days)


def small() -> tuple[Instance, tuple[Assignment, ...]]:
    """Three people, two days of four hours, two wanted at once; everybody works one."""
    days = (WEEK, TUESDAY)
    asked = tuple(
        Demand(
            location="hall",
            skill="phone",
            start=moment(day, 9 + quarter / 4),
            required=2 if day == WEEK else 1,
            late=(4.0, 1.0, 0.25),
        )
        for day in days
        for quarter in range(18)
    )
    instance = Instance(
        week=WEEK,
        zone="Europe/Amsterdam",
        policy=policy(),
        rules=rules(),
        demands=asked,
        templates=(Template(start=540, end=780), Template(start=570, end=810)),
        people=tuple(
            Person(
                code=code,
                location="hall",
                skills=("phone",),
                contract_hours=4 if code != "C" else 8,
                days=days,
            )
            for code in "ABC"
        ),
    )
    shifts = tuple(
        _plain(instance, code, day, instance.templates[which])
        for code, day, which in (("A", WEEK, 0), ("B", WEEK, 1), ("C", TUESDAY, 0))
    )
    return instance, shifts


def _plain(instance: Instance, code: str, day: date, shape: Template) -> Assignment:
    start = moment(day, shape.start / 60)
    return Assignment.model_validate(
        {
            "person": code,
            "day": day,
            "location": "hall",
            "shift": {"start": start, "end": moment(day, shape.end / 60)},
            "activities": ("phone",) * 16,
        }
    )


SMALL_EVENTS: list[list[Event]] = [
    [Absent(person="A", first=WEEK, last=WEEK)],
    [Absent(person="C", first=TUESDAY, last=TUESDAY)],
    [Settle(person="B", day=WEEK)],
    [Available(person="A", day=TUESDAY, hours=4)],
]


@pytest.mark.parametrize("events", SMALL_EVENTS)
def test_a_small_week_is_replanned_to_the_brute_force_optimum(events):
    instance, before = small()
    now = apply_events(instance, before, events)
    choices = [
        [None, *(_plain(now, p.code, day, t) for t in now.templates)]
        for p in now.people
        for day in (WEEK, TUESDAY)
    ]
    rosters = (tuple(a for a in choice if a) for choice in product(*choices))
    best = min(
        value(now, shifts).total
        for shifts in rosters
        if all(
            not Lawfulness(Standing(now, ())).of_person(
                p, [s for s in shifts if s.person == p.code]
            )
            for p in now.people
        )
    )
    done = replan(
        instance, stated(instance, before), events, time_limit_s=60, workers=1
    )
    assert done.roster.objective.total == pytest.approx(best)
    assert not [v for v in verify(done.instance, done.roster) if v.hard]


def test_who_falls_ill_is_replaced_and_the_others_keep_their_hours():
    """A is gone on Monday: C has hours left and comes; B and C's Tuesday stay."""
    instance, before = small()
    done = replan(
        instance, stated(instance, before), SMALL_EVENTS[0], time_limit_s=60, workers=1
    )
    assert [(c.person, c.day, c.before, c.after) for c in done.changes] == [
        ("A", WEEK, "09:00-13:00", "absent"),
        ("C", WEEK, "free", "09:00-13:00"),
    ]
    assert done.changes[1].text == "C Monday 11-01-2027: free -> 09:00-13:00"


def test_within_the_notice_nobody_comes_in_on_a_day_off_unless_they_agree():
    instance, before = small()
    told = stated(instance, before)
    today = WEEK - timedelta(days=7)

    def replanned(*agreed: str):
        return replan(
            instance,
            told,
            SMALL_EVENTS[0],
            time_limit_s=60,
            workers=1,
            today=today,
            agreed=agreed,
        )

    done = replanned()
    assert [change.person for change in done.changes] == ["A"]
    willing = replanned("C")
    assert [change.person for change in willing.changes] == ["A", "C"]
    assert willing.changes[1].text.endswith("(within notice, agreed)")
    assert willing.changes[1].text_nl.endswith("(binnen de termijn, akkoord)")


def test_a_lock_is_kept_whatever_happens():
    instance, before = small()
    locked = with_fields(instance.person["C"], locks=(Lock(day=WEEK),))
    fixed = Alternative({}, (locked,)).instance(instance)
    done = replan(
        fixed, stated(fixed, before), SMALL_EVENTS[0], time_limit_s=60, workers=1
    )
    assert [change.person for change in done.changes] == ["A"]
