"""The setting that all contacts of a municipality share."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from forecasting.calendar import Calendar
from forecasting.reference.assumptions import Place, ReferencePolicy
from forecasting.reference.days import (
    Days,
    after_closure,
    election_factor,
    weekday_factor,
)
from forecasting.reference.streams import Numbers
from forecasting.reference.truth import Truth


class Series(NamedTuple):
    """What is counted: a step of a service in a channel at a location."""

    location: str
    service: str
    step: str
    channel: str


@dataclass(frozen=True)
class Setting:
    """A place with its policy, calendar, days, hidden parameters and seed."""

    place: Place
    policy: ReferencePolicy
    calendar: Calendar
    days: Days
    truth: Truth
    seed: int

    @property
    def elections(self) -> Numbers:
        """The rise of general contacts before elections, per day."""
        rise = self.truth["election_rise"]
        return election_factor(self.calendar, self.days.dates, rise)

    @property
    def after_closure(self) -> Numbers:
        """The rise of contacts on the first open day after a closed one, per day."""
        bump = self.policy.figure["after_closure"].value
        return after_closure(self.days, self.place.desk, bump)

    @property
    def growth(self) -> Numbers:
        """Growth of the population since 2013, per day."""
        factor: Numbers = (1 + self.policy.growth_a_year.value) ** self.days.since_2013
        return factor

    def locations(self, *, desk_only: bool = False) -> dict[str, float]:
        """Locations with their share of visits."""
        if desk_only:
            return {self.place.desk: 1.0}
        return {location.id: location.share for location in self.place.locations}

    def opening_weights(self, *, desk_only: bool = False) -> Numbers:
        """Days x locations: share x opening time x weekday preference; 0 when closed."""
        columns = [
            share * self.days.minutes[f"{location}/counter"]
            for location, share in self.locations(desk_only=desk_only).items()
        ]
        weekday = weekday_factor(self.policy, "counter", self.days)
        weights: Numbers = np.stack(columns, axis=1) * weekday[:, None]
        return weights


def share_over_time(share: tuple[float, float], days: Days) -> Numbers:
    """A share that moves in a straight line, given for 2013 and 2026; never below 0."""
    return np.clip(share[0] + (share[1] - share[0]) * days.since_2013 / 13, 0, None)
