"""Refuse columns that look like personal data of residents, by name or by content."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import polars as pl

from forecasting.errors import InputError

SAMPLE = 20_000
MIN_DISTINCT = 20
BIRTH_SPAN_DAYS = 50 * 365

NAMES = {
    "a citizen service number (BSN)": r"bsn(nummer|nr)?|.*burgerservice(nummer|nr).*|sofi(nummer|nr)?",
    "a birth date": r".*geboorte(datum|dag|dat).*|geboren(op)?|.*birth_?da(te|y).*|.*dateofbirth.*|dob",
    "a name": (
        r"(volledige|klant|burger|aanvrager|persoon|persoons|customer|client|person|full|"
        r"first|last|family|given|maiden|middle|voor|achter|roep|geslachts|geboorte)?"
        r"(naam|namen|names?)|surname|initials|voorletters?|tussenvoegsel"
    ),
    "an address": r"(woon|post|e?street|home|post(al)?|bezoek)?(adres|address)|straat(naam)?|street(name)?|"
    r"huis(nummer|nr|letter).*|house(number|no)|postcode|post(al)?code|zip(code)?",
    "an e-mail address": r"e?mail(adres|address)?",
    "a phone number": r"(telefoon|tel|mobiel|mobile|phone|gsm)(nummer|nr|number|no)|mobiel|gsm",
}

DIGITS = re.compile(r"^\d{8,9}$")
CONTENTS = {
    "an e-mail address": r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$",
    "a phone number": r"^(\+31|0031|0)[\s-]?[1-9](?:[\s-]?\d){7,8}$",
    "an address": (
        r"(?i)^\d{4}\s?[A-Z]{2}$|"
        r"^\D{3,}(straat|laan|weg|plein|kade|singel|dijk|hof|gracht|pad|plantsoen|steeg)\s+\d+"
    ),
}


def refuse_personal(
    file: Path, rows: pl.LazyFrame, harmless: Iterable[str], remedy: str
) -> None:
    """Look at every column of a file, used or not.

    Raises:
        InputError: a column looks personal; the message names it and gives `remedy`.
    """
    schema = rows.collect_schema()
    looked_at = [name for name in schema.names() if name not in set(harmless)]
    for name in looked_at:
        if what := _by_name(name):
            raise _refusal(file, name, f"called like {what}", remedy)
    for name in looked_at:
        if schema[name].is_nested():
            continue
        what = _by_content(_sample(rows, name, schema[name]), schema[name])
        if what:
            raise _refusal(file, name, f"that holds {what}", remedy)


def _refusal(file: Path, column: str, what: str, remedy: str) -> InputError:
    problem = f"expected no personal data, came a column {what}"
    return InputError(problem, file=file, column=column, remedy=remedy)


def _by_name(column: str) -> str | None:
    plain = re.sub(r"_duplicated_\d+$", "", column.lower())
    plain = re.sub(r"[\W_]", "", plain)
    return next(
        (what for what, name in NAMES.items() if re.fullmatch(name, plain)), None
    )


def _sample(rows: pl.LazyFrame, column: str, dtype: pl.DataType) -> pl.Series:
    """Distinct values of a column among the first that are filled."""
    value = pl.col(column)
    filled = value.is_not_null() & (value != "" if dtype == pl.String else pl.lit(True))
    found = rows.select(value).filter(filled).head(SAMPLE).unique(maintain_order=True)
    return found.collect().to_series()


def _by_content(values: pl.Series, dtype: pl.DataType) -> str | None:
    if values.len() < MIN_DISTINCT:
        return None
    if dtype.is_temporal():
        return _birth_dates(values.cast(pl.Date)) if dtype != pl.Time else None
    if dtype.is_float():  # whole numbers become floats where some were absent
        values = values.filter(values == values.floor()).cast(pl.Int64, strict=False)
    elif not (dtype == pl.String or dtype.is_integer()):
        return None
    written = values.drop_nulls().cast(pl.String).str.strip_chars()
    if written.len() < MIN_DISTINCT:
        return None
    for what, looks_like in LOOKS.items():
        if looks_like(written):
            return what
    return _birth_dates(_days(written))


def _mostly(pattern: str) -> Callable[[pl.Series], bool]:
    return lambda values: bool(values.str.contains(pattern).mean() > 0.5)  # type: ignore[operator]  # never null: the values are filled


def holds_bsn(values: pl.Series) -> bool:
    """Whether more than half of distinct texts pass the 11-test of a BSN.

    Digits weigh 9, 8, ... 2 and the last -1; the sum is a multiple of 11. A number of
    eight digits has lost its leading zero.
    """
    plain = values.str.replace_all(r"[.\s]", "")
    whole = plain.filter(plain.str.contains(DIGITS.pattern)).str.zfill(9)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    digits = [whole.str.slice(place, 1).cast(pl.Int64) for place in range(9)]
    total = sum(
        (digit * weight for digit, weight in zip(digits, weights, strict=True)),
        start=pl.zeros(whole.len(), dtype=pl.Int64, eager=True),
    )
    passed = ((total % 11 == 0) & (whole.cast(pl.Int64) > 0)).sum()
    return 2 * int(passed) > values.len()


def _days(written: pl.Series) -> pl.Series:
    """Texts of which most are plain dates, as days; else nothing."""
    for pattern in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%Y%m%d"):
        days = written.str.to_date(pattern, strict=False).drop_nulls()
        if 2 * days.len() > written.len():
            return days
    return pl.Series(dtype=pl.Date)


def _birth_dates(days: pl.Series) -> str | None:
    """Days that spread over more than fifty years are no dates of contacts."""
    if days.len() < MIN_DISTINCT:
        return None
    numbers = days.to_physical()
    first, last = numbers.quantile(0.05), numbers.quantile(0.95)
    spread = (last or 0) - (first or 0)
    return "birth dates" if spread > BIRTH_SPAN_DAYS else None


LOOKS: Mapping[str, Callable[[pl.Series], bool]] = {
    "a citizen service number (BSN)": holds_bsn,
    **{what: _mostly(pattern) for what, pattern in CONTENTS.items()},
}
