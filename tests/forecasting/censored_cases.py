"""Simulated callers who redial and calendars that fill up, with the truth beside them."""

import bisect
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.counting import Counts
from forecasting.history.redials import CallLog
from forecasting.tables import BookedDays, SlotContacts

SLOTS, SLOT_S, DELAY_S = 34, 900, 600.0
FIRST = date(2023, 1, 2)
QUIET_SHARE = 0.5


def call_log(
    seed: int, redial: float, *, days: int = 120, rate: float = 12.0
) -> CallLog:
    """Caller by caller: busy and short-staffed slots make more people give up.

    Who gives up calls again with chance `redial`, after an exponential delay.
    """
    rng = np.random.default_rng(seed)
    at = np.arange(SLOTS)
    morning, afternoon = ((at - 8) / 6.0) ** 2, ((at - 22) / 5.0) ** 2
    usual = rate * (0.6 + 0.8 * np.exp(-morning) + 0.4 * np.exp(-afternoon))
    weekday = np.arange(days) % 5
    offered, abandoned = np.zeros((days, SLOTS)), np.zeros((days, SLOTS))
    for day in range(days):
        level = rng.gamma(25, 1 / 25) * (1.25, 1.05, 1.0, 0.95, 0.75)[weekday[day]]
        staff = rng.normal(1, 0.3) * np.repeat(rng.normal(1, 0.3, 9), 4)[:SLOTS]
        capacity = usual * np.clip(staff, 0.4, 1.8)
        again: list[list[float]] = [[] for _ in at]
        for slot in at:
            fresh = slot * SLOT_S + SLOT_S * rng.random(
                rng.poisson(usual[slot] * level)
            )
            times = sorted([*fresh, *again[slot]])
            while times:
                moment = times.pop(0)
                offered[day, slot] += 1
                load = (offered[day, slot] + len(times)) / capacity[slot]
                if rng.random() > min(0.05 * load**2.5, 0.7):
                    continue
                abandoned[day, slot] += 1
                back = moment + rng.exponential(DELAY_S)
                if rng.random() < redial and back < SLOTS * SLOT_S:
                    into = int(back // SLOT_S)
                    bisect.insort(times if into == slot else again[into], back)
    opened = np.ones((days, SLOTS), dtype=bool)
    return CallLog(offered, abandoned, opened, weekday, float(SLOT_S))


@dataclass(frozen=True)
class Booked:
    """A simulated calendar: what was booked, who wanted to, and the wait they met."""

    counts: Counts
    wanted: npt.NDArray[np.float64]
    wait: npt.NDArray[np.float64]
    balking: float

    def unmet(self, days: npt.NDArray[np.int64]) -> float:
        """Who would have booked on these days, had every wait been that of quiet times."""
        wait = self.wait[days]
        usual = np.quantile(wait, QUIET_SHARE / 2)
        lost = _books(usual, self.balking) - _books(wait, self.balking)
        return float((self.wanted[days] * np.clip(lost, 0, None)).sum())


def _books(wait, balking: float):
    """The chance that who wants to come books, at a wait in working days."""
    return np.minimum(1, ((1 + wait) / 3) ** -balking)


def calendar(seed: int, balking: float, *, spare: float = 1.0, days: int = 1095):
    """Bookings of three years; capacity comes and goes by stretches of eight weeks."""
    rng = np.random.default_rng(seed)
    rate, beyond = 40.0, days + 400
    weekly = np.array([1.3, 1.1, 1, 1, 0.9, 0.25, 0.15])
    staff = np.clip(1 + 0.25 * rng.standard_normal(beyond // 56 + 1), 0.55, 1.6)
    free = np.where(np.arange(beyond) % 7 < 5, rate * spare, 0)
    free = np.floor(free * np.repeat(staff, 56)[:beyond]).astype(int)
    wanted, waits, rows, first = np.zeros(days), np.zeros(days), [], 1
    for day in range(days):
        season = 1 + 0.15 * np.sin(2 * np.pi * day / 365.25)
        first = max(first, day + 1)
        while free[first] <= 0:
            first += 1
        waits[day] = np.busday_count(_day(day), _day(first))
        wanted[day] = rng.poisson(
            rate * weekly[day % 7] * season * rng.gamma(44, 1 / 44)
        )
        made = rng.binomial(int(wanted[day]), _books(waits[day], balking))
        later = np.where(rng.random(made) < 0.5, rng.gamma(1.0, 4.0, made), 0).astype(
            int
        )
        for ahead in later:
            visit = max(day + 1 + ahead, first)
            while free[visit] <= 0:
                visit += 1
            free[visit] -= 1
            rows.append((_day(day), _day(visit)))
    return Booked(_counts(rows), wanted, waits, balking)


def _day(number: int) -> date:
    return FIRST + timedelta(days=int(number))


def _counts(rows: list[tuple[date, date]]) -> Counts:
    frame = pl.DataFrame(rows, schema=["requested", "visit"], orient="row")
    place = {
        "source": "jcc",
        "location": "hall",
        "service": "passport",
        "step": "application",
        "channel": "appointment",
        "no_show": 0.0,
    }
    sums = frame.group_by("requested", "visit").agg(
        pl.len().cast(pl.Float64).alias("count")
    )
    named = sums.with_columns(**{key: pl.lit(value) for key, value in place.items()})
    bookings = BookedDays.validate(named.select(BookedDays.column_names()), cast=True)
    return Counts(SlotContacts.create_empty().lazy(), bookings.lazy())
