"""Where a roster falls short of its requirement, and what binds: counted, not guessed."""

from collections import Counter
from datetime import timedelta

from forecasting.calendar import SLOT
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment, Shortfall
from staffing.roster.valuing import Headcount, headcount, missing, seated
from staffing.roster.wanted import Demand

WORDS = {
    "off": ("not available that day", "die dag niet beschikbaar"),
    "full": ("at their weekly maximum", "aan hun weekmaximum"),
    "break": ("on a break", "met pauze"),
    "outside": ("outside their shift", "buiten hun dienst"),
    "free": ("free with hours left", "vrij, met uren over"),
    "elsewhere": ("on other work", "bezig met ander werk"),
    "here": ("doing it", "ermee bezig"),
}


def find_shortfalls(
    instance: Instance, assignments: tuple[Assignment, ...]
) -> tuple[Shortfall, ...]:
    """Stretches short of their requirement, largest first.

    Deferrable work is short when its whole day is; it is reported as one stretch.
    """
    people = headcount(instance, assignments)
    found = [
        _describe(instance, assignments, people, run)
        for slots in instance.slots.values()
        for run in _runs([slots[quarter] for quarter in sorted(slots)], people)
    ]
    return tuple(
        sorted(found, key=lambda s: (-s.quarters, s.start, s.location, s.skill))
    )


def _runs(demands: list[Demand], people: Headcount) -> list[list[Demand]]:
    waiting = [demand for demand in demands if demand.deferrable]
    if waiting:
        return [waiting] if _day_short(waiting, people) else []
    runs: list[list[Demand]] = []
    for demand in demands:
        if missing(demand, people) == 0:
            continue
        if runs and runs[-1][-1].start + SLOT == demand.start:
            runs[-1].append(demand)
        else:
            runs.append([demand])
    return runs


def _day_short(demands: list[Demand], people: Headcount) -> int:
    present = sum(people[d.location, d.skill, d.start] for d in demands)
    return max(0, sum(demand.required for demand in demands) - present)


def _describe(
    instance: Instance,
    assignments: tuple[Assignment, ...],
    people: Headcount,
    run: list[Demand],
) -> Shortfall:
    worst = max(run, key=lambda demand: (missing(demand, people), demand.required))
    quarters = sum(missing(demand, people) for demand in run)
    if run[0].deferrable:
        quarters = _day_short(run, people)
    english, dutch = _reason(instance, assignments, worst)
    return Shortfall(
        location=worst.location,
        skill=worst.skill,
        start=run[0].start,
        end=run[-1].start + SLOT,
        short=max(missing(worst, people), 1),
        quarters=quarters,
        reason=english,
        reason_nl=dutch,
    )


def _reason(
    instance: Instance, assignments: tuple[Assignment, ...], demand: Demand
) -> tuple[str, str]:
    """What those with the authorisation do at the worst moment of the stretch."""
    desks = _desks_taken(instance, assignments, demand)
    if desks is not None:
        return f"all {desks} desks are taken", f"alle {desks} plekken zijn bezet"
    able = [
        person
        for person in instance.people
        if demand.skill in person.skills and person.location == demand.location
    ]
    if not able:
        return "nobody here has this authorisation", "niemand hier is bevoegd"
    doing = Counter(_doing(instance, assignments, demand, person) for person in able)
    states = [state for state in WORDS if doing[state]]
    english = ", ".join(f"{doing[state]} {WORDS[state][0]}" for state in states)
    dutch = ", ".join(f"{doing[state]} {WORDS[state][1]}" for state in states)
    return (
        f"{len(able)} with this authorisation: {english}",
        f"{len(able)} bevoegd: {dutch}",
    )


def _desks_taken(
    instance: Instance, assignments: tuple[Assignment, ...], demand: Demand
) -> int | None:
    """How many desks there are, when every one is taken; else None."""
    day, _ = instance.clock.quarter(demand.start)
    at_work = seated(assignments)
    for ceiling in instance.ceilings:
        here = (ceiling.location, ceiling.day) == (demand.location, day)
        if here and demand.skill in ceiling.skills:
            keys = [(demand.location, skill, demand.start) for skill in ceiling.skills]
            if sum(at_work[key] for key in keys) >= ceiling.people:
                return ceiling.people
    return None


def _doing(
    instance: Instance,
    assignments: tuple[Assignment, ...],
    demand: Demand,
    person: Person,
) -> str:
    day, _ = instance.clock.quarter(demand.start)
    if day not in person.days:
        return "off"
    own = [shift for shift in assignments if shift.person == person.code]
    today = next((shift for shift in own if shift.day == day), None)
    if today is not None:
        return _within(today, demand)
    left = person.contract_hours - sum(shift.worked_hours for shift in own)
    return "full" if left < min(instance.policy.shift_hours) else "free"


def _within(shift: Assignment, demand: Demand) -> str:
    place = (demand.start - shift.shift.start) // timedelta(minutes=15)
    if not 0 <= place < len(shift.activities):
        return "outside"
    if any(pause.start <= demand.start < pause.end for pause in shift.breaks):
        return "break"
    return "here" if shift.activities[place] == demand.skill else "elsewhere"
