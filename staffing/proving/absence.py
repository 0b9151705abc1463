"""Who of the people rostered is not at work: drawn per person, told as counts only.

A person is away for a whole day, for an hour of the clock or for a quarter-hour, each
independently with the shares of the settings. In any one quarter-hour the number at work
is then binomial, as the requirement has it; over a day absences come in stretches, which
is why some days are bad as a whole.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from staffing.proving.streams import stream
from staffing.standards import Shrinkage

Booleans = NDArray[np.bool_]
Counts = NDArray[np.int64]

HOURS, QUARTERS = 24, 4


@dataclass(frozen=True)
class Away:
    """The share of people away whole days, of hours and of quarter-hours."""

    day: float = 0.0
    hour: float = 0.0
    moment: float = 0.0

    @classmethod
    def of(cls, kinds: Mapping[str, Shrinkage]) -> "Away":
        """The kinds of the settings that last as long, taken together."""

        def lost(per: str) -> float:
            return 1 - math.prod(1 - k.share for k in kinds.values() if k.per == per)

        return cls(lost("day"), lost("hour"), lost("moment"))

    @property
    def at_work(self) -> float:
        """The share of rostered time that is worked."""
        return (1 - self.day) * (1 - self.hour) * (1 - self.moment)

    def draw(self, rng: np.random.Generator, quarters: Counts, runs: int) -> Booleans:
        """Whether one person is away: replications x slots of a day.

        `quarters` are the slots as quarter-hours of a day of 24 hours.
        """
        days = rng.random((runs, 1)) < self.day
        hours = rng.random((runs, HOURS)) < self.hour
        moments = rng.random((runs, HOURS * QUARTERS)) < self.moment
        drawn: Booleans = days | hours[:, quarters // QUARTERS] | moments[:, quarters]
        return drawn


@dataclass(frozen=True)
class Team:
    """Who does what on a day: per person the number of the crew by slot, -1 for none."""

    day: date
    quarters: Counts
    crew_of: Mapping[str, Counts]

    def rostered(self, crews: int) -> Counts:
        """People of each crew per slot."""
        counts = np.zeros((crews, self.quarters.size), dtype=np.int64)
        for crew_of in self.crew_of.values():
            slots = np.flatnonzero(crew_of >= 0)
            counts[crew_of[slots], slots] += 1
        return counts

    def at_work(self, crews: int, away: Away, runs: int, seed: int) -> Counts:
        """People at work: crews x replications x slots."""
        counts = np.zeros((crews, runs, self.quarters.size), dtype=np.int64)
        for person, crew_of in self.crew_of.items():
            rng = stream(seed, self.day, "person", person)
            there = ~away.draw(rng, self.quarters, runs)
            for crew in np.unique(crew_of[crew_of >= 0]):
                counts[crew] += there & (crew_of == crew)
        return counts
