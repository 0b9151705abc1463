"""How residents renew around expiry, and how a letter shifts it.

A letter moves nobody to a later week and makes nobody renew who would not have: of
those who would have come in week `l`, the part that reacts within the weeks before `l`
comes in one of these. Who reacts does not depend on when they would have come.
"""

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.policy import Policy

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FIRST_LAG, LAST_LAG = -26, 13
LAGS = np.arange(FIRST_LAG, LAST_LAG + 1)
DAYS_A_YEAR, DAYS_A_WEEK = 365, 7


class Assumption(Policy):
    """A number that was not measured here: its value, its range and its source."""

    value: float
    low: float
    high: float
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_range(self) -> "Assumption":
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} is outside {self.low}..{self.high}")
        return self


class Share(Assumption):
    """An assumed part of a whole."""

    value: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)


class Timing(Policy):
    """When the holders of a service's documents come, in weeks relative to expiry.

    `points` are (week, height) pairs, joined by straight lines; only their proportions
    matter. `renews` is the share that renews at the counter in that window at all.
    Without `age_bands` it holds for every age band that has no timing of its own.
    """

    service: str
    age_bands: tuple[str, ...] = ()
    renews: Share
    points: tuple[tuple[int, float], ...] = Field(min_length=1)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_points(self) -> "Timing":
        weeks = [week for week, _ in self.points]
        if weeks != sorted(set(weeks)):
            raise ValueError("points must be in order of week, each week once")
        if min(height for _, height in self.points) < 0 or self._heights().sum() <= 0:
            raise ValueError("points must not be negative, nor all zero in -26..13")
        return self

    def _heights(self) -> FloatArray:
        weeks, heights = zip(*self.points, strict=True)
        between: FloatArray = np.interp(LAGS, weeks, heights, left=0.0, right=0.0)
        return between

    def weights(self) -> FloatArray:
        """Share of all holders per week of `LAGS`; sums to `renews`."""
        heights = self._heights()
        weights: FloatArray = self.renews.value * heights / heights.sum()
        return weights


class Channel(Policy):
    """How a letter, or a message in another channel, is read and acted upon.

    `read` gives (weeks after mailing, share that has read it by then), joined by
    straight lines. `acts` is the share of readers who come because of it when it
    arrives in the week of expiry; every `half_life_weeks` of lead halve that. `delay`
    is the share of them per week from reading to the first appointment they would take.
    """

    read: tuple[tuple[int, float], ...] = Field(min_length=1)
    acts: Share
    half_life_weeks: Assumption
    delay: tuple[float, ...] = Field(min_length=1)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_shares(self) -> "Channel":
        weeks, shares = zip(*self.read, strict=True)
        if list(weeks) != sorted(set(weeks)) or weeks[0] < 1:
            raise ValueError("read must be in order of week, from week 1")
        if list(shares) != sorted(shares) or shares[0] < 0 or shares[-1] > 1:
            raise ValueError("read must rise, between 0 and 1")
        if min(self.delay) < 0 or abs(sum(self.delay) - 1) > 1e-6:
            raise ValueError("delay must be shares that add up to 1")
        if self.half_life_weeks.low <= 0:
            raise ValueError("half_life_weeks must be above 0")
        return self

    def reads(self) -> FloatArray:
        """Share that reads it in the week of mailing, the week after, and so on."""
        weeks, shares = zip(*self.read, strict=True)
        by = np.interp(range(weeks[-1] + 1), (0, *weeks), (0.0, *shares))
        return np.diff(by)


class Document(Policy):
    """What renewing one document asks of the counter, and how long it is valid."""

    application_hours: float = Field(ge=0)
    collection_hours: float = Field(ge=0)
    validity_weeks: int = Field(gt=0)


class Response(Policy):
    """How residents renew and react to letters; `document` holds work per service."""

    timing: tuple[Timing, ...]
    channel: dict[str, Channel]
    document: dict[str, Document] = Field(default_factory=dict)

    def timing_of(self, service: str, age_band: str) -> Timing:
        """The timing of an age band, else the one of the whole service.

        Raises:
            InputError: no timing is known for the service.
        """
        known = [timing for timing in self.timing if timing.service == service]
        for timing in known:
            if age_band in timing.age_bands:
                return timing
        for timing in known:
            if not timing.age_bands:
                return timing
        raise InputError(
            f"expected renewal timing for service '{service}', age band '{age_band}', "
            "found none",
            remedy="Add it to [[response.timing]] of config/reminders.toml.",
        )

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

    def arrivals(self, channel: str, lead_weeks: int, wait_weeks: int) -> FloatArray:
        """Share of all addressed who come because of it, by weeks since mailing.

        `lead_weeks` lie between mailing and expiry; nobody gets an appointment within
        `wait_weeks` of reading.
        """
        how = self.channel[channel]
        acts = how.acts.value * 0.5 ** (lead_weeks / how.half_life_weeks.value)
        visits = acts * np.convolve(how.reads(), how.delay)
        return np.concatenate([np.zeros(wait_weeks), visits])

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
