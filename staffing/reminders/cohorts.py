"""The stock in cohorts large enough to plan, and the fate of what cannot be planned.

A cell is a service, expiry week, age band and district. Cells are merged into *cohorts*
of enough documents: over expiry weeks first, then over age bands, then over districts.
Over how many weeks is the same for all districts and age bands of a service and block of
four weeks, so that none is planned more coarsely, or written to later, than another.

What is planned as one number is a *lot*: all documents of a service that expire within
one span of weeks and are renewed alike, whatever their district or age band.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import Response
from staffing.reminders.weeks import Weeks

CELL = ("service", "expiry_week", "age_band", "district")
BLOCK_WEEKS = 4
SPANS = (1, 2, BLOCK_WEEKS)
"""Weeks that a cohort may span; each divides the next."""
LEVELS = (
    ("service", "span", "age_band", "district"),
    ("service", "span", "district"),
    ("service", "span"),
)
LOT = ("service", "span", "timing")


@dataclass(frozen=True)
class Stock:
    """The cells of a stock, each with its cohort or the reason why it has none.

    `expiry` is a week number of the plan, `span` the first week of the cohort's span,
    `timing` an index into `kinds` (a service and an age band that renew alike), `fate`
    why a cell is not planned (or null), `cohort` and `lot` numbers (or null).
    """

    cells: pl.DataFrame
    kinds: tuple[tuple[str, str], ...]

    def lost(self, fate: str) -> int:
        """Documents that are not planned for one reason."""
        return int(self.cells.filter(fate=fate)["count"].sum())

    @property
    def planned(self) -> pl.DataFrame:
        """The cells that belong to a cohort."""
        return self.cells.filter(pl.col("cohort").is_not_null())

    @property
    def number_of_lots(self) -> int:
        """How many lots are planned."""
        return self.planned["lot"].n_unique()

    def lots(self) -> Iterator[pl.DataFrame]:
        """Per lot, in order of number, its documents by `timing, expiry, count`."""
        kinds = ["lot", "timing", "expiry"]
        counts = self.planned.group_by(kinds).agg(pl.col("count").sum()).sort(kinds)
        for _, rows in counts.group_by("lot", maintain_order=True):
            yield rows.drop("lot")


def form_cohorts(
    stock: pl.DataFrame, weeks: Weeks, response: Response, policy: MailingPolicy
) -> Stock:
    """Number the cohorts and lots of a checked stock.

    Fates: `too_late` (no mailing week is left before expiry), `not_due` (the first
    mailing week lies beyond the plan), `small`.
    """
    timed, kinds = _with_timing(stock, response)
    days = pl.col("expiry_week") - pl.lit(weeks.first)
    cells = timed.with_columns(expiry=days.dt.total_days() // 7)
    fates = _fates(cells, weeks, policy)
    cells = cells.join(fates, on="expiry", maintain_order="left").sort(CELL)
    open_ = cells.filter(pl.col("fate").is_null())
    merged = _merged(_spanned(open_, policy.minimum_cohort), policy.minimum_cohort)
    shut = cells.filter(pl.col("fate").is_not_null())
    every = pl.concat([shut, merged], how="diagonal").sort(CELL)
    return Stock(_with_lots(every), kinds)


def mailing_window(
    first_expiry: int, last_expiry: int, usable: list[int], policy: MailingPolicy
) -> list[int]:
    """Mailing weeks that are neither too early nor too late for any of the expiries."""
    opens = last_expiry - policy.earliest_lead_weeks
    closes = first_expiry - policy.latest_lead_weeks
    return [week for week in usable if opens <= week <= closes]


def _with_timing(
    stock: pl.DataFrame, response: Response
) -> tuple[pl.DataFrame, tuple[tuple[str, str], ...]]:
    pairs = stock.select("service", "age_band").unique().sort("service", "age_band")
    found = [response.timing_of(*pair) for pair in pairs.iter_rows()]
    timings = list(dict.fromkeys(found))
    numbers = [timings.index(timing) for timing in found]
    first = [numbers.index(number) for number in range(len(timings))]
    kinds = pairs.with_columns(timing=pl.Series(numbers, dtype=pl.Int64))
    return stock.join(kinds, on=["service", "age_band"]), tuple(
        (str(service), str(band)) for service, band in pairs[first].iter_rows()
    )


def _fates(cells: pl.DataFrame, weeks: Weeks, policy: MailingPolicy) -> pl.DataFrame:
    usable = weeks.without(policy.silent_weeks, policy.silent_dates)
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


def _spanned(cells: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """The cells with their span: the shortest in which no cell of its block is small."""
    block = (pl.col("expiry") // BLOCK_WEEKS).alias("block")
    left, parts = cells.with_columns(block), []
    for weeks in SPANS:
        spanned = left.with_columns(span=pl.col("expiry") // weeks * weeks)
        size = pl.col("count").sum().over(LEVELS[0])
        sized = spanned.with_columns(small=(size > 0) & (size < minimum))
        split = pl.col("small").any().over("service", "block") & (weeks < BLOCK_WEEKS)
        parts.append(sized.filter(~split).drop("small"))
        left = sized.filter(split).drop("span", "small")
    return pl.concat(parts).drop("block")


def _merged(cells: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """The cells with a `cohort` number, taken at each level of merging in turn."""
    parts, left, offset = [], cells, 0
    for level in LEVELS:
        size = pl.col("count").sum().over(level)
        taken = left.filter(size >= minimum)
        keys = taken.select(level).unique().sort(level)
        numbers = pl.int_range(offset, offset + keys.height, eager=True)
        offset += keys.height
        numbered = keys.with_columns(cohort=numbers)
        parts.append(taken.join(numbered, on=list(level), maintain_order="left"))
        left = left.filter(size < minimum)
    taken = pl.concat([part.select(*cells.columns, "cohort") for part in parts])
    return pl.concat([taken, _joined(left, taken)])


def _joined(left: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """What is left of a span joins its smallest cohort; where it has none, it is small."""
    span = list(LEVELS[-1])
    sizes = taken.group_by(*span, "cohort").agg(pl.col("count").sum())
    smallest = sizes.sort("count", "cohort").unique(span, keep="first").drop("count")
    joined = left.join(smallest, on=span, how="left", maintain_order="left")
    alone = pl.col("cohort").is_null()
    fate = pl.when(alone).then(pl.lit("small")).alias("fate")
    return joined.with_columns(fate).select(taken.columns)


def _with_lots(cells: pl.DataFrame) -> pl.DataFrame:
    held = pl.col("cohort").is_not_null()
    keys = cells.filter(held).select(LOT).unique().sort(LOT)
    numbered = keys.with_columns(lot=pl.int_range(keys.height, eager=True), held=True)
    return cells.with_columns(held=held).join(
        numbered, on=[*LOT, "held"], how="left", maintain_order="left"
    ).drop("held")  # fmt: skip
