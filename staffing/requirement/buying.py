"""What each number of people buys in each slot, by the formulas."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from staffing.queueing.treating import treatment_code
from staffing.requirement.queue import Counts, Queue
from staffing.requirement.rates import Floats, Rates, condensed
from staffing.standards import Standard

SLOTS_PER_THREAD = 1000


@dataclass(frozen=True)
class Ladder:
    """Shares in time per slot of 0, 1, 2 ... people, all slots in one row.

    The shares of slot i stand from `begins[i]` to `begins[i + 1]`; `enough` is the
    smallest number that reaches the target, -1 where the ladder ends before.
    """

    share: Floats
    begins: Counts
    enough: Counts

    @property
    def sizes(self) -> Counts:
        """How many numbers of people each slot has."""
        return np.diff(self.begins)

    @property
    def slot(self) -> Counts:
        """The slot of each share."""
        return np.repeat(np.arange(self.sizes.size), self.sizes)

    @property
    def people(self) -> Counts:
        """The number of people of each share."""
        return np.arange(self.share.size) - self.begins[self.slot]

    def at(self, people: Counts) -> Floats:
        """The share of each slot with a number of people within its ladder."""
        shares: Floats = self.share[self.begins[:-1] + people]
        return shares


def climb(
    queue: Queue,
    standard: Standard,
    rates: Rates,
    *,
    at_work: float,
    more: int = 0,
    sizes: NDArray[np.int64] | None = None,
) -> Ladder:
    """The ladder of every slot, up to `more` above the smallest number that is enough.

    Or of `sizes` numbers. Of the people rostered each is at work with chance `at_work`.
    """
    from staffing.queueing.ladders import ladders

    load = queue.load * queue.strain
    smooth = condensed(rates, load) if standard.patience_s else rates
    slots = np.column_stack([load, 1 / queue.handling_s, queue.random])
    giving_up = 1 / standard.patience_s if standard.patience_s else 0.0
    told = giving_up, standard.threshold_s, standard.target, standard.minimum_people
    wanted = np.zeros(load.size, dtype=np.int64) if sizes is None else sizes
    treatment, numbers = treatment_code(standard.abandoned), [*told, at_work, more]

    def of(rows: slice) -> tuple[Floats, Counts, Counts]:
        return ladders(
            treatment,
            np.array(numbers),
            slots[rows],
            smooth.rule[rows],
            smooth.factors,
            smooth.weights,
            wanted[rows],
        )

    parts = _parts(load.size)
    if len(parts) == 1:
        return _joined([of(parts[0])])
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return _joined(list(threads.map(of, parts)))


def _parts(size: int) -> list[slice]:
    """Slots in parts that are worth a thread each."""
    ends = [*range(0, max(size, 1), SLOTS_PER_THREAD), size]
    return [slice(*pair) for pair in pairwise(ends)]


def _joined(parts: list[tuple[Floats, Counts, Counts]]) -> Ladder:
    """Ladders of parts of the slots, one after the other."""
    share, begins, enough = zip(*parts, strict=True)
    sizes = np.concatenate([np.diff(one) for one in begins])
    return Ladder(
        np.concatenate(share),
        np.concatenate([[0], np.cumsum(sizes)]),
        np.concatenate(enough),
    )
