"""Columns whose contents look like personal data of residents."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from forecasting.ingest.personal.citizen_numbers import (
    FEW,
    MANY,
    holds_bsn,
    mentions_bsn,
)
from forecasting.ingest.personal.given_names import KNOWN, SHAPE

BEFORE_CONTACTS = date(1990, 1, 1)
REAL_YEARS = (1880, 2150)
BIRTH_SPAN_DAYS = 50 * 365
BIRTH_MIDDLE_DAYS = 20 * 365
MOST_COUNT = 1_000_000

CLOCK = r"[T ]\d{1,2}:\d{2}.*$"
DAYS = (
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%Y%m%d",
    "%d%m%Y",
    "%d-%m-%y",
    "%d %B %Y",
)
EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}"
MAILBOX = (
    r"(?i)^(info|contact|gemeente|burgerzaken|publiekszaken|publieksdiensten?|klant\w*|"
    r"kcc|balie|no-?reply|post(bus)?|mail|(service|help)desk|algemeen|afspra\w+|webmaster|"
    r"bezwaar\w*|archief|support|administratie|loket|vergunningen|belasting\w*|team\w*|"
    r"burgerlijkestand|huwelijk\w*|verkiezing\w*)\b"
)
"""The mailbox of an office, which is nobody's own."""

PHONE = r"^(?:(?:\+|00)31\s?(?:\(0\))?|\(?0)[1-9][\d\s()./-]*$"
NATIONAL_DIGITS = r"^(?:\+31|0031|0)0?[1-9]\d{8}$"
ORDER = r"^0[1-57-9]\d{8}$"
FOREIGN = r"^\+\d{9,14}$"
MOBILE_WITHIN = r"(?:\b0|\b0031|\+31|\+31 )[\s-]?6[\s-]?\d{8}\b"
LOST_ZERO = r"^(31)?6[1-5]\d{7}$"
MOBILE_SPAN = 10_000_000

ADDRESS = (
    r"(?i)^[1-9]\d{3}\s?[A-Z]{2}$|"
    r"^\D{3,}(straat|laan|weg|plein|kade|singel|dijk|hof|gracht|pad|plantsoen|steeg|markt|"
    r"dreef|wal|park)\s+\d+|"
    r"\d\s*\w?,?\s+[1-9]\d{3}\s?[A-Z]{2}\b"
)
PARTICLES = r"(?:(?:van|de|der|den|het|'t|ten|ter|te|in|op|v\.d\.|vd|el|al|la|le)\s+)*"
SALUTED = (
    r"(?i)^(dhr|de\s+heer|hr|heer|mevr|mw|mevrouw|mej|meneer|mr|mrs|ms|drs|ir|ing|dr|"
    r"fam|familie)[. ]+\p{L}"
)
INITIALS = (
    rf"^(?:\p{{Lu}}\.\s?){{1,6}}(?:\(\p{{L}}+\)\s*)?{PARTICLES}\p{{Lu}}[\p{{L}}'\x{{2019}} -]+$|"
    rf"^(?:(?:van|de|der|den|ter|ten)\s+)*\p{{Lu}}[\p{{L}}'\x{{2019}} -]+,\s*(?:\p{{Lu}}\.\s?){{1,6}}"
    r"(?:\s*\p{Ll}+)*$"
)
A_CATEGORY = 20
"""Fewer values than this, each on so many rows, are names of places or queues."""


@dataclass(frozen=True)
class Filled:
    """What fills a column: the different texts, and on how many rows they stand."""

    texts: pl.Series
    rows: int

    @property
    def is_category(self) -> bool:
        """Whether a few values come again and again."""
        few = self.texts.len() < A_CATEGORY
        return few and self.rows >= A_CATEGORY * self.texts.len()

    def mostly(self, pattern: str) -> bool:
        """Whether more than half of the values, and no less than three, look like it."""
        found = int(self.texts.str.contains(pattern).sum())
        return found >= FEW and 2 * found > self.texts.len()


def personal_contents(values: pl.Series) -> str | None:
    """What the filled values of a column look like, when it is personal data."""
    dtype = values.dtype
    if isinstance(dtype, pl.Date | pl.Datetime):
        return _birth_dates(values.unique().cast(pl.Date))
    texts = _written(values)
    if texts is None or texts.is_empty():
        return None
    distinct = texts.unique(maintain_order=True)
    filled = Filled(distinct, texts.len())
    found = next((what for what, looks in LOOKS if looks(filled)), None)
    return found or _birth_dates(_days(distinct))


def are_counts(values: pl.Series) -> bool:
    """Whether a column counts something, or says yes or no."""
    if values.dtype == pl.Boolean:
        return True
    texts = _written(values)
    if texts is None:
        return False
    counted = texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return bool(counted.is_between(0, MOST_COUNT).fill_null(value=False).all())


def _written(values: pl.Series) -> pl.Series | None:
    """The values as trimmed text; nothing for types that hold no such data."""
    if values.dtype.is_float():  # whole numbers become floats where some were absent
        values = values.filter(values == values.floor()).cast(pl.Int64, strict=False)
    elif values.dtype.is_decimal():
        values = values.cast(pl.Int128, strict=False)
    elif not (values.dtype == pl.String or values.dtype.is_integer()):
        return None
    written = values.drop_nulls().cast(pl.String).str.strip_chars()
    return written.filter(written != "")


def _emails(filled: Filled) -> bool:
    """Addresses of somebody's own: one within a text, or some that stand alone."""
    marked = filled.texts.filter(filled.texts.str.contains("@", literal=True))
    alone = marked.str.contains(f"^{EMAIL}$")
    within = marked.filter(~alone).str.extract_all(EMAIL)
    whole = _own(marked.filter(alone)).len()
    mentioned = _own(within.explode(empty_as_null=True).drop_nulls()).len()
    return mentioned > 0 or whole >= FEW or 2 * whole > filled.texts.len()


def _own(addresses: pl.Series) -> pl.Series:
    return addresses.filter(~addresses.str.contains(MAILBOX))


def _phones(filled: Filled) -> bool:
    if filled.is_category:
        return False
    texts = filled.texts
    bare = texts.str.replace_all(r"[()\s./-]", "")
    whole = texts.str.contains(PHONE) & bare.str.contains(NATIONAL_DIGITS)
    found = int((whole | bare.str.contains(FOREIGN)).sum())
    numbers = bare.cast(pl.Int64, strict=False)
    if found >= FEW and 2 * found > texts.len():
        return not (texts.str.contains(ORDER).all() and _is_sequence(numbers))
    within = texts.str.extract_all(MOBILE_WITHIN).explode(empty_as_null=True)
    prose = texts.filter(texts.str.contains(r"\p{L}")).len()
    return (prose > 0 and within.n_unique() > FEW) or _lost_zero(texts, numbers)


def _is_sequence(numbers: pl.Series) -> bool:
    """Whether numbers follow upon each other, as those of orders do."""
    span = (numbers.quantile(0.9) or 0) - (numbers.quantile(0.1) or 0)
    return span < 50 * numbers.len()


def _lost_zero(texts: pl.Series, numbers: pl.Series) -> bool:
    """Mobile numbers without their zero, as a spreadsheet makes them."""
    found = int(texts.str.contains(LOST_ZERO).sum())
    if found < MANY or 2 * found <= texts.len():
        return False
    span = (numbers.quantile(0.9) or 0) - (numbers.quantile(0.1) or 0)
    return span > MOBILE_SPAN


def _addresses(filled: Filled) -> bool:
    return not filled.is_category and filled.mostly(ADDRESS)


def _names(filled: Filled) -> bool:
    if filled.mostly(SALUTED):
        return True
    return not filled.is_category and (filled.mostly(INITIALS) or _well_known(filled))


def _well_known(filled: Filled) -> bool:
    """Values shaped like first and last names, of which a good part is well known."""
    shaped = filled.texts.filter(filled.texts.str.contains(SHAPE))
    if shaped.len() < MANY / 2 or 2 * shaped.len() <= filled.texts.len():
        return False
    return 4 * int(shaped.str.contains(KNOWN).sum()) > shaped.len()


def _days(written: pl.Series) -> pl.Series:
    """Texts of which most are dates, as days; else nothing."""
    dates = written.str.replace(CLOCK, "")
    if 2 * int(dates.str.contains(r"^\d.*\d$").sum()) <= written.len():
        return pl.Series(dtype=pl.Date)
    for pattern in DAYS:
        days = dates.str.to_date(pattern, strict=False).drop_nulls()
        days = days.filter(days.dt.year().is_between(*REAL_YEARS))
        if 2 * days.len() > written.len():
            return days
    return pl.Series(dtype=pl.Date)


def _birth_dates(days: pl.Series) -> str | None:
    """Days that spread over more than fifty years are no dates of contacts.

    Of a few days the middle half must spread over more than twenty years. Nor are days
    of which most lie before 1990 dates of contacts.
    """
    days = days.filter(days.dt.year().is_between(*REAL_YEARS))
    if days.len() < FEW:
        return None
    if 2 * (days < BEFORE_CONTACTS).sum() > days.len():
        return "birth dates"
    many = days.len() >= MANY
    tail, most = (0.05, BIRTH_SPAN_DAYS) if many else (0.25, BIRTH_MIDDLE_DAYS)
    numbers = days.to_physical()
    spread = (numbers.quantile(1 - tail) or 0) - (numbers.quantile(tail) or 0)
    return "birth dates" if spread > most else None


LOOKS: tuple[tuple[str, Callable[[Filled], bool]], ...] = (
    ("a citizen service number (BSN)", lambda filled: holds_bsn(filled.texts)),
    ("a citizen service number (BSN)", lambda filled: mentions_bsn(filled.texts)),
    ("an e-mail address", _emails),
    ("a phone number", _phones),
    ("an address", _addresses),
    ("a name", _names),
)
