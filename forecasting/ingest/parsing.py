"""Text and raw columns become typed values: moments, days, numbers, words."""

from collections.abc import Callable, Mapping

import polars as pl

from forecasting.ingest.mapping import FieldMapping, SourceMapping
from forecasting.targets import Field, FieldType

ISO = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
)
ISO_OFFSET = ("%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z")
ISO_DAY = "%Y-%m-%d"
THOUSANDS = r"^-?\d{1,3}(\.\d{3})+(,\d+)?$"

Types = Mapping[str, pl.DataType]


def parse(
    field: Field, given: FieldMapping, source: SourceMapping, types: Types
) -> pl.Expr:
    """The typed value of a field, null where it is absent or cannot be read."""
    value = READ[field.type](given, source, types)
    return value.alias(field.name)


def text(column: str, types: Types) -> pl.Expr:
    """A raw column as trimmed text; empty is null."""
    raw = pl.col(column)
    if types[column] != pl.String:
        return raw.cast(pl.String)
    trimmed = raw.str.strip_chars()
    return pl.when(trimmed != "").then(trimmed)


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
    # A lone dot is no decimal here: 12.5 must not silently become 125.
    ungrouped = written.str.replace_all(".", "", literal=True)
    whole = pl.when(written.str.contains(THOUSANDS)).then(ungrouped)
    plain = pl.when(~written.str.contains(".", literal=True)).then(written)
    joined = pl.coalesce(plain, whole)
    return joined.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def joined_text(given: FieldMapping, types: Types) -> pl.Expr:
    """The text of a field's columns, joined when there are several."""
    parts = [text(name, types) for name in given.names]
    joined = parts[0] if len(parts) == 1 else pl.concat_str(parts, separator=given.join)
    return joined.str.to_lowercase() if given.lower else joined


def _words(given: FieldMapping, _: SourceMapping, types: Types) -> pl.Expr:
    parts = joined_text(given, types).str.split(given.separator)
    words = parts.list.eval(
        pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != "")
    )
    if not given.values:
        return words
    known = {key: str(value) for key, value in given.values.items()}
    found = words.list.eval(
        pl.element().replace_strict(known, default=None, return_dtype=pl.String)
    )
    return pl.when(found.list.drop_nulls().list.len() == words.list.len()).then(found)


def _text(given: FieldMapping, _: SourceMapping, types: Types) -> pl.Expr:
    found = joined_text(given, types)
    if not given.values:
        return found
    known = {key: str(value) for key, value in given.values.items()}
    return found.replace_strict(known, default=None, return_dtype=pl.String)


def _number(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    if given.values:
        known = {key: float(value) for key, value in given.values.items()}
        found = joined_text(given, types)
        return found.replace_strict(known, default=None, return_dtype=pl.Float64)
    parts = [number(name, types, source.csv.decimal) for name in given.names]
    total = pl.sum_horizontal(parts, ignore_nulls=False) if len(parts) > 1 else parts[0]
    if given.at_most is not None:
        return (total <= given.at_most).cast(pl.Float64)
    return total * given.multiply


def _whole(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    value = _number(given, source, types)
    return pl.when(value == value.floor()).then(value).cast(pl.Int64, strict=False)


def _day(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    raw = types[given.names[0]]
    if raw.is_temporal() and len(given.names) == 1:
        day = pl.col(given.names[0]).cast(pl.Date)
    else:
        day = _local_time(given, types).cast(pl.Date)
    return _shifted(day, source)


def _moment(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    column = given.names[0]
    raw = types[column]
    if isinstance(raw, pl.Datetime) and raw.time_zone is not None:
        moment = pl.col(column).dt.convert_time_zone("UTC").dt.cast_time_unit("us")
        return _shifted(moment, source)
    if source.zone == "offset":
        return _shifted(_with_offset(given, types), source)
    if raw.is_temporal() and len(given.names) == 1:
        local = pl.col(column).cast(pl.Datetime("us"))
    else:
        local = _local_time(given, types)
    known = _shifted(local, source).dt.replace_time_zone(
        source.zone, ambiguous="earliest", non_existent="null"
    )
    return known.dt.convert_time_zone("UTC")


def _shifted(moment: pl.Expr, source: SourceMapping) -> pl.Expr:
    weeks = source.shift_weeks
    return moment + pl.duration(weeks=weeks) if weeks else moment


def _local_time(given: FieldMapping, types: Types) -> pl.Expr:
    """A local time from text, by the source's own formats and then the ISO ones."""
    written = joined_text(given, types)
    formats = given.formats or ISO
    times = [_strptime(written, pattern) for pattern in formats]
    iso_day = written.str.to_date(ISO_DAY, strict=False).cast(pl.Datetime("us"))
    iso_full = written.str.to_datetime(ISO[0], strict=False, time_unit="us")
    return pl.coalesce(*times, iso_day, iso_full)


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
    return pl.coalesce(
        written.str.to_datetime(pattern, strict=False, time_unit="us")
        for pattern in given.formats or ISO_OFFSET
    )


READ: dict[FieldType, Callable[[FieldMapping, SourceMapping, Types], pl.Expr]] = {
    "moment": _moment,
    "day": _day,
    "number": _number,
    "whole": _whole,
    "text": _text,
    "words": _words,
}
