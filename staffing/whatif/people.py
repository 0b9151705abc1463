"""One person more or less, hour by hour: from what each number of people buys."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from staffing.queueing import mean_wait, service_level
from staffing.standards import Standard, Standards
from staffing.whatif.tables import WhatIfPeople

SLOT = ["location", "skill", "start"]
Floats = NDArray[np.float64]
LONGEST_S = 3600.0
"""A wait that would grow without end counts as an hour: quarter-hours end."""
STEPS = {"less": -1, "now": 0, "more": 1}
LOADS, HALVINGS = 2.0, 40
"""The load is looked for between exp(-2) and exp(2) times that of the slot."""


def what_if_people(
    needed: pl.DataFrame, standards: Standards, *, at_work: float, zone: str
) -> pl.DataFrame:
    """The `WhatIfPeople` of a `Requirement`.

    Lateness stands in the requirement; the mean wait is that of Erlang A or C, with the
    share `at_work` of the people rostered, at the load that makes as many late. Work that
    can wait has no hour of its own, and is left out.
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
        pl.Series(f"wait_{name}_s", _waits(chosen, standards, name, at_work))
        for name in STEPS
    ]
    return WhatIfPeople.validate(_by_hour(chosen.with_columns(*waits), zone))


def _waits(
    slots: pl.DataFrame, standards: Standards, name: str, at_work: float
) -> Floats:
    """Mean wait in seconds per slot with the people of a step.

    It is the wait of the load at which the formula is as late as the requirement says:
    what a simulation, futures and absence did to lateness they do to the wait. Part of a
    person is that part of the way between the whole numbers around it.
    """
    people = np.maximum(slots["people"].to_numpy() + STEPS[name], 0) * at_work
    in_time = 1 - (slots[f"late_{name}"] / slots["offered"]).clip(0, 1).to_numpy()
    handling = slots["handling_s"].to_numpy()
    rate = slots["load"].to_numpy() / handling * 3600
    waits = np.empty(slots.height)
    for skill in slots["skill"].unique(maintain_order=True):
        rows = (slots["skill"] == skill).to_numpy()
        queue = rate[rows], handling[rows], people[rows]
        waits[rows] = _waits_as_late(*queue, in_time[rows], standards.skill[skill])
    return waits


def _waits_as_late(
    rate: Floats, handling: Floats, people: Floats, in_time: Floats, standard: Standard
) -> Floats:
    patience = standard.patience_s or np.inf
    low, high = np.full(rate.size, -LOADS), np.full(rate.size, LOADS)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        level = service_level(
            rate * np.exp(middle),
            handling,
            people,
            standard.threshold_s,
            patience,
            abandoned=standard.abandoned,
        )
        low, high = (
            np.where(level >= in_time, middle, low),
            np.where(level >= in_time, high, middle),
        )
    fewer = np.floor(people + 1e-9)
    below, above = (
        np.minimum(mean_wait(rate * np.exp(low), handling, n, patience), LONGEST_S)
        for n in (fewer, fewer + 1)
    )
    return np.asarray(below + (people - fewer).clip(0) * (above - below))


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
