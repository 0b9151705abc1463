"""A draft import: a file read by its mapping, every row typed and checked, none stored."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from forecasting.errors import InputError, StoreError
from forecasting.ingest.checking import (
    BROKEN,
    PROBLEM,
    Check,
    any_broken,
    checks_of,
    first_broken,
    limit_of,
    raw,
)
from forecasting.ingest.doubling import resolve_doubled_hour
from forecasting.ingest.identity import NAME, joined, named, naming_columns
from forecasting.ingest.mapping import Below, SourceMapping
from forecasting.ingest.parsing import (
    DTYPES,
    Types,
    joined_text,
    number,
    parse,
    text,
    trimmed,
)
from forecasting.ingest.personal.refusing import (
    refuse_named,
    refuse_personal,
    strip_remedy,
)
from forecasting.ingest.provable import can_break
from forecasting.ingest.readers.reading import LINE, read_file
from forecasting.targets import Field, Target

DISK_FULL = "No space left on device"


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
    """The typed rows of a file, each with its identity and whether it breaks a check.

    Of all `checks` only those that a row may break are `asked` of the rows.
    """

    file: Path
    source: str
    mapping: SourceMapping
    target: Target
    rows: pl.LazyFrame
    checks: tuple[Check, ...]
    asked: Mapping[int, Check]
    total: int

    def tally(self, accepted: int, refused: pl.DataFrame) -> Tally:
        """Rows per broken check, by name, from `problem, rows` of the refused ones."""
        reasons: dict[str, int] = {}
        for place, rows in refused.select(PROBLEM, "rows").iter_rows():
            check = self.checks[place]
            reason = f"{check.column}: {check.reason}"
            reasons[reason] = reasons.get(reason, 0) + rows
        read = accepted + int(refused["rows"].sum())
        return Tally(read, self.total - read, reasons)

    def accepted(self) -> pl.LazyFrame:
        """The rows that break no check, as columns of the target's schema."""
        return self.target.table(self.rows.filter(~pl.col(BROKEN)), self.source)

    def refused(self) -> pl.LazyFrame:
        """The rows that break a check, with their columns as they came."""
        broken = self.rows.filter(BROKEN).with_columns(first_broken(self.asked))
        return broken.select(
            self._line, PROBLEM, *(raw(name) for name in self.mapping.used)
        )

    def shown(self) -> pl.LazyFrame:
        """All rows, each with the first check it breaks."""
        return self.rows.with_columns(first_broken(self.asked), self._line)

    @property
    def _line(self) -> pl.Expr:
        """The line of the file; `rows` hold the place among what was unpivoted."""
        wide = self.mapping.unpivot
        return pl.col(LINE) // len(wide.on) if wide else pl.col(LINE)

    def without_lines(self, lines: pl.Series) -> "Draft":
        """The same draft, in which these lines break the last check."""
        last, again = len(self.checks) - 1, pl.col(LINE).is_in(lines.implode())
        asked = {**self.asked, last: replace(self.checks[last], broken=again)}
        rows = self.rows.with_columns(pl.col(BROKEN) | again)
        return replace(self, rows=rows, asked=asked)

    def without_days_before(self, day: date | None, zone: str) -> "Draft":
        """The same draft without rows from before a day: they count as left out."""
        early = None if day is None else self.target.forgotten(day, zone)
        return self if early is None else replace(self, rows=self.rows.filter(~early))


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
        mapping = _of_present(mapping, target, rows)
        check_columns(file, rows, mapping)
        remedy = strip_remedy(file, source)
        refuse_personal(file, rows.drop(LINE), mapping.harmless, remedy)
        refuse_named(file, rows.drop(LINE), target.never, remedy)
        rows = _unpivoted(rows, mapping)
        total = rows.select(pl.len()).collect(engine="streaming").item()
        checks = checks_of(mapping, target)
        flat = [
            name
            for name, dtype in rows.collect_schema().items()
            if not dtype.is_nested()
        ]
        naming = naming_columns(
            mapping, target, [name for name in flat if name != LINE]
        )
        rows = _kept(trimmed(rows, (*mapping.used, *naming)), mapping)
        typed = _typed(rows, mapping, target, naming)
        if file.suffix.lower() != ".parquet":  # in memory anyway: type it only once
            typed = typed.collect(engine="streaming").lazy()
        typed = named(resolve_doubled_hour(typed, mapping, target), mapping, target)
        asked = can_break(checks, mapping, target)
        checked = typed.with_columns(any_broken(asked))
        if file.suffix.lower() != ".parquet":
            checked = checked.collect(engine="streaming").lazy()
    return Draft(file, source, mapping, target, checked, checks, asked, total)


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Turn what goes wrong inside a damaged file into one clear line."""
    try:
        yield
    except (PolarsError, PanicException, OSError) as error:
        if DISK_FULL in f"{error}":  # while writing: the file that was read is whole
            raise StoreError(
                f"{DISK_FULL}. Make room on the disk, then do this again."
            ) from None
        raise InputError(
            "expected a whole file, came a damaged or unreadable one", file=file
        ) from None


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


def _of_present(
    mapping: SourceMapping, target: Target, rows: pl.LazyFrame
) -> SourceMapping:
    """The mapping without fields that may be omitted, and whose columns did not come."""
    came = set(rows.collect_schema().names())
    left_out = {
        field.name
        for field in target.fields
        if field.omittable
        and field.name in mapping.fields
        and came.isdisjoint(mapping.fields[field.name].names)
    }
    kept = {n: given for n, given in mapping.fields.items() if n not in left_out}
    return mapping.model_copy(update={"fields": kept}) if left_out else mapping


def _unpivoted(rows: pl.LazyFrame, mapping: SourceMapping) -> pl.LazyFrame:
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
    for given in mapping.fields.values():
        if given.only_known:
            strange = ~joined_text(given, types).is_in(list(given.values))
            rows = rows.filter(~strange.fill_null(value=False))
    return rows


def _typed(
    rows: pl.LazyFrame, mapping: SourceMapping, target: Target, naming: Sequence[str]
) -> pl.LazyFrame:
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
