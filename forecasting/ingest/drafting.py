"""A draft import: a file read by its mapping, every row typed and checked, none stored."""

from collections.abc import Iterator, Mapping
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
    raw,
)
from forecasting.ingest.doubling import resolve_doubled_hour
from forecasting.ingest.identity import named, naming_columns
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.parsing import (
    trimmed,
)
from forecasting.ingest.personal.refusing import (
    refuse_named,
    refuse_personal,
    strip_remedy,
)
from forecasting.ingest.provable import can_break
from forecasting.ingest.readers.reading import LINE, read_file
from forecasting.ingest.rows import check_columns, kept, unpivoted
from forecasting.ingest.rows import typed as typed_rows
from forecasting.targets import Target

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
        check_columns(file, rows, mapping)
        remedy = strip_remedy(file, source)
        refuse_personal(file, rows.drop(LINE), mapping.harmless, remedy)
        refuse_named(file, rows.drop(LINE), target.never, remedy)
        rows = unpivoted(rows, mapping)
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
        rows = kept(trimmed(rows, (*mapping.used, *naming)), mapping)
        typed = typed_rows(rows, mapping, target, naming)
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
