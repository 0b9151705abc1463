"""Simulate the floors of a week, each replication a week of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from staffing.proving.absence import Away
from staffing.proving.floors import Floor
from staffing.proving.lines import SLOT_S, Counts, Line
from staffing.proving.streams import seed_of, stream
from staffing.simulation import (
    Again,
    Distribution,
    Group,
    Queue,
    Simulation,
    simulate_network,
)
from staffing.simulation.outcomes import Floats
from staffing.standards import Standards

OPEN = 1e-9
"""An open slot in which nobody happens to come is still open."""


@dataclass(frozen=True)
class Chances:
    """What differs from one replication to the next, beside chance itself.

    `futures` are the factors on walk-ins by location, skill and day, one per replication;
    where there are none the forecast is taken as right. Without `away` the number at work
    is what it is on average.
    """

    standards: Standards
    replications: int
    seed: int
    futures: dict[tuple[str, str, date], Floats] = field(default_factory=dict)
    away: Away | None = None

    def factor(self, line: Line, day: date) -> Floats:
        """Walk-ins of each replication over what is expected on a day."""
        told = self.futures.get((line.location, line.skill, day))
        return np.ones(self.replications) if told is None else told


@dataclass(frozen=True)
class Lived:
    """One queue on one day: its open slots, and the work after them in seconds."""

    line: Line
    slots: pl.DataFrame
    result: Simulation
    after_s: Floats

    @property
    def counted(self) -> Simulation:
        """The result with those who gave up counted as the standard has it."""
        return self.result.counted(self.line.standard.abandoned)


@dataclass(frozen=True)
class Week:
    """The queues of a week, each simulated day by day."""

    parts: tuple[Lived, ...]

    def of(self, skill: str) -> "Week":
        """The queues of one skill."""
        return Week(tuple(part for part in self.parts if part.line.skill == skill))

    @property
    def skills(self) -> list[str]:
        """The skills that have a queue, by name."""
        return sorted({part.line.skill for part in self.parts})

    @property
    def result(self) -> Simulation:
        """All queues together, one slot after the other."""
        return Simulation.join([part.result for part in self.parts])

    @property
    def counted(self) -> Simulation:
        """As `result`, with those who gave up counted as the standards have it."""
        return Simulation.join([part.counted for part in self.parts])

    @property
    def after_s(self) -> Floats:
        """Work after closing in seconds, per replication."""
        total: Floats = np.sum([part.after_s for part in self.parts], axis=0)
        return total


def live_week(floors: Sequence[Floor], chances: Chances) -> Week:
    """Simulate every floor of a week; replication r of one is replication r of all."""
    return Week(tuple(part for floor in floors for part in _live(floor, chances)))


def _live(floor: Floor, chances: Chances) -> list[Lived]:
    groups = [
        Group(f"{crew.location}/{crew.skill}", agents, crew.serves)
        for crew, agents in zip(floor.crews, _agents(floor, chances), strict=True)
    ]
    names = "+".join(line.name for line in floor.lines)
    told = simulate_network(
        [_queue(floor, line, chances) for line in floor.lines],
        groups,
        slot_s=SLOT_S,
        replications=chances.replications,
        seed=seed_of(chances.seed, floor.day, "contacts", names),
        exact=True,
    )
    return [_lived(floor, line, told.queues[line.name]) for line in floor.lines]


def _agents(floor: Floor, chances: Chances) -> Floats:
    """People at work: crews x replications x slots, or crews x slots on average."""
    crews = len(floor.crews)
    if chances.away is None:
        people = floor.team.rostered(crews).astype(np.float64)
        return people * chances.standards.at_work
    runs, seed = chances.replications, chances.seed
    return floor.team.at_work(crews, chances.away, runs, seed).astype(np.float64)


def _queue(floor: Floor, line: Line, chances: Chances) -> Queue:
    counts = _counts(floor, line, chances)
    standard = line.standard
    again = Again(line.name, standard.redial_share, standard.redial_after_s)
    return Queue(
        name=line.name,
        arrivals=counts + OPEN * line.is_open,
        handling_time=Distribution(1.0, line.handling_cv),
        threshold_s=standard.threshold_s,
        patience=standard.patience_s,
        handling_factor=line.handling_s,
        again=again if standard.redial_share > 0 else None,
    )


def _counts(floor: Floor, line: Line, chances: Chances) -> Counts:
    """Who comes: replications x slots."""
    walk_in = stream(chances.seed, floor.day, "walk in", line.name)
    booked = stream(chances.seed, floor.day, "booked", line.name)
    counts = line.walk_in_counts(walk_in, chances.factor(line, floor.day))
    return counts + line.booked_counts(booked, chances.replications)


def _lived(floor: Floor, line: Line, result: Simulation) -> Lived:
    """The open slots of a queue; what happens between and after them is told apart."""
    opened = np.flatnonzero(line.is_open)
    slots = pl.DataFrame(
        {
            "location": line.location,
            "skill": line.skill,
            "start": [floor.starts[i] for i in opened],
        },
        schema_overrides={"start": pl.Datetime("us", "UTC")},
    )
    last = int(opened[-1]) + 1
    return Lived(line, slots, result.part(opened), result.busy_s[:, last:].sum(axis=1))
