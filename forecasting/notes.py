"""What a planner may note: exclusions, events and adjustments, each within its ranges."""

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import polars as pl

from forecasting.errors import FieldError
from forecasting.ingest.personal.citizen_numbers import holds_bsn
from forecasting.ingest.personal.contents import EMAIL
from forecasting.records import AdjustmentRecord, EventRecord, ExclusionRecord, Note

SERIES = r"[^/?\[\]]+(/[^/?\[\]]+){3}"
NUMBER = r"\d(?:[.\s-]?\d){7,}"
MOST_FACTOR = 10.0
MOST_PLUS = 10_000.0
"""A period: no desk has so many contacts in a month."""
YEARS = range(1990, 2100)
"""Exports begin no earlier, and no forecast reaches further."""


@dataclass(frozen=True)
class Exclusion:
    """A period of some series left out of training, both days included.

    `series` is a pattern with `*` on `location/service/step/channel`; empty means all.
    """

    first: date
    last: date
    reason: str
    series: str = ""

    kind: ClassVar[str] = "exclusion"
    record: ClassVar[type[Note]] = ExclusionRecord

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            FieldError: one is broken; it names the option.
        """
        if self.last < self.first:
            wanted = f"a day from {self.first} on"
            raise FieldError(
                "to", "before_first", wanted=wanted, came=self.last, first=self.first
            )
        if not {self.first.year, self.last.year} <= set(YEARS):
            ends = {"low": str(YEARS[0]), "high": str(YEARS[-1])}
            wanted = "a year from {low} to {high}".format(**ends)
            raise FieldError("from", "year", wanted=wanted, came=self.first, **ends)
        if self.series and not re.fullmatch(SERIES, self.series):
            wanted = "location/service/step/channel, with * for any"
            raise FieldError("series", "pattern", wanted=wanted, came=self.series)
        check_text("series", self.series, 255)
        check_text("reason", self.reason, 500)
        check_filled("reason", self.reason)

    @property
    def values(self) -> dict[str, object]:
        """What is kept of it, by column."""
        return {
            "series": self.series,
            "first": self.first,
            "last": self.last,
            "reason": self.reason.strip(),
        }


@dataclass(frozen=True)
class Event(Exclusion):
    """Something that moves demand; `name` groups its likes of other years."""

    name: str = ""

    kind: ClassVar[str] = "event"
    record: ClassVar[type[Note]] = EventRecord

    def __post_init__(self) -> None:
        """Check the ranges."""
        super().__post_init__()
        check_text("name", self.name, 120)
        check_filled("name", self.name)

    @property
    def values(self) -> dict[str, object]:
        """What is kept of it, by column."""
        return {**super().values, "name": self.name.strip()}


@dataclass(frozen=True)
class Adjustment(Exclusion):
    """A change of the forecast by the planner: times `factor`, then plus `plus` a period."""

    factor: float = 1.0
    plus: float = 0.0

    kind: ClassVar[str] = "adjustment"
    record: ClassVar[type[Note]] = AdjustmentRecord

    def __post_init__(self) -> None:
        """Check the ranges."""
        super().__post_init__()
        if not 0 < self.factor <= MOST_FACTOR:
            most = f"{MOST_FACTOR:g}"
            wanted = f"more than 0, at most {most}"
            raise FieldError(
                "factor", "factor", wanted=wanted, came=self.factor, most=most
            )
        if not (math.isfinite(self.plus) and abs(self.plus) <= MOST_PLUS):
            wanted = f"from -{MOST_PLUS:,.0f} to {MOST_PLUS:,.0f}"
            raise FieldError(
                "plus", "plus", wanted=wanted, came=self.plus, most=MOST_PLUS
            )
        if self.factor == 1 and self.plus == 0:
            wanted = "a factor or an addition"
            raise FieldError("factor", "no_change", wanted=wanted, came="no change")

    @property
    def values(self) -> dict[str, object]:
        """What is kept of it, by column."""
        return {**super().values, "factor": self.factor, "plus": self.plus}


NOTES: dict[str, type[Exclusion]] = {
    note.kind: note for note in (Exclusion, Event, Adjustment)
}
"""The kinds of notes by name."""


def check_filled(option: str, text: str) -> None:
    """Refuse a text that says nothing.

    Raises:
        FieldError: it does; it names the option.
    """
    if not text.strip():
        raise FieldError(option, "empty", wanted=f"a {option}", came="nothing")


def check_text(option: str, text: str, longest: int) -> None:
    """Refuse what is too long or could be personal; the text itself is not repeated.

    Raises:
        FieldError: it is; it names the option.
    """
    if len(text) > longest:
        wanted = f"at most {longest} characters"
        raise FieldError(
            option,
            "too_long",
            wanted=wanted,
            came=len(text),
            most=longest,
            signs=len(text),
        )
    if not text.replace("\n", " ").isprintable():
        came = "signs that cannot be shown"
        raise FieldError(option, "unprintable", wanted="plain text", came=came)
    numbers = re.findall(NUMBER, text)
    if any(holds_bsn(pl.Series([number])) for number in numbers):
        came = "a number that could be a BSN"
        raise FieldError(option, "bsn", wanted="no personal data", came=came)
    if re.search(EMAIL, text):
        came = "an e-mail address"
        raise FieldError(option, "email", wanted="no personal data", came=came)
