"""Renewal timing and the other sources of applications, estimated from what came.

Applications of week t are a convolution: of the documents that expire in week t - lag,
`weight[lag]` come, `lag` weeks after expiry (before it where negative); to these come
lost and first documents. Weights are those of documents issued; of documents still
outstanding at lag x the same weights hold, given that nobody of them had renewed by x.
Where two stocks of outstanding documents are known, what left between them tells of the
same weights, and more sharply. That the same renewals are then seen twice matters little:
how sure the weights are is decided by how far quarters differ, not by how many came.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.catalogue import Service
from forecasting.models.expiry.applications import Applications, of_weeks
from forecasting.models.expiry.atrisk import AtRisk, at_risk
from forecasting.models.expiry.bands import Bands
from forecasting.models.expiry.curve import curve_of
from forecasting.models.expiry.decrements import Decrements, decrements_of
from forecasting.models.expiry.fitting import Evidence, Fitted, fit
from forecasting.models.expiry.landings import Landed, landed_between, weeks_ahead
from forecasting.models.expiry.means import decrement_mean, weekly_mean
from forecasting.models.expiry.parameters import QUARTER, Layout, Rates, prior_of
from forecasting.models.expiry.penalties import penalties_of
from forecasting.models.expiry.posterior import Posterior
from forecasting.models.expiry.stocks import Stocks, stocks_of
from forecasting.models.expiry.weeks import weeks_of
from forecasting.series.panel import FloatArray
from forecasting.tuning import ExpiryTuning
from forecasting.validity import WEEKS_A_YEAR, terms

INNER = 0.9
"""Level of the intervals that are reported."""

EXACT = 1e-4
LIKELY = (0.005, 2.0)
"""Applications per document issued; beyond these the rules do not fit the stock."""


@dataclass(frozen=True)
class Estimate:
    """The rates of a service, and draws of them from what remains uncertain."""

    bands: Bands
    layout: Layout
    posterior: Posterior

    @property
    def fitted(self) -> Fitted:
        """The likeliest parameters."""
        return self.posterior.fitted

    @property
    def rates(self) -> Rates:
        """The best estimate."""
        return self.layout.rates(self.fitted.values)

    def draws(self, number: int, seed: int) -> list[Rates]:
        """Rates as they might be: draws from the posterior of the parameters."""
        drawn = self.posterior.draws(number, seed)
        return [self.layout.around(self.fitted.values, values) for values in drawn]

    def interval(
        self, number: int = 400, seed: int = 0
    ) -> tuple[FloatArray, FloatArray]:
        """The 90% interval of the weights: two arrays of lags x bands."""
        weights = np.array([r.timing.weight for r in self.draws(number, seed)])
        tail = (1 - INNER) / 2
        return np.quantile(weights, tail, axis=0), np.quantile(
            weights, 1 - tail, axis=0
        )


def estimate_timing(
    weekly: pl.DataFrame, stocks: pl.DataFrame, service: Service, tuning: ExpiryTuning
) -> Estimate:
    """Estimate the timing of one service from its applications and its stocks.

    Args:
        weekly: `week` (Mondays), `count`: applications, a row for every week known.
        stocks: rows of `Expiries` of this service, of either basis.
        service: the service with its validity rules.
        tuning: the assumptions that stand where the data say little.
    """
    weeks = weeks_of(weekly["week"].to_numpy())
    counted = of_weeks(weeks, weekly["count"].cast(pl.Float64).to_numpy())
    return estimate(counted, stocks_of(stocks, service.id), service, tuning)


def estimate(
    applications: Applications,
    stocks: Stocks,
    service: Service,
    tuning: ExpiryTuning,
) -> Estimate:
    """The same from applications and stocks as they stand in memory."""
    document = tuning.assumed(service.id)
    curve = curve_of(document, tuning)
    newest = applications.first + applications.weekly.size
    first = max(
        newest - round(tuning.window_years * WEEKS_A_YEAR),
        first_known(stocks, tuning),
    )
    taught = applications.since(first)
    quarters = -(-taught.weekly.size // QUARTER)
    layout = Layout(
        curve, len(stocks.bands.labels), tuning.season_order, newest, quarters
    )
    lags = curve.first + np.arange(curve.assumed.size)
    seen = decrements_of(stocks.stocks, terms(service.validity), lags, tuning.pairs)
    landed = landed_between(stocks, weeks_ahead(service.validity), tuning.pairs)
    share = _share(applications, landed, tuning) if seen.moments else (0.0, EXACT)
    prior = prior_of(layout, stocks.bands, document, tuning, taught.usual, share)
    risk = at_risk(stocks.stocks, taught.weeks, lags, layout.bands)

    def look(values: FloatArray) -> tuple[Evidence, ...]:
        rates = layout.rates(values)
        return _counted(layout, rates, risk, taught), _left(layout, rates, seen)

    penalties = penalties_of(layout)
    fitted = fit(prior, penalties, look)
    return Estimate(stocks.bands, layout, Posterior(prior, penalties, fitted))


def _share(
    applications: Applications, landed: Landed | None, tuning: ExpiryTuning
) -> tuple[float, float]:
    """Log share of applications that is counted, and its standard deviation.

    By the documents that came into the stock in the same weeks, where these are known.
    """
    if landed is None:
        return 0.0, tuning.share_sd
    weeks = applications.weeks
    inside = (weeks >= landed.first) & (weeks < landed.last)
    if not inside.any():
        return 0.0, tuning.share_sd
    span = landed.last - landed.first
    counted = float(applications.weekly[inside].mean()) * span
    ratio = counted / max(float(landed.counts.sum()), 1e-9)
    if not LIKELY[0] <= ratio <= LIKELY[1]:
        return 0.0, tuning.share_sd
    return float(np.log(ratio)), tuning.counted_sd


def first_known(stocks: Stocks, tuning: ExpiryTuning) -> int:
    """The first week of which a stock tells who might renew.

    An extract of outstanding documents tells little of the weeks before it, one of issued
    documents of all weeks around the expiries it lists.
    """
    if not stocks.stocks:
        return np.iinfo(np.int32).max
    begins = [
        round(stock.at) if stock.outstanding else stock.first + tuning.late_weeks
        for stock in stocks.stocks
    ]
    return min(begins)


def _counted(
    layout: Layout, rates: Rates, risk: AtRisk, taught: Applications
) -> Evidence:
    mean = weekly_mean(layout, rates, risk, taught.weeks)
    expected = taught.matrix @ mean.values
    slopes = taught.matrix @ mean.slopes
    return Evidence(taught.counts, expected, expected, slopes, in_order=True)


def _left(layout: Layout, rates: Rates, seen: Decrements) -> Evidence:
    mean = decrement_mean(layout, rates, seen)
    variance = seen.before * mean.values * (1 - mean.values)
    slopes = seen.before[:, None] * mean.slopes
    return Evidence(seen.gone, seen.before * mean.values, variance, slopes)
