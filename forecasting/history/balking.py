"""How bookings answer to the wait: who would have come had the calendar been open.

Per series a Poisson regression of the bookings made per day on weekday, closed days,
season, a trend that bends once a year, and how far log(1 + wait) lies beyond that of
quiet times, which keeps nobody away. Its one slope says by which power bookings fall as
the wait grows; at or below zero there is no answer. Errors come from a bootstrap of the
scores by blocks of weeks (Kline and Santos 2012), robust against overdispersion and
dependence; other readings of the wait widen the interval.

What it cannot see: who asks later, or elsewhere, counts as unmet on the day itself; and
a surge of demand that weekday, season and trend do not explain makes waits longer and
bookings more at once, which hides part of the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from forecasting.history.waits import BookingDays
from forecasting.tuning import CensoredTuning

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

BLOCK_DAYS = 56
"""Waits change slowly, and so does what they leave unexplained."""
LEAST_DAYS = 182
LEAST_BOOKINGS = 200
YEAR = 365.25
MOST_FACTOR = 5.0
"""No interval says that more than four stay away for each who books."""


@dataclass(frozen=True)
class Balked:
    """Per day (place in the series' days) the bookings not made, with a 90% interval."""

    days: npt.NDArray[np.int64]
    unmet: Numbers
    low: Numbers
    high: Numbers


def estimate_balking(
    bookings: BookingDays,
    tuning: CensoredTuning,
    is_closed: Callable[[date], bool],
    left_out: Mask,
    rng: np.random.Generator,
) -> Balked | None:
    """Bookings not made on the last days of a series; None where too little is known.

    `left_out` says which of the days are kept out of the estimate. Where the interval of
    the slope holds zero there is no answer found: `unmet` is 0 and `high` says how much
    it could be.
    """
    number = bookings.made.size
    recent = np.arange(number) >= number - tuning.window_days
    told = ~np.isnan(bookings.waits).any(axis=0)
    used = np.flatnonzero(recent & ~left_out & told)
    if used.size < LEAST_DAYS or bookings.made[used].sum() < LEAST_BOOKINGS:
        return None
    shut = np.array([is_closed(bookings.first + timedelta(days=int(d))) for d in used])
    usual, made = _usual(bookings, used, shut), bookings.made[used]
    found = []
    for wait in bookings.waits[:, used]:
        longer = _longer_waits(wait, tuning.quiet_share)
        found.append(_stayed_away(usual, longer, made, used, tuning.draws, rng))
    unmet, low, high = found[0]
    low = np.min([low, *(other[1] for other in found)], axis=0)
    high = np.max([high, *(other[2] for other in found)], axis=0)
    return Balked(used, unmet, low, high)


def _longer_waits(wait: Numbers, quiet_share: float) -> Numbers:
    """log(1 + wait) beyond that of quiet times, which is the median of the shortest."""
    usual = np.quantile(wait, quiet_share / 2)
    longer: Numbers = np.log1p(wait) - np.log1p(usual)
    return longer.clip(min=0)


def _stayed_away(
    usual: Numbers,
    longer: Numbers,
    made: Numbers,
    used: npt.NDArray[np.int64],
    draws: int,
    rng: np.random.Generator,
) -> tuple[Numbers, Numbers, Numbers]:
    """Bookings not made per day, by one reading of the wait, with a 90% interval."""
    design = np.column_stack([usual, -longer])
    fitted, slope = _poisson(design, made)
    off = _bootstrap(design, made - fitted, fitted, used // BLOCK_DAYS, draws, rng)
    least, most = slope + np.quantile(off, [0.05, 0.95])
    answers = (slope if least > 0 else 0.0, max(least, 0.0), max(most, 0.0))
    unmet, low, high = (
        fitted * (np.minimum(np.exp(answer * longer), MOST_FACTOR) - 1)
        for answer in answers
    )
    return unmet, np.minimum(low, unmet), np.maximum(high, unmet)


def _usual(bookings: BookingDays, used: npt.NDArray[np.int64], shut: Mask) -> Numbers:
    """What moves bookings besides the wait, a column for each."""
    weekday = (used + bookings.first.weekday()) % 7
    busiest = [day for day in range(7) if bookings.made[used][weekday == day].sum() > 0]
    columns = [(weekday == day).astype(float) for day in busiest]
    columns.append((shut & np.isin(weekday, busiest)).astype(float))
    years = (used - used[0]) / YEAR
    if years[-1] >= 1:
        angle = 2 * np.pi * years
        columns += [wave(k * angle) for k in (1, 2) for wave in (np.sin, np.cos)]
    columns += [
        np.maximum(years - knot, 0) for knot in range(max(int(years[-1] + 0.5), 1))
    ]
    kept = [column for column in columns if np.ptp(column) > 0]
    return np.column_stack(kept)


def _poisson(design: Numbers, made: Numbers) -> tuple[Numbers, float]:
    """Fitted means and the last coefficient, by iterated weighted least squares."""
    mean = made + made.mean() + 0.1
    steady = 1e-6 * np.eye(design.shape[1])
    coefficients = np.zeros(design.shape[1])
    for _ in range(50):
        working = np.log(mean) + (made - mean) / mean
        weighted = design * mean[:, None]
        new = np.linalg.solve(weighted.T @ design + steady, weighted.T @ working)
        mean = np.exp(np.clip(design @ new, -20, 20))
        if np.abs(new - coefficients).max() < 1e-8:
            break
        coefficients = new
    return mean, float(new[-1])


def _bootstrap(
    design: Numbers,
    residual: Numbers,
    mean: Numbers,
    block: npt.NDArray[np.int64],
    draws: int,
    rng: np.random.Generator,
) -> Numbers:
    """Draws of how far the last coefficient is off, by blocks of weeks drawn anew.

    A block moves it by what it changes without that block (one Newton step), so that a
    block which the fit leans on counts for what it holds.
    """
    blocks = np.unique(block)
    weighted = design * mean[:, None]
    steady = 1e-6 * np.eye(design.shape[1])
    moves = np.empty(blocks.size)
    for place, name in enumerate(blocks):
        inside = block == name
        rest = weighted[~inside].T @ design[~inside] + steady
        moves[place] = np.linalg.solve(rest, design[inside].T @ residual[inside])[-1]
    even = np.full(blocks.size, 1 / blocks.size)
    times = rng.multinomial(blocks.size, even, size=draws)
    few = np.sqrt(blocks.size / max(blocks.size - 2, 1))
    found: Numbers = few * (times - 1) @ (moves - moves.mean())
    return found
