"""Requests per day in every future, from futures of the visits and from past bookings.

The forecast dates appointments by visit. Requests come before them by the lead that past
bookings show, on the weekdays on which people ask, and as unsteadily as they asked before
beyond what the futures themselves differ. A product without past bookings is asked for on
the day of its visit: nothing tells better.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from forecasting.errors import InputError
from staffing.agenda.booking import Asked, Floats
from staffing.agenda.days import Days, Ints

WINDOW = timedelta(weeks=26)
"""The past from which lead, weekdays and unsteadiness are read."""
LONGEST_LEAD = 90
LEAST_BOOKINGS = 50
WEEK = 7


@dataclass(frozen=True)
class Habit:
    """How people ask for a product: days of lead, weekdays (Monday first), spread.

    `lead[k]` is the share of visits asked for k days before; `spread` the variance of a
    day's requests over their mean, 1 where they come at random.
    """

    lead: Floats
    weekdays: Floats
    spread: float


def habit_of(bookings: pl.DataFrame, before: date) -> Habit | None:
    """The habit that bookings (`requested, visit, count`) of the last 26 weeks show.

    Of visits before a day. None where too few bookings tell.
    """
    known = bookings.filter(
        pl.col("visit").is_between(before - WINDOW, before, closed="left"),
        pl.col("requested") <= pl.col("visit"),
    )
    count = known["count"].to_numpy()
    if count.sum() < LEAST_BOOKINGS:
        return None
    days = (known["visit"] - known["requested"]).dt.total_days().to_numpy()
    lead = np.bincount(np.minimum(days, LONGEST_LEAD), count, LONGEST_LEAD + 1)
    asked = bookings.filter(
        pl.col("requested").is_between(before - WINDOW, before, closed="left")
    )
    made = np.zeros(WINDOW.days)
    at = (asked["requested"] - (before - WINDOW)).dt.total_days().to_numpy()
    np.add.at(made, at, asked["count"].to_numpy())
    weekday = ((before - WINDOW).weekday() + np.arange(made.size)) % WEEK
    weekdays = np.bincount(weekday, made, WEEK)
    shares = weekdays / max(weekdays.sum(), 1e-9)
    return Habit(lead / lead.sum(), shares, _spread(made, shares[weekday]))


def _spread(made: Floats, shares: Floats) -> float:
    """Variance over mean of days about their week, corrected for the week's own mean."""
    weeks = made.reshape(-1, WEEK)
    mean = weeks.sum(axis=1, keepdims=True) * shares.reshape(-1, WEEK)
    told = mean > 0
    if not told.any():
        return 1.0
    freedom = max(told.sum() - (weeks.sum(axis=1) > 0).sum(), 1)
    ratio = float((((weeks - mean) ** 2)[told] / mean[told]).sum() / freedom)
    return max(ratio, 1.0)


def asked_in_futures(
    visits: Mapping[date, Floats],
    habit: Habit | None,
    days: Days,
    *,
    later_share: float,
    seed: int,
    name: str,
) -> Asked:
    """Requests of a product on the days of an agenda, one row per future.

    `visits` holds per day the visits of every future; days without a row have none.
    What is asked for on a day that is not one of the agenda counts on the next.

    Raises:
        InputError: there is no future.
    """
    if not visits:
        raise InputError(f"expected futures of {name}, came none")
    rng = np.random.default_rng((seed, zlib.crc32(name.encode())))
    first, last = days.days[0], days.days[-1]
    span = (last - first).days + 1
    table = _table(visits, first, span + LONGEST_LEAD + WEEK)
    counts = _rounded(table[:, :span], rng) if habit is None else _asked(
        table, habit, first, span, rng
    )  # fmt: skip
    gathered = np.zeros((counts.shape[0], len(days.days)), dtype=np.int64)
    for i in range(span):
        at = days.at_or_after(first + timedelta(days=i))
        if at is not None:
            gathered[:, at] += counts[:, i]
    later = rng.binomial(gathered, later_share)
    return Asked(gathered - later, later.astype(np.int64))


def _table(visits: Mapping[date, Floats], first: date, size: int) -> Floats:
    """Visits per future (rows) and day (columns); beyond the last the last week again."""
    futures = next(iter(visits.values())).size
    table = np.zeros((futures, size))
    end = max(visits)
    for i in range(size):
        day = first + timedelta(days=i)
        while day > end:
            day -= timedelta(days=WEEK)
        if day in visits:
            table[:, i] = visits[day]
    return table


def _rounded(table: Floats, rng: np.random.Generator) -> Ints:
    return np.floor(table + rng.random(table.shape)).astype(np.int64)


def _asked(
    table: Floats, habit: Habit, first: date, span: int, rng: np.random.Generator
) -> Ints:
    """Visits drawn back by their lead, a week's mean dealt over the weekdays of asking."""
    reach = span + WEEK
    ahead = sum(
        share * table[:, k : k + reach] for k, share in enumerate(habit.lead) if share
    )
    upto = np.pad(np.cumsum(np.asarray(ahead), axis=1), ((0, 0), (1, 0)))
    weekly = upto[:, WEEK : WEEK + span] - upto[:, :span]
    weekday = (first.weekday() + np.arange(span)) % WEEK
    return _counts(weekly * habit.weekdays[weekday], habit.spread, rng)


def _counts(mean: Floats, spread: float, rng: np.random.Generator) -> Ints:
    """Counts of a mean whose variance is `spread` times it."""
    if spread > 1 + 1e-9:
        shape = np.maximum(mean, 1e-9) / (spread - 1)
        mean = rng.gamma(shape) * (spread - 1)
    return rng.poisson(mean).astype(np.int64)


def booked_ahead(
    booked: pl.DataFrame, products: Sequence[tuple[str, str]], days: Days
) -> Ints:
    """Visits booked already per product (service and step) and day of an agenda.

    `booked` holds `service, step, day, booked` of one location. A visit on a day that is
    none of the agenda's counts on the next.
    """
    table = np.zeros((len(products), len(days.days)))
    place = {product: p for p, product in enumerate(products)}
    wanted = booked.select("service", "step", "day", "booked")
    for service, step, day, count in wanted.iter_rows():
        product, at = place.get((service, step)), days.at_or_after(day)
        if product is not None and at is not None and day >= days.days[0]:
            table[product, at] += count
    return np.ceil(table - 1e-9).astype(np.int64)
