"""An edit tried before it is planned: its cost, the rules it breaks, and its notice."""

from datetime import date, timedelta

import pytest

from forecasting.errors import InputError
from forecasting.workspace import Workspace
from staffing.pipeline.publishing import publish_roster
from staffing.pipeline.replanning import Happened
from staffing.pipeline.trying_edits import Tried, try_edit
from staffing.roster.replanning.applying import apply_events
from staffing.roster.replanning.reading import read_free
from staffing.roster.valuing import value
from tests.staffing.roster_home import village_home
from tests.staffing.roster_weeks import WEEK, village_week
from tests.staffing.stored_rosters import IN_TIME, keep, solved, somebody


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    """A published roster of the village."""
    workspace = village_home(tmp_path_factory.mktemp("home"))
    keep(workspace)
    publish_roster(workspace, week=WEEK, now=IN_TIME)
    return workspace


def tried(home: Workspace, *, ahead: int = 40, **happened: list[str]) -> Tried:
    """An edit, tried so many days before the week."""
    today = WEEK - timedelta(days=ahead)
    return try_edit(home, week=WEEK, happened=Happened(**happened), today=today)


def free_day() -> tuple[str, date]:
    """Somebody and a day of theirs without a shift."""
    worked = {(shift.person, shift.day) for shift in solved().assignments}
    return next(
        (person.code, day)
        for person in village_week().people
        for day in person.days
        if (person.code, day) not in worked
    )


def test_a_day_off_costs_what_the_whole_roster_would_cost_more(home):
    """The difference of the objective, worked out anew from all assignments."""
    code, day = somebody()
    found = tried(home, free=[f"{code}:{day}"])
    shifts = solved().assignments
    there = apply_events(village_week(), shifts, [read_free(f"{code}:{day}")])
    left = [one for one in shifts if (one.person, one.day) != (code, day)]
    more = value(there, left).total - value(there, shifts).total
    assert found.euros == pytest.approx(more)
    assert found.violations == ()


def test_an_absence_has_no_price_and_no_reason(home):
    """What nobody chose is not weighed."""
    code, day = somebody()
    assert tried(home, absent=[f"{code}:{day}"]).euros is None


def test_a_shift_that_breaks_a_rule_says_which(home):
    """Thirteen hours are more than the law lets anybody work on a day."""
    code, day = free_day()
    found = tried(home, give=[f"{code}:{day}:07:30-21:00"])
    assert "longest_shift" in {one.rule for one in found.violations}


@pytest.mark.parametrize(
    ("ahead", "own"), [(28, []), (27, [False]), (4, [False]), (3, [True])]
)
def test_hours_that_fall_away_take_an_agreement_by_how_near_they_are(home, ahead, own):
    """Exactly 28 days is in time; from 4 it is together, below it is theirs."""
    code, day = somebody()
    found = try_edit(
        home,
        week=WEEK,
        happened=Happened(free=[f"{code}:{day}"]),
        today=day - timedelta(days=ahead),
    )
    assert [(one.person, one.day) for one in found.late] == [(code, day)] * len(own)
    assert [one.own for one in found.late] == own


def test_a_rest_day_that_becomes_a_working_day_is_theirs_to_agree_to(home):
    """Within 28 days."""
    code, day = free_day()
    found = try_edit(
        home,
        week=WEEK,
        happened=Happened(give=[f"{code}:{day}:09:00-17:00"]),
        today=day - timedelta(days=27),
    )
    assert [(one.what, one.own) for one in found.late] == [("rest day", True)]


def test_two_who_take_one_anothers_day_are_weighed_together(home):
    """Giving both at once costs nothing for hours: the hours worked stay the same."""
    a, b = _two_on_one_day()
    give = [
        f"{one.person}:{one.day}:{_hours(other)}@{other.location}"
        for one, other in ((a, b), (b, a))
    ]
    found = tried(home, give=give)
    assert found.euros is not None
    assert [one for one in found.violations if one.rule == "settled_day"] == []


def _two_on_one_day():
    first = solved().assignments[0]
    other = next(
        one
        for one in solved().assignments
        if one.day == first.day and one.person != first.person
    )
    return first, other


def _hours(shift) -> str:
    local = village_week().clock.local
    return f"{local(shift.shift.start):%H:%M}-{local(shift.shift.end):%H:%M}"


def test_before_anything_is_published_nobody_can_be_told_late(tmp_path):
    """What nobody knows changes for nobody."""
    home = village_home(tmp_path)
    keep(home)
    code, day = somebody()
    assert tried(home, ahead=0, free=[f"{code}:{day}"]).late == ()


@pytest.mark.parametrize(
    ("happened", "named"),
    [
        ({"absent": ["nobody:2027-01-12"]}, "came 'nobody'"),
        ({"free": ["M001:2027-02-12"]}, "expected a day from"),
        ({"absent": ["M001:2027-01-13..2027-01-12"]}, "ends after it begins"),
        ({"give": ["M001:2027-01-12:09:00-17:00@moon"]}, "expected a location"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(home, happened, named):
    """The reading and the checks of replanning itself."""
    with pytest.raises(InputError, match=named):
        tried(home, **happened)
