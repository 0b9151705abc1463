"""Days that an export tells in part only: which they are, said with the run."""

from collections.abc import Mapping

import polars as pl

from forecasting.history.cutoffs import in_part

KIND = "{} day in part"


def days_in_part(partial: pl.DataFrame) -> list[dict[str, object]]:
    """`day, end, clock, series`: each day that does not count, with the time it breaks.

    Args:
        partial: typed `PARTIAL`.
    """
    keys = ("start", "end", "clock")
    rows = in_part(partial).with_columns(_clock())
    days = rows.group_by(keys).agg(pl.col("series").unique().sort()).sort(keys)
    return [
        {"day": str(day), "end": end, "clock": clock, "series": series}
        for day, end, clock, series in days.iter_rows()
    ]


def said_of_series(partial: pl.DataFrame) -> Mapping[str, list[tuple[str, str]]]:
    """The notices on such days by series: their kind, and the day with its time."""
    rows = in_part(partial).with_columns(_clock())
    found: dict[str, list[tuple[str, str]]] = {}
    for name, day, end, clock in rows.select(
        "series", "start", "end", "clock"
    ).iter_rows():
        found.setdefault(name, []).append((KIND.format(end), f"{day} {clock}"))
    return found


def _clock() -> pl.Expr:
    """Minutes of the day as people write them."""
    hour, minute = pl.col("minute") // 60, pl.col("minute") % 60
    parts = [part.cast(pl.String).str.zfill(2) for part in (hour, minute)]
    return pl.concat_str(*parts, separator=":").alias("clock")
