"""Text and raw columns become typed values: moments, days, numbers, words."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import polars as pl

from forecasting.ingest.clock import HOME_ZONE, seconds_between, to_utc
from forecasting.ingest.mapping import FieldMapping, SourceMapping
from forecasting.ingest.ways import first_that_reads
from forecasting.targets import Field, FieldType

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
THOUSANDS = r"^-?\d{1,3}(\.\d{3})+(,\d+)?$"
CLOCK = r"^(?:(\d+):)?(\d+):([0-5]\d(?:[.,]\d+)?)$"
"""A duration as `[h:]mm:ss`."""

TIME = r"^(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}[:.]\d{2})(?:[:.]00(?:\.0+)?)?$"
"""A time such as `9:30`, as typed or as a spreadsheet keeps it."""

DTYPES: dict[FieldType, pl.DataType] = {
    "moment": pl.Datetime("us", "UTC"),
    "day": pl.Date(),
    "time": pl.Time(),
    "number": pl.Float64(),
    "whole": pl.Int64(),
    "text": pl.String(),
    "words": pl.List(pl.String),
}
"""What each type of field is read to."""

Types = Mapping[str, pl.DataType]


def parse(
    field: Field, given: FieldMapping, source: SourceMapping, types: Types
) -> pl.Expr:
    """The typed value of a field, null where it is absent or cannot be read."""
    value = READ[field.type](given, source, types)
    return value.alias(field.name)


def trimmed(rows: pl.LazyFrame, columns: Iterable[str]) -> pl.LazyFrame:
    """Texts without blanks around them, and empty ones null: done once, before all else."""
    schema = rows.collect_schema()
    texts = [name for name in dict.fromkeys(columns) if schema[name] == pl.String]
    stripped = rows.with_columns(pl.col(texts).str.strip_chars())
    return stripped.with_columns(pl.when(pl.col(n) != "").then(n) for n in texts)


def text(column: str, types: Types) -> pl.Expr:
    """A column of trimmed rows as text."""
    raw = pl.col(column)
    return raw if types[column] == pl.String else raw.cast(pl.String)


def number(column: str, types: Types, decimal: str) -> pl.Expr:
    """A raw column as a finite number, null where it is none."""
    if types[column] == pl.String:
        value = _number_from(text(column, types), decimal)
    else:
        value = pl.col(column).cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def _number_from(written: pl.Expr, decimal: str) -> pl.Expr:
    if decimal == ".":
        return written.cast(pl.Float64, strict=False)
    ways = (_plain_whole, _with_comma, _with_thousands)
    return first_that_reads(written, ways, pl.Float64())


def _plain_whole(written: pl.Expr) -> pl.Expr:
    return written.cast(pl.Int64, strict=False).cast(pl.Float64)


def _with_comma(written: pl.Expr) -> pl.Expr:
    # A lone dot is no decimal here: 12.5 must not silently become 125.
    plain = pl.when(~written.str.contains(".", literal=True)).then(written)
    return plain.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _with_thousands(written: pl.Expr) -> pl.Expr:
    ungrouped = written.str.replace_all(".", "", literal=True)
    whole = pl.when(written.str.contains(THOUSANDS)).then(ungrouped)
    return whole.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def joined_text(given: FieldMapping, types: Types) -> pl.Expr:
    """The text of a field's columns, joined when there are several."""
    parts = [_extracted(text(name, types), given.extract) for name in given.parts]
    joined = parts[0] if len(parts) == 1 else pl.concat_str(parts, separator=given.join)
    return joined.str.to_lowercase() if given.lower else joined


def _extracted(written: pl.Expr, pattern: str | None) -> pl.Expr:
    """What a regular expression finds: its first group, or all of it."""
    if pattern is None:
        return written
    group = min(re.compile(pattern).groups, 1)
    return written.str.extract(pattern, group).str.strip_chars()


def _translated(
    found: pl.Expr, given: FieldMapping, kind: pl.DataType, as_kind: type[str | float]
) -> pl.Expr:
    """What `values` makes of texts, or `otherwise`; null where neither says."""
    known = {key: as_kind(value) for key, value in given.values.items()}
    other = None if given.otherwise is None else as_kind(given.otherwise)
    # As an expression it would hold the whole column; by batches it streams.
    value = found.map_batches(
        lambda texts: texts.replace_strict(known, default=other, return_dtype=kind),
        return_dtype=kind,
        is_elementwise=True,
    )
    return pl.when(found.is_not_null()).then(value)


def _words(given: FieldMapping, _: SourceMapping, types: Types) -> pl.Expr:
    parts = joined_text(given, types).str.split(given.separator)
    words = parts.list.eval(
        pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != "")
    )
    if not given.values:
        return words
    found = words.list.eval(_translated(pl.element(), given, pl.String(), str))
    return pl.when(found.list.drop_nulls().list.len() == words.list.len()).then(found)


def _text(given: FieldMapping, _: SourceMapping, types: Types) -> pl.Expr:
    found = joined_text(given, types)
    return _translated(found, given, pl.String(), str) if given.values else found


def _number(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    if given.values:
        return _translated(joined_text(given, types), given, pl.Float64(), float)
    total = _total(given, source, types)
    if given.per is not None:
        total = _shared(total, number(given.per, types, source.csv.decimal))
    if given.at_most is not None:
        return (total <= given.at_most).cast(pl.Float64)
    return total * given.multiply


def _total(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    """The number of a field's columns: their sum, or the seconds between two moments."""
    if given.since is not None:
        first, last = (
            _moment(given.model_copy(update={"column": name}), source, types)
            for name in (given.since, given.column)
        )
        zone = HOME_ZONE if source.zone == "offset" else source.zone
        return seconds_between(first, last, zone)
    if given.clock:
        parts = [_clock(text(name, types)) for name in given.parts]
    else:
        parts = [number(name, types, source.csv.decimal) for name in given.parts]
    return pl.sum_horizontal(parts, ignore_nulls=False) if len(parts) > 1 else parts[0]


def _shared(total: pl.Expr, among: pl.Expr) -> pl.Expr:
    """A total per one of those that share it; nothing among nobody is nothing."""
    nothing = (total == 0) & (among == 0)
    share = pl.when(nothing).then(0.0).otherwise(total / among)
    return pl.when(share.is_finite()).then(share)


def _clock(written: pl.Expr) -> pl.Expr:
    """Seconds of a duration written as `[h:]mm:ss`, null where it is none."""
    hours, minutes, seconds = (
        written.str.extract(CLOCK, group)
        .str.replace(",", ".", literal=True)
        .cast(pl.Float64, strict=False)
        for group in (1, 2, 3)
    )
    return 3600 * hours.fill_null(0) + 60 * minutes + seconds


def _whole(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    value = _number(given, source, types)
    return pl.when(value == value.floor()).then(value).cast(pl.Int64, strict=False)


def _day(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    raw = types[given.parts[0]]
    if source.zone == "offset" or getattr(raw, "time_zone", None) is not None:
        zone = HOME_ZONE if source.zone == "offset" else source.zone
        moment = _moment(given, source, types)
        return moment.dt.convert_time_zone(zone).dt.date()
    return _shifted(_local(given, types).cast(pl.Date), source)


def _time(given: FieldMapping, _: SourceMapping, types: Types) -> pl.Expr:
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


def _moment(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
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


READ: dict[FieldType, Callable[[FieldMapping, SourceMapping, Types], pl.Expr]] = {
    "moment": _moment,
    "day": _day,
    "time": _time,
    "number": _number,
    "whole": _whole,
    "text": _text,
    "words": _words,
}
