"""The columns of a file of contacts, by what they seem to hold."""

from dataclasses import dataclass
from functools import cached_property

from forecasting.errors import InputError
from forecasting.ingest.proposals.sniffing import Column, Sniffed
from forecasting.ingest.proposals.timing import MONTH, WEEK, step_of_day, times_of_day
from forecasting.ingest.proposals.vocabulary import find

PERIODS = (300, 900, 1800, 3600, 86_400, 604_800)
DAY_S, WEEK_S, MONTH_S = 86_400, 604_800, 2_592_000
SHORT_MONTH_S = 28 * DAY_S


@dataclass(frozen=True)
class ContactFile:
    """The columns of a file of contacts, by what they seem to hold."""

    found: Sniffed

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that may be read."""
        return self.found.readable

    @cached_property
    def start(self) -> Column:
        """The column that dates a row.

        Raises:
            InputError: no column holds dates or times.
        """
        times = [column for column in self.columns if column.timing is not None]
        if not times:
            raise InputError(
                "expected a column with dates or times, found none",
                file=self.found.file,
                remedy="Describe the source by hand: docs/sources.md.",
            )
        return find("start", times) or times[0]

    @cached_property
    def count(self) -> Column | None:
        """The column that counts, when rows are counts."""
        return find("count", self.columns, lambda c: c.is_number)

    @cached_property
    def clock(self) -> Column | None:
        """The column with the time of day, when the date stands by itself."""
        timing = self.start.timing
        if timing is None or timing.has_clock:
            return None
        is_clock = [c for c in self.columns if c.is_clock and times_of_day(c.texts)]
        return find("time of day", is_clock)

    @cached_property
    def period_s(self) -> int:
        """The length of the period that a row counts; 0 for events."""
        timing = self.start.timing
        if timing is None or (self.count is None and self._has_clock):
            return 0
        if self.clock is not None:
            return _shortest(step_of_day(self.clock.texts))
        if timing.has_clock:
            return _shortest(timing.step_s)
        if timing.form == MONTH or timing.step_s >= SHORT_MONTH_S:
            return MONTH_S
        weekly = timing.form == WEEK or timing.step_s == WEEK_S
        return WEEK_S if weekly else DAY_S

    @property
    def _has_clock(self) -> bool:
        timing = self.start.timing
        return self.clock is not None or (timing is not None and timing.has_clock)


def _shortest(step_s: int) -> int:
    fitting = [period for period in PERIODS if period <= max(step_s, PERIODS[0])]
    return fitting[-1]
