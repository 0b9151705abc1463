"""The notice of changes: what may not change so shortly ahead, told as locks.

Source: Arbeidstijdenwet 4:2. Of a roster that was made known, a rest day does not become
a working day less than `notice_days` ahead, and hours do not change less than
`notice_hours_days` ahead, unless the person agreed. Days past are as they were.
"""

from collections.abc import Collection, Iterable
from datetime import date

from staffing.roster.building.renewing import renewed
from staffing.roster.explaining.candidates import with_fields
from staffing.roster.instance import Instance
from staffing.roster.people import Lock, Person
from staffing.roster.replanning.applying import known_on
from staffing.roster.replanning.events import Event
from staffing.rules import LabourRules


def needs_consent(
    rules: LabourRules, ahead: int, *, worked: bool, works: bool, hours: bool
) -> bool:
    """Whether a change of a day so many days ahead takes the person's agreement.

    `worked` and `works` tell of a shift before and after, `hours` whether its begin or
    end differs. A change of place alone is not of hours.
    """
    if works and not worked:
        return ahead < rules.notice_days
    return hours and ahead < rules.notice_hours_days


def keep_notice(
    instance: Instance,
    today: date,
    agreed: Collection[str],
    events: Iterable[Event],
) -> Instance:
    """The instance with a lock on each day that may not change without agreement.

    Days of people that an event is about are theirs to tell, and stay open.
    """
    told = {
        (code, day) for event in events for code in event.people for day in event.days
    }
    people = tuple(
        _kept(instance, person, today, person.code in agreed, told)
        for person in instance.people
    )
    return renewed(instance, people=people)


def _kept(
    instance: Instance,
    person: Person,
    today: date,
    agreed: bool,
    told: set[tuple[str, date]],
) -> Person:
    locks = [
        lock
        for day in instance.days
        if (person.code, day) not in told and person.lock_on(day) is None
        for lock in _locks(instance, person, day, (day - today).days, agreed)
    ]
    return with_fields(person, locks=(*person.locks, *locks)) if locks else person


def _locks(
    instance: Instance, person: Person, day: date, ahead: int, agreed: bool
) -> Iterable[Lock]:
    rules, known = instance.rules, known_on(instance, person.code, day)
    if agreed and ahead >= 0:
        return
    if known is None:
        if ahead < max(rules.notice_days, rules.notice_hours_days):
            yield Lock(day=day)
    elif ahead < max(rules.notice_hours_days, 0):
        yield Lock(day=day, shift=known.shift, location=known.location)
