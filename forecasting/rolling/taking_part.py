"""Which answers count in the blend of a series."""

import polars as pl

from forecasting.models.following import SUFFIX
from forecasting.rolling.answers import NAIVE

EXPIRY = "expiry"
WITHOUT_TWIN = {"nb_glm": EXPIRY, "nb_glm_quick": EXPIRY, "levels": EXPIRY}
"""Methods whose other self, that knows the documents, has a name of its own."""


def taking_part(
    answers: pl.DataFrame, tested: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The answers that are mixed.

    The naive ones are not. Nor is, where documents bring the demand of a series, a method
    that goes by its counts alone: the same method told of the documents stands for it.
    But not untried: a series of which `tested` holds other answers only keeps both.
    """
    told = pl.col("method").str.ends_with(SUFFIX)
    mixed = answers.filter(~pl.col("method").is_in(NAIVE))
    followed = answers.filter(told)["series"].unique()
    if tested is not None:
        followed = followed.filter(~followed.is_in(untried(tested).implode()))
    if followed.is_empty():
        return mixed
    names = answers["method"].unique().to_list()
    blind = [name for name in names if f"{name}{SUFFIX}" in names]
    blind += [name for name, twin in WITHOUT_TWIN.items() if twin in names]
    replaced = pl.col("series").is_in(followed) & pl.col("method").is_in(blind)
    return mixed.filter(~replaced)


def untried(tested: pl.DataFrame) -> pl.Series:
    """The series that were looked at earlier, but never by what documents call for."""
    told = pl.col("method").str.ends_with(SUFFIX) | (pl.col("method") == EXPIRY)
    tried = tested.filter(told)["series"].unique()
    every = tested["series"].unique().sort()
    return every.filter(~every.is_in(tried.implode()))


def beyond_evidence(past: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """The wanted answers, with those of documents alone further ahead than any backtest.

    Past the furthest horizon at which a series was tried there is nothing to weigh
    methods by; the one that knows what expires then goes before those that extrapolate.
    """
    reach = past.group_by("series").agg(pl.col("ahead").max().alias("reach"))
    knows = (pl.col("method") == EXPIRY).any().over("series", "start")
    far = pl.col("ahead") > pl.col("reach").fill_null(0)
    told = pl.col("method").str.ends_with(SUFFIX).any().over("series")
    joined = wanted.join(reach, on="series", how="left")
    silent = far & knows & told & (pl.col("method") != EXPIRY)
    return joined.filter(~silent).drop("reach")
