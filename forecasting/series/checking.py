"""A history is checked once, where it is handed in."""

import polars as pl

from forecasting.errors import InputError


def check_history(history: pl.DataFrame) -> pl.DataFrame:
    """The history in order, or one line on what is wrong with it.

    Raises:
        InputError: a column is missing or of another type, a key stands twice, or a
            count is negative or no number.
    """
    _require(history, {"series": (pl.String,), "start": (pl.Date, pl.Datetime)})
    if "count" not in history.columns or not history.schema["count"].is_numeric():
        raise InputError(
            "expected a numeric column 'count' in the history", column="count"
        )
    if history.is_empty():
        raise InputError("expected a history with at least one row, came none")
    ordered = history.with_columns(pl.col("count").cast(pl.Float64))
    _refuse(ordered, pl.col("count").is_null() | ~pl.col("count").is_finite(), "number")
    _refuse(ordered, pl.col("count") < 0, "count of at least 0")
    return unique_periods(ordered)


def unique_periods(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in order of series and start; each pair may stand once."""
    _require(frame, {"series": (pl.String,), "start": (pl.Date, pl.Datetime)})
    if frame["series"].null_count() + frame["start"].null_count():
        raise InputError(
            "expected a series and a start in every row, came an empty one"
        )
    twice = frame.filter(pl.struct("series", "start").is_duplicated())
    if twice.height:
        series, start = twice.row(0, named=True)["series"], twice["start"][0]
        raise InputError(
            f"expected one row per series and start, came {twice.height} rows that "
            f"repeat, such as '{series}' at {start}",
            remedy="Sum or drop the duplicates first.",
        )
    return frame.sort("series", "start")


def _require(frame: pl.DataFrame, columns: dict[str, tuple[type, ...]]) -> None:
    for name, kinds in columns.items():
        dtype = frame.schema.get(name)
        if dtype is None or not isinstance(dtype, kinds):
            wanted = " or ".join(kind.__name__ for kind in kinds)
            came = "none" if dtype is None else str(dtype)
            raise InputError(f"expected a column of {wanted}, came {came}", column=name)


def _refuse(frame: pl.DataFrame, bad: pl.Expr, wanted: str) -> None:
    rows = frame.filter(bad)
    if rows.height:
        first = rows.row(0, named=True)
        raise InputError(
            f"expected a {wanted}, came {first['count']} for '{first['series']}' "
            f"at {first['start']}",
            column="count",
        )
