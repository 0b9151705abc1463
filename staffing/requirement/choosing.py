"""The numbers chosen per slot: each slot enough, or the day or week as a whole."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from staffing.requirement.buying import Ladder, climb
from staffing.requirement.checking import Trial
from staffing.requirement.queue import Counts, Queue
from staffing.requirement.rates import Floats, expected_rates, quantile_rates
from staffing.requirement.straining import is_simulated, strains
from staffing.rules import Standard, Standards

MORE_THAN_CHOSEN = 3
"""Candidates run from nobody to this many above the number chosen."""
AIMS = ("slot", "day", "week")


@dataclass(frozen=True)
class Staffed:
    """A queue, what numbers of people buy in it, and the numbers each aim asks for."""

    queue: Queue
    ladder: Ladder
    by_aim: dict[str, Counts]
    chosen: Counts

    @property
    def late(self) -> Floats:
        """Expected contacts not in time by the numbers chosen."""
        return self.queue.offered * (1 - self.ladder.at(self.chosen))


def staff(
    queue: Queue, standard: Standard, standards: Standards, seed: int = 0
) -> Staffed:
    """Choose numbers of people for every slot of a queue.

    With `uncertainty` of "safety" numbers are chosen in the future that is busier than
    `safety_level` of them; what they buy is told over all futures either way.
    """
    at_work, noise = standards.at_work, queue.noise_cv
    smooth = standard.patience_s is not None
    expected = expected_rates(queue.factors, queue.day, noise, smooth=smooth)
    trial = Trial(standards.shrinkage, standards.check_replications, seed)
    rates = expected
    if standards.uncertainty == "safety":
        level = standards.safety_level
        rates = quantile_rates(queue.factors, queue.day, noise, level)
        trial = Trial(standards.shrinkage, standards.check_replications, seed, level)
    if is_simulated(queue, standard):
        found = strains(queue, standard, rates, trial, at_work)
        queue = queue.strained(found)
    more = MORE_THAN_CHOSEN if standards.aim == "slot" else 2 * MORE_THAN_CHOSEN
    ladder = climb(queue, standard, rates, at_work=at_work, more=more)
    by_aim = _numbers(queue, standard, standards, ladder)
    chosen = by_aim[standards.aim]
    if rates is not expected:
        sizes = ladder.sizes
        ladder = climb(queue, standard, expected, at_work=at_work, sizes=sizes)
    return Staffed(queue, ladder, by_aim, chosen)


def _numbers(
    queue: Queue, standard: Standard, standards: Standards, ladder: Ladder
) -> dict[str, Counts]:
    """The numbers by aim, at most some more than enough for the slot by itself."""
    keys = queue.keys.with_columns(pl.col("day").dt.truncate("1w").alias("week"))
    short = _cut(ladder, ladder.enough + MORE_THAN_CHOSEN + 1)
    floor = min(standards.slot_floor, standard.target)
    low = _smallest(short, floor, standard.minimum_people)
    return {
        "slot": ladder.enough,
        "day": _spread(queue, standard.target, short, low, keys["location", "day"]),
        "week": _spread(queue, standard.target, short, low, keys["location", "week"]),
    }


def _cut(ladder: Ladder, sizes: Counts) -> Ladder:
    """The ladder with fewer numbers per slot."""
    kept = ladder.people < sizes[ladder.slot]
    begins = np.concatenate([[0], np.cumsum(sizes)])
    return Ladder(ladder.share[kept], begins, ladder.enough)


def _smallest(ladder: Ladder, floor: float, minimum: int) -> Counts:
    """The smallest number per slot, at least the minimum, with that share in time."""
    people, fits = ladder.people, ladder.share >= floor
    fits &= people >= minimum
    low = np.full(ladder.sizes.size, np.iinfo(np.int64).max)
    np.minimum.at(low, ladder.slot[fits], people[fits])
    return low


def _spread(
    queue: Queue, target: float, ladder: Ladder, low: Counts, keys: pl.DataFrame
) -> Counts:
    """Fewest people so that the target holds over each stretch of rows of equal keys."""
    from staffing.requirement.aiming import fewest

    offered = queue.offered
    late = offered[ladder.slot] * (1 - ladder.share)
    chosen = np.empty(low.size, dtype=np.int64)
    stretch = keys.select(pl.struct(pl.all()).rle_id()).to_series().to_numpy()
    ends = np.cumsum(np.bincount(stretch))
    for begin, end in zip(np.concatenate([[0], ends[:-1]]), ends, strict=True):
        first, last = ladder.begins[begin], ladder.begins[end]
        chosen[begin:end] = fewest(
            late[first:last],
            ladder.begins[begin : end + 1] - first,
            low[begin:end],
            float((1 - target) * offered[begin:end].sum()),
        )
    return chosen
