"""Contacts become demand: counts per series and open day, week, month or quarter-hour."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecasting.history.contacts import imported_contacts
    from forecasting.history.days import daily_demand
    from forecasting.history.opening import open_days
    from forecasting.history.slots import slot_demand

__all__ = ["daily_demand", "imported_contacts", "open_days", "slot_demand"]

_WHERE = {
    "daily_demand": "days",
    "imported_contacts": "contacts",
    "open_days": "opening",
    "slot_demand": "slots",
}


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
