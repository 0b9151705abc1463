"""What contacts of a test add up to."""

import polars as pl

from forecasting.counting import Counts, count_bookings, count_slots


def counts_of(contacts: pl.LazyFrame, zone: str) -> Counts:
    """What rows typed `Contacts` add up to, with days in `zone`."""
    return Counts(count_slots(contacts), count_bookings(contacts, zone))
