"""The change of what is expected per week by all letters that are known."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from forecasting.outside.moving import (
    ANY_BAND,
    Batch,
    Curve,
    change_by,
    curves_of,
)
from forecasting.reactions import Reactions
from forecasting.series.exposure import Exposure
from forecasting.series.panel import FloatArray

WEEK = np.timedelta64(7, "D")
COHORT = ("expiry_week", "mailing_week", "age_band", "channel")


def weeks_moved(
    exposure: Exposure,
    letters: pl.DataFrame,
    reactions: Reactions,
    timing: pl.DataFrame,
    day: date,
    counted: Sequence[date] = (),
) -> FloatArray:
    """Change of the exposure per week by all letters that are known on a day.

    No week loses more than it holds, and what one loses others gain, as far as they lie
    on its axis.

    Args:
        exposure: what is expected without them; those of other services move nothing.
        letters: typed `KnownLetters`.
        reactions: who comes because of a letter, and when.
        timing: typed `RenewalTiming`: when holders come by themselves.
        day: letters decided later are not known.
        counted: days on which outstanding documents were counted, where the exposure
            follows such counts; its own day counts as one.
    """
    known = pl.coalesce("decided", "mailing_week") <= day
    mine = letters.filter(known, pl.col("service") == exposure.service)
    curves = curves_of(timing.filter(pl.col("service") == exposure.service))
    total = np.zeros(exposure.weekly.size)
    if mine.is_empty() or not curves:
        return total
    first = min(_week(exposure, week) for week in mine["mailing_week"])
    last = max(_week(exposure, week) for week in mine["expiry_week"])
    reach = last - first + 1 + max(max(c.last for c in curves.values()), 0)
    batches = _batches(exposure, mine, reactions, curves, first, reach)
    room = _room(exposure, batches, first, reach)
    stocks = {*counted, exposure.known_at}
    then = [_week(exposure, at) - first for at in sorted(stocks) if at <= day]
    moved = np.zeros(reach)
    for one in batches:
        moved += one.count * change_by(one, one.visits * room, then)
    inside = np.arange(max(first, 0), min(first + reach, total.size))
    total[inside] = moved[inside - first]
    return total


def _batches(
    exposure: Exposure,
    letters: pl.DataFrame,
    reactions: Reactions,
    curves: dict[str, Curve],
    first: int,
    reach: int,
) -> list[Batch]:
    """Letters by cohort and week, on an axis of weeks from week `first` on."""
    sums = letters.group_by(COHORT).agg(pl.col("count").sum()).sort(COHORT)
    batches = []
    for expiry_week, mailing_week, band, channel, count in sums.iter_rows():
        expiry = _week(exposure, expiry_week) - first
        mailing = _week(exposure, mailing_week) - first
        curve = curves.get(band, curves[ANY_BAND])
        visits = curve.visits(expiry, mailing, reach)
        arrivals = reactions.arrivals(channel, expiry - mailing)
        batches.append(Batch(mailing, expiry, float(count), visits, arrivals))
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
