"""In which form a column holds dates or times: the one that reads the most of it."""

import math
from dataclasses import dataclass

import polars as pl
from polars.exceptions import PolarsError

from forecasting.ingest.parsing import ISO_OFFSET

ENOUGH = 0.9
DAYS = (
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%Y%m%d",
)
CLOCKS = (" %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S", " %H:%M:%S%.f", "T%H:%M:%S%.f")
ISO_FORMS = ("%Y-%m-%d", *(f"%Y-%m-%d{clock}" for clock in CLOCKS))
WEEK, MONTH = "%G-W%V", "%Y-%m"
OF_DAY = ("%H:%M:%S", "%H:%M")
NS_PER_S = 1_000_000_000
HELD = r"^\d{1,4}[-/.]?\d{1,2}[-/.]?\d{1,4}|^\d{4}-W\d{2}$|^\d{4}-\d{2}$"


@dataclass(frozen=True)
class Timing:
    """How a column writes time: `form` is its pattern, none when it is typed.

    `seconds` are the times found, as seconds since 1970 by the clock they were written
    on. `unsure` when day and month could change places.
    """

    form: str | None
    seconds: pl.Series
    has_clock: bool
    has_offset: bool = False
    unsure: bool = False

    @property
    def step_s(self) -> int:
        """The smallest distance between two different times, 0 when there are none."""
        steps = self.seconds.unique().sort().diff().drop_nulls()
        return int(steps.min()) if steps.len() else 0  # type: ignore[arg-type]  # a number

    @property
    def is_iso(self) -> bool:
        """Whether the form is read without being named."""
        return self.form is None or self.form in (*ISO_FORMS, *ISO_OFFSET)


def timing_of(values: pl.Series, texts: pl.Series) -> Timing | None:
    """How a column writes time, or None when it does not."""
    if values.dtype == pl.Date:
        return Timing(None, _seconds(values.drop_nulls()), has_clock=False)
    if isinstance(values.dtype, pl.Datetime):
        zoned = values.dtype.time_zone is not None
        found = values.drop_nulls().dt.convert_time_zone("UTC") if zoned else values
        seconds = _seconds(found.drop_nulls())
        return Timing(None, seconds, bool((seconds % 86400 != 0).any()), zoned)
    if values.dtype != pl.String or not texts.len():
        return None
    held = texts.unique(maintain_order=True)
    if held.str.contains(HELD).mean() < ENOUGH:  # type: ignore[operator]  # a number
        return None
    return _with_offset(held) or _by_form(held)


def times_of_day(texts: pl.Series) -> str | None:
    """The pattern of a column of times of day, or None."""
    for form in OF_DAY:
        if _clock(texts, form).null_count() == 0 and texts.len():
            return form
    return None


def step_of_day(texts: pl.Series) -> int:
    """The seconds that divide every time of day of a column: 900 for quarter-hours."""
    form = times_of_day(texts) or OF_DAY[0]
    whole = _clock(texts, form).drop_nulls().unique().cast(pl.Int64) // NS_PER_S
    return math.gcd(*whole.to_list())


def _clock(texts: pl.Series, form: str) -> pl.Series:
    full = texts.str.replace(r"^(\d):", "0${1}:")
    return full.str.to_time(form, strict=False)


def _with_offset(texts: pl.Series) -> Timing | None:
    zoned = texts.str.replace("Z$", "+00:00")
    for form in ISO_OFFSET:
        found = zoned.str.to_datetime(form, strict=False, time_unit="us").drop_nulls()
        if found.len() >= ENOUGH * texts.len():
            return Timing(form, _seconds(found), has_clock=True, has_offset=True)
    return None


def _by_form(texts: pl.Series) -> Timing | None:
    forms = [*DAYS, *(day + clock for clock in CLOCKS for day in DAYS)]
    read = {form: _read(texts, form) for form in (*forms, WEEK, MONTH)}
    best = max(read, key=lambda form: read[form].len())
    found = read[best]
    if found.len() < ENOUGH * texts.len():
        return None
    turned = {"%d": "%m", "%m": "%d"}
    other = "".join(turned.get(part, part) for part in _parts(best))
    unsure = best not in ISO_FORMS and other != best and other in read
    unsure = unsure and read[other].len() == found.len()
    return Timing(best, _seconds(found), "%H" in best, unsure=unsure)


def _parts(form: str) -> list[str]:
    return form.replace("%", "\0%").replace("-", "\0-").replace("/", "\0/").split("\0")


def _read(texts: pl.Series, form: str) -> pl.Series:
    suffix = {WEEK: ("-1", "-%u"), MONTH: ("-01", "-%d")}.get(form, ("", ""))
    written, pattern = texts + suffix[0], form + suffix[1]
    try:
        if "%H" in form:
            read = written.str.to_datetime(pattern, strict=False, time_unit="us")
        else:
            read = written.str.to_date(pattern, strict=False)
    except PolarsError:
        return pl.Series(dtype=pl.Date)
    return read.filter(read.dt.year().is_between(1900, 2200))


def _seconds(times: pl.Series) -> pl.Series:
    return times.cast(pl.Datetime("us")).dt.epoch("s")
