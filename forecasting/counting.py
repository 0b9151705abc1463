"""Rows of contacts become counts per quarter-hour, and per day of asking and of visit."""

from dataclasses import dataclass

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


def counts_of(contacts: pl.LazyFrame, zone: str) -> Counts:
    """What rows typed `Contacts` add up to, with days in `zone`."""
    return Counts(count_slots(contacts), count_bookings(contacts, zone))


def count_slots(contacts: pl.LazyFrame) -> pl.LazyFrame:
    """Sum `Contacts` per source, quarter-hour, period and series, as `SlotContacts`."""
    served = pl.col("count") - pl.col("abandoned") - pl.col("no_show")
    timed = _where_known("handling_s", served)
    waited = _where_known("wait_s", pl.col("count"))
    start = pl.col("start").dt.truncate("15m")
    sums = contacts.group_by("source", start, "period_s", *PLACE).agg(
        pl.col("count", "abandoned", "no_show", "in_time").sum(),
        _where_known("in_time", pl.col("count")).sum().alias("judged"),
        timed.sum().alias("timed"),
        (timed * pl.col("handling_s")).sum().alias("work_s"),
        waited.sum().alias("waited"),
        (waited * pl.col("wait_s")).sum().alias("wait_s"),
        pl.col("requested").max(),
    )
    return SlotContacts.cast(sums.select(SlotContacts.column_names()))


def _where_known(column: str, value: pl.Expr) -> pl.Expr:
    return pl.when(pl.col(column).is_not_null()).then(value).otherwise(0.0)


def count_bookings(contacts: pl.LazyFrame, zone: str) -> pl.LazyFrame:
    """Sum booked `Contacts` per day of asking and of visit in `zone`, as `BookedDays`."""
    booked = contacts.filter(pl.col("requested").is_not_null())
    asked = pl.col("requested").dt.convert_time_zone(zone).dt.date()
    visit = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("visit")
    sums = booked.group_by("source", asked, visit, *PLACE).agg(
        pl.col("count", "no_show").sum()
    )
    return BookedDays.cast(sums.select(BookedDays.column_names()))
