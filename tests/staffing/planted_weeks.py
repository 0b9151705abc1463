"""Small random weeks around a legal roster, with every rule and price in play."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from staffing.roster.gap import relative_gap
from staffing.roster.instance import Instance, Known, Settled
from staffing.roster.people import Away, Burden, Lock, Past, Person, Wish
from staffing.roster.result import Assignment, Roster
from staffing.roster.shifts import Span, Template
from staffing.roster.valuing import headcount, seated, value
from staffing.roster.verifying import verify
from staffing.roster.wanted import Ceiling, Demand, Pool, Presence, Separation
from tests.staffing.roster_weeks import WEEK, moment, policy, rules

DAYS = tuple(WEEK + timedelta(days=i) for i in range(5))
SKILLS = ("phone", "counter", "post")
PLACES = ("hall", "annex")
TEMPLATES = (
    Template(start=540, end=780),
    Template(start=600, end=840),
    Template(start=540, end=930, break_start=720, break_end=750),
    Template(start=570, end=1050, break_start=750, break_end=780),
    Template(start=780, end=1020),
)


@dataclass(frozen=True)
class Planted:
    """An instance and a legal roster of it."""

    instance: Instance
    assignments: tuple[Assignment, ...]

    @property
    def value(self) -> float:
        """What the planted roster costs."""
        return value(self.instance, self.assignments).total

    def roster(self, assignments: tuple[Assignment, ...]) -> Roster:
        """Assignments as a roster of the instance."""
        objective = value(self.instance, assignments)
        gap = relative_gap(objective, 0.0, 0.0)
        return Roster(
            instance=self.instance.hash,
            week=WEEK,
            seed=0,
            status="feasible" if gap is None else "optimal",
            assignments=assignments,
            objective=objective,
            bound=0.0,
            unavoidable=0.0,
            gap=gap,
            shortfalls=(),
        )


def planted(seed: int) -> Planted:
    """A week of two to four people, the same for the same seed."""
    draw = np.random.default_rng(seed)
    people = tuple(_person(draw, i) for i in range(int(draw.integers(2, 5))))
    people = _sent(np.random.default_rng([seed, 1]), people)
    pools = (Pool(skill="phone", location="hall", members=PLACES),)
    bare = Instance(
        week=WEEK,
        zone="Europe/Amsterdam",
        policy=policy().model_copy(update={"relative_gap": 1e-9}),
        rules=rules(),
        demands=tuple(
            _demand(draw, place, skill, day, quarter)
            for place in PLACES
            for skill in SKILLS
            if (place, skill) != ("annex", "phone")
            for day in DAYS
            for quarter in range(36, 68)
        ),
        templates=TEMPLATES,
        people=people,
        pools=pools if draw.random() < 0.5 else (),
    )
    shifts = _legal(bare, tuple(_shifts(draw, bare)))
    return Planted(_surrounded(draw, bare, shifts), shifts)


def _person(draw: np.random.Generator, number: int) -> Person:
    days = tuple(day for day in DAYS if draw.random() < 0.8) or DAYS[:1]
    skills = tuple(skill for skill in SKILLS if draw.random() < 0.7) or SKILLS[:1]
    return Person(
        code=f"P{number}",
        location=PLACES[int(draw.random() < 0.3)],
        skills=skills,
        elsewhere=(),
        contract_hours=float(min(draw.choice([8, 16, 24, 32]), 6 * len(days))),
        days=days,
        authorisations=("apply",) if draw.random() < 0.5 else ("issue",),
        set_apart=tuple(
            Away(day=day, start=600, end=660) for day in days if draw.random() < 0.1
        ),
        past=Past(burden=Burden(late=int(draw.integers(0, 3)))),
    )


def _sent(draw: np.random.Generator, people: tuple[Person, ...]) -> tuple[Person, ...]:
    """The people, some of whom may be sent to the other place."""
    return tuple(
        person.model_copy(
            update={"elsewhere": tuple(p for p in PLACES if p != person.location)}
        )
        if draw.random() < 0.3
        else person
        for person in people
    )


def _demand(
    draw: np.random.Generator, place: str, skill: str, day: date, quarter: int
) -> Demand:
    waits = skill == "post"
    late = np.sort(draw.uniform(0, 2, 3))[::-1].cumsum()[::-1]
    return Demand(
        location=place,
        skill=skill,
        start=moment(day, quarter / 4),
        required=int(draw.integers(0, 3)),
        deferrable=waits,
        late=(0.0,) if waits else (*np.round(late, 2).tolist(), 0.0),
    )


def _shifts(draw: np.random.Generator, instance: Instance):
    for person in instance.people:
        for day in person.days:
            if draw.random() < 0.8:
                template = TEMPLATES[int(draw.integers(len(TEMPLATES)))]
                yield _shift(draw, instance, person, day, template)


def _shift(
    draw: np.random.Generator,
    instance: Instance,
    person: Person,
    day: date,
    template: Template,
) -> Assignment:
    """A shift with one activity before the break and one after it."""
    halves = [str(draw.choice(person.skills)) for _ in range(2)]
    middle = (template.break_start or template.end) // 15
    apart = {
        quarter
        for away in person.set_apart
        if away.day == day
        for quarter in range(away.start // 15, away.end // 15)
    }
    doing = [
        halves[quarter >= middle]
        if quarter in template.quarters
        and quarter not in apart
        and quarter
        in instance.slots.get(
            (
                instance.served(person.location, halves[quarter >= middle]),
                halves[quarter >= middle],
                day,
            ),
            {},
        )
        else None
        for quarter in range(template.start // 15, template.end // 15)
    ]
    span = [moment(day, minute / 60) for minute in (template.start, template.end)]
    pause: tuple[Span, ...] = ()
    if template.break_start and template.break_end:
        edges = [
            moment(day, m / 60) for m in (template.break_start, template.break_end)
        ]
        pause = (Span(start=edges[0], end=edges[1]),)
    return Assignment(
        person=person.code,
        day=day,
        location=person.location,
        shift=Span(start=span[0], end=span[1]),
        breaks=pause,
        activities=tuple(doing),
    )


def _legal(
    instance: Instance, shifts: tuple[Assignment, ...]
) -> tuple[Assignment, ...]:
    """The shifts without those that a hard rule names, until none is named."""
    while True:
        roster = Planted(instance, shifts).roster(shifts)
        named = {
            (found.person, found.day)
            for found in verify(instance, roster)
            if found.hard and found.person
        }
        people = {person for person, day in named if day is None}
        drop = {shift.person: shift.day for shift in shifts if shift.person in people}
        kept = tuple(
            shift
            for shift in shifts
            if (shift.person, shift.day) not in named
            and drop.get(shift.person) != shift.day
        )
        if kept == shifts:
            return shifts
        shifts = kept


def _surrounded(
    draw: np.random.Generator, instance: Instance, shifts: tuple[Assignment, ...]
) -> Instance:
    """Desks, locks, wishes, minima and a known roster that the planted one respects."""
    used = seated(shifts)
    desks = [
        Ceiling(
            location=place,
            skills=("counter",),
            day=day,
            people=max(
                [
                    number
                    for (where, skill, start), number in used.items()
                    if (where, skill) == (place, "counter")
                    and instance.clock.quarter(start)[0] == day
                ],
                default=1,
            ),
        )
        for place in PLACES
        for day in DAYS
        if draw.random() < 0.5
    ]
    presences = [
        Presence(name="open", location="hall", day=day, start=540, end=720, least=1)
        for day in DAYS
        if draw.random() < 0.5
    ]
    parted = Separation(location="hall", skill="counter", first="apply", second="issue")
    own = {(shift.person, shift.day): shift for shift in shifts}
    return instance.model_copy(
        update={
            "people": tuple(_held(draw, instance, p, own) for p in instance.people),
            "ceilings": tuple(desks),
            "presences": tuple(presences),
            "separations": (parted,) if draw.random() < 0.5 else (),
            "demands": _met(instance, shifts),
            "known": _known(draw, instance, shifts) if draw.random() < 0.5 else None,
        }
    )


def _met(instance: Instance, shifts: tuple[Assignment, ...]) -> tuple[Demand, ...]:
    """The demands, each requiring what the roster gives: only hours and wishes cost."""
    people = headcount(instance, shifts)
    return tuple(
        demand.model_copy(
            update={
                "required": (n := people[demand.location, demand.skill, demand.start]),
                "late": (0.0,)
                if demand.deferrable
                else tuple(float(v) for v in range(n, -1, -1)),
            }
        )
        for demand in instance.demands
    )


def _template(instance: Instance, shift: Assignment) -> Template:
    begin = moment(shift.day, 0)
    edges = [shift.shift.start, shift.shift.end]
    start, end = (round((edge - begin).total_seconds() / 60) for edge in edges)
    return next(t for t in TEMPLATES if (t.start, t.end) == (start, end))


def _held(
    draw: np.random.Generator,
    instance: Instance,
    person: Person,
    own: dict[tuple[str, date], Assignment],
) -> Person:
    locks, wishes = [], []
    for day in person.days:
        shift = own.get((person.code, day))
        if draw.random() < 0.15:
            locks.append(
                Lock(day=day, shift=_template(instance, shift) if shift else None)
            )
        if draw.random() < 0.3:
            wishes.append(
                Wish(day=day, wants=bool(draw.random() < 0.5), start=540, weight=6)
            )
    return person.model_copy(update={"locks": tuple(locks), "wishes": tuple(wishes)})


def _known(
    draw: np.random.Generator, instance: Instance, shifts: tuple[Assignment, ...]
) -> Known:
    settled = tuple(
        Settled(
            person=shift.person,
            day=shift.day,
            location=shift.location,
            shift=_template(instance, shift),
        )
        for shift in shifts
        if draw.random() < 0.7
    )
    return Known(shifts=settled, affected=(DAYS[1],))
