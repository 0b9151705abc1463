"""Raw columns as texts and words, translated where the mapping says so."""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from forecasting.ingest.mapping import FieldMapping, SourceMapping

Types = Mapping[str, pl.DataType]


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


def translated(
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


def words_of(given: FieldMapping, _: SourceMapping, types: Types) -> pl.Expr:
    """The words of a field, translated; null where one is not known."""
    parts = joined_text(given, types).str.split(given.separator)
    words = parts.list.eval(
        pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != "")
    )
    if not given.values:
        return words
    found = words.list.eval(translated(pl.element(), given, pl.String(), str))
    return pl.when(found.list.drop_nulls().list.len() == words.list.len()).then(found)


def text_of(given: FieldMapping, _: SourceMapping, types: Types) -> pl.Expr:
    """The text of a field, translated where its mapping says how."""
    found = joined_text(given, types)
    return translated(found, given, pl.String(), str) if given.values else found
