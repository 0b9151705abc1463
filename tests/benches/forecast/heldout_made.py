"""Invented series of kinds that are not in the open data, by seed.

Cash as a machine hands it out (zeros, missing days, paydays, amounts that are no whole
numbers), months of passports with a collapse and a recovery, and offices by day with
missing days and levels that shift.
"""

from datetime import date

import numpy as np
import polars as pl

from forecasting.models.features import BoolArray, weekday
from forecasting.series.knowndays import known_days
from forecasting.series.panel import DayArray, FloatArray

CASH_FIRST, CASH_DAYS = date(2022, 1, 3), 750
OFFICE_FIRST, OFFICE_DAYS = date(2020, 1, 6), 1560
MONTHS_FIRST, MONTHS = 2012, 156
COLLAPSE = 98
"""The collapse starts in this month of the series: March 2020."""
KINDS = ("closed and caught up", "halved and slow", "documents run out")


def cash(seed: int) -> pl.DataFrame:
    """About 750 days of one machine: `series, start, count`."""
    draw = np.random.default_rng([seed, 1])
    days = _days(CASH_FIRST, CASH_DAYS)
    week = np.array([0.95, 0.9, 0.95, 1.1, 1.35, 1.15, 0.6]) * _factors(draw, 7, 0.08)
    log = np.log(draw.uniform(8, 60)) + np.log(week)[weekday(days)]
    log += _yearly(days, draw, 0.12) + _walk(draw, CASH_DAYS, 0.012, 0.995)
    log += draw.uniform(0.15, 0.5) * _paid(days) - 0.5 * _holiday(days)
    counts = np.exp(log + 0.22 * draw.standard_normal(CASH_DAYS))
    counts[draw.random(CASH_DAYS) < 0.015] = 0
    broken = draw.integers(100, CASH_DAYS - 60)
    counts[broken : broken + draw.integers(3, 9)] = 0
    seen = _seen(draw, CASH_DAYS, 0.02)
    return _frame(f"cash {seed}", days[seen], np.round(counts[seen], 2))


def office(seed: int) -> pl.DataFrame:
    """Bookings per open day of one office, about four years: `series, start, count`."""
    draw = np.random.default_rng([seed, 2])
    days = _days(OFFICE_FIRST, OFFICE_DAYS)
    week = np.array([1.15, 1.1, 0.9, 1.1, 0.75, 1, 1]) * _factors(draw, 7, 0.1)
    log = np.log(draw.uniform(12, 120)) + np.log(week)[weekday(days)]
    log += _yearly(days, draw, 0.15) + _walk(draw, OFFICE_DAYS, 0.02, 0.98)
    for place in draw.integers(200, OFFICE_DAYS - 30, size=3):
        log[place:] += draw.choice([-1, 1]) * draw.uniform(0.12, 0.35)
    mean = np.exp(log) * draw.gamma(40, 1 / 40, OFFICE_DAYS)
    seen = _seen(draw, OFFICE_DAYS, 0.015) & (weekday(days) < 5) & (_holiday(days) < 1)
    return _frame(f"office {seed}", days[seen], draw.poisson(mean[seen]).astype(float))


def passports(kind: str, seed: int) -> pl.DataFrame:
    """Thirteen years of months with a collapse and a recovery: `series, start, count`."""
    draw = np.random.default_rng([seed, 3, KINDS.index(kind)])
    month = np.arange(MONTHS)
    usual = np.array([1.0, 0.95, 1.1, 1.15, 1.3, 1.3, 1.1, 0.85, 0.8, 0.85, 0.8, 0.8])
    season = np.log(usual * _factors(draw, 12, 0.05))[month % 12]
    log = np.log(draw.uniform(120, 1500)) + season
    log += _walk(draw, MONTHS, 0.025, 0.95) + _course(kind, draw)
    mean = np.exp(log) * draw.gamma(300, 1 / 300, MONTHS)
    starts = [date(MONTHS_FIRST + m // 12, m % 12 + 1, 1) for m in range(MONTHS)]
    days = np.array(starts, dtype="datetime64[D]")
    return _frame(f"{kind} {seed}", days, draw.poisson(mean).astype(float))


def _course(kind: str, draw: np.random.Generator) -> FloatArray:
    """What the collapse and the recovery do to the log of the level."""
    since = np.arange(MONTHS) - COLLAPSE
    if kind == KINDS[0]:
        shut = np.where((since >= 0) & (since < 3), draw.uniform(-1.6, -0.9), 0.0)
        later = draw.uniform(0.15, 0.4) * np.exp(-np.maximum(since - 3, 0) / 5)
        return np.where(since >= 3, later, shut)
    if kind == KINDS[1]:
        depth, slow = draw.uniform(-1.1, -0.6), draw.uniform(8, 16)
        return np.where(since >= 0, depth * np.exp(-np.maximum(since, 0) / slow), 0.0)
    start, end = COLLAPSE - 6, COLLAPSE + draw.integers(30, 40)
    depth = draw.uniform(-0.9, -0.6)
    at = np.arange(MONTHS)
    return depth * np.clip((at - start) / 6, 0, 1) * np.clip((end + 6 - at) / 6, 0, 1)


def _days(first: date, days: int) -> DayArray:
    return np.datetime64(first, "D") + np.arange(days)


def _paid(days: DayArray) -> FloatArray:
    """One from the 24th, when salaries and benefits are paid, halving every two days."""
    of_month = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    since = np.where(of_month >= 24, of_month - 24, of_month + 7)
    return np.asarray(0.5 ** (since / 2.0))


def _holiday(days: DayArray) -> FloatArray:
    years = (int(str(days[0])[:4]), int(str(days[-1])[:4]))
    free = sorted(known_days("NL", None, years).holidays)
    return np.isin(days, np.array(free, "datetime64[D]")).astype(float)


def _yearly(
    days: DayArray,
    draw: np.random.Generator,
    size: float,
) -> FloatArray:
    """Two waves a year of random size and moment."""
    angle = 2 * np.pi * days.astype(np.int64) / 365.25
    waves = [
        draw.normal(0, size / k) * np.cos(k * angle + draw.uniform(0, 2 * np.pi))
        for k in (1, 2)
    ]
    return np.asarray(sum(waves))


def _walk(draw: np.random.Generator, n: int, step: float, keep: float) -> FloatArray:
    """A level that wanders and comes back."""
    walk, level = np.empty(n), 0.0
    for at, move in enumerate(draw.normal(0, step, n)):
        level = keep * level + move
        walk[at] = level
    return walk


def _factors(draw: np.random.Generator, n: int, sd: float) -> FloatArray:
    return np.exp(draw.normal(0, sd, n))


def _seen(draw: np.random.Generator, n: int, missing: float) -> BoolArray:
    """Which days were recorded: single ones are missing, and a stretch of a few weeks."""
    seen = draw.random(n) >= missing
    start = draw.integers(60, n - 60)
    seen[start : start + draw.integers(5, 22)] = False
    return seen


def _frame(name: str, days: DayArray, counts: FloatArray) -> pl.DataFrame:
    return pl.DataFrame({"series": name, "start": days, "count": counts}).with_columns(
        pl.col("start").cast(pl.Date)
    )
