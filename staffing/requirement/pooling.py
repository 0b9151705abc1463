"""What a pool would save: people who serve several skills, one contact at a time.

Contacts of all skills of the pool stand in one queue, first come first served, as one
formula with their mean handling time and mean patience sees it; the pool is enough when
each skill reaches its own target within its own threshold. A pool needs fewer people
than its skills apart, and more than any of them: a flexible person is never two.
"""

import polars as pl

from staffing.requirement.choosing import staff
from staffing.requirement.joining import join_futures, join_slots
from staffing.requirement.queue import as_queue
from staffing.standards import Standard, Standards
from staffing.tables import Pooled

SLOT_HOURS = 0.25
PLACE = ["location", "start", "day"]


def pooled(
    workload: pl.DataFrame, standards: Standards, futures: pl.DataFrame | None
) -> pl.DataFrame:
    """The rows of `Pooled`, for every pool of the standards at every location."""
    plain = standards.model_copy(update={"aim": "slot"})
    parts = []
    for pool in standards.pools:
        here = workload.sort("location", "skill", "start").filter(
            pl.col("skill").is_in(pool), ~pl.col("waits")
        )
        both = pl.col("skill").n_unique().over("location") > 1
        rows = here.filter(both)
        if rows.height:
            parts.append(_compared(rows, "+".join(pool), plain, futures))
    none = Pooled.create_empty()
    return pl.concat([none, *parts]).sort(Pooled.primary_key())


def _compared(
    rows: pl.DataFrame, name: str, standards: Standards, futures: pl.DataFrame | None
) -> pl.DataFrame:
    """Hours per week apart, and of one pool."""
    skills = rows["skill"].unique().sort().to_list()
    apart = [
        _hours(rows.filter(pl.col("skill") == skill), _by_formula(standards, skill),
               standards, futures)
        for skill in skills
    ]  # fmt: skip
    one = join_slots(rows, ["location"]).with_columns(pl.lit(name).alias("skill"))
    drawn = _joint_futures(rows, name, futures)
    together = [
        _hours(one, _pool_standard(rows, standards, skill), standards, drawn)
        for skill in skills
    ]
    keys = ["location", "week"]
    most = pl.concat(together).group_by(PLACE).agg(pl.col("people").max())
    hours = pl.col("people").sum() * SLOT_HOURS
    week = pl.col("day").dt.truncate("1w").alias("week")
    of_all = pl.concat(apart).group_by("location", week).agg(hours.alias("hours_apart"))
    of_one = most.group_by("location", week).agg(hours.alias("hours_pooled"))
    joined = of_all.join(of_one, on=keys).with_columns(pl.lit(name).alias("skills"))
    return joined.select(Pooled.column_names())


def _hours(
    rows: pl.DataFrame,
    standard: Standard,
    standards: Standards,
    futures: pl.DataFrame | None,
) -> pl.DataFrame:
    skill = rows["skill"][0]
    of_skill = None if futures is None else futures.filter(pl.col("skill") == skill)
    staffed = staff(as_queue(rows, of_skill), standard, standards)
    return staffed.queue.keys.select(PLACE).with_columns(
        pl.Series("people", staffed.chosen)
    )


def _by_formula(standards: Standards, skill: str) -> Standard:
    return standards.skill[skill].model_copy(update={"check": "formula"})


def _pool_standard(rows: pl.DataFrame, standards: Standards, skill: str) -> Standard:
    """The standard of one skill within the pool: patience is that of all contacts."""
    contacts = pl.col("walk_ins") + pl.col("booked")
    parts = rows.group_by("skill").agg(contacts.sum().alias("n")).sort("skill")
    total = parts["n"].sum()
    leaving = sum(
        n / total / patience
        for name, n in parts.iter_rows()
        if total > 0 and (patience := standards.skill[name].patience_s)
    )
    fewest = max(standards.skill[name].minimum_people for name in parts["skill"])
    changed = {"patience_s": 1 / leaving if leaving else None, "minimum_people": fewest}
    return _by_formula(standards, skill).model_copy(update=changed)


def _joint_futures(
    rows: pl.DataFrame, name: str, futures: pl.DataFrame | None
) -> pl.DataFrame | None:
    if futures is None:
        return None
    joint = join_futures(rows, futures, ["location"])
    return joint.with_columns(pl.lit(name).alias("skill"))
