"""Slots and futures of several queues as those of one: contacts, work and spreads joined."""

import polars as pl

SLOT = ["start", "day"]


def join_slots(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """One row per slot for the queues (`SlotWorkload`) that agree in `keys`.

    Contacts, visits and work add up; the spread of handling times is that within the
    queues and between them, of the rate of walk-ins that of the sum of independent rates.
    """
    visits, contacts = pl.col("booked"), pl.col("walk_ins") + pl.col("booked")
    seconds = contacts * pl.col("handling_s")
    squares = seconds * pl.col("handling_s") * (1 + pl.col("handling_cv") ** 2)
    planned = pl.when(visits > 0).then(visits / pl.col("comes")).otherwise(0.0)
    late_square = visits * (pl.col("late_s") ** 2 + pl.col("late_sd_s") ** 2)
    noise = (pl.col("walk_ins") * pl.col("noise_cv")) ** 2
    sums = rows.group_by(*keys, *SLOT).agg(
        pl.col("walk_ins", "booked", "load").sum(),
        contacts.sum().alias("n"),
        seconds.sum().alias("seconds"),
        squares.sum().alias("squares"),
        planned.sum().alias("planned"),
        (visits * pl.col("late_s")).sum().alias("late"),
        late_square.sum().alias("late_square"),
        noise.sum().sqrt().alias("noise"),
        pl.lit(False).alias("waits"),
    )
    return sums.with_columns(*_means()).sort(*keys, "start")


def _means() -> list[pl.Expr]:
    """What is told of a slot, and what stands there when nobody is expected."""
    mean, visits = pl.col("seconds") / pl.col("n"), pl.col("booked")
    late = pl.col("late") / visits
    told = {
        "handling_s": (mean, 0.0),
        "handling_cv": (_root(pl.col("squares") / pl.col("n") / mean**2 - 1), 1.0),
        "noise_cv": (pl.col("noise") / pl.col("walk_ins"), 0.0),
        "comes": (visits / pl.col("planned"), 1.0),
        "late_s": (late, 0.0),
        "late_sd_s": (_root(pl.col("late_square") / visits - late**2), 0.0),
    }
    return [value.fill_nan(none).alias(name) for name, (value, none) in told.items()]


def _root(variance: pl.Expr) -> pl.Expr:
    return variance.clip(0).sqrt()


def join_futures(
    rows: pl.DataFrame, futures: pl.DataFrame, keys: list[str]
) -> pl.DataFrame:
    """The futures of joined queues: those of its parts, weighted by their walk-in work.

    `futures` holds `location, skill, day, sample, factor`; `rows` are the slots.
    """
    place = ["location", "skill", "day"]
    weight = (pl.col("walk_ins") * pl.col("handling_s")).sum().alias("work")
    work = rows.group_by(*place, *(key for key in keys if key not in place)).agg(weight)
    drawn = futures.join(work, on=place).sort(*place, "sample")
    mean = (pl.col("factor") * pl.col("work")).sum() / pl.col("work").sum()
    joint = drawn.group_by(*keys, "day", "sample").agg(mean.alias("factor"))
    return joint.filter(pl.col("factor").is_finite()).sort(*keys, "day", "sample")
