"""Periods of whole days in a log: parsed, checked, taken."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from forecasting.errors import InputError


@dataclass(frozen=True)
class Period:
    """Days from `first` up to and including `last`."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `1999-01-01..1999-01-17`.

        Raises:
            InputError: it is no period.
        """
        try:
            first, last = (date.fromisoformat(end) for end in text.split(".."))
        except ValueError:
            problem = f"expected a period such as 1999-01-01..1999-01-17, came '{text}'"
            raise InputError(problem) from None
        if last < first:
            raise InputError(
                f"expected a period that ends after it begins, came {text}"
            )
        return cls(first, last)

    def of(self, frame: pl.DataFrame, column: str = "start") -> pl.DataFrame:
        """The rows of `frame` that fall in this period."""
        day = pl.col(column).dt.date()
        return frame.filter(day.is_between(self.first, self.last))

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


def periods_of(
    calls: pl.DataFrame, fit: str | None, predict: str | None
) -> tuple[Period, Period]:
    """The two periods asked for; by default the first half of the log and the rest.

    Raises:
        InputError: a period is no period or holds no call, or the two overlap.
    """
    days = calls["arrival"].dt.date().unique().sort().to_list()
    half = days[0] + timedelta(days=(days[-1] - days[0]).days // 2)
    fitted = Period.parse(fit) if fit is not None else Period(days[0], half)
    rest = Period(min(fitted.last + timedelta(days=1), days[-1]), days[-1])
    told = Period.parse(predict) if predict is not None else rest
    if max(fitted.first, told.first) <= min(fitted.last, told.last):
        raise InputError(
            f"expected periods apart, came --fit {fitted} and --predict {told}",
            remedy="Predict days that nothing was fitted on.",
        )
    for name, period in (("--fit", fitted), ("--predict", told)):
        if period.of(calls, "arrival").is_empty():
            problem = f"expected calls in {name} {period}; the log holds {days[0]}..{days[-1]}"
            raise InputError(problem)
    return fitted, told
