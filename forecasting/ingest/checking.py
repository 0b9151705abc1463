"""What must hold of each row: checks in order, and the rows that break one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from forecasting.ingest.clock import is_skipped
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.readers.reading import LINE
from forecasting.ingest.values import plain
from forecasting.tables import Rejects
from forecasting.targets import Field, Target

BROKEN = "broken"
"""Column that tells whether a row breaks a check."""

PROBLEM = "problem"
"""Column that holds the place of the first broken check of a row, or null."""

LIKE_A_PERSON = r"\d{7,}|@|\d{4}\s?[A-Za-z]{2}\b"
"""Texts that are not repeated in a table of rejects."""

GROUPED = r"\d(?:[ ./-]{0,3}\d){7,}"
"""A number in groups, such as 06 12 34 56 78: not repeated, unless it is a date."""

DATED = r"^(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})(?:[ T]|$)"

YEARS = (1950, 2150)
"""Years that a date may have; others are slips of the pen, such as 26 or 9999."""

SKIPPED_BY_CLOCK = "a local time that the clock skipped when summer time began"

COMES_AGAIN = "the same row comes again further on in this file"

UNREADABLE = {
    "moment": "unreadable date or time",
    "day": "unreadable date",
    "time": "unreadable time, expected one such as 09:30",
    "number": "unreadable number",
    "whole": "expected a whole number",
    "text": "unknown value",
    "words": "unknown value",
}


@dataclass(frozen=True)
class Check:
    """A rule, the column of the file it is reported at, and when it is broken.

    What stands in a `personal` column is never repeated.
    """

    column: str
    reason: str
    broken: pl.Expr
    personal: bool = False


def raw(column: str) -> str:
    """Name of a column of the file as it came, kept beside the typed fields."""
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
    found += _identity_checks(mapping)
    found.append(_repeat_check(mapping, target))
    secret = {
        name
        for field in target.fields
        if field.personal and field.name in mapping.fields
        for name in mapping.fields[field.name].names
    }
    return tuple(replace(check, personal=check.column in secret) for check in found)


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
    if field.type == "moment":
        yield Check(column, SKIPPED_BY_CLOCK, is_skipped(value))
    if field.type in ("moment", "day"):
        first, last = YEARS
        reason = f"outside the years {first} to {last}"
        early, late = _new_year(first, field), _new_year(last + 1, field)
        yield Check(column, reason, (value < early) | (value >= late))
    if field.minimum is not None:
        reason = "negative" if field.minimum == 0 else f"under {plain(field.minimum)}"
        yield Check(column, reason, value < field.minimum)
    for most in (field.maximum, given.maximum):
        if most is not None:
            yield Check(column, f"over {plain(most)}", value > most)


def _new_year(year: int, field: Field) -> pl.Expr:
    day = datetime(year, 1, 1, tzinfo=UTC)
    return pl.lit(day if field.type == "moment" else day.date())


def _limit_checks(mapping: SourceMapping) -> Iterator[Check]:
    for limit in mapping.limits:
        value, came = pl.col(limit_of(limit.column)), pl.col(raw(limit.column))
        unreadable = value.is_null() & came.is_not_null()
        yield Check(limit.column, UNREADABLE["number"], unreadable)
        if limit.minimum is not None:
            reason = f"under {plain(limit.minimum)}"
            yield Check(limit.column, reason, value < limit.minimum)
        if limit.maximum is not None:
            reason = f"over {plain(limit.maximum)}"
            yield Check(limit.column, reason, value > limit.maximum)


def _identity_checks(mapping: SourceMapping) -> Iterator[Check]:
    if mapping.identity:
        absent = pl.all_horizontal(pl.col(raw(n)).is_null() for n in mapping.identity)
        yield Check(mapping.identity[0], "missing value", absent)


def _repeat_check(mapping: SourceMapping, target: Target) -> Check:
    """Found after all others, by comparing the identities of the rows they let through."""
    named_by = mapping.identity or tuple(_column(mapping, key) for key in target.key)
    known = [name for name in named_by if name in mapping.used] or [*mapping.used]
    return Check(
        known[0] if known else target.kind,
        COMES_AGAIN,
        pl.lit(value=False),
    )


def any_broken(checks: Mapping[int, Check]) -> pl.Expr:
    """Whether a row breaks any check: far cheaper than to tell which."""
    broken = [check.broken for check in checks.values()]
    any_one = pl.any_horizontal(pl.lit(value=False), *broken)
    return any_one.fill_null(value=False).alias(BROKEN)


def first_broken(checks: Mapping[int, Check]) -> pl.Expr:
    """The place of the first check that a row breaks, or null."""
    return pl.coalesce(
        pl.lit(None, pl.UInt16),
        *(
            pl.when(check.broken).then(pl.lit(place, pl.UInt16))
            for place, check in checks.items()
        ),
    ).alias(PROBLEM)


def rejects(
    broken: pl.DataFrame, checks: tuple[Check, ...], source: str, file: Path
) -> pl.DataFrame:
    """Rows that broke a check, typed `Rejects`; what could be personal is masked."""
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
    value = (
        pl.col(raw(check.column)).cast(pl.String) if known else pl.lit(None, pl.String)
    )
    return part.select(
        pl.lit(source).alias("source"),
        pl.lit(file.name).alias("file"),
        pl.col(LINE).alias("line"),
        pl.lit(check.column).alias("column"),
        (pl.lit("(masked)") if check.personal else masked(value)).alias("value"),
        pl.lit(check.reason).alias("reason"),
    )


def masked(value: pl.Expr) -> pl.Expr:
    """A value as it may be repeated: short, and hidden where it could be personal."""
    hidden = pl.lit("(masked)")
    grouped = value.str.contains(GROUPED) & ~value.str.contains(DATED)
    return (
        pl.when(value.str.contains(LIKE_A_PERSON) | grouped)
        .then(hidden)
        .otherwise(value.str.head(60))
    )
