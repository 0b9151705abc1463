"""For each rule a small instance and a roster that breaks that rule and no other."""

from datetime import timedelta
from typing import Any

from staffing.roster import Roster
from staffing.roster.gap import relative_gap
from staffing.roster.instance import Instance
from staffing.roster.people import Away, Limits, Lock, Past, Person
from staffing.roster.result import Assignment
from staffing.roster.rules.format import sound
from staffing.roster.shifts import Span, Template
from staffing.roster.valuing import value
from staffing.roster.wanted import (
    Ceiling,
    Demand,
    Presence,
    Separation,
    ShiftCover,
    Travel,
)
from tests.staffing.roster_weeks import WEEK, moment, policy, rules

DAYS = tuple(WEEK + timedelta(days=i) for i in range(14))
DAY_SHIFT = Template(start=480, end=960, name="D")
LATE_SHIFT = Template(start=780, end=1260, name="L")


def person(code: str = "A", **more: object) -> Person:
    """Somebody of the hall who can do everything that is open, on any day."""
    told = {
        "code": code,
        "location": "hall",
        "skills": ("phone",),
        "contract_hours": 100,
        "days": DAYS,
    }
    return Person.model_validate(told | more)


def open_days(
    *people: Person,
    length: int = 7,
    skills: tuple[str, ...] = ("phone",),
    hours: tuple[float, float] = (6, 23),
    minimum: int = 0,
    sunday_work: bool = True,
    **more: object,
) -> Instance:
    """Hall and annex open every day, where nobody is required unless told."""
    demands = tuple(
        Demand(
            location=place,
            skill=skill,
            start=moment(day, hours[0] + quarter / 4),
            required=minimum,
            minimum=minimum,
        )
        for place in ("hall", "annex")
        for skill in skills
        for day in DAYS[:length]
        for quarter in range(round(4 * (hours[1] - hours[0])))
    )
    told = {
        "week": WEEK,
        "length": length,
        "zone": "Europe/Amsterdam",
        "policy": policy(),
        "rules": rules().model_copy(update={"sunday_work": sunday_work}),
        "demands": demands,
        "templates": (),
        "people": people or (person(),),
    }
    return Instance.model_validate(told | more)


def named_days(*people: Person, length: int = 14, **more: Any) -> Instance:
    """Two weeks of day and late shifts by name, of which no number is wanted."""
    covers = [
        ShiftCover(day=day, shift=name, wanted=0, price_under=1, price_over=1)
        for day in DAYS[:length]
        for name in "DL"
    ]
    lawful = rules().model_copy(update={"sunday_work": True, "breaks": ()})
    told: dict[str, Any] = {
        "length": length,
        "rules": lawful,
        "demands": (),
        "covers": covers,
        "templates": (DAY_SHIFT, LATE_SHIFT),
    }
    return open_days(*people, **(told | more))


def shift(
    person: str = "A",
    day: int = 0,
    start: float = 9.0,
    end: float = 13.0,
    pause: tuple[float, float] | None = None,
    what: str | None = "phone",
    **more: object,
) -> Assignment:
    """A shift in the hall on one activity."""
    date = DAYS[day]
    hours = [start + i / 4 for i in range(round(4 * (end - start)))]
    skills = [None if pause and pause[0] <= h < pause[1] else what for h in hours]
    pauses = [
        Span(start=moment(date, p[0]), end=moment(date, p[1])) for p in [pause] if p
    ]
    told = {
        "person": person,
        "day": date,
        "location": "hall",
        "shift": Span(start=moment(date, start), end=moment(date, end)),
        "breaks": tuple(pauses),
        "activities": tuple(skills),
    }
    return Assignment.model_validate(told | more)


def named(day: int, name: str = "D", **more: Any) -> Assignment:
    """A named shift without a break."""
    shape = {"D": DAY_SHIFT, "L": LATE_SHIFT}[name]
    hours: dict[str, Any] = {"start": shape.start / 60, "end": shape.end / 60}
    return shift(day=day, **(hours | {"activities": (), "name": name} | more))


def worked(*days: int, name: str = "D") -> tuple[Assignment, ...]:
    """A named shift on each of some days."""
    return tuple(named(day, name) for day in days)


def roster(instance: Instance, /, *shifts: Assignment, **more: object) -> Roster:
    """A roster of shifts that says of itself what is true."""
    bare = Roster.model_validate(
        {
            "instance": instance.hash,
            "week": instance.week,
            "seed": 0,
            "status": "feasible",
            "assignments": shifts,
            "objective": {},
            "bound": 0.0,
            "unavoidable": 0.0,
            "gap": None,
            "shortfalls": (),
        }
    )
    objective = value(instance, sound(instance, bare).assignments)
    bound = objective.total - 1
    told = {
        "objective": objective,
        "bound": bound,
        "gap": relative_gap(objective, bound, 0.0),
    }
    return bare.model_copy(update=told | more)


Planted = tuple[Instance, Roster]


def planted(instance: Instance, /, *shifts: Assignment, **more: object) -> Planted:
    """An instance with a roster of it."""
    return instance, roster(instance, *shifts, **more)


def limited(*shifts: Assignment, **limits: object) -> Planted:
    """Two weeks of named shifts, worked by somebody with limits."""
    return planted(named_days(person(limits=Limits.model_validate(limits))), *shifts)


def _heads(**told: object) -> Presence:
    values = {"name": "heads", "location": "hall", "day": DAYS[0], "least": 1}
    return Presence.model_validate(values | told)


def _misstated() -> Planted:
    instance = open_days()
    true = roster(instance, shift())
    wrong = true.objective.model_copy(update={"wishes": 3.0, "changes": -3.0})
    return instance, true.model_copy(update={"objective": wrong})


BOTH = ("counter", "phone")
SENT = person(elsewhere=("annex",))
SPLIT = ("counter",) * 2 + ("phone",) * 14
LOCKED = Lock(day=DAYS[0], shift=Template(start=540, end=780))
APART = Away(day=DAYS[0], start=600, end=660)
LAW_WEEK = tuple(shift(day=d, start=8, end=19, pause=(12, 12.75)) for d in range(6))
CLERKS: dict[str, Any] = {"authorisations": ("apply", "issue")}

BREACHES: dict[str, Planted] = {
    "same_instance": planted(open_days(), shift(), instance="another"),
    "known_person": planted(open_days(), shift("Z")),
    "well_formed": planted(open_days(), shift(day=1).model_copy(update={"day": WEEK})),
    "one_shift_a_day": planted(open_days(), shift(end=11), shift(start=13, end=15)),
    "never_in_two_places": planted(
        open_days(SENT), shift(), shift(start=11, end=15, location="annex")
    ),
    "allowed_location": planted(open_days(), shift(location="annex")),
    "travel_time": planted(
        open_days(SENT, travels=(Travel(between=("annex", "hall"), minutes=30),)),
        shift(end=11),
        shift(start=11.25, end=13, location="annex"),
    ),
    "available_day": planted(open_days(person(days=DAYS[1:])), shift()),
    "present": planted(
        open_days(person(away=(Away(day=WEEK, start=720, end=840),))), shift()
    ),
    "hours_of_the_day": planted(open_days(person(most=(3.5,) * 14)), shift()),
    "settled_day": planted(open_days(person(locks=(LOCKED,))), shift(end=14)),
    "within_opening": planted(
        open_days(hours=(10, 17)), shift(activities=(None,) * 4 + ("phone",) * 12)
    ),
    "known_shift": planted(named_days(), named(0, start=9.0)),
    "within_day_window": planted(open_days(), shift(start=6.5, end=10)),
    "longest_shift": planted(open_days(), shift(start=8, end=20.5, pause=(12, 13))),
    "enough_break": planted(open_days(), shift(end=17, pause=(12, 12.25))),
    "break_inside": planted(open_days(), shift(end=17, pause=(9, 9.5))),
    "authorised": planted(open_days(skills=BOTH), shift(what="counter")),
    "activities_in_shift": planted(
        open_days(), shift(end=17, pause=(12, 12.5), activities=("phone",) * 32)
    ),
    "activity_open": planted(
        open_days(hours=(9.25, 17)), shift(activities=("phone",) * 16)
    ),
    "protected_time": planted(open_days(person(set_apart=(APART,))), shift()),
    "enough_desks": planted(
        open_days(
            person(),
            person("B"),
            ceilings=(Ceiling(location="hall", skills=("phone",), day=WEEK, people=1),),
        ),
        shift(),
        shift("B"),
    ),
    "daily_rest": planted(
        open_days(),
        shift(day=0, start=18, end=22),
        shift(day=1, start=8, end=12),
        shift(day=2, start=18, end=22),
        shift(day=3, start=8, end=12),
    ),
    "weekly_rest": planted(open_days(), *(shift(day=day) for day in range(7))),
    "sunday_off": planted(open_days(sunday_work=False), shift(day=6)),
    "free_sundays": planted(open_days(person(past=Past(sundays=39))), shift(day=6)),
    "contract_hours": planted(open_days(person(contract_hours=3)), shift()),
    "most_minutes": limited(*worked(0, 1), most_minutes=900),
    "least_minutes": limited(*worked(0, 1), least_minutes=1000),
    "longest_week": planted(open_days(), *LAW_WEEK),
    "mean_hours": planted(
        open_days(person(past=Past(week_hours=(55, 55, 55)), absent_hours=55)), shift()
    ),
    "most_days_in_a_row": limited(*worked(0, 1, 2), most_days_in_a_row=2),
    "least_days_in_a_row": limited(*worked(2), least_days_in_a_row=2),
    "least_days_off_in_a_row": limited(*worked(2, 4), least_days_off_in_a_row=2),
    "most_weekends": limited(*worked(5, 13), most_weekends=1),
    "most_shifts": limited(*worked(0, 1), most_shifts=(("D", 1),)),
    "forbidden_succession": planted(
        named_days(forbidden=(("D", "L"),)), named(0), named(1, "L")
    ),
    "stated_objective": _misstated(),
    "stated_bound": planted(open_days(), shift(), gap=0.5),
    "minimum_presence": planted(open_days(minimum=1, length=1)),
    "heads_present": planted(open_days(presences=(_heads(start=480, end=720),))),
    "lunch_cover": planted(open_days(presences=(_heads(start=720, end=780),))),
    "function_separation": planted(
        open_days(
            person(**CLERKS),
            hours=(9, 10),
            length=1,
            separations=(
                Separation(
                    location="hall", skill="phone", first="apply", second="issue"
                ),
            ),
        ),
        shift(end=10),
    ),
    "blocks_of_an_hour": planted(
        open_days(person(skills=BOTH), skills=BOTH), shift(activities=SPLIT)
    ),
}
