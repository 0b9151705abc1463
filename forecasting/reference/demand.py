"""Contacts per day of a municipality: documents from their cohorts, the rest from rates."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.reference.assumptions import Place, ReferencePolicy
from forecasting.reference.cohorts import Cohorts
from forecasting.reference.days import Days, build_days
from forecasting.reference.documents import document_contacts, live_documents
from forecasting.reference.flows import flow_contacts
from forecasting.reference.phone import phone_contacts
from forecasting.reference.setting import Series, Setting
from forecasting.reference.streams import Counts, stream
from forecasting.reference.truth import Truth, draw_truth


@dataclass(frozen=True)
class World:
    """A municipality that has been lived through: contacts per day and document stock."""

    place: Place
    policy: ReferencePolicy
    catalogue: Catalogue
    days: Days
    seed: int
    truth: Truth
    cohorts: dict[str, Cohorts]
    contacts: dict[Series, Counts]

    def rng(self, purpose: str) -> np.random.Generator:
        """The random stream of a purpose."""
        return stream(self.seed, purpose)

    def name_of(self, location: str) -> str:
        """The name of a location in exports."""
        return next(k.name for k in self.place.locations if k.id == location)

    def of(self, channel: str) -> dict[Series, Counts]:
        """The contacts per day of one channel."""
        return {s: c for s, c in self.contacts.items() if s.channel == channel}


def build_world(
    place: Place,
    policy: ReferencePolicy,
    calendar: Calendar,
    catalogue: Catalogue,
    *,
    until: date,
    seed: int,
) -> World:
    """Live through a municipality's history up to `until` and the bookings beyond it."""
    days = build_days(place, calendar, until)
    truth = draw_truth(seed, policy)
    setting = Setting(place, policy, calendar, days, truth, seed)
    cohorts: dict[str, Cohorts] = {}
    contacts: dict[Series, Counts] = {}
    for document in policy.document:
        lived = live_documents(setting, document, catalogue)
        cohorts[document.service] = lived
        contacts |= document_contacts(setting, document, lived)
    for flow in policy.flow:
        contacts |= flow_contacts(setting, flow)
    contacts |= phone_contacts(setting, contacts)
    return World(place, policy, catalogue, days, seed, truth, cohorts, contacts)
