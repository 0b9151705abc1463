"""Planned letters: those who react come some weeks after the letter, and not later on.

Of those who would have come in week l, the part that reacts within the weeks before l
comes in one of these instead. A letter makes nobody renew who would not have. Who of a
stock has reacted already is no longer counted in it: after each count of what is
outstanding only those who were left can move.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from forecasting.outside.moving import (
    ANY_BAND,
    Batch,
    Curve,
    arrivals_of,
    change_by,
    curves_of,
)
from forecasting.series.exposure import Exposure
from forecasting.series.panel import FloatArray
from forecasting.tuning import LetterTuning

WEEK = np.timedelta64(7, "D")
COHORT = ("expiry_week", "mailing_week", "age_band")

ALL_ALONG = date(1970, 1, 1)
"""Before any history."""


def known_by_now(letters: pl.DataFrame, last: date) -> pl.DataFrame:
    """Letters (typed `PlannedLetters`) as whoever forecasts after `last` knows them.

    Those decided and sent after the end of the history count as known all along: else the
    forecast would wait for a day of history after the decision. No outcome that is looked
    back at can tell of them, for they move nothing before they are sent.
    """
    ahead = (pl.col("decided") > last) & (pl.col("mailing_week") > last)
    decided = pl.when(ahead).then(pl.lit(ALL_ALONG)).otherwise("decided")
    return letters.with_columns(decided.alias("decided"))


def with_letters(
    exposure: Exposure,
    letters: pl.DataFrame,
    response: LetterTuning,
    timing: pl.DataFrame,
    *,
    known_at: date | None = None,
    counted: Sequence[date] = (),
) -> Exposure:
    """The exposure when the letters that were decided by then go out.

    Args:
        exposure: what documents call for without them.
        letters: typed `PlannedLetters`; those of other services, and those decided after
            `known_at`, move nothing.
        response: who reads, who acts, and when.
        timing: typed `RenewalTiming`: when holders come by themselves. A band without a
            timing of its own goes by the mean of all; a service without any is not moved.
        known_at: the day it is looked at, that of the exposure when not given.
        counted: days before the exposure's own on which outstanding documents were
            counted, where it follows such counts.
    """
    day = known_at or exposure.known_at
    moved = _moved(exposure, letters, response, timing, day, counted)
    weekly = np.maximum(exposure.weekly + moved, 0.0)
    return replace(exposure, known_at=max(day, exposure.known_at), weekly=weekly)


def exposures_with_letters(
    exposures: Iterable[Exposure],
    letters: pl.DataFrame,
    response: LetterTuning,
    timing: pl.DataFrame,
    *,
    moments: Collection[date] | None = None,
    counted: Sequence[date] = (),
) -> tuple[Exposure, ...]:
    """The exposures with letters, and one more for each moment that is looked back at.

    So an earlier moment sees the letters of batches known by then, and no others.
    `moments` are the origins, when they are known: else every day on which a batch was
    decided.
    """
    plain = sorted(exposures, key=lambda exposure: exposure.known_at)
    if not plain:
        return ()
    mine = letters.filter(pl.col("service") == plain[0].service)
    asked = mine["decided"].drop_nulls() if moments is None else moments
    days = {day for day in asked if day > plain[0].known_at}
    found = []
    for moment in sorted(days | {exposure.known_at for exposure in plain}):
        base = [exposure for exposure in plain if exposure.known_at <= moment][-1]
        seen = [day for day in counted if day <= base.known_at]
        found.append(
            with_letters(base, mine, response, timing, known_at=moment, counted=seen)
        )
    return tuple(found)


def _moved(
    exposure: Exposure,
    letters: pl.DataFrame,
    response: LetterTuning,
    timing: pl.DataFrame,
    day: date,
    counted: Sequence[date],
) -> FloatArray:
    """Change of the exposure per week by all letters that are known."""
    known = pl.coalesce("decided", "mailing_week") <= day
    mine = letters.filter(known, pl.col("service") == exposure.service)
    curves = curves_of(timing.filter(pl.col("service") == exposure.service))
    total = np.zeros(exposure.weekly.size)
    if mine.is_empty() or not curves:
        return total
    first = min(_week(exposure, week) for week in mine["mailing_week"])
    last = max(_week(exposure, week) for week in mine["expiry_week"])
    reach = last - first + 1 + max(max(c.last for c in curves.values()), 0)
    batches = _batches(exposure, mine, curves, first, reach)
    room = _room(exposure, batches, first, reach)
    stocks = {*counted, exposure.known_at}
    then = [_week(exposure, at) - first for at in sorted(stocks) if at <= day]
    moved = np.zeros(reach)
    for one in batches:
        arrivals = arrivals_of(response, one.expiry - one.mailing)
        moved += one.count * change_by(one, one.visits * room, arrivals, then)
    inside = np.arange(max(first, 0), min(first + reach, total.size))
    total[inside] = moved[inside - first]
    return total


def _batches(
    exposure: Exposure,
    letters: pl.DataFrame,
    curves: dict[str, Curve],
    first: int,
    reach: int,
) -> list[Batch]:
    """Letters by cohort and week, on an axis of weeks from week `first` on."""
    sums = letters.group_by(COHORT).agg(pl.col("count").sum()).sort(COHORT)
    batches = []
    for expiry_week, mailing_week, band, count in sums.iter_rows():
        expiry = _week(exposure, expiry_week) - first
        mailing = _week(exposure, mailing_week) - first
        curve = curves.get(band, curves[ANY_BAND])
        visits = curve.visits(expiry, mailing, reach)
        batches.append(Batch(mailing, expiry, float(count), visits))
    return batches


def _room(
    exposure: Exposure, batches: list[Batch], first: int, reach: int
) -> FloatArray:
    """The share of what is expected of all addressed that the exposure has room for."""
    every = (one.count * one.visits for one in batches)
    expected = sum(every, np.zeros(reach))
    there = np.full(reach, np.inf)
    inside = np.arange(max(first, 0), min(first + reach, exposure.weekly.size))
    there[inside - first] = exposure.weekly[inside]
    return np.asarray(np.minimum(1.0, there / np.maximum(expected, 1e-12)))


def _week(exposure: Exposure, day: date) -> int:
    """The number of the week of a day on the exposure's axis."""
    return int((np.datetime64(day) - exposure.first) // WEEK)
