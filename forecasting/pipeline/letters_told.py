"""What letters change of a forecast, added up by week for whoever reads its figures."""

import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.pipeline.documents import LETTERS

KINDS = ("applications", "collections", "calls")
PHONE = "phone"
DIGITS = 2


def letters_by_week(
    causes: pl.DataFrame, catalogue: Catalogue
) -> list[dict[str, object]]:
    """`week, applications, collections, calls`: what letters add, or take off.

    A month counts in the week of its first day. Weeks without a change have no row.

    Args:
        causes: the `Causes` of a run.
        catalogue: tells which steps follow others.
    """
    mine = causes.filter(pl.col("cause") == LETTERS)
    kinds = {name: kind_of(name, catalogue) for name in mine["series"].unique()}
    kind = pl.col("series").replace_strict(kinds, return_dtype=pl.String)
    parts = [
        pl.col("count").filter(pl.col("kind") == name).sum().round(DIGITS).alias(name)
        for name in KINDS
    ]
    weeks = pl.col("start").dt.strftime("%G-W%V").alias("week")
    table = mine.with_columns(kind.alias("kind"), weeks).group_by("week").agg(parts)
    return table.sort("week").to_dicts()


def kind_of(name: str, catalogue: Catalogue) -> str:
    """Whether a series counts applications, what follows them, or calls."""
    parts = name.split("/")
    if parts[-1] == PHONE:
        return "calls"
    step = catalogue.find_step(parts[1], parts[2]) if len(parts) == 4 else None
    return "collections" if step is not None and step.follows else "applications"
