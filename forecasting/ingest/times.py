"""Texts become days, times of the clock and moments."""

from functools import partial

import polars as pl

from forecasting.ingest.clock import HOME_ZONE, to_utc
from forecasting.ingest.mapping import FieldMapping, SourceMapping
from forecasting.ingest.texts import Types, joined_text
from forecasting.ingest.ways import first_that_reads

ISO = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
)
ISO_OFFSET = (
    "%Y-%m-%dT%H:%M:%S%.f%z",
    "%Y-%m-%d %H:%M:%S%.f%z",
    "%Y-%m-%dT%H:%M%z",
)
ISO_DAY = "%Y-%m-%d"
TIME = r"^(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}[:.]\d{2})(?:[:.]00(?:\.0+)?)?$"
"""A time such as `9:30`, as typed or as a spreadsheet keeps it."""


def day_of(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    """The local day of a field."""
    raw = types[given.parts[0]]
    if source.zone == "offset" or getattr(raw, "time_zone", None) is not None:
        zone = HOME_ZONE if source.zone == "offset" else source.zone
        moment = moment_of(given, source, types)
        return moment.dt.convert_time_zone(zone).dt.date()
    return _shifted(_local(given, types).cast(pl.Date), source)


def time_of(given: FieldMapping, _: SourceMapping, types: Types) -> pl.Expr:
    """A time of the clock; the day that a spreadsheet puts before it is left out."""
    raw = types[given.parts[0]]
    if raw.is_temporal() and len(given.parts) == 1:
        return pl.col(given.parts[0]).cast(pl.Time)
    clock = joined_text(given, types).str.extract(TIME)
    return (
        clock.str.replace(".", ":", literal=True)
        .str.zfill(5)
        .str.to_time("%H:%M", strict=False)
    )


def moment_of(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    """The moment of a field, in UTC."""
    column = given.parts[0]
    raw = types[column]
    if isinstance(raw, pl.Datetime) and raw.time_zone is not None:
        moment = pl.col(column).dt.convert_time_zone("UTC").dt.cast_time_unit("us")
        return _shifted(moment, source)
    if source.zone == "offset":
        return _shifted(_with_offset(given, types), source)
    late = source.doubled_hour == "latest" and not source.counts_hours
    return to_utc(_shifted(_local(given, types), source), source.zone, late=late)


def _local(given: FieldMapping, types: Types) -> pl.Expr:
    """A local time as it stands in the file, typed or as text."""
    if types[given.parts[0]].is_temporal() and len(given.parts) == 1:
        return pl.col(given.parts[0]).cast(pl.Datetime("us"))
    return _local_time(given, types)


def _shifted(moment: pl.Expr, source: SourceMapping) -> pl.Expr:
    weeks = source.shift_weeks
    return moment + pl.duration(weeks=weeks) if weeks else moment


def _local_time(given: FieldMapping, types: Types) -> pl.Expr:
    """A local time from text, by the source's own formats and then the ISO ones."""
    written = joined_text(given, types)
    patterns = dict.fromkeys((*(given.formats or ISO), ISO_DAY, ISO[0]))
    ways = [partial(_strptime, pattern=pattern) for pattern in patterns]
    return first_that_reads(written, ways, pl.Datetime("us"))


def _strptime(written: pl.Expr, pattern: str) -> pl.Expr:
    """Read a pattern; a week stands for its Monday, a month for its first day."""
    if "%V" in pattern and "%u" not in pattern:
        written, pattern = written + "-1", f"{pattern}-%u"
    elif "%m" in pattern and "%d" not in pattern:
        written, pattern = written + "-01", f"{pattern}-%d"
    if "%H" in pattern:
        return written.str.to_datetime(pattern, strict=False, time_unit="us")
    return written.str.to_date(pattern, strict=False).cast(pl.Datetime("us"))


def _with_offset(given: FieldMapping, types: Types) -> pl.Expr:
    """A moment that carries its own offset (`Z` is one)."""
    written = joined_text(given, types).str.replace("Z$", "+00:00")
    patterns = given.formats or ISO_OFFSET
    ways = [partial(_zoned, pattern=pattern) for pattern in patterns]
    return first_that_reads(written, ways, pl.Datetime("us", "UTC"))


def _zoned(written: pl.Expr, pattern: str) -> pl.Expr:
    return written.str.to_datetime(pattern, strict=False, time_unit="us")
