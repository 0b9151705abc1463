"""A draft import: a file read by its mapping, every row typed and checked, none stored."""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from forecasting.errors import InputError
from forecasting.ingest.checking import (
    PROBLEM,
    Check,
    checks_of,
    first_broken,
    limit_of,
    raw,
    rejects,
)
from forecasting.ingest.contact_targets import IDENTITY
from forecasting.ingest.mapping import Below, SourceMapping
from forecasting.ingest.parsing import Types, number, parse, text
from forecasting.ingest.personal import refuse_personal
from forecasting.ingest.reading import LINE, read_file
from forecasting.targets import Field, FieldType, Target

DTYPES: dict[FieldType, pl.DataType] = {
    "moment": pl.Datetime("us", "UTC"),
    "day": pl.Date(),
    "number": pl.Float64(),
    "whole": pl.Int64(),
    "text": pl.String(),
    "words": pl.List(pl.String),
}


TWICE = {".csv": "{}_duplicated_0", ".xlsx": "{}_1"}
"""What the readers call a column whose name came before."""


@dataclass(frozen=True)
class Tally:
    """How many rows came, were left out, and broke each check."""

    read: int
    left_out: int
    reasons: dict[str, int]

    @property
    def rejected(self) -> int:
        """Rows that broke a check."""
        return sum(self.reasons.values())


@dataclass(frozen=True)
class Draft:
    """The typed rows of a file, each with the place of the first check it breaks."""

    file: Path
    source: str
    target: Target
    rows: pl.LazyFrame
    checks: tuple[Check, ...]
    total: int

    def tally(self) -> Tally:
        """Count the rows per broken check, in one pass."""
        count = pl.len().alias("rows")
        groups = self.rows.group_by(PROBLEM).agg(count).sort(PROBLEM)
        found = groups.collect(engine="streaming")
        broken = found.filter(pl.col(PROBLEM).is_not_null())
        reasons: dict[str, int] = {}
        for place, rows in broken.select(PROBLEM, "rows").iter_rows():
            check = self.checks[place]
            reason = f"{check.column}: {check.reason}"
            reasons[reason] = reasons.get(reason, 0) + rows
        read = int(found["rows"].sum())
        return Tally(read, self.total - read, reasons)

    def accepted(self) -> pl.LazyFrame:
        """The rows that break no check, as columns of the target's schema."""
        return self.target.table(
            self.rows.filter(pl.col(PROBLEM).is_null()), self.source
        )

    def rejects(self) -> pl.DataFrame:
        """The rows that break a check, typed `Rejects`."""
        return rejects(self.rows, self.checks, self.source, self.file)


def draft_import(
    file: Path, source: str, mapping: SourceMapping, target: Target
) -> Draft:
    """Read and check a file, lazily.

    Raises:
        InputError: the file cannot be read, lacks a column, or holds personal data.
    """
    mapping = mapping.for_file(file)
    with readable(file):
        rows = read_file(file, mapping)
        check_columns(file, rows, mapping)
        remedy = (
            f"Leave it out of the export, or: piekwijzer strip {file} "
            f"--source {source} --out COPY{file.suffix}."
        )
        refuse_personal(file, rows.drop(LINE), mapping.harmless, remedy)
        rows = _unpivoted(rows, mapping)
        total = rows.select(pl.len()).collect(engine="streaming").item()
        checks = checks_of(mapping, target)
        typed = _typed(_kept(rows, mapping), mapping, target)
        checked = typed.with_columns(first_broken(checks))
        if file.suffix.lower() != ".parquet":  # in memory anyway: type it only once
            checked = checked.collect(engine="streaming").lazy()
    return Draft(file, source, target, checked, checks, total)


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Turn what goes wrong inside a damaged file into one clear line."""
    try:
        yield
    except (PolarsError, OSError):
        raise InputError(
            "expected a whole file, came a damaged or unreadable one", file=file
        ) from None


def check_columns(file: Path, rows: pl.LazyFrame, mapping: SourceMapping) -> None:
    """Compare the columns of a file with those its mapping reads.

    Raises:
        InputError: one is missing (the message gives the nearest that came) or came
            twice.
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
        if (
            TWICE.get(file.suffix.lower(), "{}").format(name)
            in came[came.index(name) + 1 :]
        ):
            raise InputError(
                "expected this column once, came it more than once",
                file=file,
                line=1,
                column=name,
                remedy="Leave one out of the export.",
            )


def _unpivoted(rows: pl.LazyFrame, mapping: SourceMapping) -> pl.LazyFrame:
    wide = mapping.unpivot
    if wide is None:
        return rows
    index = [name for name in rows.collect_schema().names() if name not in wide.on]
    return rows.unpivot(
        list(wide.on), index=index, variable_name=wide.name, value_name=wide.value
    )


def _kept(rows: pl.LazyFrame, mapping: SourceMapping) -> pl.LazyFrame:
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
    return rows


def _typed(rows: pl.LazyFrame, mapping: SourceMapping, target: Target) -> pl.LazyFrame:
    types: Types = dict(rows.collect_schema())
    decimal = mapping.csv.decimal
    identity = [text(name, types) for name in mapping.identity]
    return rows.select(
        LINE,
        *(text(name, types).alias(raw(name)) for name in mapping.used),
        *(_value(field, mapping, types) for field in target.fields),
        *(
            number(limit.column, types, decimal).alias(limit_of(limit.column))
            for limit in mapping.limits
        ),
        *(
            [pl.concat_str(identity, separator="\n").alias(IDENTITY)]
            if identity
            else []
        ),
    )


def _value(field: Field, mapping: SourceMapping, types: Types) -> pl.Expr:
    if field.name in mapping.fields:
        return parse(field, mapping.fields[field.name], mapping, types)
    constant = mapping.constants.get(field.name, field.default)
    return pl.lit(constant, DTYPES[field.type]).alias(field.name)
