"""Refuse columns that look like personal data of residents, by name or by content."""

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from forecasting.errors import InputError
from forecasting.ingest.personal.citizen_numbers import MANY
from forecasting.ingest.personal.contents import are_counts, personal_contents
from forecasting.ingest.personal.headings import channel_heading, personal_heading
from forecasting.ingest.readers.nesting import DEEPEST

SAMPLE = 10_000
"""Rows that are looked at; of a column that is empty in those, as many filled ones."""


def refuse_personal(
    file: Path, rows: pl.LazyFrame, harmless: Iterable[str], remedy: str
) -> None:
    """Look at every column of a file, used or not, and into its nested fields.

    Raises:
        InputError: a column looks personal; the message names it and gives `remedy`.
    """
    known = set(harmless)
    schema = rows.collect_schema()
    names = [name for name in schema.names() if name not in known]
    for name in names:
        if what := personal_heading(name):
            raise _refusal(file, name, f"called like {what}", remedy)
    sample = _sample(file, rows.select(names))
    for column in sample:
        filled = column.drop_nulls()
        if filled.len() < MANY and column.len() == SAMPLE:
            filled = _filled(rows, column.name)
        for field in _fields(filled, 0):
            if field.name not in known:
                _refuse_field(file, field, remedy)


def refuse_named(
    file: Path, rows: pl.LazyFrame, never: str | None, remedy: str
) -> None:
    """Look at the names of columns that a kind of table may not have, used or not.

    Raises:
        InputError: there is one; the message names it and gives `remedy`.
    """
    for name in rows.collect_schema().names() if never else []:
        if re.fullmatch(never or "", name):
            problem = "expected no reason of anybody's absence, came a column for it"
            raise InputError(problem, file=file, column=name, remedy=remedy)


def strip_remedy(file: Path, source: str) -> str:
    """What to do about a personal column, with the command that does it."""
    name = str(file)
    plain = name.isprintable() and "  " not in name
    given = shlex.quote(name) if plain else "FILE"
    copy = shlex.quote(f"COPY{copy_suffix(file)}") if plain else "COPY"
    return (
        f"Leave it out of the export, or: piekwijzer strip {given} "
        f"--source {source} --out {copy}."
    )


def copy_suffix(file: Path) -> str:
    """The ending of a stripped copy: that of the file, but a copy holds no macros."""
    return ".xlsx" if file.suffix.lower() == ".xlsm" else file.suffix


def _sample(file: Path, rows: pl.LazyFrame) -> pl.DataFrame:
    """Some rows: the first of Parquet, which is read from disk; else spread evenly."""
    if file.suffix.lower() == ".parquet":
        return rows.head(SAMPLE).collect()
    height = rows.select(pl.len()).collect().item()
    return rows.gather_every(max(1, height // SAMPLE)).head(SAMPLE).collect()


def _filled(rows: pl.LazyFrame, column: str) -> pl.Series:
    value = pl.col(column)
    found = rows.select(value).filter(value.is_not_null()).head(SAMPLE)
    return found.collect().to_series()


def _fields(values: pl.Series, depth: int) -> Iterator[pl.Series]:
    """A column, or the fields of the objects and lists that it holds."""
    if depth > 2 * DEEPEST:
        return
    if isinstance(values.dtype, pl.List | pl.Array):
        inner = values.explode(empty_as_null=True).drop_nulls().head(SAMPLE)
        yield from _fields(inner, depth + 1)
    elif isinstance(values.dtype, pl.Struct):
        for field in values.struct.fields:
            inner = values.struct.field(field).alias(f"{values.name}.{field}")
            yield from _fields(inner.drop_nulls(), depth + 1)
    else:
        yield values


def _refuse_field(file: Path, values: pl.Series, remedy: str) -> None:
    what = personal_heading(values.name)
    if what is None and (channel := channel_heading(values.name)):
        what = None if are_counts(values) else channel
    if what:
        raise _refusal(file, values.name, f"called like {what}", remedy)
    if what := personal_contents(values):
        raise _refusal(file, values.name, f"that holds {what}", remedy)


def _refusal(file: Path, column: str, what: str, remedy: str) -> InputError:
    problem = f"expected no personal data, came a column {what}"
    return InputError(problem, file=file, column=column, remedy=remedy)
