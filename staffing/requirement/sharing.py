"""Work that locations do for one another: their queues of a skill become one.

A shared phone of ten towns is one stream of calls, answered by whoever is free in any of
them. It is staffed as one queue, at a location of its own name (`pool_location`).
"""

import polars as pl

from staffing.requirement.joining import join_futures, join_slots
from staffing.standards import Standards

POOL = "pool"


def shared_places(workload: pl.DataFrame, standards: Standards) -> dict[str, str]:
    """Where the joint queue of each shared skill stands, of a `SlotWorkload`.

    A skill with work at one location only is shared as it is: its queue stays there.
    """
    queued = workload.filter(~pl.col("waits")).group_by("skill")
    counts = queued.agg(pl.col("location").unique()).sort("skill")
    return {
        skill: standards.skill[skill].pool_location if len(places) > 1 else places[0]
        for skill, places in counts.iter_rows()
        if skill in standards.skill and standards.skill[skill].pooled
    }


def join_shared(workload: pl.DataFrame, standards: Standards) -> pl.DataFrame:
    """The `SlotWorkload` with one queue for the locations of each shared skill.

    It is open whenever any of them is.
    """
    rows = _with_pool(workload, standards)
    if rows.is_empty():
        return workload
    joined = join_slots(rows, [POOL, "skill"]).rename({POOL: "location"})
    alone = workload.join(rows, on=["location", "skill"], how="anti")
    both = [alone, joined.select(workload.columns)]
    return pl.concat(both).sort("location", "skill", "start")


def join_shared_futures(
    workload: pl.DataFrame, futures: pl.DataFrame, standards: Standards
) -> pl.DataFrame:
    """The `DayFutures` of that workload, from those of each location."""
    rows = _with_pool(workload, standards)
    if rows.is_empty():
        return futures
    joined = join_futures(rows, futures, [POOL, "skill"]).rename({POOL: "location"})
    alone = futures.join(rows, on=["location", "skill"], how="anti")
    return pl.concat([alone, joined.select(futures.columns)])


def _with_pool(workload: pl.DataFrame, standards: Standards) -> pl.DataFrame:
    """The rows of queues that are to be joined, and where."""
    places = shared_places(workload, standards)
    where = pl.col("skill").replace_strict(places, default=None, return_dtype=pl.String)
    rows = workload.filter(~pl.col("waits")).with_columns(where.alias(POOL))
    several = pl.col("location").n_unique().over("skill") > 1
    return rows.filter(pl.col(POOL).is_not_null() & several)
