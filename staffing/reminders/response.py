"""How residents renew around expiry, and how a letter shifts it.

A letter moves nobody to a later week and makes nobody renew who would not have: of
those who would have come in week `l`, the part that reacts within the weeks before `l`
comes in one of these. Who reacts does not depend on when they would have come.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.policy import Policy
from forecasting.reactions.assumption import Assumption as Assumption
from forecasting.reactions.assumption import Share as Share
from forecasting.reactions.channel import Channel as Channel
from forecasting.reactions.channel import Fallback as Fallback
from forecasting.reactions.channels import Channels
from staffing.reminders.timing import FIRST_LAG as FIRST_LAG
from staffing.reminders.timing import LAGS as LAGS
from staffing.reminders.timing import LAST_LAG as LAST_LAG
from staffing.reminders.timing import FloatArray as FloatArray
from staffing.reminders.timing import Timing as Timing
from staffing.reminders.timing import first_of

IntArray = npt.NDArray[np.int64]

DAYS_A_YEAR, DAYS_A_WEEK = 365, 7


class Document(Policy):
    """What renewing one document asks of the counter, and how long it is valid."""

    application_hours: float = Field(ge=0)
    collection_hours: float = Field(ge=0)
    validity_weeks: int = Field(gt=0)


class Response(Channels):
    """How residents renew and react to letters; `document` holds work per service."""

    timing: tuple[Timing, ...]
    document: dict[str, Document] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_once(self) -> Self:
        told = [
            (one.service, band)
            for one in self.timing
            for band in one.age_bands or ("",)
        ]
        twice = {key for key in told if told.count(key) > 1}
        if twice:
            service, band = min(twice)
            whose = f"age band {band} of {service}" if band else service
            raise ValueError(f"the timing of {whose} is told twice")
        return self

    def timing_of(self, service: str, age_band: str) -> Timing:
        """The timing of an age band, else the one of the whole service.

        Raises:
            InputError: no timing is known for the service.
        """
        found = first_of(self.timing, service, age_band)
        if found is None:
            raise InputError(
                f"expected renewal timing for service '{service}', age band "
                f"'{age_band}', found none",
                remedy="Add it to [[response.timing]] of config/reminders.toml.",
            )
        return found

    def document_of(self, service: str) -> Document:
        """The work that a document of a service brings.

        Raises:
            InputError: the service is unknown.
        """
        if service not in self.document:
            raise InputError(
                f"expected a service with documents that expire, came '{service}'",
                remedy="Describe it in config/catalogue.toml: validity, application.",
            )
        return self.document[service]

    def sent_on_paper(self, channel: str) -> float:
        """1 where a message in the channel is a letter on paper, 0 where it is none."""
        return float(self.channel[channel].paper)

    def letter_later(self, channel: str, lead_weeks: int) -> float:
        """Share of all addressed who get a letter on paper for they read no message."""
        fallback = self._fallback(channel, lead_weeks)
        if fallback is None or not self.channel[fallback.channel].paper:
            return 0.0
        return self.second_share(channel, lead_weeks)

    def weeks_until_letter(self, channel: str) -> int:
        """How many weeks after a message the second one follows; 0 where none does."""
        fallback = self.channel[channel].fallback
        return fallback.after_weeks if fallback else 0

    def with_timing(self, measured: Sequence[Timing]) -> "Response":
        """The same response, with measured timing instead of assumed, where there is any.

        What is assumed of a whole service still holds for bands that were not measured.
        """
        known = {timing.service for timing in measured}
        kept = [t for t in self.timing if t.service not in known or not t.age_bands]
        return self.model_copy(update={"timing": (*measured, *kept)})

    def with_documents(self, catalogue: Catalogue) -> "Response":
        """The same response, with hours and validity from the catalogue."""
        return self.model_copy(update={"document": documents(catalogue)})


def documents(catalogue: Catalogue) -> dict[str, Document]:
    """Work and shortest validity of every service that issues expiring documents.

    A step that the counter does not do (or that the service lacks) costs no hours.
    """
    return {
        service.id: Document(
            application_hours=_counter_hours(catalogue, service.id, "application"),
            collection_hours=_counter_hours(catalogue, service.id, "collection"),
            validity_weeks=min(v.years for v in service.validity)
            * DAYS_A_YEAR
            // DAYS_A_WEEK,
        )
        for service in catalogue.service
        if service.expires
    }


def _counter_hours(catalogue: Catalogue, service: str, step: str) -> float:
    found = catalogue.find_step(service, step)
    return found.handling_s / 3600 if found and found.skill == "counter" else 0.0
