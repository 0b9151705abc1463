"""Set the formula right by simulation where it is not good enough.

The formula takes every slot as steady, contacts as random and handling times as without
memory. At a counter none of that holds: a quarter-hour is short against a visit and a
quarter-hour's wait, planned visits come evenly, handling times spread less. So numbers
chosen by the formula are simulated, with futures, noise and people away drawn; from what
comes late a *strain* is found per slot, the factor on the load with which the formula
says the same; and numbers are chosen again (the iterative staffing of Feldman,
Mandelbaum, Massey and Whitt, 2008), until they repeat. Of those tried that meet the
target in the simulation the fewest people are taken, with the strain that asks for them
and the strain found of them, with which the table tells what they buy.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from staffing.requirement.buying import climb
from staffing.requirement.presence import drawn_presence
from staffing.requirement.queue import SLOT_S, Counts, Queue
from staffing.requirement.rates import Floats, Rates
from staffing.requirement.spreading import MORE_THAN_ENOUGH, spread
from staffing.simulation import Distribution, simulate
from staffing.simulation.engine import Arrivals
from staffing.standards import Shrinkage, Standard

ROUNDS, FREE = 8, 4
"""Numbers tried at most, and of those so many by what the one before found; the others
lie between what was enough and what fell short, for large numbers never repeat."""
STRAINS = np.geomspace(0.35, 1.6, 20)
STEP = 1.04
"""So much more strain where none of the numbers tried was enough."""
NEAR = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
"""Weights of the slots about one, with which its simulated share is smoothed."""
ALLOWED = 0.01
"""A slot's simulated share may lie so much under target: its own error is that wide."""


@dataclass(frozen=True)
class Trial:
    """Replications to draw, and who may be away; of one future of the day, or all.

    With a `floor` the target is to hold over the day, and the floor in each slot.
    """

    shrinkage: Mapping[str, Shrinkage]
    replications: int
    seed: int
    quantile: float | None = None
    floor: float | None = None


@dataclass(frozen=True)
class Strain:
    """Factors on the load per slot: those that ask for numbers, and those found of them."""

    asked: Floats
    told: Floats


def strain_of(
    queue: Queue, standard: Standard, rates: Rates, trial: Trial, at_work: float
) -> Strain:
    """The strain per slot of the one day that a queue holds."""
    counted = _with_all_counted(standard)
    tries = Tries()
    strain = queue.strain
    for turn in range(ROUNDS):
        if turn >= FREE:
            strain = tries.between(strain)
        people = _asked(queue.strained(strain), counted, rates, trial, at_work)
        if tries.knows(people):
            strain = tries.between(strain)
            people = _asked(queue.strained(strain), counted, rates, trial, at_work)
            if tries.knows(people):
                break
        late = simulated_late(queue, standard, people, trial)
        told = _fitted(queue, counted, rates, people, late, at_work)
        lack = _lack(queue.offered, late, standard.target, trial.floor)
        tries.add(people, Strain(strain, told), lack)
        strain = told
    return tries.best


def _asked(
    queue: Queue, standard: Standard, rates: Rates, trial: Trial, at_work: float
) -> Counts:
    """Numbers by the formula: enough in each slot, or over the day with a floor."""
    ladder = climb(queue, standard, rates, at_work=at_work, more=MORE_THAN_ENOUGH)
    if trial.floor is None:
        return ladder.enough
    return spread(ladder, queue.offered, standard, trial.floor, queue.day)


class Tries:
    """Numbers that were simulated: of those enough the fewest, of the rest the nearest."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()
        self._enough: tuple[int, Strain] | None = None
        self._short: tuple[float, Strain] | None = None

    def knows(self, people: Counts) -> bool:
        """Whether these numbers were simulated before."""
        return people.tobytes() in self._known

    def add(self, people: Counts, strain: Strain, lack: float) -> None:
        """Note what a simulation found: how far under target, 0 when enough."""
        self._known.add(people.tobytes())
        total = int(people.sum())
        if lack > 0 and (self._short is None or lack < self._short[0]):
            self._short = lack, strain
        if lack == 0 and (self._enough is None or total < self._enough[0]):
            self._enough = total, strain

    def between(self, strain: Floats) -> Floats:
        """A strain halfway from what fell short to what was enough, or a step more."""
        if self._short is None:
            return strain
        if self._enough is None:
            return np.maximum(strain, self._short[1].asked) * STEP
        middle: Floats = np.sqrt(self._enough[1].asked * self._short[1].asked)
        return middle

    @property
    def best(self) -> Strain:
        """The strain of the fewest that were enough, else of those nearest to it."""
        found = self._enough or self._short
        if found is None:
            raise ValueError("expected numbers to have been tried")
        return found[1]


def _with_all_counted(standard: Standard) -> Standard:
    """The standard with contacts that give up as late: strain is a matter of load."""
    return standard.model_copy(update={"abandoned": "late"})


def simulated_late(
    queue: Queue, standard: Standard, people: Counts, trial: Trial
) -> Floats:
    """Mean number of contacts per slot not served in time by numbers rostered."""
    rng = np.random.default_rng(trial.seed)
    size, runs = people.size, trial.replications
    there = drawn_presence(trial.shrinkage, int(people.max()), size, runs, rng)
    agents = there[:, people, np.arange(size)]
    cv = float(np.average(queue.handling_cv, weights=queue.offered + 1e-9))
    found = simulate(
        _drawn_rates(queue, trial, rng) * queue.walk_ins,
        agents,
        Distribution(1.0, cv),
        standard.patience_s,
        slot_s=SLOT_S,
        threshold_s=standard.threshold_s,
        replications=runs,
        seed=trial.seed,
        handling_factor=queue.handling_s,
        pattern=Arrivals(booked=queue.booked),
    )
    late: Floats = (found.offered - found.within).mean(axis=0)
    return late


def _drawn_rates(queue: Queue, trial: Trial, rng: np.random.Generator) -> Floats:
    """Factors of day and slot: the day's futures in equal parts, each slot's own noise."""
    runs, factors = trial.replications, queue.factors[queue.day[0]]
    if trial.quantile is not None:
        factors = np.quantile(factors, [trial.quantile], method="inverted_cdf")
    of_day = factors[np.arange(runs) * factors.size // runs]
    shape = np.maximum(queue.noise_cv, 1e-3) ** -2.0
    noise = rng.gamma(np.broadcast_to(shape, (runs, shape.size))) / shape
    rates: Floats = of_day[:, None] * np.where(queue.noise_cv > 0, noise, 1.0)
    return rates


def _smooth(values: Floats) -> Floats:
    return np.convolve(values, NEAR)[NEAR.size // 2 :][: values.size]


def _lack(
    offered: Floats, late: Floats, target: float, floor: float | None = None
) -> float:
    """How far the worst slot, or the whole day, lies under its target; 0 when enough."""
    near = _smooth(offered)
    shares = 1 - np.divide(_smooth(late), near, out=np.zeros_like(near), where=near > 0)
    day = 1 - late.sum() / offered.sum() if offered.sum() > 0 else 1.0
    least = target if floor is None else min(floor, target)
    return float(max(least - ALLOWED - shares.min(), target - day, 0.0))


def _fitted(
    queue: Queue,
    standard: Standard,
    rates: Rates,
    people: Counts,
    late: Floats,
    at_work: float,
) -> Floats:
    """The strain per slot with which the formula comes to the simulated number late."""
    told = np.array(
        [
            _smooth(_late_by_formula(queue, standard, rates, people, strain, at_work))
            for strain in STRAINS
        ]
    )
    told = np.maximum.accumulate(told, axis=0)
    found = _smooth(late)
    logs = np.log(STRAINS)
    fitted = [np.interp(found[i], told[:, i], logs) for i in range(found.size)]
    strain: Floats = np.where(told[-1] > 0, np.exp(np.array(fitted)), 1.0)
    return strain


def _late_by_formula(
    queue: Queue,
    standard: Standard,
    rates: Rates,
    people: Counts,
    strain: float,
    at_work: float,
) -> Floats:
    strained = queue.strained(np.full(people.size, strain))
    ladder = climb(strained, standard, rates, at_work=at_work, sizes=people + 1)
    return queue.offered * (1 - ladder.at(people))
