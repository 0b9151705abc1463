"""A week as it was beside what was expected of it: may the simulation be believed?"""

import polars as pl

from staffing.promises.tables import PromiseExpected

KEYS = PromiseExpected.primary_key()


def beside(weeks: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """`PromiseWeeks` with `expected`, its bounds, and whether the week `agrees`.

    A week agrees when it lies within the bounds that hold single weeks in 8 of 10; where
    those were not told, when what was expected lies within the interval of the week. Null
    where one of the two is missing, or the export measures something else. Weeks only
    expected have a row too.
    """
    ahead = expected.select(
        *KEYS,
        pl.col("share").alias("expected"),
        pl.col("low").alias("expected_low"),
        pl.col("high").alias("expected_high"),
    )
    both = weeks.join(ahead, on=KEYS, how="full", coalesce=True)
    told = pl.when(pl.col("note").is_null()).then(pl.col("share"))
    bounded = told.is_between("expected_low", "expected_high")
    inside = pl.when(pl.col("note").is_null()).then(
        pl.col("expected").is_between("low", "high")
    )
    agrees = pl.coalesce(bounded, inside)
    return both.with_columns(agrees.alias("agrees")).sort(KEYS)
