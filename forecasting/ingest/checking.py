"""What must hold of each row: checks in order, and the rows that break one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.reading import LINE
from forecasting.tables import Rejects
from forecasting.targets import Field, Target

PROBLEM = "problem"
"""Column that holds the place of the first broken check of a row, or null."""

LIKE_A_PERSON = r"\d{7,}|@|\d{4}\s?[A-Z]{2}\b"
"""Texts that are not repeated in a table of rejects."""

YEARS = (1950, 2150)
"""Years that a date may have; others are slips of the pen, such as 26 or 9999."""

UNREADABLE = {
    "moment": "unreadable date or time, or one that the clock skipped",
    "day": "unreadable date",
    "number": "unreadable number",
    "whole": "expected a whole number",
    "text": "unknown value",
    "words": "unknown value",
}


@dataclass(frozen=True)
class Check:
    """A rule, the column of the file it is reported at, and when it is broken."""

    column: str
    reason: str
    broken: pl.Expr


def raw(column: str) -> str:
    """Name of the text of a column of the file, kept beside the typed fields."""
    return f"in:{column}"


def limit_of(column: str) -> str:
    """Name of the number of a column that has a limit."""
    return f"limit:{column}"


def checks_of(mapping: SourceMapping, target: Target) -> tuple[Check, ...]:
    """Every check of a source, in the order in which they are reported."""
    found = [
        check
        for field in target.fields
        if field.name in mapping.fields
        for check in _field_checks(field, mapping)
    ]
    found += _limit_checks(mapping)
    found += [
        Check(_column(mapping, rule.field), rule.reason, rule.broken)
        for rule in target.rules
    ]
    return (*found, *_key_checks(mapping, target))


def _column(mapping: SourceMapping, field: str) -> str:
    """The column of the file behind a field; a constant stands for itself."""
    given = mapping.fields.get(field)
    return given.names[0] if given else field


def _field_checks(field: Field, mapping: SourceMapping) -> Iterator[Check]:
    given = mapping.fields[field.name]
    value, column = pl.col(field.name), given.names[0]
    absent = pl.any_horizontal(pl.col(raw(name)).is_null() for name in given.names)
    if field.required:
        yield Check(column, "missing value", absent)
    yield Check(column, UNREADABLE[field.type], value.is_null() & ~absent)
    if field.type in ("moment", "day"):
        first, last = YEARS
        reason = f"outside the years {first} to {last}"
        yield Check(column, reason, ~value.dt.year().is_between(first, last))
    if field.minimum is not None:
        reason = "negative" if field.minimum == 0 else f"under {field.minimum:g}"
        yield Check(column, reason, value < field.minimum)
    for most in (field.maximum, given.maximum):
        if most is not None:
            yield Check(column, f"over {most:g}", value > most)


def _limit_checks(mapping: SourceMapping) -> Iterator[Check]:
    for limit in mapping.limits:
        value = pl.col(limit_of(limit.column))
        if limit.minimum is not None:
            reason = f"under {limit.minimum:g}"
            yield Check(limit.column, reason, value < limit.minimum)
        if limit.maximum is not None:
            reason = f"over {limit.maximum:g}"
            yield Check(limit.column, reason, value > limit.maximum)


def _key_checks(mapping: SourceMapping, target: Target) -> Iterator[Check]:
    if mapping.identity:
        column, key = mapping.identity[0], [raw(name) for name in mapping.identity]
        absent = pl.all_horizontal(pl.col(name).is_null() for name in key)
        yield Check(column, "missing value", absent)
    elif target.key:
        column, key = _column(mapping, target.key[0]), list(target.key)
    else:
        return
    first = pl.struct(key).hash().is_first_distinct()
    yield Check(column, "the same row came before in this file", ~first)


def first_broken(checks: tuple[Check, ...]) -> pl.Expr:
    """The place of the first check that a row breaks, or null."""
    return pl.coalesce(
        pl.when(check.broken).then(pl.lit(place, pl.UInt16))
        for place, check in enumerate(checks)
    ).alias(PROBLEM)


def rejects(
    rows: pl.LazyFrame, checks: tuple[Check, ...], source: str, file: Path
) -> pl.DataFrame:
    """The rows that broke a check, typed `Rejects`; what could be personal is masked."""
    broken = rows.filter(pl.col(PROBLEM).is_not_null()).collect(engine="streaming")
    parts = [
        _report(part, checks[place], source, file)
        for place, part in _by_problem(broken)
    ]
    if not parts:
        return Rejects.create_empty()
    return Rejects.validate(pl.concat(parts).sort("line", "column"), cast=True)


def _by_problem(broken: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
    for place in broken[PROBLEM].unique().sort():
        yield int(place), broken.filter(pl.col(PROBLEM) == place)


def _report(part: pl.DataFrame, check: Check, source: str, file: Path) -> pl.DataFrame:
    known = raw(check.column) in part.columns
    value = pl.col(raw(check.column)) if known else pl.lit(None, pl.String)
    return part.select(
        pl.lit(source).alias("source"),
        pl.lit(file.name).alias("file"),
        pl.col(LINE).alias("line"),
        pl.lit(check.column).alias("column"),
        masked(value).alias("value"),
        pl.lit(check.reason).alias("reason"),
    )


def masked(value: pl.Expr) -> pl.Expr:
    """A value as it may be repeated: short, and hidden where it could be personal."""
    hidden = pl.lit("(masked)")
    return (
        pl.when(value.str.contains(LIKE_A_PERSON))
        .then(hidden)
        .otherwise(value.str.head(60))
    )
