"""What happened, as a planner writes it: `M012:2027-01-12..2027-01-13`."""

import re
from datetime import date

from pydantic import ValidationError

from forecasting.errors import InputError
from staffing.roster.instance import Instance
from staffing.roster.replanning.events import Absent, Available, Settle
from staffing.roster.shifts import Template
from staffing.roster.templates import break_needed

DAY = r"(\d{4}-\d{2}-\d{2})"
HOURS = r"(\d{1,2}:\d{2})-(\d{1,2}:\d{2})"
ABSENT = re.compile(rf"([^:]+):{DAY}(?:\.\.{DAY})?(?::{HOURS})?")
FREE = re.compile(rf"([^:]+):{DAY}")
AVAILABLE = re.compile(rf"([^:]+):{DAY}(?::{HOURS})?(?::\+(\d+(?:\.\d+)?))?")
GIVEN = re.compile(rf"([^:]+):{DAY}:{HOURS}(?:@(.+))?")
CALLS = re.compile(rf"([^/]+)/([^/]+)/{DAY}:([+-]\d+(?:\.\d+)?)")


def read_absence(text: str) -> Absent:
    """An absence: `CODE:DAY`, `CODE:FROM..TO`, and `:08:30-12:00` for a part of a day.

    Raises:
        InputError: the text is none.
    """
    code, first, last, start, end = _parts(ABSENT, text, "CODE:FROM..TO[:08:30-12:00]")
    begin, until = _day(first), _day(last or first)
    minutes = (_minute(start), _minute(end)) if start else (0, 1440)
    try:
        return Absent(
            person=code, first=begin, last=until, start=minutes[0], end=minutes[1]
        )
    except ValidationError:
        raise InputError(
            f"expected an absence that ends after it begins, came {text}"
        ) from None


def read_free(text: str) -> Settle:
    """A day off that is settled: `CODE:DAY`.

    Raises:
        InputError: the text is none.
    """
    code, day = _parts(FREE, text, "CODE:DAY")
    return Settle(person=code, day=_day(day))


def read_available(text: str) -> Available:
    """Somebody can work: `CODE:DAY`, `:08:30-12:00` of it, `:+4` contract hours more.

    Raises:
        InputError: the text is none.
    """
    code, day, start, end, hours = _parts(
        AVAILABLE, text, "CODE:DAY[:08:30-12:00][:+HOURS]"
    )
    minutes = (_minute(start), _minute(end)) if start else (0, 1440)
    try:
        return Available(
            person=code,
            day=_day(day),
            start=minutes[0],
            end=minutes[1],
            hours=float(hours or 0),
        )
    except ValidationError:
        raise InputError(f"expected hours of one day, came {text}") from None


def read_given(instance: Instance, text: str) -> Settle:
    """A shift that is settled: `CODE:DAY:08:30-17:00`, `@LOCATION` if not at home.

    Its break is that of the middle one of the shifts of these hours that are known.

    Raises:
        InputError: the text is none, or the shift ends before it begins.
    """
    code, day, start, end, place = _parts(
        GIVEN, text, "CODE:DAY:08:30-17:00[@LOCATION]"
    )
    first, last = _minute(start), _minute(end)
    if last <= first:
        raise InputError(f"expected a shift that ends after it begins, came {text}")
    shift = shift_of(instance, first, last)
    return Settle(person=code, day=_day(day), shift=shift, location=place or "")


def shift_of(instance: Instance, first: int, last: int) -> Template:
    """A shift from one minute after midnight to another, with the break it needs."""
    known = [t for t in instance.templates if (t.start, t.end) == (first, last)]
    if known:
        known.sort(key=lambda template: template.break_start or 0)
        return known[len(known) // 2]
    policy, rules = instance.policy, instance.rules
    pause = break_needed(policy, rules, last - first)
    if break_needed(policy, rules, last - first - pause) == 0:
        return Template(start=first, end=last)
    begin = (first + last - pause) // 2 // 15 * 15
    return Template(start=first, end=last, break_start=begin, break_end=begin + pause)


def read_calls(text: str) -> tuple[str, str, date, float]:
    """Contacts more or fewer, `LOCATION/SKILL/DAY:+80`: place, skill, day and number.

    Raises:
        InputError: the text is none.
    """
    place, skill, day, number = _parts(CALLS, text, "LOCATION/SKILL/DAY:+80")
    return place, skill, _day(day), float(number)


def _parts(pattern: re.Pattern[str], text: str, expected: str) -> tuple[str, ...]:
    found = pattern.fullmatch(text.strip())
    if found is None:
        raise InputError(f"expected {expected}, came '{text}'")
    return tuple(part or "" for part in found.groups())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"expected a day such as 2027-01-12, came '{text}'") from None


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    if int(minute) > 59 or int(hour) > 24 or (int(hour) == 24 and int(minute)):
        raise InputError(f"expected a time such as 08:30, came '{text}'")
    return 60 * int(hour) + int(minute)
