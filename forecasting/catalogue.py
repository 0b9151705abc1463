"""The catalogue of services: steps, channels, minutes, authorisations, validity."""

from datetime import date
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from forecasting.policy import Policy


class Step(Policy):
    """One visit, call or piece of work that a service needs.

    `handling_s` is the mean handling time in seconds (talk and after-call work),
    `handling_cv` its coefficient of variation; `source` says how sure that is. `follows`
    names the steps of the service after which residents come back for this one.
    """

    id: str
    skill: str
    channels: tuple[str, ...]
    follows: tuple[str, ...] = ()
    handling_s: float = Field(gt=0)
    handling_cv: float = Field(default=0.6, ge=0)
    deferrable_days: int = Field(default=0, ge=0)
    source: str


class Validity(Policy):
    """How long a document is valid when issued in a period to an age.

    That is `years`, or longer where it lasts until a birthday (`until_age`).
    """

    issued_from: date
    min_age: int = 0
    max_age: int = 150
    years: int
    until_age: int | None = None
    source: str

    def years_from(self, age: int) -> tuple[int, ...]:
        """Whole years of validity at an age, all as likely.

        Who is 67 turns 75 in seven to eight years, 7.5 on average: half last seven, half
        eight.
        """
        if self.until_age is None:
            return (self.years,)
        left = self.until_age - age
        return max(left - 1, self.years), max(left, self.years)


class Service(Policy):
    """A product of civil affairs, with its UPL name and service formula.

    A new one may be `like` another: it is forecast by the shape of that one, and until
    it has weeks of its own at `like_share` of its level.
    """

    id: str
    name_nl: str
    name_en: str
    upl: str | None = None
    formula: Literal["klant", "partner", "onderdaan", "gebruiker"] = "klant"
    step: tuple[Step, ...]
    validity: tuple[Validity, ...] = ()
    like: str | None = None
    like_share: float = Field(default=1.0, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _steps_take_time(cls, value: object) -> object:
        """Name the step of a handling time that is missing or below its least."""
        told = value if isinstance(value, dict) else {}
        for step in told.get("step", ()):
            if isinstance(step, dict):
                _check_handling(f"{told.get('id')}/{step.get('id')}", step)
        return value

    @model_validator(mode="after")
    def _follows_a_step_of_its_own(self) -> Self:
        first = {step.id for step in self.step if not step.follows}
        for step in self.step:
            if unknown := sorted(set(step.follows) - first):
                raise ValueError(
                    f"step '{step.id}' follows '{unknown[0]}': expected a step of the "
                    f"service that follows none ({', '.join(sorted(first))})"
                )
        return self

    @property
    def expires(self) -> bool:
        """Whether the service issues documents that expire."""
        return bool(self.validity)


def _check_handling(name: str, step: dict[str, object]) -> None:
    seconds, spread = step.get("handling_s"), step.get("handling_cv", 0.0)
    if not isinstance(seconds, int | float) or not seconds > 0:
        raise ValueError(
            f"step '{name}': expected handling_s in seconds above 0, came {seconds}"
        )
    if not isinstance(spread, int | float) or not spread >= 0:
        raise ValueError(
            f"step '{name}': expected handling_cv of 0 or more, came {spread}"
        )


class Catalogue(Policy):
    """All services (`config/catalogue.toml`)."""

    service: tuple[Service, ...]

    @model_validator(mode="after")
    def _is_like_another(self) -> Self:
        known = {service.id for service in self.service}
        for service in self.service:
            if service.like is not None and service.like not in known - {service.id}:
                raise ValueError(
                    f"service '{service.id}' is like '{service.like}': expected another "
                    "service of the catalogue"
                )
        return self

    @cached_property
    def services(self) -> dict[str, Service]:
        """Services by id."""
        return {service.id: service for service in self.service}

    def find_step(self, service: str, step: str) -> Step | None:
        """A step by service and step id, or None when the catalogue lacks it."""
        known = self.services.get(service)
        steps = known.step if known else ()
        return next((found for found in steps if found.id == step), None)

    @property
    def products(self) -> list[str]:
        """Every `service/step/channel` there is."""
        return [
            f"{service.id}/{step.id}/{channel}"
            for service in self.service
            for step in service.step
            for channel in step.channels
        ]

    @property
    def skills(self) -> frozenset[str]:
        """Every skill that a step asks for."""
        return frozenset(
            step.skill for service in self.service for step in service.step
        )

    @property
    def waiting_skills(self) -> frozenset[str]:
        """Skills of which every step may wait a day or more."""
        steps = [step for service in self.service for step in service.step]
        urgent = {step.skill for step in steps if not step.deferrable_days}
        return frozenset({step.skill for step in steps} - urgent)
