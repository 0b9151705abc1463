"""One person more or less, hour by hour: from what each number of people buys."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from staffing.queueing import mean_wait
from staffing.rules import Standards
from staffing.whatif.tables import WhatIfPeople

SLOT = ["location", "skill", "start"]
Floats = NDArray[np.float64]
LONGEST_S = 3600.0
"""A wait that would grow without end counts as an hour: quarter-hours end."""
STEPS = {"less": -1, "now": 0, "more": 1}


def what_if_people(
    needed: pl.DataFrame, standards: Standards, *, at_work: float, zone: str
) -> pl.DataFrame:
    """The `WhatIfPeople` of a `Requirement`.

    Lateness stands in the requirement; the mean wait is that of Erlang A or C with the
    share `at_work` of the people rostered. Work that can wait has no hour of its own, and
    is left out.
    """
    numbers = needed.filter(pl.len().over(SLOT) > 1)
    chosen = numbers.filter("chosen", pl.col("offered") > 0)
    for name, step in STEPS.items():
        beside = numbers.select(
            *SLOT, (pl.col("people") - step).alias("people"), pl.col("late").alias(f"late_{name}")
        )  # fmt: skip
        chosen = chosen.join(beside, on=[*SLOT, "people"], how="left")
    # Nobody less than nobody: everybody who comes is late, or as late as now.
    chosen = chosen.with_columns(pl.col("late_less").fill_null(pl.col("late_now")))
    waits = [
        pl.Series(f"wait_{name}_s", _waits(chosen, standards, step, at_work))
        for name, step in STEPS.items()
    ]
    return WhatIfPeople.validate(_by_hour(chosen.with_columns(*waits), zone))


def _waits(
    slots: pl.DataFrame, standards: Standards, step: int, at_work: float
) -> Floats:
    """Mean wait in seconds per slot with so many people more.

    Part of a person is that part of the way between the whole numbers around it.
    """
    patience = [standards.skill[skill].patience_s or np.inf for skill in slots["skill"]]
    handling = slots["handling_s"].to_numpy()
    rate = slots["load"].to_numpy() / handling * 3600
    people = np.maximum(slots["people"].to_numpy() + step, 0) * at_work
    fewer = np.floor(people + 1e-9)
    low, high = (
        np.minimum(mean_wait(rate, handling, n, np.array(patience)), LONGEST_S)
        for n in (fewer, fewer + 1)
    )
    return np.asarray(low + (people - fewer).clip(0) * (high - low))


def _by_hour(slots: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Sums per weekday and hour, divided by the weeks in which that hour is open."""
    local = pl.col("start").dt.convert_time_zone(zone)
    weeks = pl.col("start").dt.convert_time_zone(zone).dt.date().n_unique()
    offered = pl.col("offered")
    waits = [
        ((pl.col(f"wait_{name}_s") * offered).sum() / offered.sum()) for name in STEPS
    ]
    rows = slots.group_by(
        "location",
        "skill",
        local.dt.weekday().cast(pl.Int64).alias("weekday"),
        local.dt.hour().cast(pl.Int64).alias("hour"),
    ).agg(
        pl.col("people").mean().cast(pl.Float64),
        offered.sum() / weeks,
        pl.col("late_less").sum() / weeks,
        (pl.col("late_now").sum() / weeks).alias("late"),
        pl.col("late_more").sum() / weeks,
        *waits,
    )
    named = rows.rename({"wait_now_s": "wait_s"})
    return named.select(WhatIfPeople.column_names()).sort(WhatIfPeople.primary_key())
