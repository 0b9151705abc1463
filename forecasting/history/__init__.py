"""Contacts become demand: counts per series and open day, week, month or quarter-hour."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.history.contacts import imported_contacts
    from forecasting.history.days import daily_demand
    from forecasting.history.opening import open_days
    from forecasting.history.slots import slot_demand

__all__ = ["daily_demand", "imported_contacts", "open_days", "slot_demand"]

__getattr__ = lazily(
    __name__,
    {
        "daily_demand": "days",
        "imported_contacts": "contacts",
        "open_days": "opening",
        "slot_demand": "slots",
    },
)
