"""The numbers chosen per slot: each slot enough, or the day or week as a whole."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from staffing.requirement.buying import Ladder, climb
from staffing.requirement.checking import Trial
from staffing.requirement.queue import Counts, Queue
from staffing.requirement.rates import Floats, expected_rates, quantile_rates
from staffing.requirement.spreading import MORE_THAN_ENOUGH, spread
from staffing.requirement.straining import is_simulated, strains
from staffing.standards import Standard, Standards

MORE_THAN_CHOSEN = MORE_THAN_ENOUGH
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
    `safety_level` of them; what they buy is told over all futures either way. Numbers that
    a simulation set right are asked with one strain and told with what it found of them.
    """
    at_work, noise = standards.at_work, queue.noise_cv
    smooth = standard.patience_s is not None
    expected = expected_rates(queue.factors, queue.day, noise, smooth=smooth)
    rates, level = expected, None
    if standards.uncertainty == "safety":
        level = standards.safety_level
        rates = quantile_rates(queue.factors, queue.day, noise, level)
    asked = told = queue
    if is_simulated(queue, standard):
        found = strains(queue, standard, rates, _trial(standards, seed, level), at_work)
        asked, told = queue.strained(found.asked), queue.strained(found.told)
    more = MORE_THAN_CHOSEN if standards.aim == "slot" else 2 * MORE_THAN_CHOSEN
    ladder = ladder_told = climb(asked, standard, rates, at_work=at_work, more=more)
    by_aim = _numbers(asked, standard, standards, ladder)
    chosen = by_aim[standards.aim]
    if told is not asked:
        ladder_told = climb(told, standard, rates, at_work=at_work, more=more)
        other = _numbers(told, standard, standards, ladder_told)
        by_aim = other | {standards.aim: chosen}
    if told is not asked or rates is not expected:
        sizes = np.maximum(ladder.sizes, ladder_told.sizes)
        ladder = climb(told, standard, expected, at_work=at_work, sizes=sizes)
    return Staffed(told, ladder, by_aim, chosen)


def _trial(standards: Standards, seed: int, level: float | None) -> Trial:
    floor = None if standards.aim == "slot" else standards.slot_floor
    return Trial(standards.shrinkage, standards.check_replications, seed, level, floor)


def _numbers(
    queue: Queue, standard: Standard, standards: Standards, ladder: Ladder
) -> dict[str, Counts]:
    """The numbers by aim, at most some more than enough for the slot by itself."""
    week = pl.struct("location", pl.col("day").dt.truncate("1w")).rle_id()
    weeks = queue.keys.select(week).to_series().to_numpy().astype(np.int64)

    def over(stretch: Counts) -> Counts:
        floor = standards.slot_floor
        return spread(ladder, queue.offered, standard, floor, stretch)

    return {"slot": ladder.enough, "day": over(queue.day), "week": over(weeks)}
