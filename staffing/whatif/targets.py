"""Hours for other handling times, percentages and seconds: a grid reckoned beforehand."""

from collections.abc import Sequence

import polars as pl

from staffing.requirement import requirement
from staffing.rules import Standard, Standards
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


def what_if_targets(
    workload: pl.DataFrame, standards: Standards, now: pl.DataFrame
) -> pl.DataFrame:
    """The `WhatIfTargets` of the `SlotWorkload` of one week.

    What each number of people buys is reckoned once for each handling time and threshold,
    and serves every target. `now` is the `Requirement` of that week by today's settings.
    """
    queues = workload.filter(~pl.col("waits"))
    today = now.filter("chosen").select(*SLOT, pl.col("people").alias("today"))
    parts = []
    for (skill,), rows in queues.group_by("skill", maintain_order=True):
        standard = standards.skill[str(skill)]
        for factor in FACTORS:
            slower = _slower(rows, factor)
            for threshold in thresholds(standard):
                changed = _changed(standards, str(skill), threshold)
                bought = requirement(slower, changed)
                answers = _answers(bought.join(today, on=SLOT), standard)
                parts.append(
                    answers.with_columns(
                        pl.lit(factor).alias("factor"),
                        pl.lit(threshold).alias("threshold_s"),
                    )
                )
    if not parts:
        return WhatIfTargets.create_empty()
    table = pl.concat(parts).select(WhatIfTargets.column_names())
    return WhatIfTargets.validate(table.sort(WhatIfTargets.primary_key()))


def thresholds(standard: Standard) -> list[float]:
    """The thresholds in seconds that are tried for a standard, its own among them."""
    of_calls = standard.threshold_s <= LONGEST_CALL_S
    usual = CALL_SECONDS if of_calls else VISIT_SECONDS
    return sorted({*usual, standard.threshold_s})


def targets_of(standard: Standard) -> list[float]:
    """The targets that are tried for a standard, its own among them."""
    return sorted({*TARGETS, standard.target})


def _slower(workload: pl.DataFrame, factor: float) -> pl.DataFrame:
    return workload.with_columns(pl.col("handling_s", "load") * factor)


def _changed(standards: Standards, skill: str, threshold: float) -> Standards:
    update = {"threshold_s": threshold, "target": HIGHEST}
    standard = standards.skill[skill].model_copy(update=update)
    return standards.model_copy(update={"skill": {**standards.skill, skill: standard}})


def _answers(bought: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Per target hours and share, and the share that today's people reach."""
    now = _share_now(bought)
    return pl.concat(
        [
            _of_target(bought, target, standard.minimum_people).join(now, on=PAIR)
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


def tried(table: pl.DataFrame, column: str) -> Sequence[float]:
    """The values of a column of a `WhatIfTargets` that were tried, in order."""
    values: list[float] = table[column].unique().sort().to_list()
    return values
