"""What can be imported: a kind of table, its fields, and what must hold of each row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import dataframely as dy
import polars as pl

FieldType = Literal["moment", "day", "number", "whole", "text", "words"]


@dataclass(frozen=True)
class Field:
    """One field of a kind: how its text is read, and the values it may take.

    A `moment` is read to UTC, a `day` (or first day of a week or month) to a date,
    `words` to a list of texts. A row without a value breaks a `required` field;
    elsewhere `default` stands in.
    """

    name: str
    type: FieldType
    required: bool = True
    default: float | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Rule:
    """A rule between fields, reported at one of them."""

    field: str
    reason: str
    broken: pl.Expr


@dataclass(frozen=True)
class Target:
    """A kind that can be imported, and the typed table its rows become.

    Two rows of one file with the same `key` are one too many. `finish` turns the
    fields that were read into the schema's columns where they differ; it is handed the
    name of the source.
    """

    kind: str
    schema: type[dy.Schema]
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    key: tuple[str, ...] = ()
    finish: Callable[[pl.LazyFrame, str], pl.LazyFrame] | None = None

    def table(self, frame: pl.LazyFrame, source: str) -> pl.LazyFrame:
        """The accepted rows as columns of the schema, with its types."""
        finished = self.finish(frame, source) if self.finish else frame
        return self.schema.cast(finished.select(self.schema.column_names()))
