"""Contacts, counts and bookings as imports leave them, for the service promises."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from forecasting.counting import count_bookings, count_slots
from forecasting.tables import BookedDays, Contacts, SlotContacts

ZONE = "Europe/Amsterdam"
TOWN = ZoneInfo(ZONE)
MONDAY = date(2026, 3, 23)
"""The clocks go forward on the Sunday of this week; Easter Monday is 6 April."""


def moment(day: date, clock: str) -> datetime:
    """A time on the town's clock, as it is stored."""
    at = datetime.combine(day, time.fromisoformat(clock), TOWN)
    return at.astimezone(UTC)


def contacts(*rows: dict[str, object]) -> pl.DataFrame:
    """`Contacts`: those of a passport call at the town hall, but what rows say."""
    usual = {
        "source": "telephony", "requested": None, "period_s": 0, "location": "stadhuis",
        "service": "general", "step": "question", "channel": "phone", "count": 1.0,
        "abandoned": 0.0, "no_show": 0.0, "in_time": None, "handling_s": None,
        "wait_s": None,
    }  # fmt: skip
    full = [{"row_id": i, **usual, **row} for i, row in enumerate(rows)]
    schema = Contacts.create_empty().schema
    return Contacts.validate(pl.DataFrame(full, schema=schema))


def slots(frame: pl.DataFrame) -> pl.DataFrame:
    return SlotContacts.validate(count_slots(frame.lazy()).collect())


def bookings(frame: pl.DataFrame) -> pl.DataFrame:
    return BookedDays.validate(count_bookings(frame.lazy(), ZONE).collect())


def call(
    day: date, clock: str, count: float, in_time: float | None, gone: float = 0, **more
):
    return {
        "start": moment(day, clock), "period_s": 900, "count": count,
        "in_time": in_time, "abandoned": gone, **more,
    }  # fmt: skip


def visit(day: date, clock: str, wait_s: float | None, **more):
    return {
        "source": "qmatic", "start": moment(day, clock), "channel": "walk_in",
        "service": "passport", "step": "collection", "wait_s": wait_s, **more,
    }  # fmt: skip


def callback(asked: datetime, done: datetime | None, **more):
    wait = None if done is None else (done - asked).total_seconds()
    return {
        "source": "open_klant_tasks", "start": asked, "channel": "callback",
        "step": "message", "wait_s": wait, **more,
    }  # fmt: skip


def booking(asked: date, came: date, count: float = 1.0, missed: float = 0.0, **more):
    return {
        "source": "jcc", "start": moment(came, "10:00"),
        "requested": moment(asked, "09:00"), "channel": "appointment",
        "service": "passport", "step": "application", "count": count,
        "no_show": missed, **more,
    }  # fmt: skip


def days(first: date, number: int) -> list[date]:
    return [first + timedelta(days=i) for i in range(number)]
