"""Contacts become demand: counts per series and open day, week, month or quarter-hour."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.history.ahead import booked_ahead, no_shows, planned_visits
    from forecasting.history.censored import unmet_demand
    from forecasting.history.contacts import imported_counts
    from forecasting.history.days import daily_demand, read_history
    from forecasting.history.handling import handling_times
    from forecasting.history.opening import open_days
    from forecasting.history.slots import slot_demand

__all__ = [
    "booked_ahead",
    "daily_demand",
    "handling_times",
    "imported_counts",
    "no_shows",
    "open_days",
    "planned_visits",
    "read_history",
    "slot_demand",
    "unmet_demand",
]

__getattr__ = lazily(
    __name__,
    {
        "booked_ahead": "ahead",
        "daily_demand": "days",
        "handling_times": "handling",
        "imported_counts": "contacts",
        "no_shows": "ahead",
        "open_days": "opening",
        "planned_visits": "ahead",
        "read_history": "days",
        "slot_demand": "slots",
        "unmet_demand": "censored",
    },
)
