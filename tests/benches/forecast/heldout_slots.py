"""Calls of a bank per five minutes that no setting was chosen on."""

import polars as pl

from tests.benches.forecast.heldout_real import bank_calls
from tests.benches.forecast.intraday import Slots, measured

DAYS_BACK = (28, 56, 84)
HORIZON = 28
LAST_HOUR = 21
"""The last quarter of a day was seen in part."""


def measure_slots() -> dict[str, object]:
    """Our quarter-hour forecast beside plain profiles and last week."""
    calls = bank_calls()
    whole = calls.filter(pl.col("start").dt.hour() < LAST_HOUR)
    quarters = whole.group_by_dynamic("start", every="15m", group_by="series").agg(
        pl.col("count").sum()
    )
    sets = {"calls per 5 minutes": calls, "calls per 15 minutes": quarters}
    return {
        name: measured(Slots(name, rows, "US", DAYS_BACK, HORIZON))
        for name, rows in sets.items()
    }
