"""A mailing plan: letters, what they gain, and where every document went."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import dataframely as dy

from forecasting.calendar import week_name
from forecasting.runs import Figures
from staffing.reminders.solving import Optimum
from staffing.tables import Letters, MailingGains, Smoothing

Value = TypeVar("Value", int, float, str)


@dataclass(frozen=True)
class Change(Generic[Value]):
    """A figure without and with the letters."""

    before: Value
    after: Value

    def as_figures(self) -> dict[str, Value]:
        """For the figures of a run."""
        return {"before": self.before, "after": self.after}


@dataclass(frozen=True)
class Tally:
    """Where the outstanding documents went; each is counted exactly once.

    `mailed` get a letter; `held_out` could have and are kept without by design;
    `not_chosen` could have, but no letter was worth it or within quota and budget;
    `too_late` expire before a letter can help; `not_due` after the plan; `small` are
    in cohorts below the minimum.
    """

    mailed: int
    held_out: int
    not_chosen: int
    too_late: int
    not_due: int
    small: int

    @property
    def expiries(self) -> int:
        """All documents."""
        return self.mailed + self.held_out + self.not_planned

    @property
    def not_planned(self) -> int:
        """Documents that are neither mailed nor held out."""
        return self.not_chosen + self.too_late + self.not_due + self.small


@dataclass(frozen=True)
class Tried:
    """The best letters that were found, what they would gain, and whether they help."""

    letters: int
    gains: dy.DataFrame[MailingGains]
    verdict: str

    def as_figures(self) -> dict[str, int | float]:
        """Letters, and the change of each measure."""
        changes = self.gains.select("measure", "change").iter_rows()
        return {"letters": self.letters, **dict(changes)}


@dataclass(frozen=True)
class MailingPlan:
    """Letters per cohort and mailing week, and the counter load they lead to.

    `gains` tells peak, share of weeks over capacity, hours above it and staff hours with
    and without letters, over futures. `tried` are the best letters that were found: where
    they do not help, the plan has none. `weeks_over` counts weeks whose upper quartile exceeds the capacity.
    `optima` are those of the linear programs, one per aim; `rounding_loss` is what whole
    letters leave above capacity beyond them, in hours. `unequal_weeks` is how much later
    (or earlier) than others one district, and one age band, is written to at the most.
    `paper_letters` are those on paper, with what is expected to follow messages not read.
    Letters count documents outstanding on the newest `as_of`: who renews before the
    mailing falls out of the batch, which the load after already reckons with.
    """

    letters: dy.DataFrame[Letters]
    smoothing: dy.DataFrame[Smoothing]
    gains: dy.DataFrame[MailingGains]
    tried: Tried
    tally: Tally
    weeks_over: Change[int]
    optima: tuple[Optimum, ...]
    rounding_loss: float
    unequal_weeks: dict[str, float]
    paper_letters: int
    letter_price: float

    @property
    def verdict(self) -> str:
        """Whether letters help, in words."""
        return self.tried.verdict

    @property
    def letters_planned(self) -> int:
        """Letters in all."""
        return self.tally.mailed

    @property
    def gap(self) -> float:
        """The largest gap between an aim and the bound that proves its optimum."""
        return max(optimum.gap for optimum in self.optima)

    @property
    def peak_load_hours(self) -> Change[float]:
        """Expected hours of the busiest week."""
        highest = self.smoothing.select("before", "after").max().row(0)
        return Change(*highest)

    @property
    def peak_week(self) -> Change[str]:
        """The ISO week that is busiest (the first one, if several are)."""
        weeks = self.smoothing["week"]
        names = [
            week_name(weeks[self.smoothing[column].arg_max() or 0])
            for column in ("before", "after")
        ]
        return Change(names[0], names[1])

    def figures(self) -> Figures:
        """Headline figures, as JSON."""
        return {
            "expiries": self.tally.expiries,
            "letters_planned": self.letters_planned,
            "held_out": self.tally.held_out,
            "not_chosen": self.tally.not_chosen,
            "too_late": self.tally.too_late,
            "not_due": self.tally.not_due,
            "suppressed_small": self.tally.small,
            "verdict": self.verdict,
            "tried": self.tried.as_figures(),
            "peak_week": self.peak_week.as_figures(),
            "peak_load_hours": self.peak_load_hours.as_figures(),
            "weeks_over_capacity": self.weeks_over.as_figures(),
            "gains": {row["measure"]: row for row in self.gains.iter_rows(named=True)},
            "optima": {one.aim: one.value for one in self.optima},
            "gap": self.gap,
            "rounding_loss": self.rounding_loss,
            "unequal_weeks": self.unequal_weeks,
            "paper_letters": self.paper_letters,
            "letters_euros": self.paper_letters * self.letter_price,
        }
