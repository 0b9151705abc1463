"""Text and raw columns become typed values: moments, days, numbers, words."""

from collections.abc import Callable

import polars as pl

from forecasting.ingest.mapping import FieldMapping, SourceMapping
from forecasting.ingest.numbers import number, number_of, whole_of
from forecasting.ingest.texts import (
    Types,
    joined_text,
    text,
    text_of,
    trimmed,
    words_of,
)
from forecasting.ingest.times import ISO_OFFSET, day_of, moment_of, time_of
from forecasting.targets import Field, FieldType

__all__ = [
    "DTYPES",
    "ISO_OFFSET",
    "Types",
    "joined_text",
    "number",
    "parse",
    "text",
    "trimmed",
]

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


def parse(
    field: Field, given: FieldMapping, source: SourceMapping, types: Types
) -> pl.Expr:
    """The typed value of a field, null where it is absent or cannot be read."""
    value = READ[field.type](given, source, types)
    return value.alias(field.name)


READ: dict[FieldType, Callable[[FieldMapping, SourceMapping, Types], pl.Expr]] = {
    "moment": moment_of,
    "day": day_of,
    "time": time_of,
    "number": number_of,
    "whole": whole_of,
    "text": text_of,
    "words": words_of,
}
