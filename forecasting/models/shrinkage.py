"""Losses of a method: those of a series, shrunk to its group, shrunk to all series.

How far each level counts is measured (empirical Bayes, analysis of variance by the method
of moments): what differs from series to series of a group, beside what differs from
origin to origin of a series; what differs from group to group, beside what differs within
them. What is assumed of both stands until there is enough to measure. The group is by the
trait that tells most: series of a service, a channel, a place or a size may be alike. A
trait that tells nothing groups nothing.
"""

import polars as pl

from forecasting.tuning import BlendTuning

ALL = "all"


def shrunken(
    looks: pl.DataFrame, traits: pl.DataFrame, tuning: BlendTuning
) -> pl.DataFrame:
    """`series, method, shrunk` for every series and every method that was tried.

    Args:
        looks: `series, method, origin, loss, weight`, one row each, in order.
        traits: `series` and a column of group names per trait.
        tuning: what is assumed of the levels.
    """
    own = _means(looks)
    groups = traits.select("series", _telling(own, traits).alias("group"))
    grouped = own.join(groups, on="series", maintain_order="left")
    parts = _parts(grouped)
    signal, between = _signals(parts, tuning)
    whole = own.group_by("method", maintain_order=True).agg(
        pl.col("loss").mean().alias(ALL)
    )
    of_group = grouped.group_by("group", "method", maintain_order=True).agg(
        pl.col("loss").mean().alias("theirs"), pl.len().alias("members")
    )
    every = (
        groups.join(whole, how="cross")
        .join(of_group, on=["group", "method"], how="left")
        .join(own, on=["series", "method"], how="left")
    )
    theirs = _towards("theirs", ALL, pl.col("members") * between)
    return (
        every.with_columns(theirs.alias("theirs"))
        .with_columns(_towards("loss", "theirs", pl.col("n") * signal).alias("shrunk"))
        .select("series", "method", "shrunk")
        .sort("series", "method")
    )


def _towards(name: str, other: str, evidence: pl.Expr) -> pl.Expr:
    """A mean, shrunk to another as far as there is too little evidence for it."""
    known = evidence.fill_null(0.0)
    return (pl.col(name).fill_null(0.0) * known + pl.col(other)) / (known + 1)


def _means(looks: pl.DataFrame) -> pl.DataFrame:
    """Per series and method the mean loss, the squares about it, and the origins `n`."""
    share = pl.col("weight") / pl.col("weight").sum()
    mean = (pl.col("loss") * share).sum()
    return looks.group_by("series", "method", maintain_order=True).agg(
        mean,
        ((share * (pl.col("loss") - mean).pow(2)).sum() * pl.len()).alias("squares"),
        pl.len().alias("n"),
    )


def _telling(own: pl.DataFrame, traits: pl.DataFrame) -> pl.Series:
    """The trait that explains most of how series differ, corrected for its groups."""
    found = pl.repeat(ALL, traits.height, eager=True)
    most = 0.0
    for name in traits.columns[1:]:
        labels = traits.select("series", pl.col(name).alias("group"))
        parts = _parts(own.join(labels, on="series", maintain_order="left"))
        told = parts.filter((pl.col("groups") > 1) & (pl.col("total") > 0))
        left = pl.col("within") / pl.col("total")
        share = told.select((1 - left).mean()).item()
        if share is not None and share > most:
            found, most = traits[name], share
    return found


def _parts(grouped: pl.DataFrame) -> pl.DataFrame:
    """Mean squares per method: of all series, within groups, between groups, of origins.

    Only methods that several series of a group share; the numbers that the mean squares
    rest on stand beside them.
    """
    mine = pl.col("loss").mean().over("group", "method")
    every = pl.col("loss").mean().over("method")
    apart = grouped.with_columns(
        (pl.col("loss") - mine).pow(2).alias("inside"),
        (pl.col("loss") - every).pow(2).alias("outside"),
    )
    sums = apart.group_by("method", maintain_order=True).agg(
        pl.col("inside", "outside", "squares").sum(),
        pl.len().alias("series"),
        pl.col("group").n_unique().alias("groups"),
        (pl.col("n") - 1).sum().alias("free"),
        (1 / (1 / pl.col("n")).mean()).alias("n"),
    )
    several = sums.filter(pl.col("series") > pl.col("groups"))
    return several.with_columns(
        (pl.col("outside") / (pl.col("series") - 1)).alias("total"),
        (pl.col("inside") / (pl.col("series") - pl.col("groups"))).alias("within"),
        ((pl.col("outside") - pl.col("inside")).clip(0) / (pl.col("groups") - 1)).alias(
            "between"
        ),
        (pl.col("squares") / pl.col("free")).alias("origins"),
    )


def _signals(parts: pl.DataFrame, tuning: BlendTuning) -> tuple[float, float]:
    """Variance of series beside that of one origin, of groups beside that of one series."""
    inside = pl.col("series") - pl.col("groups")
    own = parts.filter((pl.col("free") > 0) & (pl.col("origins") > 0)).select(
        (pl.col("within") * pl.col("n") / pl.col("origins")).alias("ratio"),
        _harmonic(inside, pl.col("free")).alias("evidence"),
        "n",
    )
    groups = pl.col("groups") - 1
    theirs = parts.filter((groups > 0) & (pl.col("within") > 0)).select(
        (pl.col("between") / pl.col("within")).alias("ratio"),
        _harmonic(groups, inside).alias("evidence"),
        (pl.col("series") / pl.col("groups")).alias("n"),
    )
    counted = tuning.assumed_series
    return (
        _signal(own, 1 / tuning.pooled_origins, counted),
        _signal(theirs, 1 / tuning.pooled_series, counted),
    )


def _harmonic(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """What a ratio of mean squares rests on: the fewer freedoms of the two tell most."""
    return one * other / (one + other)


def _signal(found: pl.DataFrame, assumed: float, counted: float) -> float:
    """Variance between beside that of one look, from the mean ratio of all methods."""
    if found.is_empty():
        return assumed
    ratio, evidence, n = (float(x) for x in found.mean().row(0))
    usual = 1 + n * assumed
    mixed = (evidence * ratio + counted * usual) / (evidence + counted)
    return max(mixed - 1, 0.0) / n
