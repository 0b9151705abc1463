"""What a file looks like before anyone described it: its dialect and its columns."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from forecasting.errors import InputError
from forecasting.ingest.mapping import CSV_SUFFIXES, Csv, FieldMapping, SourceMapping
from forecasting.ingest.personal.refusing import refuse_personal
from forecasting.ingest.proposals.timing import Timing, timing_of
from forecasting.ingest.readers.reading import LINE, check_is_file, read_file

FIRST_BYTES = 1 << 20
FIRST_ROWS = 20_000
SEPARATORS = ";,\t|"
COMMA = r"^-?\d[\d.]*,\d+$"
POINT = r"^-?\d+\.\d+$"
THOUSANDS = r"^-?\d{1,3}\.\d{3}$"
CLOCK = r"^(\d+:)?\d{1,2}:[0-5]\d([.,]\d+)?$"


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a file: the texts that fill it, and what they could be."""

    name: str
    texts: pl.Series
    numbers: pl.Series
    timing: Timing | None
    personal: str | None

    @property
    def heading(self) -> str:
        """The name in small letters and digits alone."""
        return re.sub(r"[\W_]", "", self.name.lower())

    @property
    def distinct(self) -> list[str]:
        """The different texts, in order of appearance."""
        return self.texts.unique(maintain_order=True).to_list()

    @property
    def is_number(self) -> bool:
        """Whether all that fills it are numbers."""
        return self.numbers.len() > 0 and self.numbers.null_count() == 0

    @property
    def is_clock(self) -> bool:
        """Whether all that fills it are durations or times written as `[h:]mm:ss`."""
        return bool(self.texts.len() and self.texts.str.contains(CLOCK).all())


@dataclass(frozen=True)
class Sniffed:
    """A file: how it is written, its first rows, and its columns that hold something."""

    file: Path
    csv: Csv | None
    rows: pl.DataFrame
    columns: tuple[Column, ...]

    @property
    def readable(self) -> tuple[Column, ...]:
        """The columns that do not look personal."""
        return tuple(column for column in self.columns if column.personal is None)


def sniff(file: Path) -> Sniffed:
    """Look at the first rows of a file.

    Raises:
        InputError: the file cannot be read.
    """
    check_is_file(file)
    is_csv = file.suffix.lower() in CSV_SUFFIXES
    dialect = _dialect(file) if is_csv else Csv()
    anything = SourceMapping(
        kind="contacts",
        label="unknown",
        csv=dialect,
        fields={"start": FieldMapping(column="unknown")},
    )
    rows = read_file(file, anything).drop(LINE).head(FIRST_ROWS).collect()
    dialect = dialect.model_copy(update={"decimal": _decimal(rows, dialect)})
    flat = [name for name in rows.columns if not rows[name].dtype.is_nested()]
    columns = (_column(file, rows.select(name), dialect.decimal) for name in flat)
    filled = tuple(column for column in columns if column.texts.len())
    return Sniffed(file, dialect if is_csv else None, rows, filled)


def _dialect(file: Path) -> Csv:
    with file.open("rb") as handle:
        raw = handle.read(FIRST_BYTES)
    raw = raw[: raw.rfind(b"\n") + 1] or raw
    try:
        text, encoding = raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = raw.decode("windows-1252", errors="replace"), "windows-1252"
    separator = _separator(text.splitlines()[:200])
    if (
        raw.isascii() and separator == ";"
    ):  # a Dutch spreadsheet, as far as one can tell
        encoding = "windows-1252"
    return Csv.model_validate({"separator": separator, "encoding": encoding})


def _separator(lines: list[str]) -> str:
    """The sign that parts the heading and comes as often in most lines."""

    def evidence(sign: str) -> tuple[int, int]:
        times = Counter(line.count(sign) for line in lines)
        in_heading = lines[0].count(sign) if lines else 0
        return (times[in_heading] if in_heading else 0, in_heading)

    return max(SEPARATORS, key=evidence)


def _decimal(rows: pl.DataFrame, dialect: Csv) -> str:
    """Comma or point, by the numbers that hold one.

    In a Dutch spreadsheet `1.200` is a thousand and more, unless `12.5` stands there too.
    """
    texts = rows.select(pl.col(pl.String))
    seen = {
        sign: sum(int(texts[name].str.contains(form).sum()) for name in texts.columns)
        for sign, form in ((",", COMMA), (".", POINT), ("thousands", THOUSANDS))
    }
    thousands = seen.pop("thousands")
    if dialect.separator == ";" and thousands == seen["."]:
        return ","
    if seen[","] == seen["."]:
        return "," if dialect.separator == ";" else "."
    return max(seen, key=lambda sign: seen[sign])


def _column(file: Path, frame: pl.DataFrame, decimal: str) -> Column:
    values = frame.to_series()
    texts = values.drop_nulls().cast(pl.String).str.strip_chars()
    texts = texts.filter(texts != "")
    plain = texts
    if decimal == ",":
        plain = texts.str.replace_all(".", "", literal=True).str.replace(",", ".")
    numbers = plain.cast(pl.Float64, strict=False)
    return Column(
        values.name, texts, numbers, timing_of(values, texts), _personal(file, frame)
    )


def _personal(file: Path, frame: pl.DataFrame) -> str | None:
    try:
        refuse_personal(file, frame.lazy(), (), "")
    except InputError as refusal:
        return refusal.problem
    return None
