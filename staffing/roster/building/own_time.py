"""Protected time and wishes of people, day by day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time

import polars as pl

from staffing.roster.building.renewing import renewed
from staffing.roster.instance import Instance
from staffing.roster.people import Away, Person, Wish
from staffing.supply.recurring import days_of

Row = Mapping[str, object]


def with_protected_time(instance: Instance, table: pl.DataFrame) -> Instance:
    """The instance with time set apart, from a table `ProtectedTime`.

    Of a location it concerns everybody whose home location that is.
    """
    rows = list(table.iter_rows(named=True))
    people = tuple(
        person.model_copy(update={"set_apart": _apart(person, rows)})
        for person in instance.people
    )
    return renewed(instance, people=people)


def _apart(person: Person, rows: Iterable[Row]) -> tuple[Away, ...]:
    mine = [
        row
        for row in rows
        if person.code == row["code"] or person.location == row["location"]
    ]
    spans = {(day, *_minutes(row)) for row in mine for day in days_of(row, person.days)}
    return tuple(
        Away(day=day, start=start, end=end) for day, start, end in sorted(spans)
    )


def with_wishes(
    instance: Instance, table: pl.DataFrame, factors: Mapping[str, float]
) -> Instance:
    """The instance with wishes, from a table `Wishes`, on the days that people work.

    A wish that is not granted costs `price_wish`, times its weight, times the factor of
    the person (1 where there is none). One of a day stands in for those of its weekday.
    """
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in table.iter_rows(named=True):
        rows[row["code"]].append(row)
    people = tuple(
        person.model_copy(
            update={
                "wishes": tuple(
                    _wish(
                        row,
                        day,
                        instance.policy.price_wish * factors.get(person.code, 1),
                    )
                    for row, day in _wished(rows[person.code], person.days)
                )
            }
        )
        for person in instance.people
    )
    return renewed(instance, people=people)


def _wished(rows: list[Row], days: tuple[date, ...]) -> Iterator[tuple[Row, date]]:
    dated = {row["day"] for row in rows}
    for row in rows:
        for day in days_of(row, days):
            if row["day"] is not None or day not in dated:
                yield row, day


def _wish(row: Row, day: date, price: float) -> Wish:
    start, end = _minutes(row)
    return Wish(
        day=day,
        wants=row["wish"] == "wants",
        start=start,
        end=end,
        weight=round(price * float(str(row["weight"])), 4),
    )


def _minutes(row: Row) -> tuple[int, int]:
    """From and to in minutes after midnight; without times the whole day."""
    first, last = row["from_time"], row["to_time"]
    if not isinstance(first, time) or not isinstance(last, time):
        return 0, 1440
    return 60 * first.hour + first.minute, 60 * last.hour + last.minute
