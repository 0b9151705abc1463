"""The stock in cohorts large enough to plan, and the fate of what cannot be planned.

A cohort is a service, an expiry week and the age bands that renew alike. When it holds
too few documents it is merged over four expiry weeks, then over age bands; what is still
too small gets no letter. Districts are always planned together, and so are age bands
with the same timing: the letters of a week are dealt evenly over them, so that none is
written to systematically later.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import Response, Timing
from staffing.reminders.weeks import Weeks

CELL = ("service", "expiry_week", "age_band", "district")
BLOCK_WEEKS = 4
LEVELS = (
    ("service", "expiry", "timing"),
    ("service", "block", "timing"),
    ("service", "block"),
)


@dataclass(frozen=True)
class Stock:
    """The cells of a stock, each with its cohort or the reason why it has none.

    `expiry` is a week number of the plan, `timing` an index into `timings`, `fate` why
    a cell is not planned (or null), `cohort` a number (or null).
    """

    cells: pl.DataFrame
    timings: tuple[Timing, ...]

    def lost(self, fate: str) -> int:
        """Documents that are not planned for one reason."""
        return int(self.cells.filter(fate=fate)["count"].sum())

    @property
    def planned(self) -> pl.DataFrame:
        """The cells that belong to a cohort."""
        return self.cells.filter(pl.col("cohort").is_not_null())


def form_cohorts(
    stock: pl.DataFrame, weeks: Weeks, response: Response, policy: MailingPolicy
) -> Stock:
    """Number the cohorts of a checked stock.

    Fates: `too_late` (no mailing week is left before expiry), `not_due` (the first
    mailing week lies beyond the plan), `small`.
    """
    timed, timings = _with_timing(stock, response)
    expiry = (pl.col("expiry_week") - pl.lit(weeks.first)).dt.total_days() // 7
    cells = timed.with_columns(expiry=expiry).with_columns(
        block=pl.col("expiry") // BLOCK_WEEKS
    )
    cells = cells.join(
        _fates(cells, weeks, policy), on="expiry", maintain_order="left"
    ).sort(CELL)
    return Stock(_merged(cells, policy.minimum_cohort), timings)


def mailing_window(
    first_expiry: int, last_expiry: int, usable: list[int], policy: MailingPolicy
) -> list[int]:
    """Mailing weeks that are neither too early nor too late for any of the expiries."""
    opens = last_expiry - policy.earliest_lead_weeks
    closes = first_expiry - policy.latest_lead_weeks
    return [week for week in usable if opens <= week <= closes]


def _with_timing(
    stock: pl.DataFrame, response: Response
) -> tuple[pl.DataFrame, tuple[Timing, ...]]:
    kinds = stock.select("service", "age_band").unique().sort("service", "age_band")
    found = [response.timing_of(*kind) for kind in kinds.iter_rows()]
    timings = tuple(dict.fromkeys(found))
    numbers = pl.Series([timings.index(timing) for timing in found], dtype=pl.Int64)
    kinds = kinds.with_columns(timing=numbers)
    return stock.join(kinds, on=["service", "age_band"]), timings


def _fates(cells: pl.DataFrame, weeks: Weeks, policy: MailingPolicy) -> pl.DataFrame:
    usable = weeks.without(policy.silent_weeks)
    expiries = cells["expiry"].unique().sort().to_list()
    fates = [_fate(expiry, usable, policy) for expiry in expiries]
    return pl.DataFrame(
        {"expiry": expiries, "fate": fates},
        schema={"expiry": pl.Int64, "fate": pl.String},
    )


def _fate(expiry: int, usable: list[int], policy: MailingPolicy) -> str | None:
    if mailing_window(expiry, expiry, usable, policy):
        return None
    opens = expiry - policy.earliest_lead_weeks
    return "not_due" if not usable or opens > usable[-1] else "too_late"


def _merged(cells: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """Take cohorts at each level of merging; what is left at the end is small."""
    parts = [cells.filter(pl.col("fate").is_not_null()).with_columns(cohort=None)]
    left = cells.filter(pl.col("fate").is_null())
    offset = 0
    for level in LEVELS:
        size = pl.col("count").sum().over(level)
        taken = left.filter(size >= minimum)
        keys = taken.select(level).unique().sort(level)
        numbers = pl.int_range(offset, offset + keys.height, eager=True)
        offset += keys.height
        numbered = keys.with_columns(cohort=numbers)
        parts.append(taken.join(numbered, on=level, maintain_order="left"))
        left = left.filter(size < minimum)
    parts.append(left.with_columns(fate=pl.lit("small"), cohort=None))
    typed = [part.with_columns(pl.col("cohort").cast(pl.Int64)) for part in parts]
    return pl.concat(typed).sort(CELL)


def members(stock: Stock) -> Iterator[tuple[int, pl.DataFrame]]:
    """Each cohort's number and its documents per `service, expiry, timing`."""
    kinds = ["cohort", "service", "expiry", "timing"]
    counts = stock.planned.group_by(kinds).agg(pl.col("count").sum()).sort(kinds)
    for (cohort,), rows in counts.group_by("cohort", maintain_order=True):
        yield int(str(cohort)), rows
