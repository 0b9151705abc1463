"""How sure the share or the mean of a week is, when contacts of a day fail together.

Days are the clusters: whoever calls in a bad hour, or on a day that someone is ill, waits
as the others do. A week has too few days to tell how much that matters, so the weeks up to
it tell: residuals about each week's own ratio, less what belongs to the weekday, give the
variance per contact of a clustered ratio (Cochran, Sampling Techniques, 2.11 and 9A). Beside
the binomial variance it is the design effect; Wilson's interval is taken of the contacts
divided by it, with Student's quantile (Korn and Graubard, 1998). A mean has the plain
interval of a ratio.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

WEEKDAYS_FROM = 4
"""With so many weeks, what a weekday always does is told from chance."""
DAYS = 7


@dataclass(frozen=True)
class Days:
    """Counts of days: number of the week, weekday, contacts, and a sum over them."""

    week: Whole
    weekday: Whole
    size: Numbers
    total: Numbers

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Days":
        """Some of the days."""
        return Days(
            self.week[chosen],
            self.weekday[chosen],
            self.size[chosen],
            self.total[chosen],
        )

    def until(self, week: int, weeks: int) -> "Days":
        """The days with contacts of the `weeks` weeks that end with one."""
        near = (self.week <= week) & (self.week > week - weeks)
        return self.only(near & (self.size > 0))


@dataclass(frozen=True)
class Interval:
    """A share or mean, its interval (nan: too few days), and the design effect."""

    middle: float
    low: float
    high: float
    effect: float


def intervals(
    days: Days, *, weeks: int, confidence: float, share: bool
) -> dict[int, Interval]:
    """The interval of each week that has contacts, by its number.

    Args:
        days: the days of one location, of those weeks and the ones before.
        weeks: how many weeks, up to and with each, tell how days differ.
        confidence: in which part of all weeks the interval holds what was to be expected.
        share: whether `total` counts some of the contacts; else it sums an amount.
    """
    numbers = np.unique(days.week[days.size > 0])
    return {
        int(n): _interval(days.until(int(n), weeks), int(n), confidence, share=share)
        for n in numbers
    }


def _interval(days: Days, week: int, confidence: float, *, share: bool) -> Interval:
    own = days.week == week
    size, total = float(days.size[own].sum()), float(days.total[own].sum())
    middle = total / size
    variance, freedom = variance_per_contact(days)
    if freedom < 1:
        return Interval(middle, np.nan, np.nan, np.nan)
    quantile = float(stdtrit(freedom, (1 + confidence) / 2))
    if not share:
        half = quantile * float(np.sqrt(variance / size))
        return Interval(middle, max(middle - half, 0.0), middle + half, np.nan)
    effect = _design_effect(days, variance)
    low, high = wilson(middle, size / effect, quantile)
    return Interval(middle, low, high, effect)


def variance_per_contact(days: Days) -> tuple[float, int]:
    """What one contact adds to the variance of a sum, and the degrees of freedom."""
    known, at = np.unique(days.week, return_inverse=True)
    rest = days.total - _ratio(days.total, days.size, at)[at] * days.size
    freedom = days.size.size - known.size
    if known.size >= WEEKDAYS_FROM:
        weekdays, on = np.unique(days.weekday, return_inverse=True)
        rest = rest - _ratio(rest, days.size, on)[on] * days.size
        freedom -= weekdays.size - 1
    if freedom < 1:
        return float("nan"), 0
    scale = days.size.size / freedom
    return float(scale * (rest**2).sum() / days.size.sum()), freedom


def _design_effect(days: Days, variance: float) -> float:
    """Clustered over binomial variance; never below that of contacts by themselves."""
    _, at = np.unique(days.week, return_inverse=True)
    of_week = _ratio(days.total, days.size, at)[at]
    binomial = float((days.size * of_week * (1 - of_week)).sum() / days.size.sum())
    return max(variance / binomial, 1.0) if binomial > 0 else 1.0


def _ratio(total: Numbers, size: Numbers, group: Whole) -> Numbers:
    ratio: Numbers = np.bincount(group, total) / np.bincount(group, size)
    return ratio


def wilson(share: float, size: float, quantile: float) -> tuple[float, float]:
    """Wilson's score interval of a share of `size` contacts."""
    squared = quantile**2
    centre = (share + squared / (2 * size)) / (1 + squared / size)
    spread = share * (1 - share) / size + squared / (4 * size**2)
    half = quantile * float(np.sqrt(spread)) / (1 + squared / size)
    return max(centre - half, 0.0), min(centre + half, 1.0)
