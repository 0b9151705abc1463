"""A small week in which everything occurs that an instance can tell, and its rosters."""

from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from staffing.roster.instance import Instance, Known, Settled
from staffing.roster.people import (
    Away,
    Burden,
    Limits,
    Lock,
    Past,
    Person,
    Wish,
)
from staffing.roster.result import Assignment
from staffing.roster.shifts import Span, Template
from staffing.roster.wanted import (
    Ceiling,
    Demand,
    Pool,
    Presence,
    Separation,
    ShiftCover,
    Travel,
)
from tests.staffing.planted_breaches import DAYS, open_days, person, shift
from tests.staffing.roster_weeks import WEEK, moment

PLACES = ("hall", "annex")
SKILLS = ("phone", "counter", "post")
LATE = Template(start=720, end=1200, break_start=900, break_end=930, name="L")
EARLY = Template(start=480, end=720, name="E")


def _demands() -> tuple[Demand, ...]:
    return tuple(
        Demand(
            location=place,
            skill=skill,
            start=moment(day, 8 + quarter / 4),
            required=(quarter + len(place)) % 3,
            minimum=quarter % 2,
            deferrable=skill == "post",
            late=(0.0,) if skill == "post" else (4.0, 1.5, 0.5),
        )
        for day in (DAYS[0], DAYS[1], DAYS[5])
        for place, skill in (
            ("hall", "phone"),
            ("hall", "counter"),
            ("annex", "counter"),
            ("hall", "post"),
        )
        for quarter in range(48)
    )


def _people() -> tuple[Person, ...]:
    told: list[dict[str, Any]] = [
        {"elsewhere": ("annex",), "authorisations": ("apply",)},
        {"skills": ("phone", "post"), "authorisations": ("apply", "issue")},
        {"location": "annex", "skills": ("counter", "phone"), "elsewhere": ("hall",)},
    ]
    friday = WEEK - timedelta(days=3)
    before = Span(start=moment(friday, 9), end=moment(friday, 17))
    return tuple(
        person(
            code,
            **{
                "skills": SKILLS,
                "contract_hours": 30.0,
                "days": DAYS[:6],
                "most": (9.0,) * 6,
                "absent_hours": 4.0,
                "away": (Away(day=DAYS[4], start=480, end=600),),
                "set_apart": (Away(day=DAYS[1], start=600, end=660),),
                "limits": Limits(most_days_in_a_row=5, most_shifts=(("L", 3),)),
                "wishes": (
                    Wish(day=DAYS[0], wants=True, start=480, end=900, weight=3),
                    Wish(day=DAYS[1], wants=False, shift="L", weight=2.5),
                    Wish(day=DAYS[2], wants=False, end=720, weight=1.25),
                    Wish(day=DAYS[5], wants=True, shift="E", weight=4),
                ),
                "locks": (Lock(day=DAYS[3]),),
                "past": Past(
                    shifts=(before,),
                    week_hours=(36.0, 30.5),
                    sundays=number,
                    burden=Burden(late=number, saturday=2 * number, evening=1),
                ),
            }
            | more,
        )
        for number, (code, more) in enumerate(zip("ABC", told, strict=True))
    )


@cache
def rich_week() -> Instance:
    """Two locations with a shared phone, three people, and all kinds of wants."""
    heads: dict[str, Any] = {"name": "two", "location": "hall", "least": 2}
    return open_days(
        *_people(),
        demands=_demands(),
        templates=(EARLY, LATE),
        covers=(
            ShiftCover(day=WEEK, shift="E", wanted=2, price_under=7, price_over=3),
            ShiftCover(day=DAYS[1], shift="L", wanted=0, price_under=7, price_over=3),
        ),
        ceilings=(Ceiling(location="hall", skills=SKILLS[:2], day=WEEK, people=1),),
        presences=(
            Presence(day=WEEK, start=540, end=615, **heads),
            Presence(day=DAYS[2], start=720, end=780, able=("issue", "post"), **heads),
        ),
        separations=(
            Separation(location="hall", skill="counter", first="apply", second="issue"),
        ),
        pools=(Pool(skill="phone", location="hall", members=PLACES),),
        travels=(Travel(between=("annex", "hall"), minutes=30),),
        forbidden=(("L", "E"),),
        known=Known(
            shifts=(
                Settled(person="A", day=WEEK, location="hall", shift=EARLY),
                Settled(person="A", day=WEEK, location="annex", shift=LATE),
                Settled(person="B", day=DAYS[2], location="hall", shift=LATE),
            ),
            affected=(DAYS[2],),
        ),
        locations=("depot",),
    )


@st.composite
def worked_days(draw: st.DrawFn) -> tuple[Assignment, ...]:
    """Shifts of the three people with activities, lawful or not."""
    found: list[Assignment] = []
    for code in "ABC":
        for day in range(7):
            names = draw(st.sampled_from(["", "E", "L", "EL"]))
            found.extend(draw(_shift(code, day, name)) for name in names)
    return tuple(found)


@st.composite
def _shift(draw: st.DrawFn, code: str, day: int, name: str) -> Assignment:
    shape = {"E": EARLY, "L": LATE}[name]
    earlier = draw(st.sampled_from([0, 0, -1, 2]))
    plain = shift(
        code,
        day,
        shape.start / 60 + earlier / 4,
        shape.end / 60,
        (15, 15.5) if name == "L" else None,
    )
    runs = draw(st.lists(st.sampled_from([*SKILLS, None]), min_size=1, max_size=12))
    doing = [
        None if was is None else runs[(i // 3) % len(runs)]
        for i, was in enumerate(plain.activities)
    ]
    told = {
        "activities": tuple(doing),
        "name": draw(st.sampled_from([name, ""])),
        "location": draw(st.sampled_from(PLACES)),
    }
    return plain.model_copy(update=told)
