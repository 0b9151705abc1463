"""An edit by hand checked at once: what it costs and which hard rules it breaks."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from forecasting.calendar import SLOT
from forecasting.errors import InputError
from staffing.roster.explaining.alternatives import Alternative, PersonDay
from staffing.roster.explaining.differing import differences
from staffing.roster.explaining.lawfulness import Lawfulness
from staffing.roster.explaining.planning import Desk, Planner
from staffing.roster.explaining.standing import Standing
from staffing.roster.explaining.wording import of_day
from staffing.roster.gap import relative_gap
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.replanning.edits import (
    Edit,
    GiveShift,
    MoveBreak,
    RemoveShift,
    SetActivity,
    SwapShifts,
)
from staffing.roster.result import Assignment, Objective, Roster
from staffing.roster.shapes import template_of
from staffing.roster.shifts import Template
from staffing.roster.violation import Violation

Days = dict[PersonDay, Assignment | None]


@dataclass(frozen=True)
class Edited:
    """An edited roster, the hard rules it newly breaks, and what it costs more.

    `terms` are euros by term of the objective, below 0 where the edit saves. The roster's
    shortfalls are those of before: find them anew when it is kept.
    """

    roster: Roster
    violations: tuple[Violation, ...]
    terms: dict[str, float]

    @property
    def difference(self) -> float:
        """Euros that the roster costs more; below 0 it saves."""
        return sum(self.terms.values())

    @property
    def storable(self) -> bool:
        """Whether the edit breaks no hard rule."""
        return not self.violations


def check_edit(instance: Instance, roster: Roster, edit: Edit) -> Edited:
    """The roster after an edit, with what that breaks and costs; nothing is refused.

    Activities of a shift that is given, swapped or has its break moved are planned anew;
    all else stays. The check is of the people edited and the desks they take, by the
    verifier's own rules.

    Raises:
        InputError: the edit is about somebody unknown, a day outside the roster, or a
            shift, break or stretch that is not there.
    """
    standing = Standing(instance, roster.assignments)
    instead = Alternative(_days(standing, edit))
    lawfulness = Lawfulness(standing)
    present = Alternative({key: standing.shift.get(key) for key in instead.days})
    before = Counter(lawfulness.breaches(present))
    after = lawfulness.breaches(instead)
    new = tuple((Counter(after) - before).elements())
    terms = differences(standing, instead)
    told = roster.objective.model_dump()
    objective = Objective(**{t: told[t] + terms.get(t, 0.0) for t in told})
    edited = roster.model_copy(
        update={
            "assignments": instead.assignments(roster.assignments),
            "objective": objective,
            "gap": relative_gap(objective, roster.bound, roster.unavoidable),
            "status": "feasible",
        }
    )
    return Edited(edited, new, terms)


def _days(standing: Standing, edit: Edit) -> Days:
    """The days as the edit would have them."""
    if edit.day not in standing.instance.days:
        days = standing.instance.days
        raise InputError(
            f"expected a day from {days[0]} to {days[-1]}, came {edit.day}"
        )
    if isinstance(edit, GiveShift):
        person = _person(standing, edit.person)
        place = edit.location or person.location
        return _given(standing, person, edit.day, place, edit.shift)
    if isinstance(edit, SwapShifts):
        return _swapped(standing, edit)
    shift = _shift(standing, edit.person, edit.day)
    if isinstance(edit, RemoveShift):
        return {(edit.person, edit.day): None}
    if isinstance(edit, MoveBreak):
        return _with_break(standing, shift, edit.start)
    return {(edit.person, edit.day): _with_activity(standing, shift, edit)}


def _person(standing: Standing, code: str) -> Person:
    if code not in standing.instance.person:
        raise InputError(f"expected the code of somebody in the roster, came '{code}'")
    return standing.instance.person[code]


def _shift(standing: Standing, code: str, day: date) -> Assignment:
    _person(standing, code)
    shift = standing.shift.get((code, day))
    if shift is None:
        raise InputError(f"expected a shift of {code} on {day}, found none")
    return shift


def _given(
    standing: Standing, person: Person, day: date, place: str, shift: Template
) -> Days:
    planner = Planner(Desk(standing, person, place, day))
    return {(person.code, day): planner.shift(shift)}


def _swapped(standing: Standing, edit: SwapShifts) -> Days:
    """Each gets the other's hours and place; activities of the second follow the first's."""
    keys = [(edit.first, edit.day), (edit.second, edit.day)]
    people = [_person(standing, code) for code, _ in keys]
    shifts = [standing.shift.get(key) for key in keys]
    if shifts == [None, None]:
        raise InputError(
            f"expected a shift of {edit.first} or {edit.second} on {edit.day}, found none"
        )
    gone = Alternative(dict.fromkeys(keys))
    found: Days = {}
    for person, shift in zip(people, reversed(shifts), strict=True):
        others = Standing(
            standing.instance,
            Alternative({**gone.days, **found}).assignments(standing.assignments),
        )
        found[person.code, edit.day] = None
        if shift is not None:
            shape = template_of(standing.instance, shift)
            found |= _given(others, person, edit.day, shift.location, shape)
    return found


def _with_break(standing: Standing, shift: Assignment, start: int) -> Days:
    shape = template_of(standing.instance, shift)
    if not shape.break_minutes:
        raise InputError(
            f"expected a break of {shift.person} on {shift.day}, found none"
        )
    moved = Template(
        start=shape.start,
        end=shape.end,
        break_start=start,
        break_end=start + shape.break_minutes,
        name=shape.name,
    )
    person = standing.instance.person[shift.person]
    return _given(standing, person, shift.day, shift.location, moved)


def _with_activity(
    standing: Standing, shift: Assignment, edit: SetActivity
) -> Assignment:
    moment = standing.instance.clock.moment
    first, last = moment(edit.day, edit.start), moment(edit.day, edit.end)
    span = shift.shift
    if edit.start % 15 or edit.end % 15 or not span.start <= first < last <= span.end:
        raise InputError(
            f"expected quarter-hours within the shift of {shift.person} on {shift.day}, "
            f"came {of_day(edit.start, edit.end)}"
        )
    plan = list(shift.activities)
    for place in range((first - span.start) // SLOT, (last - span.start) // SLOT):
        paused = any(p.start <= span.start + place * SLOT < p.end for p in shift.breaks)
        plan[place] = None if paused else edit.activity
    return shift.model_copy(update={"activities": tuple(plan)})
