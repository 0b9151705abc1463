"""Each promise as it stands in the settings, with the days that imports tell of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import polars as pl

from forecasting.runs import Figures
from staffing.pipeline.promise_inputs import BACK_OFFICE, PromiseInputs
from staffing.promises.answering import calls_by_day, judged_calls, note_of
from staffing.promises.booking import (
    first_free_by_day,
    missed_by_day,
    planned,
    telling,
)
from staffing.promises.calling_back import callbacks_by_day, requests
from staffing.promises.open_days import OpenDays
from staffing.promises.waiting import known_waits, waits_by_day
from staffing.promises.weeks import Aim
from staffing.standards import Standard

SIX_DAYS = timedelta(days=6)


@dataclass(frozen=True)
class Measured:
    """What a promise asks, the days known of it, and until when each location tells.

    `due` is the day on which what was asked on a day has to be done, where that is later:
    it must be over before the day can be judged.
    """

    aim: Aim
    days: pl.DataFrame
    opened: OpenDays
    until: Mapping[str, datetime]
    settings: Figures
    due: Mapping[tuple[str, date], date] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    def is_whole(self, location: str, week: date) -> bool:
        """Whether all of a week is known, and may be judged."""
        until = self.until.get(location)
        if until is None:
            return False
        if self.due is None:
            return self.opened.is_told(location, week, until)
        last = self.due.get((location, week + SIX_DAYS))
        ends = until.astimezone(self.opened.calendar.tz).date()
        return last is not None and last < ends

    def open_days(self, location: str, week: date) -> int:
        """How many days of a week the location was open."""
        return len(self.opened.between(location, week, week + SIX_DAYS))


def answered(given: PromiseInputs) -> Measured | None:
    """Calls answered within the threshold of a skill."""
    standard = given.standards.skill.get(given.policy.answered)
    if standard is None:
        return None
    calls = judged_calls(given.slots)
    told_s = given.thresholds(calls)
    notes = {place: note_of(standard, told) for place, told in told_s.items()}
    seconds = sorted({s for told in told_s.values() for s in told if s is not None})
    return Measured(
        Aim("answered", standard.target),
        calls_by_day(calls, given.calendar.zone, standard),
        OpenDays(given.calendar, given.policy.answered),
        given.until(calls),
        {**_of_standard(standard), "told_s": seconds},
        notes={place: note for place, note in notes.items() if note is not None},
    )


def called_back(given: PromiseInputs) -> Measured:
    """Requests to be called back that were, within working days."""
    promise, rows = given.policy.callback, requests(given.callbacks)
    opened = OpenDays(given.calendar, BACK_OFFICE)
    until = given.until(rows)
    newest = given.last + SIX_DAYS
    due = opened.due(list(until), given.since, newest, promise.within_days)
    by_day = due.drop_nulls("due").select("location", "day", "due").iter_rows()
    return Measured(
        Aim("callback", promise.target),
        callbacks_by_day(rows, given.calendar.zone, due, given.ends),
        opened,
        until,
        _in_days(promise.target, promise.within_days, promise.source),
        due={(location, day): last for location, day, last in by_day},
    )


def waited(given: PromiseInputs) -> Measured | None:
    """Visitors who were called within the threshold of a skill."""
    standard = given.standards.skill.get(given.policy.counter)
    if standard is None:
        return None
    rows = known_waits(given.contacts)
    return Measured(
        Aim("counter", standard.target),
        waits_by_day(rows, given.calendar.zone, standard),
        OpenDays(given.calendar, given.policy.counter),
        given.until(rows),
        {**_of_standard(standard), "channels": _channels(rows)},
    )


def first_free(given: PromiseInputs) -> Measured:
    """Askers for whom an appointment was near enough."""
    agenda = given.agenda
    rows = planned(given.bookings).filter(pl.col("requested") >= given.since)
    opened, until = OpenDays(given.calendar, given.policy.counter), given.until(rows)
    newest = rows.select(pl.col("visit").max()).collect().item() or given.last
    numbers = opened.numbered(list(until), given.since, newest)
    days = first_free_by_day(
        rows, numbers, within=agenda.promised_days, least=given.policy.least_asked
    )
    return Measured(
        Aim("first_free", agenda.share),
        days,
        opened,
        until,
        _in_days(agenda.share, agenda.within_days, agenda.promise_source),
    )


def not_come(given: PromiseInputs) -> Measured:
    """Planned visits that nobody came for."""
    promise, rows = given.policy.no_show, telling(given.bookings)
    return Measured(
        Aim("no_show", promise.at_most, at_most=True),
        missed_by_day(rows, given.ends),
        OpenDays(given.calendar, given.policy.counter),
        given.until(rows),
        {"target": promise.at_most, "at_most": True, "source": promise.source},
    )


MEASURES: tuple[Callable[[PromiseInputs], Measured | None], ...] = (
    answered,
    called_back,
    waited,
    first_free,
    not_come,
)


def _of_standard(standard: Standard) -> dict[str, object]:
    return {
        "target": standard.target,
        "within": standard.threshold_s,
        "unit": "seconds",
        "abandoned": standard.abandoned,
        "source": standard.source,
    }


def _in_days(target: float, within: int, source: str) -> dict[str, object]:
    unit = {"unit": "working_days", "source": source}
    return {"target": target, "within": within, **unit}


def _channels(rows: pl.LazyFrame) -> list[str]:
    found = rows.select(pl.col("channel").unique().sort()).collect()
    return [str(name) for name in found["channel"]]
