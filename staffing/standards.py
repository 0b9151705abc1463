"""Service standards of the policy: what is promised per skill, and what is lost of paid time."""

import math
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from forecasting.policy import Policy

MOST_LOST = 0.9
"""More of rostered time than this is lost to a mistake in the settings."""


class Standard(Policy):
    """A service standard of one skill: a share of contacts served within a threshold.

    `abandoned` is how contacts count that give up: as late, not at all, not when they
    gave up within the threshold, or then as in time. `check` is whether numbers are set
    right by simulation; untold: where visits are planned or last long against a slot.
    `fills` names skills whose waiting work may be done between contacts.
    In a simulation `redial_share` of those who give up come again after `redial_after_s`
    seconds on average, and people at this work who have nothing to do serve the queues of
    `helps` at their location. Of a `pooled` skill all locations serve one another's
    contacts: they are one queue, that stands at `pool_location` where there are several.
    """

    target: float = Field(gt=0, lt=1)
    threshold_s: float = Field(gt=0)
    patience_s: float | None = Field(default=None, gt=0)
    minimum_people: int = Field(default=1, ge=0, le=100)
    arrival_cv: float = Field(default=0.0, ge=0, le=2)
    abandoned: Literal["late", "left_out", "short_left_out", "in_time"] = "late"
    check: Literal["simulation", "formula"] | None = None
    fills: tuple[str, ...] = ()
    redial_share: float = Field(default=0.0, ge=0, lt=1)
    redial_after_s: float = Field(default=600.0, ge=0)
    helps: tuple[str, ...] = ()
    pooled: bool = False
    pool_location: str = Field(default="pool", min_length=1)
    source: str


class Shrinkage(Policy):
    """One kind of time that is paid and rostered but not worked.

    The share of people who are away whole days (`day`: sickness), of hours (`hour`:
    training, meetings) or of moments (`moment`: breaks outside the roster, not ready).
    """

    share: float = Field(ge=0, lt=1)
    per: Literal["day", "hour", "moment"]
    source: str


class Missed(Policy):
    """The share of planned visits of a service that does not come, and its growth.

    `per_week` is added for each week between asking and visit beyond the first.
    """

    share: float = Field(ge=0, lt=1)
    per_week: float = Field(default=0.0, ge=0, lt=1)
    source: str


class NoShow(Policy):
    """Planned visits that do not come: by default, and of services that differ.

    A share measured of `weight` visits counts as much as the share assumed here.
    """

    share: float = Field(default=0.0, ge=0, lt=1)
    per_week: float = Field(default=0.0, ge=0, lt=1)
    most: float = Field(default=0.6, ge=0, lt=1)
    weight: float = Field(default=100.0, gt=0)
    source: str = "assumed: everybody comes"
    service: dict[str, Missed] = Field(default_factory=dict)

    def share_of(self, service: str, weeks: float = 0.0) -> float:
        """The share of visits of a service that does not come, asked `weeks` ahead."""
        own = self.service.get(service)
        share, growth = (own or self).share, (own or self).per_week
        return min(share + growth * max(weeks - 1, 0.0), self.most)


class Arrival(Policy):
    """How early (below 0) or late visitors come, in seconds about the time planned."""

    mean_s: float = Field(default=0.0, ge=-14400, le=14400)
    sd_s: float = Field(default=0.0, ge=0, le=14400)
    source: str = "assumed: on time"


class Punctuality(Arrival):
    """How early or late visitors come, by default and of services that differ."""

    service: dict[str, Arrival] = Field(default_factory=dict)

    def of(self, service: str) -> Arrival:
        """How visitors of a service come."""
        return self.service.get(service, self)


class DaysPromise(Policy):
    """Within so many working days, in this share of all requests."""

    within_days: int = Field(ge=1, le=60)
    target: float = Field(gt=0, lt=1)
    source: str


class MostPromise(Policy):
    """At most this share."""

    at_most: float = Field(gt=0, lt=1)
    source: str


class Promises(Policy):
    """What residents were promised, and how it is measured week by week.

    `answered` and `counter` name the skill whose standard is the promise; the promise of
    the first free appointment stands in `config/agenda.toml`. Weeks with fewer than
    `least` contacts are not told. Of `least_asked` bookings of a product on one day, or
    more, the nearest visit tells how far away the first free one was. Intervals learn
    from the `weeks_alike` weeks up to each.
    """

    answered: str = "phone"
    counter: str = "counter"
    callback: DaysPromise = DaysPromise(
        within_days=2, target=0.85, source="assumed; yours to set"
    )
    no_show: MostPromise = MostPromise(at_most=0.05, source="assumed; yours to set")
    least: int = Field(default=5, ge=5, le=1000)
    least_asked: int = Field(default=3, ge=1, le=100)
    weeks_alike: int = Field(default=13, ge=1, le=104)


class Standards(Policy):
    """Standards per skill and what is lost of paid time (`config/standards.toml`).

    `shrinkage` has one entry per kind; `no_show` and `punctuality` are of planned visits.
    `uncertainty` is whether numbers meet the target in the share expected over all
    futures, or in the part `safety_level` of them. `aim` is over what the target is to
    hold: each slot, or a day or week, then with at least `slot_floor` in each slot.
    `futures` are drawn of the forecast; `pools` name skills to compare as one pool.
    `promise` is what is measured week by week.
    """

    skill: dict[str, Standard]
    uncertainty: Literal["expected", "safety"] = "expected"
    safety_level: float = Field(default=0.8, gt=0, lt=1)
    aim: Literal["slot", "day", "week"] = "slot"
    slot_floor: float = Field(default=0.6, ge=0, lt=1)
    futures: int = Field(default=200, ge=1, le=1000)
    check_replications: int = Field(default=400, ge=50, le=5000)
    pools: tuple[tuple[str, ...], ...] = ()
    shrinkage: dict[str, Shrinkage] = Field(default_factory=dict)
    no_show: NoShow = Field(default_factory=NoShow)
    punctuality: Punctuality = Field(default_factory=Punctuality)
    promise: Promises = Field(default_factory=Promises)

    @model_validator(mode="after")
    def _promises_of_known_skills(self) -> "Standards":
        for name in ("answered", "counter"):
            skill = getattr(self.promise, name)
            if "promise" in self.model_fields_set and skill not in self.skill:
                raise ValueError(
                    f"promise.{name}: expected one of {', '.join(sorted(self.skill))}; "
                    f"came '{skill}'"
                )
        return self

    @model_validator(mode="after")
    def _helps_and_fills_known_skills(self) -> "Standards":
        for name, standard in self.skill.items():
            for verb, named in (("helps", standard.helps), ("fills", standard.fills)):
                if unknown := sorted(set(named) - set(self.skill)):
                    raise ValueError(
                        f"skill '{name}' {verb} '{unknown[0]}': expected one of "
                        f"{', '.join(sorted(self.skill))}"
                    )
        return self

    @model_validator(mode="after")
    def _leaves_time_to_work(self) -> "Standards":
        if self.lost > MOST_LOST:
            raise ValueError(
                f"shrinkage: expected kinds that take at most {MOST_LOST:.0%} of the "
                f"time together, came {self.lost:.1%}"
            )
        return self

    @field_validator("pools")
    @classmethod
    def _check_pools(
        cls, value: tuple[tuple[str, ...], ...], info: ValidationInfo
    ) -> tuple[tuple[str, ...], ...]:
        known = info.data.get("skill", {})
        if any(len(set(pool)) < max(len(pool), 2) for pool in value):
            raise ValueError("expected pools of two skills or more, each named once")
        for name in (name for pool in value for name in pool):
            if name not in known:
                raise ValueError(
                    f"expected skills that have a standard, found '{name}'"
                )
        return value

    @field_validator("shrinkage", mode="before")
    @classmethod
    def _shrinkage_per_kind(cls, value: object) -> object:
        return _tables(value, '[shrinkage.sickness] with share = 0.05, per = "day"')

    @field_validator("no_show", mode="before")
    @classmethod
    def _no_show_with_source(cls, value: object) -> object:
        return _tables(value, "[no_show] with share = 0.05")

    @property
    def shared(self) -> dict[str, str]:
        """Skills that locations do for one another, with the name of their queue."""
        return {
            name: standard.pool_location
            for name, standard in sorted(self.skill.items())
            if standard.pooled
        }

    @property
    def at_work(self) -> float:
        """The part of rostered time that is worked: each kind takes of what is left."""
        return math.prod(1 - kind.share for kind in self.shrinkage.values())

    @property
    def lost(self) -> float:
        """The part of rostered time that is lost to all kinds together."""
        return 1 - self.at_work


def _tables(value: object, written: str) -> object:
    """A value that is a table, or the error that says how to write one."""
    if isinstance(value, int | float):
        raise ValueError(f"expected a table: write {written} and a source")  # noqa: TRY004
    return value
