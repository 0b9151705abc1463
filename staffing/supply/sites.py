"""Who must be there at least, and what holds between locations (`config/sites.toml`)."""

from collections.abc import Iterable
from datetime import date, time
from typing import Self

from pydantic import Field, field_validator, model_validator

from forecasting.calendar import WEEKDAYS
from forecasting.errors import PolicyError
from forecasting.policy import Policy
from staffing.supply.people import AUTHORISATIONS


class LeastThere(Policy):
    """At least so many people at work with a skill or authorisation, whatever they do.

    `able` names skills and authorisations, any of which will do; none: everybody counts.
    It holds at the `locations` (none: all) on `weekdays`, from `from_time` to `to_time`
    as far as any skill of `while_open` is open there (none told: any skill at all), from
    `first` to `last`.
    """

    name: str = Field(min_length=1)
    name_nl: str = Field(min_length=1)
    locations: tuple[str, ...] = ()
    able: tuple[str, ...] = ()
    least: int = Field(ge=1, le=1000)
    while_open: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = WEEKDAYS
    from_time: time = time(0)
    to_time: time = time(23, 59)
    first: date | None = None
    last: date | None = None
    source: str

    @field_validator("weekdays")
    @classmethod
    def _known_days(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(value) - set(WEEKDAYS)):
            raise ValueError(
                f"expected days among {', '.join(WEEKDAYS)}, came '{unknown[0]}'"
            )
        return value

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.to_time <= self.from_time:
            raise ValueError("expected to_time after from_time")
        if self.first and self.last and self.last < self.first:
            raise ValueError("expected last on or after first")
        return self

    def holds(self, location: str, day: date) -> bool:
        """Whether it holds at a location on a day."""
        return (
            (not self.locations or location in self.locations)
            and WEEKDAYS[day.weekday()] in self.weekdays
            and (self.first or date.min) <= day <= (self.last or date.max)
        )

    @property
    def minutes(self) -> tuple[int, int]:
        """From and to in minutes after local midnight; the last minute is the whole day."""
        last = 60 * self.to_time.hour + self.to_time.minute
        first = 60 * self.from_time.hour + self.from_time.minute
        return first, 1440 if last == 1439 else last


class TwoPeople(Policy):
    """Two functions that one person may not both fulfil while a skill is open.

    It binds at the `locations` (none: all) where somebody has either function: where
    nobody's are told, who may what is not known.
    """

    name: str = Field(min_length=1)
    name_nl: str = Field(min_length=1)
    locations: tuple[str, ...] = ()
    skill: str
    first: str
    second: str
    source: str


class Road(Policy):
    """Minutes between two locations, either way."""

    between: tuple[str, str]
    minutes: int = Field(ge=0, le=600)
    source: str


class WishTurns(Policy):
    """How wishes granted over the last `weeks` even out those to come.

    A wish weighs `(mean + 1) / (own + 1)` times its plain weight, `own` the wishes
    granted to the person and `mean` those of all of the home location, not less than
    `least` and not more than `most`.
    """

    weeks: int = Field(default=12, ge=1, le=52)
    least: float = Field(default=0.5, gt=0, le=1)
    most: float = Field(default=2.0, ge=1, le=10)
    source: str = "assumed"

    def factor(self, own: float, mean: float) -> float:
        """What a wish weighs against its plain weight."""
        return min(max((mean + 1) / (own + 1), self.least), self.most)


class Sites(Policy):
    """Presence, separation of functions, travel, and what authorisations allow.

    `allows` names the skills that somebody with an authorisation may do, as far as work
    of that skill is asked for: ceremonies by a BABS. `contract_minimum` is the part of
    the hours a contract leaves in a week that must be rostered (0: none must, hours left
    unused have a price only).
    """

    presence: tuple[LeastThere, ...] = ()
    separation: tuple[TwoPeople, ...] = ()
    travel: tuple[Road, ...] = ()
    wishes: WishTurns = WishTurns()
    allows: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    contract_minimum: float = Field(default=0.0, ge=0, le=1)

    def check(self, locations: Iterable[str], skills: Iterable[str]) -> None:
        """Refuse a location, skill or authorisation that nobody knows.

        Raises:
            PolicyError: one is unknown; the entry and the known ones are named.
        """
        places, able = set(locations), set(skills)
        both = able | set(AUTHORISATIONS)
        for one in self.presence:
            _refuse(one.name, "location", one.locations, places)
            _refuse(one.name, "skill", one.while_open, able)
            _refuse(one.name, "skill or authorisation", one.able, both)
        for two in self.separation:
            _refuse(two.name, "location", two.locations, places)
            _refuse(two.name, "skill", (two.skill,), able)
            _refuse(two.name, "authorisation", (two.first, two.second), both)
        for road in self.travel:
            _refuse("travel", "location", road.between, places)
        _refuse("allows", "authorisation", self.allows, set(AUTHORISATIONS))


def _refuse(entry: str, what: str, came: Iterable[str], known: set[str]) -> None:
    for name in came:
        if name not in known:
            raise PolicyError(
                f"sites.toml: {entry}: unknown {what} '{name}'; known: "
                f"{', '.join(sorted(known))}."
            )
