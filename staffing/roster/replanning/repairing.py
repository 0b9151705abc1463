"""A new roster for a week in which something happened, with few changes."""

from collections.abc import Collection, Sequence
from datetime import date

from forecasting.policy import Policy
from staffing.roster.bare import as_roster
from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.shortfalls import find_shortfalls
from staffing.roster.explaining.standing import Standing
from staffing.roster.explaining.tables import Tables
from staffing.roster.gap import CLOSE, relative_gap
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.replanning.applying import apply_events
from staffing.roster.replanning.changes import Change, list_changes
from staffing.roster.replanning.events import Event
from staffing.roster.replanning.mending import mend
from staffing.roster.replanning.notice import keep_notice
from staffing.roster.replanning.undoing import undo
from staffing.roster.result import Assignment, Roster
from staffing.roster.shapes import template_of
from staffing.roster.shifts import Template
from staffing.roster.solving import solve
from staffing.roster.valuing import value
from staffing.roster.verifying import verify


class Replanned(Policy):
    """The instance as it is now, its new roster, and what that changes for whom."""

    instance: Instance
    roster: Roster
    changes: tuple[Change, ...]


def replan(
    instance: Instance,
    roster: Roster,
    events: Sequence[Event],
    *,
    time_limit_s: float,
    seed: int = 0,
    workers: int | None = None,
    today: date | None = None,
    agreed: Collection[str] = (),
) -> Replanned:
    """A roster for what the week has become, near the one that people know.

    To differ from it costs `price_change` per person and day, on the days of the events
    `price_change_affected`, so that others change only where that pays. With `today` the
    roster counts as made known: rest days and hours are kept as the notice asks, save for
    the codes `agreed`. No events, no changes. A roster that is infeasible names its
    conflicts and has no changes.

    Raises:
        InputError: an event or code is about somebody or a day that is not of the
            instance, or contradicts it.
    """
    if not events:
        return Replanned(instance=instance, roster=roster, changes=())
    now = apply_events(instance, roster.assignments, events)
    if today is not None:
        now = keep_notice(now, today, agreed, events)
    start = _with_figures(now, mend(now, kept(now, roster.assignments)), roster)
    found = solve(
        now, time_limit_s=time_limit_s, seed=seed, workers=workers, start=start
    )
    if found.status == "infeasible":
        return Replanned(instance=now, roster=found, changes=())
    best = _better(now, start, found)
    shifts = undo(now, best.assignments)
    changes = list_changes(
        now,
        roster.assignments,
        shifts,
        today=today,
        agreed=agreed,
        events=events,
    )
    return Replanned(instance=now, roster=_told(now, shifts, found), changes=changes)


def kept(
    instance: Instance, assignments: tuple[Assignment, ...]
) -> tuple[Assignment, ...]:
    """The shifts that people know, as far as they still can be worked.

    Who cannot has the day free, or the shift that is settled now.
    """
    left = [a for a in assignments if _still_fits(instance, a)]
    tables = Tables(Standing(instance, left))
    days = {(shift.person, shift.day) for shift in left}
    more: dict[tuple[str, date], Assignment | None] = {}
    for person in instance.people:
        for lock in person.locks:
            if lock.shift is not None and (person.code, lock.day) not in days:
                place = lock.location or person.location
                planner = tables.planner(person, lock.day, place)
                more[person.code, lock.day] = planner.shift(lock.shift)
    return Alternative(more).assignments(left)


def _still_fits(instance: Instance, shift: Assignment) -> bool:
    person = instance.person[shift.person]
    shape, lock = template_of(instance, shift), person.lock_on(shift.day)
    if lock is not None and not _is_locked_shift(person, lock.shift, shape):
        return False
    hours = (
        shape.hours <= person.most_on(shift.day) if shift.day in person.days else False
    )
    return hours and person.is_there(shift.day, shape)


def _is_locked_shift(person: Person, locked: Template | None, shape: Template) -> bool:
    return locked is not None and (locked.start, locked.end) == (shape.start, shape.end)


def _with_figures(
    instance: Instance, shifts: tuple[Assignment, ...], roster: Roster
) -> Roster:
    return as_roster(instance, shifts).model_copy(
        update={
            "instance": instance.hash,
            "objective": value(instance, shifts),
            "seed": roster.seed,
        }
    )


def _better(instance: Instance, start: Roster, found: Roster) -> Roster:
    """What was found, unless the start is lawful and costs less."""
    if start.objective.total >= found.objective.total - CLOSE:
        return found
    lawful = not any(broken.hard for broken in verify(instance, start))
    return start if lawful else found


def _told(instance: Instance, shifts: tuple[Assignment, ...], found: Roster) -> Roster:
    """The roster of these shifts, with the bound that was found."""
    objective = value(instance, shifts)
    gap = relative_gap(objective, found.bound, found.unavoidable)
    is_best = gap is not None and gap <= CLOSE
    return found.model_copy(
        update={
            "assignments": shifts,
            "objective": objective,
            "gap": gap,
            "status": "optimal" if is_best else "feasible",
            "shortfalls": find_shortfalls(instance, shifts),
        }
    )
