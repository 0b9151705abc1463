"""Invented weeks of civil affairs with every rule on: leave, wishes, burdens, locks, past.

The size follows the number of people; everything else is drawn from the seed.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from staffing.roster.instance import Instance
from staffing.roster.options import options
from staffing.roster.people import Away, Burden, Lock, Past, Person, Wish
from staffing.roster.shifts import Span, Template
from staffing.roster.templates import generate
from staffing.roster.wanted import Ceiling, Demand, Presence, Separation, Travel
from staffing.roster.week.curves import convex_envelope
from staffing.rules import LabourRules, RosterPolicy

WEEK = date(2027, 1, 11)
ZONE = ZoneInfo("Europe/Amsterdam")
SKILLS = ("phone", "counter", "back_office")
MIXES = (
    ("phone", "back_office"),
    ("counter", "back_office"),
    ("phone", "counter", "back_office"),
    ("counter",),
    ("phone", "counter"),
)
MIX_SHARES = (0.22, 0.25, 0.3, 0.1, 0.13)
APPLY, ISSUE = "documents_apply", "documents_issue"
PEOPLE_PER_HALL = 130
STAFFED = 1.05
"""Contract hours of those with a skill, over the hours of work there is for them."""


@dataclass(frozen=True)
class Made:
    """What an invented week is made from."""

    people: int
    seed: int
    policy: RosterPolicy
    rules: LabourRules

    def instance(self) -> Instance:
        """The week."""
        draw = np.random.default_rng([self.people, self.seed])
        halls = [f"hall {i + 1}" for i in range(-(-self.people // PEOPLE_PER_HALL))]
        staff = [_person(draw, i, halls[i % len(halls)]) for i in range(self.people)]
        bare = Instance(
            week=WEEK,
            zone=str(ZONE),
            policy=self.policy,
            rules=self.rules,
            demands=tuple(d for hall in halls for d in _demands(draw, hall, staff)),
            templates=generate(self.policy, self.rules, 480, 1230),
            people=tuple(staff),
            travels=tuple(
                Travel(between=(a, b), minutes=20)
                for i, a in enumerate(halls)
                for b in halls[i + 1 :]
            ),
        )
        return bare.model_copy(
            update={
                "people": tuple(_locked(draw, bare, person) for person in staff),
                "presences": tuple(p for hall in halls for p in _presences(hall)),
                "separations": tuple(
                    Separation(location=h, skill="counter", first=APPLY, second=ISSUE)
                    for h in halls
                ),
                "ceilings": tuple(c for hall in halls for c in _desks(bare, hall)),
            }
        )


def opening(skill: str, weekday: int) -> tuple[float, float] | None:
    """Open hours: an evening on Thursday, Saturday morning at the counter."""
    if weekday == 5:
        return (9, 13) if skill == "counter" else None
    if weekday > 5:
        return None
    if skill == "counter":
        return 9, 20 if weekday == 3 else 17
    return 8.5, 17


def _person(draw: np.random.Generator, number: int, hall: str) -> Person:
    hours = int(draw.choice([36, 32, 28, 24], p=[0.4, 0.25, 0.15, 0.2]))
    wanted = int(draw.choice({36: [4, 5], 32: [4, 5], 28: [4], 24: [3, 4]}[hours]))
    chosen = sorted(draw.choice(6, wanted, replace=False).tolist())
    away = [day for day in chosen if draw.random() < 0.06]
    days = [WEEK + timedelta(days=i) for i in chosen if i not in away]
    absent = hours * len(away) / wanted
    skills = MIXES[draw.choice(len(MIXES), p=MIX_SHARES)]
    able = [
        name for name in (APPLY, ISSUE) if "counter" in skills and draw.random() < 0.7
    ]
    return Person(
        code=f"M{number + 1:03d}",
        location=hall,
        skills=tuple(sorted(skills)),
        authorisations=tuple(able),
        contract_hours=round(4 * (hours - absent)) / 4,
        absent_hours=round(4 * absent) / 4,
        days=tuple(days),
        away=tuple(_part(draw, day) for day in days if draw.random() < 0.06),
        set_apart=tuple(_hour(draw, day) for day in days if draw.random() < 0.04),
        wishes=tuple(_wish(draw, day) for day in days if draw.random() < 0.1),
        past=_past(draw, hours, chosen),
    )


def _part(draw: np.random.Generator, day: date) -> Away:
    """A morning or an afternoon off."""
    early = bool(draw.random() < 0.5)
    return Away(day=day, start=0 if early else 780, end=750 if early else 1440)


def _hour(draw: np.random.Generator, day: date) -> Away:
    start = 60 * int(draw.choice([10, 11, 14, 15]))
    return Away(day=day, start=start, end=start + 60)


def _wish(draw: np.random.Generator, day: date) -> Wish:
    """A day off, no evening, or to begin no earlier than nine."""
    weight = float(draw.choice([5, 10, 20]))
    if draw.random() < 0.4:
        return Wish(day=day, wants=False, weight=weight)
    if draw.random() < 0.5:
        return Wish(day=day, wants=False, start=1050, end=1440, weight=weight)
    return Wish(day=day, wants=True, start=540, end=1440, weight=weight)


def _past(draw: np.random.Generator, hours: int, days: list[int]) -> Past:
    """A fortnight of ordinary days, sixteen weeks of contract hours, burdens of 12 weeks."""
    before = [
        WEEK + timedelta(days=day - back) for back in (14, 7) for day in sorted(days)
    ]
    late, saturday, evening = draw.poisson([3, 1.5, 2]).tolist()
    return Past(
        shifts=tuple(Span(start=_at(d, 9), end=_at(d, 17)) for d in before),
        week_hours=(float(hours),) * 16,
        burden=Burden(late=late, saturday=saturday, evening=evening),
    )


def _at(day: date, hour: float) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return midnight + timedelta(minutes=round(60 * hour))


def _locked(draw: np.random.Generator, instance: Instance, person: Person) -> Person:
    """One person in ten has a day that is settled: a shift of theirs, or free."""
    if draw.random() >= 0.1 or not person.days:
        return person
    day = person.days[int(draw.integers(len(person.days)))]
    found: tuple[Template, ...] = options(instance, person, day, person.location)
    shift = None
    if found and draw.random() < 0.7:
        shift = found[int(draw.integers(len(found)))]
        if shift.hours > person.contract_hours:
            shift = None
    return person.model_copy(update={"locks": (Lock(day=day, shift=shift),)})


def _demands(draw: np.random.Generator, hall: str, staff: list[Person]) -> list[Demand]:
    """Two humps a day, as much work as the people of the hall can do."""
    found: list[Demand] = []
    shares = _shares([person for person in staff if person.location == hall])
    for skill in SKILLS:
        busy = [draw.uniform(0.85, 1.15) * f for f in (1.15, 1.0, 0.95, 1.0, 0.85, 0.7)]
        slots = [
            (day, hour, busy[day] * _hump(hour, *hours))
            for day in range(6)
            if (hours := opening(skill, day))
            for hour in np.arange(*hours, 0.25).tolist()
        ]
        scale = 4 * shares[skill] / STAFFED / sum(weight for *_, weight in slots)
        found += [_demand(hall, skill, *slot[:2], scale * slot[2]) for slot in slots]
    return found


def _shares(staff: list[Person]) -> dict[str, float]:
    """Contract hours less a tenth for breaks in cover, shared out over the skills."""
    hours = dict.fromkeys(SKILLS, 0.0)
    for person in staff:
        for skill in person.skills:
            hours[skill] += 0.9 * person.contract_hours / len(person.skills)
    return hours


def _hump(hour: float, first: float, last: float) -> float:
    x = (hour - first) / (last - first)
    early, late = (
        math.exp(-(((x - 0.3) / 0.22) ** 2)),
        math.exp(-(((x - 0.75) / 0.18) ** 2)),
    )
    return 0.4 + 0.6 * min(early + 0.7 * late, 1.0)


def _demand(hall: str, skill: str, day: int, hour: float, people: float) -> Demand:
    start = _at(WEEK + timedelta(days=day), hour)
    if skill == "back_office":
        return Demand(
            location=hall,
            skill=skill,
            start=start,
            required=round(people),
            deferrable=True,
        )
    handling, within, target = (240, 25, 0.8) if skill == "phone" else (700, 900, 0.9)
    load = max(0.05, 0.8 * people)
    offered = load * 900 / handling
    late = [
        _late(offered, load, n, handling, within) for n in range(int(1.8 * people) + 8)
    ]
    required = next(n for n, v in enumerate(late) if v <= (1 - target) * offered)
    valued = tuple(convex_envelope(np.array(late)).tolist())  # as the product builds it
    return Demand(
        location=hall, skill=skill, start=start, required=required, late=valued
    )


def _late(
    offered: float, load: float, people: int, handling: float, within: float
) -> float:
    """Expected late contacts by Erlang C; without a steady state all are late."""
    if people <= load:
        return offered
    blocked = 1.0
    for n in range(1, people + 1):
        blocked = load * blocked / (n + load * blocked)
    waits = people * blocked / (people - load * (1 - blocked))
    return offered * waits * math.exp(-(people - load) * within / handling)


def _presences(hall: str) -> list[Presence]:
    """Two at work all day, two for the phone over lunch."""
    days = [WEEK + timedelta(days=i) for i in range(5)]
    return [
        found
        for day in days
        for found in (
            Presence(
                name="minimum", location=hall, day=day, start=510, end=1020, least=2
            ),
            Presence(
                name="lunch cover", location=hall, able=("phone",), day=day, start=720,
                end=810, least=2,
            ),
        )
    ]  # fmt: skip


def _desks(instance: Instance, hall: str) -> list[Ceiling]:
    """As many desks at the counter as the busiest quarter-hour wants."""
    most = max(
        demand.required
        for demand in instance.demands
        if (demand.location, demand.skill) == (hall, "counter")
    )
    return [
        Ceiling(location=hall, skills=("counter",), day=day, people=most)
        for day in instance.days
    ]
