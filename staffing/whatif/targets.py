"""Hours for other handling times, percentages and seconds: a grid reckoned beforehand."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from staffing.requirement.buying import Ladder, climb
from staffing.requirement.queue import Counts, Queue, as_queue
from staffing.requirement.rates import Floats, expected_rates
from staffing.standards import Standard, Standards
from staffing.whatif.tables import WhatIfTargets

FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
TARGETS = (0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95)
CALL_SECONDS = (10.0, 15.0, 20.0, 25.0, 30.0, 45.0, 60.0, 90.0, 120.0)
VISIT_SECONDS = (300.0, 600.0, 900.0, 1200.0, 1800.0)
LONGEST_CALL_S = 120.0
"""A standard within so many seconds is one of calls, a longer one of visits."""
HIGHEST = 0.995
"""The target up to which numbers of people are reckoned: enough for every other."""
SLOT = ["location", "skill", "start"]
PAIR = ["location", "skill"]
SLOT_HOURS = 0.25
STRAINS = np.geomspace(0.3, 2.0, 40)
ALIKE = 1e-6
"""Shares in time that differ by less are the same: the formula was not set right."""


def what_if_targets(
    workload: pl.DataFrame,
    standards: Standards,
    now: pl.DataFrame,
    futures: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The `WhatIfTargets` of the `SlotWorkload` of one week, over its `DayFutures`.

    What each number of people buys is reckoned once for each handling time and threshold,
    and serves every target, which is to hold in each slot, in the share expected. `now`
    is the `Requirement` of that week by today's settings: where it was set right by
    simulation, the strain that it found on each slot counts at every point.
    """
    queues = workload.filter(~pl.col("waits")).sort(SLOT)
    parts: list[pl.DataFrame] = [pl.DataFrame(WhatIfTargets.create_empty())]
    for (skill,), rows in queues.group_by("skill", maintain_order=True):
        here = pl.col("skill") == skill
        of_skill = None if futures is None else futures.filter(here)
        week = _Week(rows, of_skill, now.filter(here), standards, str(skill))
        parts += [
            week.answers(factor, threshold)
            for factor in FACTORS
            for threshold in thresholds(week.standard)
        ]
    table = pl.concat(parts)
    return WhatIfTargets.validate(table.sort(WhatIfTargets.primary_key()))


@dataclass(frozen=True)
class _Week:
    """The queue of a skill in the week looked at, with what its people buy today."""

    workload: pl.DataFrame
    futures: pl.DataFrame | None
    now: pl.DataFrame
    standards: Standards
    skill: str

    @property
    def standard(self) -> Standard:
        """The standard of the skill by today's settings."""
        return self.standards.skill[self.skill]

    @cached_property
    def today(self) -> pl.DataFrame:
        """Per slot of the queue people chosen and contacts late by today's settings."""
        chosen = self.now.filter("chosen").select(
            *SLOT, pl.col("people").alias("today"), pl.col("late").alias("late_today")
        )
        keys = as_queue(self.workload, self.futures).keys.select(SLOT)
        return keys.join(chosen, on=SLOT, how="left", maintain_order="left").fill_null(
            0
        )

    @cached_property
    def strain(self) -> Floats:
        """The factor on each slot's load with which the formula says what `now` does."""
        queue = as_queue(self.workload, self.futures)
        people = self.today["today"].to_numpy()
        offered = queue.offered
        late = self.today["late_today"].to_numpy()
        share = 1 - np.divide(late, offered, out=np.zeros_like(late), where=offered > 0)
        told = np.array([self._share(queue, value, people) for value in STRAINS])
        plain = self._share(queue, 1.0, people)
        strain = [
            float(np.interp(share[i], told[::-1, i], STRAINS[::-1]))
            for i in range(share.size)
        ]
        return np.where(np.abs(plain - share) < ALIKE, 1.0, strain)

    @property
    def _asked_today(self) -> bool:
        """Whether today's numbers are those that the standard asks of each slot."""
        told = self.standards
        return (told.aim, told.uncertainty) == ("slot", "expected")

    def _share(self, queue: Queue, strain: float, people: Counts) -> Floats:
        strained = queue.strained(np.full(people.size, strain))
        return self._ladder(strained, self.standard, people + 1).at(people)

    def _ladder(
        self, queue: Queue, standard: Standard, sizes: Counts | None = None
    ) -> Ladder:
        smooth = standard.patience_s is not None
        rates = expected_rates(queue.factors, queue.day, queue.noise_cv, smooth=smooth)
        at_work = self.standards.at_work
        return climb(queue, standard, rates, at_work=at_work, sizes=sizes)

    def answers(self, factor: float, threshold: float) -> pl.DataFrame:
        """All targets with a handling time and a threshold."""
        slower = self.workload.with_columns(pl.col("handling_s", "load") * factor)
        queue = as_queue(slower, self.futures).strained(self.strain)
        update = {"threshold_s": threshold, "target": HIGHEST}
        ladder = self._ladder(queue, self.standard.model_copy(update=update))
        slot = ladder.slot
        bought = self.today.select(*SLOT, "today")[slot].with_columns(
            pl.Series("people", ladder.people),
            pl.Series("offered", queue.offered[slot]),
            pl.Series("late", queue.offered[slot] * (1 - ladder.share).clip(0, 1)),
        )
        asked = self._asked_today and (factor, threshold) == (
            1.0,
            self.standard.threshold_s,
        )
        told = _answers(bought, self.standard, asked=asked).with_columns(
            pl.lit(factor).alias("factor"), pl.lit(threshold).alias("threshold_s")
        )
        return told.select(WhatIfTargets.column_names())


def thresholds(standard: Standard) -> list[float]:
    """The thresholds in seconds that are tried for a standard, its own among them."""
    of_calls = standard.threshold_s <= LONGEST_CALL_S
    usual = CALL_SECONDS if of_calls else VISIT_SECONDS
    return sorted({*usual, standard.threshold_s})


def targets_of(standard: Standard) -> list[float]:
    """The targets that are tried for a standard, its own among them."""
    return sorted({*TARGETS, standard.target})


def _answers(bought: pl.DataFrame, standard: Standard, *, asked: bool) -> pl.DataFrame:
    """Per target hours and share, and the share that today's people reach.

    With the standard as it is, today's numbers are those `asked`: a simulation found
    them enough together, where a slot by itself may lie a little under its target.
    """
    now = _share_now(bought)
    today = bought.filter(pl.col("people") == pl.col("today"))
    return pl.concat(
        [
            (
                _summed(today, "share").with_columns(pl.lit(target).alias("target"))
                if asked and target == standard.target
                else _of_target(bought, target, standard.minimum_people)
            ).join(now, on=PAIR)
            for target in targets_of(standard)
        ]
    )


def _of_target(bought: pl.DataFrame, target: float, minimum: int) -> pl.DataFrame:
    enough = pl.col("late") <= (1 - target) * pl.col("offered") + 1e-9
    fits = bought.filter(enough, pl.col("people") >= minimum)
    least = fits.sort("people").group_by(SLOT, maintain_order=True).first()
    return _summed(least, "share").with_columns(pl.lit(target).alias("target"))


def _summed(slots: pl.DataFrame, share: str) -> pl.DataFrame:
    offered = pl.col("offered").sum()
    late = (pl.col("late").sum() / offered).clip(0, 1)
    return slots.group_by(PAIR).agg(
        (pl.col("people").sum() * SLOT_HOURS).alias("hours"),
        pl.when(offered > 0).then(1 - late).alias(share),
    )


def _share_now(bought: pl.DataFrame) -> pl.DataFrame:
    """With today's people; more of them than were reckoned serve as well as the most."""
    there = bought.filter(pl.col("people") <= pl.col("today"))
    most = there.sort("people").group_by(SLOT, maintain_order=True).last()
    return _summed(most, "share_now").drop("hours")
