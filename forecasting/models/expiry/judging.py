"""Whether a stock can be the documents behind the applications of its service.

A first export is often a part: one week, one district, only what expired. What it calls
for by itself is set beside what is applied for, before anything is learnt from it.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.catalogue import Service
from forecasting.models.expiry.applications import Applications
from forecasting.models.expiry.atrisk import at_risk
from forecasting.models.expiry.curve import curve_of
from forecasting.models.expiry.estimation import counted_share
from forecasting.models.expiry.landings import landed_between, weeks_ahead
from forecasting.models.expiry.means import parts_of
from forecasting.models.expiry.parameters import QUARTER, Layout, Rates, prior_of
from forecasting.models.expiry.stocks import Stock, Stocks
from forecasting.series.panel import FloatArray
from forecasting.tuning import ExpiryTuning

YEAR = 52
QUARTERS = 4


@dataclass(frozen=True)
class Refused:
    """A stock that takes no part, and what it explains of the applications: a share."""

    service: str
    as_of: date | None
    explains: float


def judged(
    stocks: Stocks, applications: Applications, service: Service, tuning: ExpiryTuning
) -> tuple[Stocks | None, tuple[Refused, ...]]:
    """The stocks that can be used (None without any), and those that cannot.

    Documents renewed and lost, by the assumed timing, beside the applications of the
    year before and after: in the first quarter within `explained`, in each later one of
    the first year within `explained_later`. Without applications nothing is refused.
    """
    rates, lags = _assumed(stocks, applications, service, tuning)
    kept, refused = [], []
    for stock in stocks.stocks:
        parts = explained(stock, rates, lags, applications)
        wrong = _outside(parts, tuning)
        if wrong is None:
            kept.append(stock)
        else:
            refused.append(Refused(service.id, stock.as_of, wrong))
    left = Stocks(stocks.bands, tuple(kept)) if kept else None
    return left, tuple(refused)


def explained(
    stock: Stock, rates: Rates, lags: np.ndarray, applications: Applications
) -> FloatArray:
    """What a stock explains of the usual applications, by quarter of its first year.

    That is its first year of which applications are known; 1 throughout without any.
    """
    begin = max(int(np.ceil(stock.at)), applications.first)
    middle = min(begin - applications.first, applications.weekly.size)
    usual = applications.weekly[max(middle - YEAR, 0) : middle + YEAR].mean()
    if not usual > 0:
        return np.ones(QUARTERS)
    weeks = begin + np.arange(QUARTERS * QUARTER)
    risk = at_risk((stock,), weeks, lags, stock.counts.shape[1])
    parts = parts_of(rates, risk, weeks)
    stocked = parts.renewals.sum(axis=1) + parts.lost
    return np.asarray(stocked.reshape(QUARTERS, QUARTER).mean(axis=1) / usual)


def _outside(parts: FloatArray, tuning: ExpiryTuning) -> float | None:
    """The first share that is out of its range; None where all are in theirs."""
    ranges = (tuning.explained, *[tuning.explained_later] * (QUARTERS - 1))
    for part, (low, high) in zip(parts, ranges, strict=True):
        if not low <= part <= high:
            return float(part)
    return None


def _assumed(
    stocks: Stocks, applications: Applications, service: Service, tuning: ExpiryTuning
) -> tuple[Rates, np.ndarray]:
    """The rates before anything is learnt, and their lags.

    But for the share that is counted, where later stocks tell how many were issued.
    """
    document = tuning.assumed(service.id)
    curve = curve_of(document, tuning)
    newest = applications.first + applications.weekly.size
    layout = Layout(curve, len(stocks.bands.labels), tuning.season_order, newest, 0)
    landed = landed_between(stocks, weeks_ahead(service.validity), tuning.pairs)
    share = counted_share(applications, landed, tuning)
    prior = prior_of(layout, stocks.bands, document, tuning, applications.usual, share)
    return layout.rates(prior.mean), curve.first + np.arange(curve.assumed.size)
