"""Pull-forward: what a change of fee does in the weeks before and after it.

The weeks around a change are compared with what the level, season and holidays of all
other weeks call for there. Nothing of those weeks themselves shapes that expectation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from forecasting.calendar import FeeChange
from forecasting.models.effects.bins import Bins, bins_of, log_rates, seasons
from forecasting.models.effects.drifting import fit, placebo_scale
from forecasting.models.effects.occasions import half_width
from forecasting.models.effects.openness import DAY, OpenDays
from forecasting.models.effects.rows import Row
from forecasting.models.features import BoolArray
from forecasting.series.knowndays import Known
from forecasting.series.panel import FloatArray
from forecasting.tuning import EffectTuning

FEE = "fee"
NET = "net"
WEEK = 7
MOST_PLACEBOS = 60


@dataclass(frozen=True)
class Phases:
    """Log effects of the phases around one change, then the net one, with their errors."""

    names: tuple[str, ...]
    effects: FloatArray
    errors: FloatArray
    freedom: int


def phase_name(begin: int, end: int) -> str:
    """The weeks of a phase, after the change where positive."""
    return f"weeks {begin} to {end}"


def fee_effects(
    change: FeeChange,
    others: Sequence[FeeChange],
    days: OpenDays,
    known: Known,
    tuning: EffectTuning,
) -> list[Row]:
    """The effect of one change on its service, per phase and net; none if not covered.

    `others` are further changes of the service: the weeks around them are left out.
    """
    found = phases_of(change, others, days, known, tuning)
    if found is None:
        return []
    first, last = fee_span(change, tuning)
    half = half_width(found.errors, found.freedom)
    rows = []
    for name, effect, wide in zip(found.names, found.effects, half, strict=True):
        logs = (effect, effect - wide, effect + wide)
        centre, low, high = (float(np.exp(log)) for log in logs)
        detail = f"{change.name}: {name}"
        service = change.service
        rows.append(Row(FEE, service, detail, centre, low, high, first, last, 1))
    return rows


def phases_of(
    change: FeeChange,
    others: Sequence[FeeChange],
    days: OpenDays,
    known: Known,
    tuning: EffectTuning,
) -> Phases | None:
    """The phases that the history covers; None where it covers none or is too short."""
    own = fee_span(change, tuning)
    days = _without(days, own, [fee_span(other, tuning) for other in others])
    if int(days.known.sum()) < tuning.least_days:
        return None
    bins = bins_of(days, WEEK, change.day, tuning.least_share)
    week = _weeks_after(bins, change.day)
    edges = tuning.fee_weeks
    inside = (week >= edges[0]) & (week < edges[-1])
    names, sums = _phases(week[inside], bins.counts[inside], edges)
    base = seasons(bins, known, tuning.season_order)
    freedom = week.size - int(inside.sum()) - base.shape[1] - 1
    expected = bins.counts[~inside].sum() / max(bins.exposure[~inside].sum(), 1e-9)
    expected *= bins.exposure[inside].sum()
    if not names or freedom < tuning.least_freedom or expected < tuning.least_counts:
        return None
    response, noise = log_rates(bins, np.where(inside, week - edges[0] + 1, 0))
    weeks = np.eye(week.size)[:, inside]
    found = fit(response, np.hstack([weeks, base]), noise, bins.place)
    number = weeks.shape[1]
    usual = bins.counts[inside] * np.exp(-found.coefficients[:number])
    members = sums > 0
    effects = np.log((bins.counts[inside] + 0.5) @ members) - np.log(usual @ members)
    scale = placebo_scale(found, _placebos(inside), members / members.sum(axis=0))
    covariance = found.covariance[:number, :number]
    errors = scale * np.sqrt(np.einsum("ke,kl,le->e", sums, covariance, sums))
    return Phases(names, effects, errors, freedom)


def _phases(
    week: FloatArray, counts: FloatArray, edges: Sequence[int]
) -> tuple[tuple[str, ...], FloatArray]:
    """Names of the phases covered, and per phase what part of its counts a week holds."""
    bounds = [*pairwise(edges), (edges[0], edges[-1])]
    names = [phase_name(*bound) for bound in bounds[:-1]] + [NET]
    kept, columns = [], []
    for name, (begin, end) in zip(names, bounds, strict=True):
        mine = (week >= begin) & (week < end)
        reached = week.size and week[0] <= begin + 1 and week[-1] >= end - 2
        if reached and 2 * mine.sum() > end - begin:
            part = (counts + 0.5) * mine
            kept.append(name)
            columns.append(part / part.sum())
    return tuple(kept), np.array(columns).reshape(len(kept), week.size).T


def fee_span(change: FeeChange, tuning: EffectTuning) -> tuple[date, date]:
    """First and last day of the weeks around a change."""
    before, after = tuning.fee_weeks[0], tuning.fee_weeks[-1]
    first = change.day + timedelta(weeks=before)
    return first, change.day + timedelta(weeks=after, days=-1)


def _without(
    days: OpenDays, own: tuple[date, date], spans: Sequence[tuple[date, date]]
) -> OpenDays:
    """The days without those of other spans, as far as they are not one's own."""
    gone = np.zeros(days.counts.size, dtype=bool)
    for first, last in spans:
        gone |= days.inside(first, last)
    kept = ~gone | days.inside(*own)
    return OpenDays(days.first, days.counts * kept, days.exposure * kept)


def _weeks_after(bins: Bins, day: date) -> FloatArray:
    """The number of each bin, 0 for the week that begins on a day."""
    return np.asarray((bins.starts - np.datetime64(day)) / (bins.width * DAY))


def _placebos(inside: BoolArray) -> FloatArray:
    """The same weeks elsewhere, one column per week: shape (bins, places, weeks)."""
    rows = np.flatnonzero(inside)
    length = rows[-1] - rows[0] + 1
    firsts = np.arange(inside.size - length + 1)
    apart = np.abs(firsts - rows[0]) >= length
    firsts = firsts[apart]
    firsts = firsts[:: max(firsts.size // MOST_PLACEBOS, 1)]
    columns = np.zeros((inside.size, firsts.size, length))
    for place, first in enumerate(firsts):
        columns[first : first + length, place] = np.eye(length)
    return columns[:, :, rows - rows[0]]
