"""How fast a large week that contradicts itself is refused, and in which words."""

import time
from collections.abc import Callable, Iterator

from staffing.roster.building import build
from staffing.roster.checking import contradictions
from staffing.roster.instance import Instance
from staffing.roster.people import Away, Limits, Lock, Person
from staffing.roster.shifts import Template
from staffing.staff_tables import Absence
from tests.staffing.roster_weeks import WEEK, policy, requirement, rules, staff

SIZES = {"stadhuis": 280, "noord": 60, "zuid": 60}
NINE = Template(start=540, end=780)
LONG = Template(start=480, end=1260)
Change = Callable[[Person], dict[str, object]]
PLANTED: dict[str, Change] = {
    "nothing": lambda person: {},
    "double-booked": lambda p: {"locks": (Lock(day=p.days[0], shift=NINE),) * 2},
    "contract above availability": lambda p: {
        "contract_hours": 36.0,
        "days": p.days[:2],
    },
    "shift longer than opening": lambda p: {
        "locks": (Lock(day=p.days[0], shift=LONG),)
    },
    "unknown skill": lambda person: {"skills": ("astrology",)},
    "unknown location": lambda person: {"elsewhere": ("moon",)},
    "least above most": lambda person: {
        "limits": Limits(least_days_in_a_row=5, most_days_in_a_row=4)
    },
}


def measure() -> Iterator[dict[str, object]]:
    """A line per contradiction, planted on one of 400 people with limits and absence."""
    week = _large_week()
    for what, change in PLANTED.items():
        victim = week.people[200]
        people = list(week.people)
        people[200] = victim.model_copy(update=change(victim))
        asked = week.model_copy(update={"people": tuple(people)})
        begin = time.perf_counter()
        found = contradictions(asked)
        yield {
            "planted": what,
            "people": len(people),
            "seconds": round(time.perf_counter() - begin, 3),
            "named": found[:3],
            "lines": len(found),
        }


def _large_week() -> Instance:
    plain = build(
        requirement(scale=4),
        staff(SIZES),
        Absence.create_empty(),
        week=WEEK,
        policy=policy(),
        rules=rules(),
    )
    people = tuple(_busy(person) for person in plain.people)
    return plain.model_copy(update={"people": people})


def _busy(person: Person) -> Person:
    """With a least number of minutes, and absent for an hour of the second day."""
    away = (Away(day=person.days[1], start=540, end=600),)
    return person.model_copy(update={"limits": Limits(least_minutes=300), "away": away})
