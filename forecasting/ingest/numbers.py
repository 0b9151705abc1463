"""Texts become numbers: with points or commas, as sums, durations or shares."""

import polars as pl

from forecasting.ingest.clock import HOME_ZONE, seconds_between
from forecasting.ingest.mapping import FieldMapping, SourceMapping
from forecasting.ingest.texts import Types, joined_text, text, translated
from forecasting.ingest.times import moment_of
from forecasting.ingest.ways import first_that_reads

THOUSANDS = r"^-?\d{1,3}(\.\d{3})+(,\d+)?$"
CLOCK = r"^(?:(\d+):)?(\d+):([0-5]\d(?:[.,]\d+)?)$"
"""A duration as `[h:]mm:ss`."""


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


def number_of(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    """The number of a field, translated, shared or multiplied as its mapping says."""
    if given.values:
        return translated(joined_text(given, types), given, pl.Float64(), float)
    total = _total(given, source, types)
    if given.per is not None:
        total = _shared(total, number(given.per, types, source.csv.decimal))
    if given.at_most is not None:
        return (total <= given.at_most).cast(pl.Float64)
    return total * given.multiply


def whole_of(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    """The number of a field where it is a whole one."""
    value = number_of(given, source, types)
    return pl.when(value == value.floor()).then(value).cast(pl.Int64, strict=False)


def _total(given: FieldMapping, source: SourceMapping, types: Types) -> pl.Expr:
    """The number of a field's columns: their sum, or the seconds between two moments."""
    if given.since is not None:
        first, last = (
            moment_of(given.model_copy(update={"column": name}), source, types)
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
