"""Stretches of time with fewer people than required."""

from dataclasses import dataclass
from datetime import date, datetime

from forecasting.calendar import SLOT
from staffing.roster.explaining.standing import Place, Standing
from staffing.roster.headcounts import missing
from staffing.roster.wanted import Demand


@dataclass(frozen=True)
class Stretch:
    """Quarter-hours of one location, skill and day that are short one after the other.

    Work that can wait is short when its whole day is: then all its open quarter-hours.
    `quarters` are the person-quarters short, `short` the people short at the `worst`.
    """

    day: date
    demands: tuple[Demand, ...]
    worst: Demand
    short: int
    quarters: int

    @property
    def location(self) -> str:
        """Where the demand stands."""
        return self.worst.location

    @property
    def skill(self) -> str:
        """The skill that is short."""
        return self.worst.skill

    @property
    def start(self) -> datetime:
        """Begin of the stretch."""
        return self.demands[0].start

    @property
    def end(self) -> datetime:
        """End of the stretch."""
        return self.demands[-1].start + SLOT

    @property
    def places(self) -> tuple[Place, ...]:
        """The quarter-hours of the stretch."""
        return tuple((d.location, d.skill, d.start) for d in self.demands)


def find_stretches(standing: Standing) -> list[Stretch]:
    """Every stretch short of its requirement, largest first."""
    found = [
        _stretch(standing, day, run)
        for (_, _, day), slots in standing.instance.slots.items()
        for run in _runs(standing, day, [slots[q] for q in sorted(slots)])
    ]
    return sorted(found, key=lambda s: (-s.quarters, s.start, s.location, s.skill))


def _runs(
    standing: Standing, day: date, demands: list[Demand]
) -> list[tuple[Demand, ...]]:
    waiting = tuple(demand for demand in demands if demand.deferrable)
    if waiting:
        first = waiting[0]
        left = standing.waiting[first.location, first.skill, day]
        return [waiting] if left > 0 else []
    runs: list[tuple[Demand, ...]] = []
    for demand in demands:
        if missing(demand, standing.heads) == 0:
            continue
        if runs and runs[-1][-1].start + SLOT == demand.start:
            runs[-1] = (*runs[-1], demand)
        else:
            runs.append((demand,))
    return runs


def _stretch(standing: Standing, day: date, run: tuple[Demand, ...]) -> Stretch:
    heads = standing.heads
    worst = max(run, key=lambda demand: (missing(demand, heads), demand.required))
    quarters = sum(missing(demand, heads) for demand in run)
    if run[0].deferrable:
        quarters = standing.waiting[worst.location, worst.skill, day]
    return Stretch(day, run, worst, max(missing(worst, heads), 1), quarters)
