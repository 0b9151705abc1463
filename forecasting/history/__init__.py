"""Contacts become demand: counts per series and open day, week, month or quarter-hour."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.history.censored import unmet_demand
    from forecasting.history.contacts import imported_counts
    from forecasting.history.days import daily_demand, read_history
    from forecasting.history.opening import open_days
    from forecasting.history.slots import slot_demand

__all__ = [
    "daily_demand",
    "imported_counts",
    "open_days",
    "read_history",
    "slot_demand",
    "unmet_demand",
]

__getattr__ = lazily(
    __name__,
    {
        "daily_demand": "days",
        "imported_counts": "contacts",
        "open_days": "opening",
        "read_history": "days",
        "slot_demand": "slots",
        "unmet_demand": "censored",
    },
)
