"""Rows in the hour that comes twice in October: which belong to its second pass."""

import polars as pl

from forecasting.ingest.checking import raw
from forecasting.ingest.clock import HOUR, comes_twice, in_doubled_hour
from forecasting.ingest.mapping import PERIOD, SourceMapping
from forecasting.ingest.readers.reading import LINE
from forecasting.targets import Target

SERIES = ("location", "product")
"""The fields whose texts tell counted rows of the same time apart."""

IN_ORDER = "in order"


def resolve_doubled_hour(
    rows: pl.LazyFrame, mapping: SourceMapping, target: Target
) -> pl.LazyFrame:
    """Move the rows of the second pass to where they belong: an hour later in UTC.

    `rows` are typed rows beside the columns they were read from, with their line; times
    that come twice were read as the early ones. A file that begins with its newest row is
    gone through from its end. Only the rows of doubled hours are held in memory; without
    any, `rows` come back as they were.
    """
    moment = _moment_of(mapping, target)
    if moment is None or not (mapping.counts_hours or mapping.doubled_hour == IN_ORDER):
        return rows
    doubled = _is_doubled(moment, rows, mapping)
    if doubled is None:
        return rows
    there = rows.filter(doubled).collect(engine="streaming")
    if there.is_empty():
        return rows
    newest_first = _is_newest_first(rows, moment)
    found = there.sort(LINE, descending=newest_first, maintain_order=True)
    late = found.filter(_is_late(found, moment, mapping))[LINE].unique()
    if late.is_empty():
        return rows
    second_pass = pl.col(LINE).is_in(late.implode())
    at = pl.col(moment)
    return rows.with_columns(pl.when(second_pass).then(at + HOUR).otherwise(at))


def _is_newest_first(rows: pl.LazyFrame, moment: str) -> bool:
    """Whether a file runs back in time: its last row is over an hour before its first."""
    ends = [rows.head(1), rows.tail(1)]
    first, last = (end.select(moment).collect().item() for end in ends)
    return first is not None and last is not None and first - last > HOUR


def _is_doubled(
    moment: str, rows: pl.LazyFrame, mapping: SourceMapping
) -> pl.Expr | None:
    """Whether the time of a row comes twice; None when the file holds moments.

    A typed column is looked at as it came: few rows are then turned into UTC.
    """
    names = mapping.fields[moment].parts
    came = rows.collect_schema().get(raw(names[0]))
    if len(names) > 1 or not isinstance(came, pl.Datetime):
        return in_doubled_hour(pl.col(moment), mapping.zone)
    if came.time_zone is not None:
        return None
    local = pl.col(raw(names[0])).cast(pl.Datetime("us"))
    return comes_twice(local.dt.offset_by(f"{mapping.shift_weeks}w"), mapping.zone)


def _moment_of(mapping: SourceMapping, target: Target) -> str | None:
    """The field that dates a row, when it is read as a local time."""
    moments = [f.name for f in target.fields if f.type == "moment"]
    read = moments[:1] if mapping.zone != "offset" else []
    return next((name for name in read if name in mapping.fields), None)


def _is_late(found: pl.DataFrame, moment: str, mapping: SourceMapping) -> pl.Series:
    """Of rows in doubled hours, in order of line: whether each is of the second pass."""
    period = pl.col(PERIOD) if PERIOD in found.columns else pl.lit(0)
    counted = period.is_between(1, HOUR.total_seconds())
    later = _back_again(moment) if mapping.doubled_hour == IN_ORDER else pl.lit(False)
    series = [
        raw(n) for f in SERIES if f in mapping.fields for n in mapping.fields[f].names
    ]
    again = ~pl.struct(moment, *series, counted.alias("counted")).is_first_distinct()
    late = (counted & again) | (~counted & later & (period == 0))
    return found.select(late.alias("late")).to_series()


def _back_again(moment: str) -> pl.Expr:
    """From the largest step back in time within one doubled hour on."""
    hour = pl.col(moment).dt.truncate("1h")
    step = pl.col(moment).diff().fill_null(pl.duration()).over(hour)
    turn = step.arg_min().over(hour)
    back = step.min().over(hour) < pl.duration()
    return back & (pl.int_range(pl.len()).over(hour) >= turn)
