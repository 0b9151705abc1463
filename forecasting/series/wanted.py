"""The periods that a forecast is wanted of, checked beside the history."""

import polars as pl

from forecasting.errors import InputError
from forecasting.series.checking import check_reach
from forecasting.series.panel import first_and_last


def check_future(history: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """The wanted periods, of the history's kind and later than what is known.

    Raises:
        InputError: there are none, or they do not go with the history.
    """
    if wanted.is_empty():
        raise InputError(
            "expected at least one future period, came none",
            remedy="Name the periods wanted, or give a horizon instead.",
        )
    kind = history.schema["start"]
    if (wanted.schema["start"] == pl.Date) != (kind == pl.Date):
        raise InputError(
            f"expected starts of type {kind}, came {wanted.schema['start']}",
            column="start",
        )
    if "holiday" in history.columns and "holiday" not in wanted.columns:
        raise InputError(
            "expected the column 'holiday' in the future as in the history",
            column="holiday",
            remedy="Name the holidays of the future, or leave the column out of both.",
        )
    wanted = wanted.with_columns(pl.col("start").cast(kind))
    check_reach(wanted, first_and_last(history["start"])[1])
    last = history.group_by("series").agg(pl.col("start").max().alias("last"))
    wrong = wanted.join(last, on="series", how="left").filter(
        pl.col("last").is_null() | (pl.col("start") <= pl.col("last"))
    )
    if wrong.height:
        row = wrong.row(0, named=True)
        reason = f"ends {row['last']}" if row["last"] else "has no history"
        raise InputError(
            f"expected future periods of known series after their history; series "
            f"'{row['series']}' {reason}, wanted {row['start']}"
        )
    return wanted
