"""An edit before it is planned: what it breaks, costs, and tells people too late."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from forecasting.workspace import Workspace
from staffing.pipeline.replanning import Happened, events_of
from staffing.publish.notice import LateChange, late_changes
from staffing.publish.versions import choose_version, read_version
from staffing.roster.explaining.alternatives import Alternative, PersonDay
from staffing.roster.explaining.differing import differences
from staffing.roster.explaining.lawfulness import Lawfulness
from staffing.roster.explaining.standing import Standing
from staffing.roster.replanning.applying import apply_events
from staffing.roster.replanning.editing import check_edit
from staffing.roster.replanning.edits import Edit, GiveShift, RemoveShift
from staffing.roster.replanning.events import Absent, Event, Settle
from staffing.roster.result import Assignment, Roster
from staffing.roster.violation import Violation


@dataclass(frozen=True)
class Tried:
    """What an edit alone would bring about, all else as it is.

    `violations` are the hard rules it newly breaks, which replanning has to mend around
    it. `euros` is what the roster would cost more a week (below 0: less); None where
    something happened that nobody chose. `late` are days that people are told too late.
    """

    violations: tuple[Violation, ...]
    euros: float | None
    late: tuple[LateChange, ...]


def try_edit(
    workspace: Workspace, *, week: date, happened: Happened, today: date
) -> Tried:
    """Try what a planner enters on the roster that replanning starts from.

    Notice counts from `today` where that roster is published: before, nobody was told.

    Raises:
        MissingStepError: no roster of that week was stored.
        InputError: it cannot be read, or is about nobody, no place or no day of the week.
    """
    version = choose_version(workspace, week)
    instance, before = read_version(workspace, version)
    events = events_of(workspace, version, instance, happened)
    there = apply_events(instance, before.assignments, events)
    after = before
    for edit in _edits(before, events):
        after = check_edit(there, after, edit).roster
    standing = Standing(there, before.assignments)
    instead = Alternative(_days(after, events))
    chosen = bool(events) and all(isinstance(event, Settle) for event in events)
    late = late_changes(instance.rules, before, after, today)
    return Tried(
        tuple(_broken(standing, instead)),
        sum(differences(standing, instead).values()) if chosen else None,
        tuple(late) if version.is_published else (),
    )


def _broken(standing: Standing, instead: Alternative) -> Iterator[Violation]:
    """What the days break together that they did not break before."""
    lawfulness = Lawfulness(standing)
    present = Alternative({key: standing.shift.get(key) for key in instead.days})
    new = Counter(lawfulness.breaches(instead))
    return (new - Counter(lawfulness.breaches(present))).elements()


def _days(
    roster: Roster, events: Iterable[Event]
) -> dict[PersonDay, Assignment | None]:
    """The days that the events are about, as a roster has them."""
    has = {(shift.person, shift.day): shift for shift in roster.assignments}
    keys = [(c, day) for event in events for c in event.people for day in event.days]
    return {key: has.get(key) for key in keys}


def _edits(roster: Roster, events: Iterable[Event]) -> Iterator[Edit]:
    """The events as edits of days: a shift given, or taken where there is one."""
    worked = {(shift.person, shift.day) for shift in roster.assignments}
    for event in events:
        if isinstance(event, Settle) and event.shift is not None:
            yield GiveShift(
                person=event.person,
                day=event.day,
                shift=event.shift,
                location=event.location,
            )
        elif isinstance(event, Settle | Absent):
            for day in event.days:
                if (event.person, day) in worked:
                    yield RemoveShift(person=event.person, day=day)
