"""The notice of a roster: what is told too late, and whose agreement that takes.

Source (Arbeidstijdenwet 4:2): a roster is known 28 days ahead, unless agreed otherwise;
then the rest days are known 28 days ahead and the hours 4 days ahead. Here:

- a first publication less than 28 days before the week begins takes that it was agreed
  otherwise; of days less than 4 days ahead, the agreement of each who works them;
- of a later version each day that differs from what is published counts by itself: a rest
  day that becomes a working day less than 28 days ahead, and hours that change or fall
  away less than 4 days ahead, take the agreement of that person; hours that change less
  than 28 days ahead take that it was agreed otherwise, or the person's agreement.

Days are counted from the local day of publication; exactly 28 or 4 days is in time.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from forecasting.calendar import week_name
from forecasting.errors import InputError
from staffing.roster.result import Assignment, Roster
from staffing.rules import LabourRules

LINES_SHOWN = 5
"""Changes named in an error; the rest is counted."""

Days = dict[tuple[str, date], list[Assignment]]


@dataclass(frozen=True)
class LateChange:
    """A day of a person that is told, or changed, at shorter notice than the roster's.

    `ahead` is the number of days from publication to that day. `own` tells that it takes
    the agreement of the person; otherwise that the notice was agreed otherwise will do.
    """

    person: str
    day: date
    what: Literal["rest day", "hours", "first told"]
    ahead: int
    own: bool

    def __str__(self) -> str:
        """Such as `M001 2027-01-11 (hours, 3 days ahead)`."""
        return f"{self.person} {self.day} ({self.what}, {self.ahead} days ahead)"


def late_changes(
    rules: LabourRules, before: Roster | None, after: Roster, today: date
) -> list[LateChange]:
    """What `after` tells late, compared with the published roster of that week."""
    told = _told_first(rules, after, today) if before is None else ()
    changed = () if before is None else _changed(rules, before, after, today)
    return sorted([*told, *changed], key=lambda late: (late.day, late.person))


def _told_first(
    rules: LabourRules, roster: Roster, today: date
) -> Iterator[LateChange]:
    if (roster.week - today).days >= rules.notice_days:
        return
    for person, day in _by_day(roster):
        ahead = (day - today).days
        own = ahead < rules.notice_hours_days
        yield LateChange(person, day, "first told", ahead, own)


def _changed(
    rules: LabourRules, before: Roster, after: Roster, today: date
) -> Iterator[LateChange]:
    was, becomes = _by_day(before), _by_day(after)
    for person, day in was.keys() | becomes.keys():
        ahead = (day - today).days
        if ahead >= rules.notice_days:
            continue
        if (person, day) not in was:
            yield LateChange(person, day, "rest day", ahead, own=True)
        elif _hours(was[person, day]) != _hours(becomes.get((person, day), [])):
            own = ahead < rules.notice_hours_days
            yield LateChange(person, day, "hours", ahead, own)


def _by_day(roster: Roster) -> Days:
    found: Days = {}
    for shift in roster.assignments:
        found.setdefault((shift.person, shift.day), []).append(shift)
    return found


def _hours(shifts: Sequence[Assignment]) -> set[object]:
    return {(shift.shift.start, shift.shift.end) for shift in shifts}


def refuse_late(
    rules: LabourRules,
    week: date,
    today: date,
    late: Sequence[LateChange],
    *,
    agreed: bool,
    people: Collection[str],
) -> None:
    """Raise where something is told late that nobody agreed to.

    Raises:
        InputError: what the law asks, what came, and whose agreement is missing.
    """
    open_ones = [change for change in late if change.person not in people]
    if not agreed and any(not change.own for change in open_ones):
        raise _not_agreed(rules, week, today, open_ones)
    own = [change for change in open_ones if change.own]
    if own:
        raise _not_theirs(rules, own)


def _not_agreed(
    rules: LabourRules, week: date, today: date, late: Sequence[LateChange]
) -> InputError:
    told = "" if late[0].what == "first told" else f"; changed: {_listed(late)}"
    return InputError(
        f"the roster of {week_name(week)} would be told {(week - today).days} days "
        f"ahead, expected at least {rules.notice_days} "
        f"({rules.source.get('notice_days', 'labour.toml')}){told}",
        remedy="Where it was agreed otherwise, so that rest days were known "
        f"{rules.notice_days} days ahead and hours are {rules.notice_hours_days}, "
        "publish with --agreed otherwise.",
    )


def _not_theirs(rules: LabourRules, own: Sequence[LateChange]) -> InputError:
    codes = sorted({change.person for change in own})
    shown = ",".join(codes[:LINES_SHOWN]) + ("..." if codes[LINES_SHOWN:] else "")
    return InputError(
        f"{len(own)} days of {len(codes)} people are told later than rest days "
        f"{rules.notice_days} and hours {rules.notice_hours_days} days ahead "
        f"({rules.source.get('notice_hours_days', 'labour.toml')}): {_listed(own)}",
        remedy=f"Who agreed to it, name with --agreed {shown}; or change the roster.",
    )


def _listed(late: Sequence[LateChange]) -> str:
    shown = "; ".join(str(change) for change in late[:LINES_SHOWN])
    more = len(late) - LINES_SHOWN
    return f"{shown}; and {more} more" if more > 0 else shown
