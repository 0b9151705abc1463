"""Weeks of groups: a service over all its series, a channel over all of its own."""

from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from forecasting.sampling import sum_quantiles
from forecasting.tables import split_series

FRIDAY = timedelta(days=4)
BY_WEEK = ("day", "week")
"""Cadences that fall into weeks; months do not."""


def groups_of(names: Iterable[str]) -> pl.DataFrame:
    """`series, group, kind`: every series stands under its service and its channel.

    A name that is not `location/service/step/channel` is a service of its own.
    """
    parts = split_series().alias("part")
    named = pl.DataFrame({"series": sorted(set(names))}, schema={"series": pl.String})
    split = named.with_columns(parts).unnest("part")
    whole = pl.col("channel").is_null()
    of_service = pl.when(whole).then("series").otherwise("service").alias("group")
    return pl.concat(
        [
            split.select("series", of_service, kind=pl.lit("service")),
            split.filter(~whole).select(
                "series", pl.col("channel").alias("group"), kind=pl.lit("channel")
            ),
        ]
    ).sort("group", "series")


def whole_weeks(forecast: pl.DataFrame, origin: date) -> pl.DataFrame:
    """The rows of a stored forecast in weeks that it holds as a whole, with their `week`.

    Weeks that began by `origin`, the last day known, or that the horizon cuts off before
    their Friday are left out, and so are series by month.
    """
    weekly = forecast.filter(pl.col("cadence").is_in(BY_WEEK)).with_columns(
        pl.col("start").dt.truncate("1w").alias("week")
    )
    reach = pl.col("start").filter(pl.col("cadence") == "day").max()
    cut = (pl.col("week") + FRIDAY > reach).fill_null(value=False)
    return weekly.filter((pl.col("week") > origin) & ~cut)


def weekly_sums(rows: pl.DataFrame, groups: pl.DataFrame, column: str) -> pl.DataFrame:
    """`group, week` and the sum of a column over the series of each group."""
    joined = rows.join(groups, on="series")
    return (
        joined.group_by("group", "week").agg(pl.col(column).sum()).sort("group", "week")
    )


def weekly_causes(
    causes: pl.DataFrame, weeks: pl.DataFrame, groups: pl.DataFrame
) -> pl.DataFrame:
    """`group, week, cause, count`; `weeks` are the `series, start, week` that count."""
    rows = causes.join(weeks.select("series", "start", "week"), on=["series", "start"])
    keys = ["group", "week", "cause"]
    joined = rows.join(groups, on="series")
    return joined.group_by(keys).agg(pl.col("count").sum()).sort(keys)


def drawn_weeks(
    rows: pl.DataFrame,
    groups: pl.DataFrame,
    *,
    draws: int,
    seed: int,
    dependence: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """`group, week, expected, q75`: sums of each group, from dependent samples.

    Args:
        rows: a stored forecast in whole weeks.
        groups: as `groups_of` gives them.
        draws: how many futures are drawn.
        seed: of the draws.
        dependence: how errors hang together, a table `Dependence`.
    """
    found = [
        sum_quantiles(
            rows.join(some, on="series"),
            ["group", "week"],
            draws,
            seed,
            dependence=dependence,
        )
        for some in groups.partition_by("kind", maintain_order=True)
    ]
    columns = ("group", "week", pl.col("mean").alias("expected"), "q75")
    return pl.concat(part.select(columns) for part in found).sort("group", "week")
