"""A history is checked once, where it is handed in."""

from datetime import date, timedelta

import polars as pl

from forecasting.errors import InputError

AGE = (1900, 2199)
MOST = 1e12
"""No town has more contacts in a period."""
LONGEST_YEARS = 30
"""Documents live ten years; who asks further ahead than thrice that mistook the unit."""


def check_history(history: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """The history in order, or one line on what is wrong with it.

    Raises:
        InputError: a column is missing or of another type, a key stands twice, a count
            is negative, no number or beyond any town, a start of another age.
    """
    history = as_frame(history, "history")
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
    _refuse(ordered, pl.col("count") > MOST, f"count of at most {MOST:,.0f}")
    return _of_our_age(unique_periods(ordered))


def as_frame(given: object, name: str) -> pl.DataFrame:
    """What was handed in as a polars frame.

    Raises:
        InputError: it is none.
    """
    if isinstance(given, pl.LazyFrame):
        return given.collect()
    if isinstance(given, pl.DataFrame):
        return given
    raise InputError(f"expected a polars frame as {name}, came {type(given).__name__}")


def check_horizon(horizon: object, longest: int) -> int:
    """A number of periods to come, at most `longest`.

    Raises:
        InputError: it is no whole number, or out of range.
    """
    if isinstance(horizon, bool) or not isinstance(horizon, int):
        raise InputError(f"expected a horizon in whole periods, came {horizon!r:.60}")
    if horizon < 1:
        raise InputError(f"expected a horizon of at least 1 period, came {horizon}")
    if horizon > longest:
        raise InputError(
            f"expected a horizon of at most {longest} periods ({LONGEST_YEARS} years), "
            f"came {horizon:.3g}"
        )
    return horizon


def check_origins(origins: object) -> int:
    """A number of origins to look back from, at least one.

    Raises:
        InputError: it is no such number.
    """
    if isinstance(origins, bool) or not isinstance(origins, int) or origins < 1:
        raise InputError(f"expected origins as a number from 1, came {origins!r:.60}")
    return origins


def check_reach(wanted: pl.DataFrame, last: date) -> None:
    """No wanted period lies further than the longest horizon after the history.

    Raises:
        InputError: one does.
    """
    end = last + timedelta(days=366 * LONGEST_YEARS)
    latest = wanted["start"].cast(pl.Date).sort()[-1]
    if latest > end:
        raise InputError(
            f"expected future periods within {LONGEST_YEARS} years after the history, "
            f"which ends {last}; came {latest}",
            column="start",
        )


def _of_our_age(history: pl.DataFrame) -> pl.DataFrame:
    strange = history.filter(~pl.col("start").dt.year().is_between(*AGE))
    if strange.height:
        row = strange.row(0, named=True)
        raise InputError(
            f"expected starts in the years {AGE[0]} to {AGE[1]}, came {row['start']} "
            f"for '{row['series']}'",
            column="start",
        )
    return history


def unique_periods(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in order of series and start; each pair may stand once."""
    _require(frame, {"series": (pl.String,), "start": (pl.Date, pl.Datetime)})
    nameless = frame["series"].str.strip_chars() == ""
    if frame["series"].null_count() + frame["start"].null_count() or nameless.any():
        raise InputError(
            "expected a series and a start in every row, came an empty one"
        )
    if frame.schema.get("holiday", pl.String()) not in (pl.String, pl.Null):
        raise InputError(
            f"expected names of holidays as text, came {frame.schema['holiday']}",
            column="holiday",
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
