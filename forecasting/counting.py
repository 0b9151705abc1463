"""Rows of contacts become counts per quarter-hour, and per day of asking and of visit."""

from dataclasses import dataclass

import dataframely as dy
import polars as pl

from forecasting.tables import BookedDays, SlotContacts

PLACE = ("location", "service", "step", "channel")


@dataclass(frozen=True)
class Counts:
    """What history is made of: `slots` typed `SlotContacts`, `bookings` `BookedDays`.

    The same key may stand in several rows, one for each import: they are summed.
    """

    slots: pl.LazyFrame
    bookings: pl.LazyFrame

    def in_memory(self) -> "Counts":
        """The same counts, read once; what is asked of them later reads no file."""
        slots, bookings = (
            frame.collect(engine="streaming").lazy()
            for frame in (self.slots, self.bookings)
        )
        return Counts(slots, bookings)


def count_slots(contacts: pl.LazyFrame, *apart: str) -> pl.LazyFrame:
    """Sum `Contacts` per source, quarter-hour, period and series, as `SlotContacts`.

    Rows that differ in the columns named `apart` are counted apart, and keep those.
    """
    keys = ("source", "start", "period_s", *PLACE, *apart)
    each = as_slots(contacts, *apart)
    rest = pl.exclude(*keys, "requested").sum()
    sums = each.group_by(keys).agg(rest, pl.col("requested").max())
    return sums.select(*SlotContacts.column_names(), *apart)


def as_slots(contacts: pl.LazyFrame, *apart: str) -> pl.LazyFrame:
    """Each row of `Contacts` as one of `SlotContacts`: what is counted is not summed.

    Rows of a quarter-hour or more are as few as their sums would be.
    """
    served = pl.col("count") - pl.col("abandoned") - pl.col("no_show")
    timed = _where_known("handling_s", served)
    waited = _where_known("wait_s", pl.col("count"))
    rows = contacts.with_columns(
        pl.col("start").dt.truncate("15m"),
        _where_known("in_time", pl.col("count")).alias("judged"),
        pl.col("in_time").fill_null(0.0),
        timed.alias("timed"),
        (timed * pl.col("handling_s")).fill_null(0.0).alias("work_s"),
        waited.alias("waited"),
        (waited * pl.col("wait_s")).fill_null(0.0).alias("wait_s"),
    )
    return rows.select(*_typed(SlotContacts), *apart)


def _where_known(column: str, value: pl.Expr) -> pl.Expr:
    return pl.when(pl.col(column).is_not_null()).then(value).otherwise(0.0)


def count_bookings(contacts: pl.LazyFrame, zone: str, *apart: str) -> pl.LazyFrame:
    """Sum booked `Contacts` per day of asking and of visit in `zone`, as `BookedDays`.

    Rows that differ in the columns named `apart` are counted apart, and keep those.
    """
    booked = contacts.filter(pl.col("requested").is_not_null())
    asked = pl.col("requested").dt.convert_time_zone(zone).dt.date()
    visit = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("visit")
    sums = booked.group_by("source", asked, visit, *PLACE, *apart).agg(
        pl.col("count", "no_show").sum()
    )
    return sums.select(*_typed(BookedDays), *apart)


def _typed(schema: type[dy.Schema]) -> list[pl.Expr]:
    return [pl.col(name).cast(rule.dtype) for name, rule in schema.columns().items()]
