"""Expected applications and decrements, and how they move with the parameters."""

from dataclasses import dataclass

import numpy as np

from forecasting.models.expiry.atrisk import AtRisk
from forecasting.models.expiry.decrements import Decrements
from forecasting.models.expiry.parameters import Layout, Rates, blocks, waves
from forecasting.models.expiry.timing import Timing
from forecasting.series.panel import FloatArray
from forecasting.validity import WEEKS_A_YEAR


@dataclass(frozen=True)
class Mean:
    """Expected values (n) and their derivatives (n x parameters)."""

    values: FloatArray
    slopes: FloatArray


@dataclass(frozen=True)
class Parts:
    """Expected applications per week before season: renewals x bands, lost, first."""

    renewals: FloatArray
    lost: FloatArray
    first: FloatArray

    @property
    def total(self) -> FloatArray:
        """All applications per week."""
        return np.asarray(self.renewals.sum(axis=1) + self.lost + self.first)


def parts_of(rates: Rates, risk: AtRisk, weeks: np.ndarray) -> Parts:
    """What the applications of past weeks are made of."""
    alive = np.exp(-rates.lost * np.maximum(risk.since, 0.0))
    coming = np.einsum("tlb,lb->tb", risk.issued(rates.timing), rates.timing.weight)
    return Parts(
        rates.share * alive[:, None] * coming,
        rates.share * rates.lost * risk.all,
        rates.first_of(weeks),
    )


def weekly_mean(layout: Layout, rates: Rates, risk: AtRisk, weeks: np.ndarray) -> Mean:
    """Expected applications per week.

    Timing moves them twice: by who comes, and by how many an outstanding stock says were
    issued.
    """
    timing = rates.timing
    season = rates.season_of(weeks) * rates.pressure_of(weeks)
    parts = parts_of(rates, risk, weeks)
    issued = risk.issued(timing)
    alive = rates.share * np.exp(-rates.lost * np.maximum(risk.since, 0.0))
    before = layout.curve.slopes(timing.shape)
    done = np.vstack([np.zeros(before.shape[1]), np.cumsum(before, axis=0)])
    ratio = np.where(risk.listed[..., None], issued / timing.left(risk.lag_then), 0.0)
    slopes = np.zeros((weeks.size, layout.size))
    slopes[:, layout.knots] = (issued @ timing.renews) @ before
    again = timing.shape * (ratio @ timing.renews**2)
    slopes[:, layout.knots] += _spread(timing, risk.lag_then, again) @ done
    doubt = timing.renews * (1 - timing.renews)
    who = np.einsum("tlb,l->tb", issued, timing.shape)
    past = timing.done_by(risk.lag_then) * timing.shape
    who += np.einsum("tlb,tl->tb", ratio, past) * timing.renews
    slopes[:, layout.renews] = who * doubt
    slopes[:, : layout.lost] *= alive[:, None]
    renewals = parts.renewals.sum(axis=1)
    slopes[:, layout.lost] = parts.lost - renewals * rates.lost * np.maximum(
        risk.since, 0.0
    )
    slopes[:, layout.share] = renewals + parts.lost
    slopes[:, layout.first] = parts.first
    slopes[:, layout.growth] = parts.first * (weeks - rates.origin) / WEEKS_A_YEAR
    slopes[:, layout.season] = parts.total[:, None] * waves(weeks, layout.order)
    quarter = blocks(weeks, layout.origin, layout.quarters)
    slopes[:, layout.pressure] = parts.total[:, None] * quarter
    return Mean(season * parts.total, season[:, None] * slopes)


def _spread(timing: Timing, lag: FloatArray, values: FloatArray) -> FloatArray:
    """Values at points of time, shared over the week edges around them.

    From (rows x points) to (rows x edges), so that the product with values at the edges
    is their sum by the line between them.
    """
    place = np.clip(lag - timing.first, 0, timing.shape.size)
    low = np.minimum(place.astype(int), timing.shape.size - 1)
    part = place - low
    edges = np.zeros((len(lag), timing.shape.size + 1))
    row = np.broadcast_to(np.arange(len(lag))[:, None], lag.shape)
    np.add.at(edges, (row, low), values * (1 - part))
    np.add.at(edges, (row, low + 1), values * part)
    return edges


def decrement_mean(layout: Layout, rates: Rates, seen: Decrements) -> Mean:
    """The share of the documents of each cell that left between two stocks.

    The season of the weeks between scales the hazard, as it does applications.
    """
    timing, band = rates.timing, seen.band
    renews = timing.renews[band]
    done = [timing.done_by(lag) for lag in (seen.lag, seen.lag_after)]
    left = [1 - share * renews for share in done]
    factor, moves = _factor_between(layout, rates, seen)
    weeks = seen.lag_after - seen.lag
    kept = (left[1] / left[0]) ** factor * np.exp(-rates.lost * weeks)
    before = layout.curve.slopes(timing.shape)
    edges = np.vstack([np.zeros(before.shape[1]), np.cumsum(before, axis=0)])
    slopes = np.zeros((band.size, layout.size))
    for lag, share, rest, sign in zip(
        (seen.lag, seen.lag_after), done, left, (-1.0, 1.0), strict=True
    ):
        pull = sign * kept * factor / rest
        one = np.ones((band.size, 1))
        moved = _spread(timing, lag[:, None], one) @ edges
        slopes[:, layout.knots] += (pull * renews)[:, None] * moved
        rows = np.arange(band.size)
        column = layout.renews.start + band
        slopes[rows, column] += pull * renews * (1 - renews) * share
    slopes[:, layout.lost] = kept * rates.lost * weeks
    pull = -kept * np.log(np.maximum(left[1] / left[0], 1e-9))
    slopes[:, layout.season.start :] = pull[:, None] * moves
    return Mean(1 - kept, slopes)


def _factor_between(
    layout: Layout, rates: Rates, seen: Decrements
) -> tuple[FloatArray, FloatArray]:
    """Mean season x pressure between the moments of each cell's pair, and how it moves.

    The second is cells x (waves, quarters): the derivative by those parameters.
    """
    means = np.ones(max(len(seen.moments), 1))
    slopes = np.zeros((means.size, layout.size - layout.season.start))
    for number, (begin, end) in enumerate(seen.moments):
        weeks = np.arange(int(begin), max(int(end), int(begin) + 1))
        factor = rates.season_of(weeks) * rates.pressure_of(weeks)
        means[number] = factor.mean()
        quarter = blocks(weeks, layout.origin, layout.quarters)
        moved = np.hstack([waves(weeks, layout.order), quarter])
        slopes[number] = factor @ moved / weeks.size
    return means[seen.pair], slopes[seen.pair]
