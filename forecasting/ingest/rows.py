"""The rows of a file as its mapping wants them: unpivoted, kept, typed."""

import difflib
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from forecasting.errors import InputError
from forecasting.ingest.checking import (
    limit_of,
    raw,
)
from forecasting.ingest.identity import NAME, joined
from forecasting.ingest.mapping import Below, SourceMapping
from forecasting.ingest.parsing import (
    DTYPES,
    Types,
    joined_text,
    number,
    parse,
    text,
)
from forecasting.ingest.readers.reading import LINE
from forecasting.targets import Field, Target


def check_columns(file: Path, rows: pl.LazyFrame, mapping: SourceMapping) -> None:
    """Compare the columns of a file with those its mapping reads.

    Raises:
        InputError: one is missing; the message gives the nearest that came.
    """
    came = [name for name in rows.collect_schema().names() if name != LINE]
    for name in mapping.columns:
        if name not in came:
            near = difflib.get_close_matches(name, came, n=1)
            hint = f"Did the export rename it to '{near[0]}'?" if near else None
            raise InputError(
                f"expected this column, came {', '.join(came):.300}",
                file=file,
                line=1,
                column=name,
                remedy=hint,
            )


def unpivoted(rows: pl.LazyFrame, mapping: SourceMapping) -> pl.LazyFrame:
    """One row for each of the columns that the mapping lays under each other."""
    wide = mapping.unpivot
    if wide is None:
        return rows
    index = [name for name in rows.collect_schema().names() if name not in wide.on]
    long = rows.unpivot(
        list(wide.on), index=index, variable_name=wide.name, value_name=wide.value
    )
    # One line becomes several rows: each needs a place of its own.
    place = pl.col(wide.name).replace_strict({n: i for i, n in enumerate(wide.on)})
    return long.with_columns(pl.col(LINE).cast(pl.Int64) * len(wide.on) + place)


def kept(rows: pl.LazyFrame, mapping: SourceMapping) -> pl.LazyFrame:
    """Leave out the rows that the mapping says to drop."""
    types: Types = dict(rows.collect_schema())
    for conditions in mapping.drop:
        holds = [
            number(column, types, mapping.csv.decimal) < wanted.below
            if isinstance(wanted, Below)
            else text(column, types).is_in(list(wanted))
            for column, wanted in conditions.items()
        ]
        rows = rows.filter(~pl.all_horizontal(holds).fill_null(value=False))
    for given in mapping.fields.values():
        if given.only_known:
            strange = ~joined_text(given, types).is_in(list(given.values))
            rows = rows.filter(~strange.fill_null(value=False))
    return rows


def typed(
    rows: pl.LazyFrame, mapping: SourceMapping, target: Target, naming: Sequence[str]
) -> pl.LazyFrame:
    """The rows with a typed column per field, and what they were read from."""
    types: Types = dict(rows.collect_schema())
    decimal = mapping.csv.decimal
    return rows.select(
        LINE,
        *(pl.col(name).alias(raw(name)) for name in mapping.used),
        *(_value(field, mapping, types) for field in target.fields),
        *(
            number(limit.column, types, decimal).alias(limit_of(limit.column))
            for limit in mapping.limits
        ),
        *([joined([text(n, types) for n in naming]).alias(NAME)] if naming else []),
    )


def _value(field: Field, mapping: SourceMapping, types: Types) -> pl.Expr:
    if field.name in mapping.fields:
        return parse(field, mapping.fields[field.name], mapping, types)
    constant = mapping.constants.get(field.name, field.default)
    return pl.lit(constant, DTYPES[field.type]).alias(field.name)
