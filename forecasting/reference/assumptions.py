"""The figures behind the reference municipality, each with its source.

Sources are `official`, `press: ...` or `assumed`. A `Range` is a hidden parameter: the
seed draws a value from it that no export ever shows.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from forecasting.policy import Policy, load_policy
from forecasting.settings import shipped

BANDS = ("0-17", "18-29", "30-44", "45-64", "65-74", "75+")
BAND_AGES = ((0, 17), (18, 29), (30, 44), (45, 64), (65, 74), (75, 92))
PerBand = Annotated[
    tuple[float, ...], Field(min_length=len(BANDS), max_length=len(BANDS))
]


class Figure(Policy):
    """A number with its source."""

    value: float
    source: str


class Profile(Policy):
    """A row of numbers (per month, weekday, hour or age band) with its source."""

    values: tuple[float, ...]
    source: str


class Range(Policy):
    """Between which values the seed draws a hidden parameter."""

    low: float
    high: float
    source: str

    @model_validator(mode="after")
    def _check_order(self) -> "Range":
        if self.low > self.high:
            raise ValueError("low must not exceed high")
        return self


class Location(Policy):
    """A counter location: its name in exports and its share of visits."""

    id: str
    name: str
    share: float = Field(gt=0, le=1)


class Crew(Policy):
    """A number of staff with the same home location and authorisations."""

    location: str
    number: int = Field(gt=0)
    skills: tuple[str, ...]


class Contract(Policy):
    """Contract hours, the number of working days they are worked on, how common."""

    hours: float = Field(gt=0, le=40)
    days: int = Field(ge=1, le=5)
    weight: float = Field(gt=0)


class Place(Policy):
    """A municipality: size, locations, districts, staff and first day of history.

    `desk` is the location of phone, messages, online work and civil status.
    """

    population: int = Field(gt=0)
    start: date
    desk: str
    locations: tuple[Location, ...]
    districts: dict[str, float]
    crews: tuple[Crew, ...]


class Document(Policy):
    """How many hold a document, get a first one, lose it, renew it, and when.

    Shares are per age band. Renewal falls `early_weeks` before expiry on average; a part
    `late_share` comes `late_weeks` after it; the others never renew. `online_share` is
    the part of renewals done online in 2013 and in 2026 (a straight line, never below 0).
    """

    service: str
    holders: PerBand
    first_per_1000: PerBand
    renewed: PerBand
    lost_a_year: Range
    early_weeks: Range
    late_share: Range
    late_weeks: Range
    online_share: tuple[float, float] = (0.0, 0.0)
    source: str


class Surge(Policy):
    """Documents issued in a rush on top of the usual, as counted in the country."""

    service: str
    name: str
    first: date
    last: date
    bands: tuple[str, ...]
    national: float = Field(gt=0)
    source: str


class Bump(Policy):
    """A rise (or fall, when negative) of document applications around a day of year."""

    day_of_year: int = Field(ge=1, le=366)
    width_days: float = Field(gt=0)
    height: float = Field(gt=-1)
    source: str


class Flow(Policy):
    """Contacts of one step that follow no document cycle.

    `share` is the part of the service's total that takes this step and channel, in 2013
    and in 2026, moving in a straight line.
    """

    service: str
    step: str
    channel: Literal["appointment", "walk_in", "online", "callback"]
    per_1000: float = Field(gt=0)
    share: tuple[float, float] = (1.0, 1.0)
    season: str = "flat"
    desk_only: bool = False
    source: str


class Queue(Policy):
    """A phone queue: calls that come with the contacts of services, and a base."""

    service: str
    name: str
    follows: tuple[str, ...] = ()
    per_contact: Range
    per_1000: float = Field(ge=0)
    source: str


class Shock(Policy):
    """A period in which contacts of some services change by a factor."""

    name: str
    services: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    first: date
    last: date
    factor: float = Field(ge=0)
    source: str


class ReferencePolicy(Policy):
    """Everything the synthetic municipality is made of (`config/reference.toml`)."""

    present: date
    latest: date
    warm_up: date
    national_population: float = Field(gt=0)
    band_shares: Profile
    growth_a_year: Figure
    places: dict[str, Place]
    contracts: tuple[Contract, ...]
    document: tuple[Document, ...]
    surge: tuple[Surge, ...]
    bump: tuple[Bump, ...]
    season: dict[str, Profile]
    flow: tuple[Flow, ...]
    queue: tuple[Queue, ...]
    shock: tuple[Shock, ...]
    weekday: dict[str, Profile]
    hours: dict[str, Profile]
    collection_days: Profile
    hidden: dict[str, Range]
    figure: dict[str, Figure]

    @model_validator(mode="after")
    def _check_shares(self) -> "ReferencePolicy":
        for name, place in self.places.items():
            for what, shares in (
                ("locations", [location.share for location in place.locations]),
                ("districts", list(place.districts.values())),
            ):
                if abs(sum(shares) - 1) > 1e-6:
                    raise ValueError(f"shares of {what} of {name} must add up to 1")
        return self


def default_policy() -> ReferencePolicy:
    """The policy that ships with the product."""
    return load_policy(shipped("config", "config") / "reference.toml", ReferencePolicy)
