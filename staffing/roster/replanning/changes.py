"""What changes for whom between two rosters, in words of a planner."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from forecasting.policy import Policy
from staffing.roster.explaining.wording import Words, between, weekday
from staffing.roster.instance import Instance
from staffing.roster.replanning.events import Absent, Event
from staffing.roster.replanning.notice import needs_consent
from staffing.roster.result import Assignment

FREE: Words = ("free", "vrij")
ABSENT: Words = ("absent", "afwezig")


class Change(Policy):
    """A day of a person that differs in begin, end or location.

    `within_notice`: it is told later than the law lets an employer tell it, so that it
    takes the person's consent; `agreed` whether that was given.
    """

    person: str
    day: date
    before: str
    after: str
    within_notice: bool
    agreed: bool
    text: str
    text_nl: str


def list_changes(
    instance: Instance,
    before: Iterable[Assignment],
    after: Iterable[Assignment],
    *,
    today: date | None = None,
    agreed: Collection[str] = (),
    events: Sequence[Event] = (),
) -> tuple[Change, ...]:
    """The changes by person and day.

    Without `today` no roster was made known, and nothing takes consent. What a person's
    own event brings about takes none either.
    """
    was = {(a.person, a.day): a for a in before}
    now = {(a.person, a.day): a for a in after}
    changed = sorted(
        key
        for key in was.keys() | now.keys()
        if _known(was.get(key)) != _known(now.get(key))
    )
    own = {(c, d) for event in events for c in event.people for d in event.days}
    gone = {
        (event.person, day)
        for event in events
        if isinstance(event, Absent) and event.whole_days
        for day in event.days
    }
    return tuple(
        _change(
            instance,
            key,
            was.get(key),
            now.get(key),
            today=None if key in own else today,
            agreed=key[0] in agreed,
            gone=key in gone,
        )
        for key in changed
    )


def _known(shift: Assignment | None) -> tuple[object, ...]:
    """What people know of a day."""
    return (shift.shift.start, shift.shift.end, shift.location) if shift else ()


def _change(
    instance: Instance,
    key: tuple[str, date],
    was: Assignment | None,
    now: Assignment | None,
    *,
    today: date | None,
    agreed: bool,
    gone: bool,
) -> Change:
    code, day = key
    within = today is not None and needs_consent(
        instance.rules,
        (day - today).days,
        worked=was is not None,
        works=now is not None,
        hours=_known(was)[:2] != _known(now)[:2],
    )
    moved = bool(was and now and was.location != now.location)
    before, after = _told(instance, was, moved), _told(instance, now, moved)
    if gone and now is None:
        after = ABSENT
    notes = _notes(within, agreed)
    name, naam = weekday(day)
    return Change(
        person=code,
        day=day,
        before=before[0],
        after=after[0],
        within_notice=within,
        agreed=within and agreed,
        text=f"{code} {name} {day:%d-%m-%Y}: {before[0]} -> {after[0]}{notes[0]}",
        text_nl=f"{code} {naam} {day:%d-%m-%Y}: {before[1]} -> {after[1]}{notes[1]}",
    )


def _notes(within: bool, agreed: bool) -> Words:
    if not within:
        return "", ""
    if agreed:
        return " (within notice, agreed)", " (binnen de termijn, akkoord)"
    return " (within notice: needs consent)", " (binnen de termijn: akkoord nodig)"


def _told(instance: Instance, shift: Assignment | None, moved: bool) -> Words:
    """Hours of a shift, with its location where that changes."""
    if shift is None:
        return FREE
    hours = between(instance.clock, shift.shift.start, shift.shift.end)
    text = f"{hours} {shift.location}" if moved else hours
    return text, text
