"""Whatever is done to a roster, the verifier names what is wrong and never fails."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.roster import Violation, verify
from staffing.roster.result import Assignment
from staffing.roster.shifts import Span
from tests.staffing.planted_breaches import (
    DAYS,
    named,
    named_days,
    open_days,
    person,
    roster,
    shift,
)
from tests.staffing.rich_weeks import rich_week
from tests.staffing.roster_weeks import WEEK, moment

FAR = st.sampled_from(
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        moment(WEEK, 9).replace(tzinfo=None),
        datetime(2027, 1, 12, 9, 0, 30, tzinfo=UTC),
    ]
)
NEAR = st.integers(-1440, 12960).map(lambda m: moment(WEEK, 0) + timedelta(minutes=m))
MOMENTS = FAR | NEAR
SPANS = st.builds(lambda a, b: Span(start=a, end=b), MOMENTS, MOMENTS)
WORDS = st.sampled_from(["A", "B", "phone", "counter", "hall", "annex", "", "D", "=1"])
CHANGES: dict[str, st.SearchStrategy[object]] = {
    "person": WORDS,
    "location": WORDS,
    "name": WORDS,
    "day": st.sampled_from([*DAYS, date.min, date.max]),
    "shift": SPANS,
    "breaks": st.lists(SPANS, max_size=3).map(tuple),
    "activities": st.lists(st.none() | WORDS, max_size=60).map(tuple),
}


@st.composite
def edits(
    draw: st.DrawFn,
) -> Callable[[tuple[Assignment, ...]], tuple[Assignment, ...]]:
    """One edit of the shifts: a field changed, a shift moved, taken out or doubled."""
    which = draw(st.integers(0, 9))
    kind = draw(st.sampled_from([*CHANGES, "move", "drop", "double"]))
    minutes = draw(st.integers(-600, 600))
    new = draw(CHANGES.get(kind, st.none()))

    def edit(shifts: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
        place = which % max(len(shifts), 1)
        one = shifts[place : place + 1]
        if kind == "drop":
            one = ()
        elif kind == "double":
            one = one * 2
        elif kind == "move":
            one = tuple(_moved(found, minutes) for found in one)
        else:
            one = tuple(found.model_copy(update={kind: new}) for found in one)
        return (*shifts[:place], *one, *shifts[place + 1 :])

    return edit


def _moved(shift: Assignment, minutes: int) -> Assignment:
    try:
        by = timedelta(minutes=minutes)
        span = Span(start=shift.shift.start + by, end=shift.shift.end + by)
    except OverflowError:
        return shift
    return shift.model_copy(update={"shift": span})


WEEKS = (
    (
        open_days(person(), person("B")),
        (
            shift(),
            shift(day=1, end=17, pause=(12, 12.5)),
            shift("B", day=3),
            shift("B", day=4, end=11),
        ),
    ),
    (named_days(person(), person("B")), (named(0), named(1, "L"), named(8))),
)


@given(st.sampled_from(WEEKS), st.lists(edits(), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_edit_makes_the_verifier_fail(week, changes):
    instance, shifts = week
    good = roster(instance, *shifts)
    assert verify(instance, good) == []
    edited = shifts
    for change in changes:
        edited = change(edited)
    found = verify(instance, good.model_copy(update={"assignments": edited}))
    assert all(
        isinstance(violation, Violation) and str(violation) for violation in found
    )
    if any(violation.hard for violation in found):
        return
    # nothing hard is wrong: what was edited is worth what was stated, and all well formed
    assert verify(instance, roster(instance, *edited)) == found


@given(st.lists(edits(), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_no_edit_makes_the_verifier_fail_where_everything_occurs(changes):
    instance = rich_week()
    edited: tuple[Assignment, ...] = (shift(), shift("B", 1), shift("C", 2, 12, 20))
    for change in changes:
        edited = change(edited)
    assert verify(instance, roster(instance, *edited))
