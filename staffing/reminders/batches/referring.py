"""Read a registry's file of opaque references; nothing that a row holds is repeated.

References are personal data: an error names the line and the column, never what stands
there.
"""

import hashlib
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
from staffing.reminders.batches.reference_table import (
    LINE,
    content_of,
    reference_table,
)
from staffing.reminders.batches.tables import Candidates

DAYS = ("%Y-%m-%d", "%d-%m-%Y")
NUMBER = r"^(?i:bsn)?\P{L}*\d\P{L}*$"
"""A number, whatever signs stand about it, by itself or with the name of a BSN before it."""


@dataclass(frozen=True)
class ReferenceFile:
    """What a file told: typed `Candidates`, and the SHA-256 of its content."""

    candidates: dy.DataFrame[Candidates]
    sha256: str


def read_references(file: Path, services: Mapping[str, str]) -> ReferenceFile:
    """Read a file of references whole, or refuse it.

    Args:
        file: CSV or XLSX; its first line holds the headings.
        services: ids of services by the names that a registry may give them, in lower
            case.

    Raises:
        InputError: it is no such file, or a row breaks a rule; told by its line.
    """
    content = content_of(file)
    raw = reference_table(file, content)
    _refuse(file, raw, "reference", "an opaque reference", _is_no_reference())
    _refuse(
        file,
        _numbers(raw, "reference"),
        "reference",
        "a reference that is no number of nine digits with the test of a BSN",
        passes_eleven_test("reference"),
        came="such a number",
    )
    _refuse_personal_groups(file, raw)
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
    _refuse(
        file, raw, "reference", "each document once", twice, came="one more than once"
    )
    found = Candidates.validate(raw.select(Candidates.column_names()), cast=True)
    return ReferenceFile(found, hashlib.sha256(content).hexdigest())


def _is_no_reference() -> pl.Expr:
    return ~pl.col("reference").str.contains(OPAQUE).fill_null(value=False)


def _is_no_reason() -> pl.Expr:
    coded = pl.col("reason").is_in(SUPPRESSION_REASONS)
    return ~coded.fill_null(value=True)


def _numbers(raw: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows in which a column may hold a number of a person: mostly none, found fast."""
    return raw.filter(pl.col(column).str.contains(NUMBER))


def _refuse_personal_groups(file: Path, raw: pl.DataFrame) -> None:
    """A code of a district may have eight digits; nine that pass the test are refused."""
    for column in ("age_band", "district"):
        said = column, "a group of documents"
        nine = pl.col(column).str.count_matches(r"\d") >= 9
        bsn = passes_eleven_test(column) & nine
        number = "a number that could be a BSN"
        _refuse(file, _numbers(raw, column), *said, bsn, came=number)
        email = pl.col(column).str.contains("@", literal=True)
        _refuse(file, raw, *said, email, came="an e-mail address")


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
    file: Path,
    raw: pl.DataFrame,
    column: str,
    expected: str,
    bad: pl.Expr,
    *,
    came: str = "something else",
) -> None:
    lines = raw.filter(bad)[LINE]
    if not lines.is_empty():
        many = f"{came} (in {len(lines)} rows)"
        raise InputError(
            f"expected {expected}, came {many if len(lines) > 1 else came}",
            file=file,
            line=int(lines[0]),
            column=column,
            remedy="Nothing was chosen or stored.",
        )
