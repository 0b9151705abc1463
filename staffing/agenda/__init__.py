"""Appointments to open, so that the first free one is near, with the people at hand."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.agenda.opening import Demand, open_agenda
    from staffing.agenda.policy import AgendaPolicy
    from staffing.agenda.problem import Product
    from staffing.agenda.reporting import Opened
    from staffing.agenda.supplying import Supply
    from staffing.agenda.tables import Agenda, AgendaDays, AgendaStaff, VisitsBooked

__all__ = [
    "Agenda",
    "AgendaDays",
    "AgendaPolicy",
    "AgendaStaff",
    "Demand",
    "Opened",
    "Product",
    "Supply",
    "VisitsBooked",
    "open_agenda",
]

__getattr__ = lazily(
    __name__,
    {
        "Agenda": "tables",
        "AgendaDays": "tables",
        "AgendaPolicy": "policy",
        "AgendaStaff": "tables",
        "Demand": "opening",
        "Opened": "reporting",
        "Product": "problem",
        "Supply": "supplying",
        "VisitsBooked": "tables",
        "open_agenda": "opening",
    },
)
