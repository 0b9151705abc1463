"""What the days up to an election, and polling day itself, do to demand.

Every election of the history is measured against the weeks around it, given season,
holidays and a level that drifts; the pool of them says what the next one does.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from forecasting.models.effects.bins import Bins, bins_of, log_rates, seasons
from forecasting.models.effects.drifting import fit, placebo_scale
from forecasting.models.effects.occasions import next_one
from forecasting.models.effects.openness import OpenDays
from forecasting.models.effects.polling import polling_days
from forecasting.models.effects.rows import Row
from forecasting.series.knowndays import Known
from forecasting.series.panel import FloatArray
from forecasting.tuning import EffectTuning

ELECTION = "election"
BEFORE, POLLING = "days before", "polling day"
WEEK = 7


@dataclass(frozen=True)
class Occasions:
    """Effects of occasions on the log scale, their errors, and the days they span."""

    effects: FloatArray
    errors: FloatArray
    spans: tuple[tuple[date, date], ...]


def election_effects(
    subject: str, days: OpenDays, known: Known, tuning: EffectTuning
) -> list[Row]:
    """The effect of the next election on one subject; no row where too little is known.

    Rows: the days before (the event named "election" without its last day) and polling
    day (its last day).
    """
    spans = elections_of(known)
    measured = {
        BEFORE: days_before(days, known, spans, tuning),
        POLLING: polling_days(days, known, spans, tuning),
    }
    return [
        _row(subject, detail, Occasions(*found), tuning)
        for detail, found in measured.items()
        if found[2]
    ]


def elections_of(known: Known) -> tuple[tuple[date, date], ...]:
    """First and last day (polling day) of every election known."""
    return tuple((a, b) for name, a, b in known.events if name == ELECTION and a < b)


def _row(subject: str, detail: str, found: Occasions, tuning: EffectTuning) -> Row:
    logs = next_one(found.effects, found.errors, tuning.election_spread)
    centre, low, high = (float(np.exp(log)) for log in logs)
    span, number = (found.spans[0][0], found.spans[-1][1]), len(found.spans)
    return Row(ELECTION, subject, detail, centre, low, high, *span, number)


def days_before(
    days: OpenDays,
    known: Known,
    spans: Sequence[tuple[date, date]],
    tuning: EffectTuning,
) -> tuple[FloatArray, FloatArray, tuple[tuple[date, date], ...]]:
    """Log effect and error of the days before each election that the history covers."""
    nothing = (np.empty(0), np.empty(0), ())
    if not spans or int(days.known.sum()) < tuning.least_days:
        return nothing
    bins = bins_of(days, WEEK, _usual_start(spans), tuning.least_share)
    shares, covered = _shares(bins, spans, tuning)
    if not covered:
        return nothing
    apart = np.argmax(np.column_stack([np.zeros(len(shares)), shares >= 0.5]), axis=1)
    response, noise = log_rates(bins, apart.astype(np.float64))
    polling = bins.share(np.isin(days.days, [np.datetime64(b) for _, b in spans]))
    base = seasons(bins, known, tuning.season_order)
    columns = np.column_stack([shares, polling, base])
    columns = columns[:, np.ptp(columns, axis=0) > 1e-9]
    if response.size < columns.shape[1] + tuning.least_freedom:
        return nothing
    found = fit(response, columns, noise, bins.place)
    scale = placebo_scale(found, _placebos(bins, shares), np.ones((1, 1)))
    number = len(covered)
    errors = scale[0] * np.sqrt(np.diag(found.covariance)[:number])
    return found.coefficients[:number], errors, covered


def _usual_start(spans: Sequence[tuple[date, date]]) -> date:
    """A first day on the weekday on which most elections' days begin."""
    usual = Counter(first.weekday() for first, _ in spans).most_common(1)[0][0]
    return next(first for first, _ in spans if first.weekday() == usual)


def _shares(
    bins: Bins, spans: Sequence[tuple[date, date]], tuning: EffectTuning
) -> tuple[FloatArray, tuple[tuple[date, date], ...]]:
    """Part of each bin in the days before each election; only those well covered."""
    columns, covered = [], []
    for first, last in spans:
        share = bins.share(bins.days.inside(first, last - timedelta(days=1)))
        rate = bins.counts.sum() / max(bins.exposure.sum(), 1e-9)
        expected = rate * float(share @ bins.exposure)
        if share.sum() >= 1 and expected >= tuning.least_counts:
            columns.append(share)
            covered.append((first, last))
    matrix = np.column_stack(columns) if columns else np.empty((bins.place.size, 0))
    return matrix, tuple(covered)


def _placebos(bins: Bins, shares: FloatArray) -> FloatArray:
    """Pairs of successive bins far from every election: shape (bins, places, 1)."""
    near = np.convolve(shares.sum(axis=1) > 0, np.ones(5), "same") > 0
    first = np.flatnonzero(~near[:-1] & ~near[1:] & (np.diff(bins.place) == 1))
    columns = np.zeros((bins.place.size, first.size, 1))
    columns[first, np.arange(first.size)] = 1.0
    columns[first + 1, np.arange(first.size)] = 1.0
    return columns
