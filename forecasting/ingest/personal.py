"""Refuse columns that look like personal data of residents, by name or by content."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from forecasting.errors import InputError

SAMPLE = 20_000
FEW = 3
"""From this many values on a pattern is no chance; an e-mail address needs but one."""

MANY = 20
"""From this many values on the tails of a column's dates tell something."""

BEFORE_CONTACTS = date(1990, 1, 1)
BIRTH_SPAN_DAYS = 50 * 365
BIRTH_MIDDLE_DAYS = 20 * 365

NAMES = {
    "a citizen service number (BSN)": r"bsn.*|.*bsn|.*burgerservice(nummer|nr).*|sofi(nummer|nr)?",
    "a birth date": r".*geboorte(datum|dag|dat).*|.*geb(dat|datum)|geboren(op)?|.*birth_?da(te|y).*|.*dateofbirth.*|dob",
    "a name": (
        r"(volledige|klant|burger|aanvrager|persoon|persoons|customer|client|person|full|"
        r"first|last|family|given|maiden|middle|voor|achter|roep|geslachts|geboorte)?"
        r"(naam|namen|names?)|surname|initials|voorletters?|tussenvoegsel|"
        r"(naam|namen|name)(van|of)?(de|het|the)?"
        r"(klant|burger|aanvrager|persoon|inwoner|customer|client|person)"
    ),
    "an address": r"(woon|post|e?street|home|post(al)?|bezoek)?(adres|address)|straat(naam)?|street(name)?|"
    r"huis(nummer|nr|letter).*|house(number|no)|postcode|post(al)?code|zip(code)?",
    "an e-mail address": r"e?mail(adres|address)?|.*e?mailaddress?.*|.*e?mailadres.*",
    "a phone number": r"(telefoon|tel|mobiel|mobile|phone|gsm)(nummer|nr|number|no)|mobiel|gsm",
}

DATE = r"^\d{1,2}[-. ]\d{1,2}[-. ]\d{4}$|^\d{4}[-. ]\d{1,2}[-. ]\d{1,2}$"
CLOCK = r"[T ]\d{1,2}:\d{2}.*$"
DAYS = (
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%Y%m%d",
    "%d %B %Y",
)
EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"
CONTENTS = {
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
    if dtype.is_temporal():
        return _birth_dates(values.cast(pl.Date)) if dtype != pl.Time else None
    if dtype.is_float():  # whole numbers become floats where some were absent
        values = values.filter(values == values.floor()).cast(pl.Int64, strict=False)
    elif not (dtype == pl.String or dtype.is_integer()):
        return None
    written = values.drop_nulls().cast(pl.String).str.strip_chars()
    if written.is_empty():
        return None
    for what, looks_like in LOOKS.items():
        if looks_like(written):
            return what
    return _birth_dates(_days(written))


def _mostly(pattern: str, at_least: int = FEW) -> Callable[[pl.Series], bool]:
    def looks_like(values: pl.Series) -> bool:
        found = int(values.str.contains(pattern).sum())
        return found >= at_least and 2 * found > values.len()

    return looks_like


def holds_bsn(values: pl.Series) -> bool:
    """Whether distinct texts hold numbers that pass the 11-test of a BSN, beyond chance.

    Digits weigh 9, 8, ... 2 and the last -1; the sum is a multiple of 11. A number of
    eight digits has lost its leading zero. One in eleven numbers passes by accident: a
    third of many is no accident, nor is most of a few. One or two numbers must be
    whole and must all pass.
    """
    plain = values.filter(~values.str.contains(DATE)).str.replace(r"\.0+$", "")
    found = plain.str.replace_all(r"[.\s-]", "").str.extract(r"^\D*(\d{8,9})$")
    whole = found.drop_nulls()
    if values.len() < FEW:
        whole = whole.filter(whole.str.len_chars() == 9)
    passed = _passes(whole.str.zfill(9))
    if values.len() < FEW:
        return passed == values.len()
    return passed >= FEW and passed > values.len() * (
        1 / 3 if passed >= MANY / 3 else 1 / 2
    )


def _passes(whole: pl.Series) -> int:
    """How many texts of nine digits pass the 11-test."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    digits = [whole.str.slice(place, 1).cast(pl.Int64) for place in range(9)]
    total = sum(
        (digit * weight for digit, weight in zip(digits, weights, strict=True)),
        start=pl.zeros(whole.len(), dtype=pl.Int64, eager=True),
    )
    return int(((total % 11 == 0) & (whole.cast(pl.Int64) > 0)).sum())


def _days(written: pl.Series) -> pl.Series:
    """Texts of which most are dates, as days; else nothing."""
    dates = written.str.replace(CLOCK, "")
    for pattern in DAYS:
        days = dates.str.to_date(pattern, strict=False).drop_nulls()
        if 2 * days.len() > written.len():
            return days
    return pl.Series(dtype=pl.Date)


def _birth_dates(days: pl.Series) -> str | None:
    """Days that spread over more than fifty years are no dates of contacts.

    Of a few days the middle half must spread over more than twenty years. Nor are days
    of which most lie before 1990 dates of contacts.
    """
    if days.len() < FEW:
        return None
    if 2 * (days < BEFORE_CONTACTS).sum() > days.len():
        return "birth dates"
    many = days.len() >= MANY
    tail, most = (0.05, BIRTH_SPAN_DAYS) if many else (0.25, BIRTH_MIDDLE_DAYS)
    numbers = days.to_physical()
    spread = (numbers.quantile(1 - tail) or 0) - (numbers.quantile(tail) or 0)
    return "birth dates" if spread > most else None


LOOKS: Mapping[str, Callable[[pl.Series], bool]] = {
    "a citizen service number (BSN)": holds_bsn,
    "an e-mail address": _mostly(EMAIL, at_least=1),
    **{what: _mostly(pattern) for what, pattern in CONTENTS.items()},
}
