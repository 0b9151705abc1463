"""A small town hall, its catalogue, and contacts made for tests of history."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import polars as pl

from forecasting.calendar import Calendar, Hours, Period
from forecasting.catalogue import Catalogue, Service, Step
from forecasting.counting import Counts
from forecasting.tables import Contacts
from tests.forecasting.counted import counts_of

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = (time(9), time(17))
CALENDAR = Calendar(
    closed_holidays=("King's Day",),
    closures=(
        Period(
            name="x", first=date(2026, 1, 14), last=date(2026, 1, 14), source="test"
        ),
    ),
    hours=(
        Hours(
            location="hall",
            skills=("counter", "back_office"),
            mon=DAY,
            tue=DAY,
            wed=DAY,
            thu=DAY,
            fri=DAY,
        ),
        Hours(location="night", skills=("counter",), sun=(time(0), time(6))),
    ),
)
CATALOGUE = Catalogue(
    service=(
        Service(
            id="general",
            name_nl="Algemeen",
            name_en="General",
            step=(
                Step(
                    id="visit",
                    skill="counter",
                    channels=("walk_in", "appointment"),
                    handling_s=600,
                    source="test",
                ),
                Step(
                    id="message",
                    skill="back_office",
                    channels=("callback",),
                    handling_s=600,
                    deferrable_days=2,
                    source="test",
                ),
            ),
        ),
    )
)
MONDAY = date(2026, 1, 5)


def at(day: date, clock: str = "10:00") -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def contacts(*rows: dict[str, object]) -> pl.LazyFrame:
    whole: dict[str, object] = {
        "source": "s",
        "requested": None,
        "period_s": 0,
        "location": "hall",
        "service": "general",
        "step": "visit",
        "channel": "walk_in",
        "count": 1.0,
        "abandoned": 0.0,
        "no_show": 0.0,
        "in_time": None,
        "handling_s": None,
        "wait_s": None,
    }
    full = []
    for number, row in enumerate(rows):
        moments = {
            name: value.astimezone(UTC)
            for name, value in row.items()
            if isinstance(value, datetime)
        }
        full.append(whole | {"row_id": number} | row | moments)
    schema = Contacts.create_empty().schema
    frame = pl.DataFrame(full, schema=schema, orient="row")
    return Contacts.validate(frame).lazy()


def counts(*rows: dict[str, object]) -> Counts:
    return counts_of(contacts(*rows), CALENDAR.zone)
