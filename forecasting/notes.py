"""What a planner may note: exclusions, events and adjustments, each within its ranges."""

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import polars as pl

from forecasting.errors import InputError
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
            InputError: one is broken; the message names the option.
        """
        if self.last < self.first:
            _refuse("to", f"a day from {self.first} on", self.last)
        if not {self.first.year, self.last.year} <= set(YEARS):
            _refuse("from", f"a year from {YEARS[0]} to {YEARS[-1]}", self.first)
        if self.series and not re.fullmatch(SERIES, self.series):
            wanted = "location/service/step/channel, with * for any"
            _refuse("series", wanted, self.series)
        check_text("series", self.series, 255)
        check_text("reason", self.reason, 500)
        if not self.reason.strip():
            _refuse("reason", "a reason", "nothing")

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
        if not self.name.strip():
            _refuse("name", "a name", "nothing")

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
            _refuse("factor", f"more than 0, at most {MOST_FACTOR:g}", self.factor)
        if not (math.isfinite(self.plus) and abs(self.plus) <= MOST_PLUS):
            _refuse("plus", f"from -{MOST_PLUS:,.0f} to {MOST_PLUS:,.0f}", self.plus)
        if self.factor == 1 and self.plus == 0:
            _refuse("factor", "a factor or an addition", "no change")

    @property
    def values(self) -> dict[str, object]:
        """What is kept of it, by column."""
        return {**super().values, "factor": self.factor, "plus": self.plus}


NOTES: dict[str, type[Exclusion]] = {
    note.kind: note for note in (Exclusion, Event, Adjustment)
}
"""The kinds of notes by name."""


def check_text(option: str, text: str, longest: int) -> None:
    """Refuse what is too long or could be personal; the text itself is not repeated.

    Raises:
        InputError: it is; the message names the option.
    """
    if len(text) > longest:
        _refuse(option, f"at most {longest} characters", f"{len(text)}")
    if not text.replace("\n", " ").isprintable():
        _refuse(option, "plain text", "signs that cannot be shown")
    numbers = re.findall(NUMBER, text)
    if any(holds_bsn(pl.Series([number])) for number in numbers):
        _refuse(option, "no personal data", "a number that could be a BSN")
    if re.search(EMAIL, text):
        _refuse(option, "no personal data", "an e-mail address")


def _refuse(option: str, wanted: str, came: object) -> None:
    raise InputError(f"--{option}: expected {wanted}, came {came}")
