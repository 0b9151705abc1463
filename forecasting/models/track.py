"""A series and the one it follows, side by side on the periods in which it is open."""

from dataclasses import dataclass

import numpy as np

from forecasting.models.features import DAY, BoolArray, weekday
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray

LONGEST_SHUT = {"day": 10, "week": 21, "month": 62}
"""Days without a row: shut when no longer, else unknown."""


@dataclass(frozen=True)
class Track:
    """Open periods, past and wanted, with what is known of both series in each.

    `applied` is what came of the leading series since the period before (on a closed day
    it counts for the last open one), `counts` what followed; not a number where unknown.
    `stretch` numbers the stretches that nothing unknown lies between.
    """

    starts: DayArray
    applied: FloatArray
    counts: FloatArray
    stretch: FloatArray


def track_of(past: Past, future: DayArray) -> Track:
    """The track of a series that follows another, up to the last wanted period."""
    known = past.series.starts
    starts = np.concatenate([_earlier(past), known, _coming(past, future)])
    counts = np.full(starts.size, np.nan)
    counts[np.searchsorted(starts, known)] = past.series.counts
    longest = LONGEST_SHUT[past.cadence] * DAY
    breaks = np.diff(starts, prepend=starts[:1]) > longest
    return Track(
        starts, _applied(past, starts), counts, np.cumsum(breaks).astype(float)
    )


def _earlier(past: Past) -> DayArray:
    """Open periods before the first known one, as far as the leading series tells."""
    if past.leading is None:
        return past.series.starts[:0]
    before = past.leading.starts[past.leading.starts < past.series.starts[0]]
    return np.asarray(before[_is_open(past, before)])


def _is_open(past: Past, days: DayArray) -> BoolArray:
    if past.cadence != "day":
        return np.ones(days.size, dtype=bool)
    return np.isin(weekday(days), np.unique(weekday(past.series.starts)))


def _coming(past: Past, future: DayArray) -> DayArray:
    """The wanted periods, and the usual ones between where a stretch is not wanted."""
    if not future.size:
        return future
    longest = LONGEST_SHUT[past.cadence] * DAY
    edges = np.concatenate([past.series.starts[-1:], future])
    wide = np.flatnonzero(np.diff(edges) > longest)
    between = (_usual(past, edges[at], edges[at + 1]) for at in wide)
    return np.unique(np.concatenate([future, *between]))


def _usual(past: Past, after: np.datetime64, before: np.datetime64) -> DayArray:
    if past.cadence == "week":
        return np.arange(after + 7 * DAY, before, 7 * DAY)
    if past.cadence == "month":
        months = np.arange(after.astype("datetime64[M]") + 1, before.astype("M8[M]"))
        return months.astype("datetime64[D]")
    days = np.arange(after + DAY, before)
    free = np.array(sorted(past.holidays), dtype="datetime64[D]")
    return np.asarray(days[_is_open(past, days) & ~np.isin(days, free)])


def _applied(past: Past, starts: DayArray) -> FloatArray:
    """The leading series by period of the track."""
    leading = past.leading
    if leading is None:
        return np.full(starts.size, np.nan)
    place = np.searchsorted(starts, leading.starts, side="right") - 1
    inside = place >= 0
    applied = np.zeros(starts.size)
    np.add.at(applied, place[inside], leading.counts[inside])
    end = np.searchsorted(leading.starts, starts, side="right")
    begins = leading.starts[np.maximum(end - 1, 0)]
    ends = leading.starts[np.minimum(end, leading.starts.size - 1)]
    longest = LONGEST_SHUT[past.cadence] * DAY
    unknown = (end == 0) | (starts > leading.starts[-1])
    unknown |= (ends - begins > longest) & (starts > begins)
    applied[unknown] = np.nan
    return applied
