"""Nested fields become columns with dotted names: `betrokkene.uuid`."""

from pathlib import Path

import polars as pl
from polars.datatypes import DataTypeClass

from forecasting.errors import InputError
from forecasting.ingest.readers.headings import MOST_COLUMNS

DEEPEST = 16


def flattened(file: Path, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The same rows with a column for each field of an object; lists stay as they are.

    Raises:
        InputError: the objects go too deep, hold too many fields, or two fields come to
            have one name.
    """
    schema = rows.collect_schema()
    if not any(isinstance(dtype, pl.Struct) for dtype in schema.values()):
        _check_width(file, len(schema))
        return rows
    columns = [
        expression.alias(name)
        for column, dtype in schema.items()
        for name, expression in _fields(file, column, dtype, pl.col(column), 0)
    ]
    names = [column.meta.output_name() for column in columns]
    _check_width(file, len(names))
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(
            "expected this field once, came it more than once", file=file, column=twice
        )
    return rows.select(columns)


def _fields(
    file: Path,
    name: str,
    dtype: pl.DataType | DataTypeClass,
    value: pl.Expr,
    depth: int,
) -> list[tuple[str, pl.Expr]]:
    if not isinstance(dtype, pl.Struct):
        return [(name, value)]
    if depth == DEEPEST:
        raise InputError(
            f"expected fields at most {DEEPEST} deep, came deeper ones", file=file
        )
    found: list[tuple[str, pl.Expr]] = []
    for field in dtype.fields:
        inner = value.struct.field(field.name)
        dotted = f"{name}.{field.name}"
        found += _fields(
            file, dotted, pl.Field("", field.dtype).dtype, inner, depth + 1
        )
    return found


def _check_width(file: Path, width: int) -> None:
    if width > MOST_COLUMNS:
        raise InputError(
            f"expected at most {MOST_COLUMNS:,} columns, came {width:,}", file=file
        )
