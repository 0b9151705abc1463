"""Read a registry's file of opaque references; nothing that a row holds is repeated.

CSV with a comma, semicolon or tab, one document a row. References are personal data: an
error names the line and the column, never what stands there.
"""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import dataframely as dy
import polars as pl

from forecasting.calendar import monday, parse_week
from forecasting.errors import InputError
from forecasting.registry_tables import (
    OPAQUE,
    SUPPRESSION_REASONS,
    passes_eleven_test,
)
from staffing.reminders.batches.tables import Candidates

HEADINGS = {
    "reference": ("reference", "referentie"),
    "service": ("service", "document"),
    "expiry_date": ("expiry_date", "geldig tot"),
    "expiry_week": ("expiry_week", "week van afloop"),
    "age_band": ("age_band", "leeftijdsklasse"),
    "district": ("district", "wijk"),
    "reason": ("reason", "reden"),
}
"""The columns that may come, each by its English or its Dutch heading."""

NEEDED = ("reference", "service")
DAYS = ("%Y-%m-%d", "%d-%m-%Y")
SEPARATORS = ";,\t"
REMEDY = (
    "The columns are reference, service, expiry_date or expiry_week and, where known, "
    "age_band, district and reason; nothing else belongs in the file."
)


@dataclass(frozen=True)
class ReferenceFile:
    """What a file told: typed `Candidates`, and the SHA-256 of its content."""

    candidates: dy.DataFrame[Candidates]
    sha256: str


def read_references(file: Path, services: Mapping[str, str]) -> ReferenceFile:
    """Read a file of references whole, or refuse it.

    Args:
        file: the file; its first line holds the headings.
        services: ids of services by the names that a registry may give them, in lower
            case.

    Raises:
        InputError: it is no such file, or a row breaks a rule; told by its line.
    """
    content = _content(file)
    raw = _table(file, content)
    _refuse(file, raw, "reference", "an opaque reference", _is_no_reference())
    _refuse(
        file,
        raw,
        "reference",
        "a reference that is no number of nine digits with the test of a BSN",
        passes_eleven_test("reference"),
    )
    expiry = "expiry_date" if "expiry_date" in raw.columns else "expiry_week"
    week = _day if expiry == "expiry_date" else _week
    raw = _translated(file, raw, "service", "a service of the catalogue", services.get)
    raw = _translated(file, raw, expiry, "a day or week of expiry", week)
    raw = raw.rename({expiry: "expiry_week"}).with_columns(
        pl.col("expiry_week").cast(pl.Date)
    )
    _refuse(
        file,
        raw,
        "reason",
        f"a coded reason or none, one of {', '.join(SUPPRESSION_REASONS)}",
        _is_no_reason(),
    )
    twice = pl.struct("reference", "service").is_duplicated()
    _refuse(file, raw, "reference", "each document once", twice)
    found = Candidates.validate(raw.select(Candidates.column_names()), cast=True)
    return ReferenceFile(found, hashlib.sha256(content).hexdigest())


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(
            "expected a file of references, found none", file=file
        ) from None


def _table(file: Path, content: bytes) -> pl.DataFrame:
    """Every cell as text, under our names; a column that is not there is null."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("windows-1252", "replace")
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        raw = pl.read_csv(
            io.BytesIO(text.encode()), separator=separator, infer_schema=False
        )
    except pl.exceptions.PolarsError:
        raise InputError(
            "expected CSV with a line of headings and a document a row",
            file=file,
            remedy=REMEDY,
        ) from None
    named = raw.rename(_names(file, raw.columns))
    if named.is_empty():
        raise InputError("expected documents, found none", file=file)
    absent = [
        pl.lit(None, pl.String).alias(name)
        for name in ("age_band", "district", "reason")
        if name not in named.columns
    ]
    cells = pl.col(pl.String).str.strip_chars()
    return named.with_columns(
        pl.when(cells != "").then(cells).name.keep()
    ).with_columns(*absent)


def _names(file: Path, columns: list[str]) -> dict[str, str]:
    """Our name of each column; a heading may be a row by mistake, so it is not told."""
    ours = {heading: name for name, both in HEADINGS.items() for heading in both}
    found: dict[str, str] = {}
    for place, column in enumerate(columns, 1):
        name = ours.get(column.strip().lower())
        if name is None or name in found.values():
            problem = f"line 1: column {place} has a heading that is not expected"
            raise InputError(problem, file=file, remedy=REMEDY)
        found[column] = name
    lacking = [name for name in NEEDED if name not in found.values()]
    expiry = {"expiry_date", "expiry_week"} & set(found.values())
    if lacking or len(expiry) != 1:
        what = lacking[0] if lacking else "expiry_date or expiry_week (one of them)"
        raise InputError(
            f"line 1: expected a column {what}, found none", file=file, remedy=REMEDY
        )
    return found


def _is_no_reference() -> pl.Expr:
    return ~pl.col("reference").str.contains(OPAQUE).fill_null(value=False)


def _is_no_reason() -> pl.Expr:
    coded = pl.col("reason").is_in(SUPPRESSION_REASONS)
    return ~coded.fill_null(value=True)


def _translated(
    file: Path,
    raw: pl.DataFrame,
    column: str,
    expected: str,
    means: Callable[[str], object],
) -> pl.DataFrame:
    """The column by what its texts mean; a text that means nothing is refused."""
    texts = raw[column].drop_nulls().unique().to_list()
    known = {text: means(text.lower()) for text in texts}
    good = [text for text, meaning in known.items() if meaning is not None]
    bad = ~pl.col(column).is_in(good).fill_null(value=False)
    _refuse(file, raw, column, expected, bad)
    return raw.with_columns(pl.col(column).replace_strict(known))


def _day(text: str) -> date | None:
    for shape in DAYS:
        try:
            return monday(datetime.strptime(text, shape).date())  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _week(text: str) -> date | None:
    try:
        return parse_week(text.upper())
    except InputError:
        return _day(text)


def _refuse(
    file: Path, raw: pl.DataFrame, column: str, expected: str, bad: pl.Expr
) -> None:
    places = raw.select(pl.arg_where(bad)).to_series()
    if not places.is_empty():
        more = f" (and {len(places) - 1} more rows)" if len(places) > 1 else ""
        raise InputError(
            f"expected {expected}, came something else{more}",
            file=file,
            line=int(places[0]) + 2,
            column=column,
            remedy="Nothing was chosen or stored.",
        )
