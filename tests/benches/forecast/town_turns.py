"""When demand turns: two rules that date it, and how high an echo rises.

Both divide each month by the same month of the year before, which takes the season out.

- *Split*: the month from which on a second level of that ratio (its logarithm) fits best:
  the split of the months around it with the least squared error.
- *Half rise*: the moment at which that ratio has come half the way from its mean over the
  first year to its top, on a line between months. Sums over three months go in, so that a
  month with five Mondays or without Easter dates nothing. A step that is smeared out
  evenly passes half its height where it stood, however wide the smear: a split has to
  choose a month on a slope on which many fit nearly alike.
"""

import numpy as np
import numpy.typing as npt

from forecasting.series.panel import Series

Floats = npt.NDArray[np.float64]
Turn = tuple[str, str]
"""The first and last month among which a level changes once."""

DIP_BEGINS: Turn = ("2018-01", "2020-02")
DIP_ENDS: Turn = ("2022-06", "2025-01")
ECHO: Turn = ("2025-04", "2027-06")
RAISED: Turn = ("2026-10", "2027-06")
PLANTED = float(np.datetime64("2026-10", "M").astype(int))
"""The licences of October 2006 begin to expire for the second time: months since 1970."""

MOST_SHIFT = 4
YEAR = 12


def split(months: Series, said: Floats | None, turn: Turn) -> float:
    """The month (since 1970) from which on a second level fits, by the split rule."""
    when, around = _ratios(*_with(months, said), turn)
    errors = [
        float(np.var(around[:k]) * k + np.var(around[k:]) * (around.size - k))
        for k in range(3, around.size - 2)
    ]
    return float(when[3 + int(np.argmin(errors))])


def half_rise(months: Series, said: Floats | None, turn: Turn) -> float:
    """The moment (months since 1970, in fractions) at which half the rise has come."""
    axis, counts = _with(months, said)
    when, ratio = _ratios(axis, np.convolve(counts, np.ones(3), mode="same"), turn)
    top = int(np.argmax(ratio))
    half = (ratio[:YEAR].mean() + ratio[top]) / 2
    below = np.flatnonzero(ratio[:top] < half)
    if not below.size:
        return float(when[0])
    last = int(below[-1])
    part = (half - ratio[last]) / (ratio[last + 1] - ratio[last])
    # A month stands for its middle.
    return float(when[last] + part + 0.5)


def shift(months: Series, said: Floats, turn: Turn) -> int:
    """How many months a forecast has to move to lie best on what came.

    A slow turn has no sharp month; this dates it by all of its months together.
    """
    axis, came = _with(months, None)
    ratios = [np.log(c[YEAR:] / c[:-YEAR]) for c in (came, _with(months, said)[1])]
    inside = np.flatnonzero(_within(axis[YEAR:], turn))
    errors = {
        k: float(np.sum((ratios[0][inside] - ratios[1][inside - k]) ** 2))
        for k in range(-MOST_SHIFT, MOST_SHIFT + 1)
    }
    return min(errors, key=lambda k: (errors[k], abs(k)))


def height(months: Series, said: Floats | None) -> float:
    """How far licences rise in the echo, beside the same months of the year before."""
    axis, counts = _with(months, said)
    raised = _within(axis, RAISED)
    return float(counts[raised].sum() / counts[np.roll(raised, -YEAR)].sum() - 1)


def _with(months: Series, said: Floats | None) -> tuple[Floats, Floats]:
    """Months (as numbers) and their counts, of the truth or of what is said of its end."""
    counts = months.counts.copy()
    if said is not None:
        counts[-said.size :] = said
    return months.starts.astype("datetime64[M]").astype(float), counts


def _ratios(axis: Floats, counts: Floats, turn: Turn) -> tuple[Floats, Floats]:
    yearly = np.log(counts[YEAR:] / counts[:-YEAR])
    inside = _within(axis[YEAR:], turn)
    return axis[YEAR:][inside], yearly[inside]


def _within(axis: Floats, span: Turn) -> npt.NDArray[np.bool_]:
    low, high = (np.datetime64(month, "M").astype(int) for month in span)
    return np.asarray((axis >= low) & (axis <= high))
