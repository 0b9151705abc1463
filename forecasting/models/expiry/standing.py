"""All that is known of the documents of one service at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl

from forecasting.catalogue import Catalogue, Service
from forecasting.models.expiry.applications import Applications, applications_of
from forecasting.models.expiry.atrisk import at_risk
from forecasting.models.expiry.cohorts import Holding
from forecasting.models.expiry.estimation import Estimate, estimate
from forecasting.models.expiry.judging import Refused, judged
from forecasting.models.expiry.landings import (
    Landings,
    by_age,
    by_band,
    issued_to,
    landed_between,
    landings_of,
)
from forecasting.models.expiry.means import parts_of
from forecasting.models.expiry.parameters import Rates
from forecasting.models.expiry.rebuilding import (
    bands_of_applicants,
    known_part,
    rebuilt,
)
from forecasting.models.expiry.stocks import Stock, Stocks, stocks_of
from forecasting.models.expiry.weeks import end_of, week_of
from forecasting.series.panel import FloatArray
from forecasting.tuning import ExpiryTuning

Basis = Literal["stock", "history"]
LANDED_PAIRS = 8
LONGEST_WEEKS = 15 * 53


@dataclass(frozen=True)
class Standing:
    """The documents of a service as known at the end of a day.

    `now` is the first week to come; `newcomers` the shares of first documents per band;
    `basis` whether the stock was exported or rebuilt from applications.
    """

    service: Service
    applications: Applications
    stocks: Stocks
    estimate: Estimate
    landings: Landings
    newcomers: FloatArray
    now: int
    basis: Basis

    @property
    def holding(self) -> Holding:
        """The newest stock, moved on to the start of a week."""
        return holding_of(self.stocks.stocks[-1], self.estimate.rates)


def standing_at(
    demand: pl.DataFrame,
    expiries: pl.DataFrame | None,
    service: Service,
    catalogue: Catalogue,
    known_at: date,
    tuning: ExpiryTuning,
) -> Standing | None:
    """What is known of a service at the end of `known_at`.

    Neither a count nor a stock of later days is looked at, nor a stock that cannot be
    the service's. None without applications, and where no stock is known and the history
    is too short to rebuild one.
    """
    names = expiring(catalogue)
    counted = applications_of(demand, service.id, names, tuning.steps, known_at)
    if counted is None:
        return None
    document = tuning.assumed(service.id)
    ages = by_age(document.applicants)
    listed = _exported(expiries, service.id, known_at)
    exported = judged(listed, counted, service, tuning)[0] if listed else None
    bands = exported.bands if exported else bands_of_applicants(document.applicants)
    now = week_of(known_at + timedelta(days=1))
    span = counted.first - LONGEST_WEEKS, now + 2 * LONGEST_WEEKS
    landings = landings_of(service.validity, bands, ages, *span)
    stocks = exported
    if stocks is None:
        share = by_band(ages, bands)
        if known_part(counted, landings, share, now) < tuning.least_known:
            return None
        lost, at = document.lost_a_year, end_of(known_at)
        stocks = rebuilt(counted, bands, share, landings, at, lost)
    found = estimate(counted, stocks, service, tuning)
    assumed = by_band(by_age(document.newcomers), bands)
    newcomers = _newcomers(stocks, found, landings, assumed)
    basis: Basis = "stock" if exported else "history"
    return Standing(service, counted, stocks, found, landings, newcomers, now, basis)


def _exported(
    expiries: pl.DataFrame | None, service: str, known_at: date
) -> Stocks | None:
    """The stocks of a service counted by the end of a day; None without any."""
    if expiries is None:
        return None
    own, then = pl.col("service") == service, pl.col("as_of") <= known_at
    counted = expiries.filter(own, then)
    return None if counted.is_empty() else stocks_of(counted, service)


def standings(
    demand: pl.DataFrame,
    expiries: pl.DataFrame | None,
    catalogue: Catalogue,
    known_at: date,
    tuning: ExpiryTuning,
    services: Iterable[str] | None = None,
) -> dict[str, Standing]:
    """What is known of every service with expiring documents that has applications.

    `services` are those wanted, all where none are named.
    """
    each = {
        name: standing_at(
            demand, expiries, catalogue.services[name], catalogue, known_at, tuning
        )
        for name in (expiring(catalogue) if services is None else services)
    }
    return {name: known for name, known in each.items() if known is not None}


def refused(
    demand: pl.DataFrame,
    expiries: pl.DataFrame | None,
    catalogue: Catalogue,
    known_at: date,
    tuning: ExpiryTuning,
    services: Iterable[str] | None = None,
) -> tuple[Refused, ...]:
    """The stocks, counted by the end of a day, that cannot be those of their service.

    Of all services with expiring documents, or of those in `services`.
    """
    names = expiring(catalogue)
    found: list[Refused] = []
    for name in names if services is None else services:
        listed = _exported(expiries, name, known_at)
        counted = applications_of(demand, name, names, tuning.steps, known_at)
        if listed is not None and counted is not None:
            found += judged(listed, counted, catalogue.services[name], tuning)[1]
    return tuple(found)


def expiring(catalogue: Catalogue) -> Iterable[str]:
    """The services of which documents expire."""
    return [service.id for service in catalogue.service if service.expires]


def holding_of(stock: Stock, rates: Rates) -> Holding:
    """What of a stock was outstanding at the start of the week in which it was counted."""
    timing = rates.timing
    late = int(timing.lags[-1])
    start = int(np.ceil(stock.at)) - 1
    weeks = np.arange(start - late, max(stock.last, start) + 1)
    lag = (start - weeks).astype(float)
    then = stock.at - weeks if stock.outstanding else np.full(lag.size, timing.lags[0])
    counts = stock.cells(weeks) * timing.left(lag) / timing.left(then.astype(float))
    return Holding(start, counts, rest=start + 1 - stock.at)


def _newcomers(
    stocks: Stocks, found: Estimate, landings: Landings, assumed: FloatArray
) -> FloatArray:
    """Who gets a first document: what was issued to a band less what it renewed or lost."""
    landed = landed_between(stocks, landings.ahead, LANDED_PAIRS)
    if landed is None or not landed.counts.sum():
        return assumed
    weeks = np.arange(int(landed.first), max(int(landed.last), int(landed.first) + 1))
    timing, rates = found.rates.timing, found.rates
    risk = at_risk(stocks.stocks, weeks, timing.lags, len(assumed))
    parts = parts_of(rates, risk, weeks)
    season = rates.season_of(weeks)[:, None]
    renewed = (season * parts.renewals).sum(axis=0) / rates.share
    lost = rates.lost * _valid_by_band(stocks.stocks[-1]) * weeks.size
    newly = rates.first_of(weeks).sum() / rates.share * assumed
    chances = landings.at(int(weeks[weeks.size // 2]))
    issued = issued_to(landed.counts, chances, renewed + lost + newly)
    first = np.maximum(issued - renewed - lost, 0.0)
    return first / first.sum() if first.sum() > 0 else assumed


def _valid_by_band(stock: Stock) -> FloatArray:
    begin = max(int(np.ceil(stock.at)) - stock.first, 0)
    return np.asarray(stock.counts[begin:].sum(axis=0))
