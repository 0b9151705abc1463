"""What somebody else expects, and the count that is of the whole period it names."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from forecasting.outside.comparing import Ours
from forecasting.outside.subjects import Subject

LEAST_KNOWN = 0.5
"""A period to compare with is known when this share of its working days is."""


@dataclass(frozen=True)
class Statement:
    """One row of `OutsideForecasts`, with the source it came from."""

    subject: str
    period: str
    first: date
    last: date
    percent: float | None
    base_year: int | None
    count: float | None
    mode: str
    said_by: str
    source: str

    @property
    def base(self) -> tuple[date, date]:
        """The same days of the base year, the year before where none was named."""
        year = self.first.year - 1 if self.base_year is None else self.base_year
        later = self.last.year - self.first.year
        return _in_year(self.first, year), _in_year(self.last, year + later)


@dataclass(frozen=True)
class Target:
    """The count `said` of a whole period beside `ours`; no factor: why there is none."""

    said: float | None
    ours: float
    factor: float | None
    state: str


def statements_of(outside: pl.DataFrame) -> list[Statement]:
    """What was said, most important first: the last import, then the shorter period."""
    length = (pl.col("last") - pl.col("first")).alias("length")
    order = ["imported", "length", "subject", "period", "source"]
    down = [True, False, False, False, False]
    rows = outside.with_columns(length).sort(order, descending=down)
    names = list(Statement.__dataclass_fields__)
    return [Statement(*row) for row in rows.select(names).iter_rows()]


def target_of(
    said: Statement, subject: Subject, ours: Ours, longest_days: int
) -> Target:
    """What a statement comes to, beside what we know and expect of its whole period."""
    names = subject.counted
    if not names:
        return Target(said.count, 0.0, None, "no such series")
    if (said.last - said.first).days >= longest_days:
        return Target(said.count, 0.0, None, "too long a period")
    expected = ours.stretch(names, said.first, said.last).whole
    if not ours.reaches(names, said.first, said.last):
        return Target(said.count, expected, None, "outside the forecast")
    if said.percent is None or said.count is not None:
        count = float(said.count or 0.0)
    else:
        base = ours.stretch(names, *said.base)
        if base.known < LEAST_KNOWN:
            return Target(None, expected, None, "no demand to compare with")
        count = base.whole * (1 + said.percent / 100)
    if expected <= 0:
        return Target(count, expected, None, "nothing expected")
    return Target(count, expected, count / expected, "applied")


def _in_year(day: date, year: int) -> date:
    """The same day of another year; 29 February is 28 February where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
