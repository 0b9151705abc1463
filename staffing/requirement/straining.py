"""Which days are simulated, and how their strain serves days like them.

Days of one location, weekday and opening hours whose load is alike (within a third of
one another) are taken as one: the middle one is simulated. So a horizon of half a year
costs about as many simulations as one of some weeks.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from staffing.requirement.checking import Strain, Trial, strain_of
from staffing.requirement.queue import SLOT_S, Counts, Queue
from staffing.requirement.rates import Rates
from staffing.standards import Standard

ALIKE = 1.3
"""Ratio of loads within which days are alike."""
LONG = 0.5
"""Handling times beyond this part of a slot are long against it."""


def is_simulated(queue: Queue, standard: Standard) -> bool:
    """Whether numbers of this queue are set right by simulation."""
    if standard.check is not None:
        return standard.check == "simulation"
    work = float(queue.offered @ queue.handling_s)
    is_long = work > LONG * SLOT_S * queue.offered.sum()
    return is_long or bool(queue.booked.sum() > 0)


def strains(
    queue: Queue, standard: Standard, rates: Rates, trial: Trial, at_work: float
) -> Strain:
    """The strain of every slot: simulated on the middle day of days alike."""

    def of(days: list[Counts]) -> Strain:
        middle = days[(len(days) - 1) // 2]
        rule = Rates(rates.factors, rates.weights, rates.rule[middle])
        return strain_of(queue.take(middle), standard, rule, trial, at_work)

    strain = Strain(np.ones(queue.load.size), np.ones(queue.load.size))
    kinds = list(_alike(queue))
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for days, found in zip(kinds, threads.map(of, kinds), strict=True):
            for rows in days:
                strain.asked[rows], strain.told[rows] = found.asked, found.told
    return strain


def _alike(queue: Queue) -> Iterator[list[Counts]]:
    """Rows of each day, days alike together, in order of load."""
    slots = queue.keys.with_row_index("row").with_columns(
        pl.Series("load", queue.load), pl.Series("number", queue.day)
    )
    since = pl.col("start") - pl.col("start").min()
    days = slots.group_by("location", "number", maintain_order=True).agg(
        "row",
        pl.col("day").first().dt.weekday(),
        pl.col("load").sum(),
        since.dt.total_minutes().alias("since"),
    )
    size = (pl.col("load").clip(1e-6).log() / np.log(ALIKE)).round()
    keyed = days.with_columns(size.alias("size")).sort("load", "number")
    kinds = ["location", "day", "since", "size"]
    for _, group in keyed.group_by(kinds, maintain_order=True):
        yield [rows.to_numpy().astype(np.int64) for rows in group["row"]]
