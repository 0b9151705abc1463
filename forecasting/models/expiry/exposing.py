"""Expected requests per week of each service whose documents expire, past and to come."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.models.expiry.atrisk import at_risk, newest_before
from forecasting.models.expiry.cohorts import Holding, Lived, live
from forecasting.models.expiry.estimation import first_known
from forecasting.models.expiry.means import parts_of
from forecasting.models.expiry.parameters import Rates
from forecasting.models.expiry.standing import (
    Standing,
    expiring,
    holding_of,
    standing_at,
)
from forecasting.models.expiry.stocks import Stock
from forecasting.models.expiry.weeks import monday_of, week_of
from forecasting.series.exposure import Exposure
from forecasting.series.panel import FloatArray
from forecasting.tuning import ExpiryTuning, Tuning

YEAR = 52
FEW = 26
NEAR = 4
"""Coming weeks that stand as high as the past year, where no stock tells of `FEW`."""


def exposures(
    demand: pl.DataFrame,
    expiries: pl.DataFrame | None,
    catalogue: Catalogue,
    known_at: Sequence[date],
    until: date,
    tuning: Tuning,
    services: Iterable[str] | None = None,
) -> dict[str, tuple[Exposure, ...]]:
    """What expiring documents call for, per service, as known at each of some days.

    Args:
        demand: `series, start, count` by day, week or month; names of series are
            `location/service/step/channel` or hold a service as one of their parts.
        expiries: rows of `Expiries`; None rebuilds the stock from the applications.
        catalogue: the services with their validity rules.
        known_at: the days; at each of them no later count and no later stock is used.
        until: the last day wanted.
        tuning: of the forecast; its section `expiry` is read.
        services: those wanted; all of which documents expire where none are named.
    """
    found: dict[str, tuple[Exposure, ...]] = {}
    for name in expiring(catalogue) if services is None else services:
        service = catalogue.services[name]
        each = []
        for day in sorted(set(known_at)):
            known = standing_at(
                demand, expiries, service, catalogue, day, tuning.expiry
            )
            if known is not None:
                each.append(exposure_of(known, day, until, tuning.expiry))
        if each:
            found[name] = tuple(each)
    return found


def exposure_of(
    known: Standing, known_at: date, until: date, tuning: ExpiryTuning
) -> Exposure:
    """The expected requests of one service, from its first week to that of `until`."""
    first = known.applications.first
    weeks = np.arange(first, max(week_of(until), known.now) + 1)
    values = exposure_values(known, weeks, tuning)
    begin = np.datetime64(monday_of(first))
    return Exposure(known.service.id, known_at, begin, values)


def exposure_values(
    known: Standing, weeks: np.ndarray, tuning: ExpiryTuning
) -> FloatArray:
    """Expected requests in each of the weeks (ascending), before season.

    A past week goes by the newest stock counted by its end; one that no stock tells of by
    the applications themselves, smoothed over a year, for nothing better is known of it:
    at the height at which what is told of begins.
    """
    start = known.holding.start
    past = _told(known, weeks, tuning) & (weeks < start)
    told = past | (weeks >= start)
    values = _smoothed(known, weeks)
    smoothed = values[told & (weeks < known.now)]
    if past.any():
        values[past] = _by_stocks(known, weeks[past])
    if weeks[-1] >= start:
        span = int(weeks[-1]) - start + 1
        lived = ahead(known, [known.estimate.rates], span).total[0]
        values[weeks >= start] = lived[weeks[weeks >= start] - start]
    if not told.all():
        stocked = values[told & (weeks < known.now)]
        values[~told] *= _height(known, stocked[:YEAR], smoothed[:YEAR])
    return values


def _height(known: Standing, stocked: FloatArray, smoothed: FloatArray) -> float:
    """How high what is told of begins, beside the applications of the same weeks.

    Where few of the weeks that are told of have passed, the coming ones go on from the
    past year: a shorter time would be one season.
    """
    if stocked.size >= FEW:
        return float(stocked.sum() / max(smoothed.sum(), 1e-9))
    skip = known.now - known.holding.start
    coming = ahead(known, [known.estimate.rates], skip + NEAR).total[0, skip:]
    counted = known.applications
    plain = counted.weekly / known.estimate.rates.season_of(counted.weeks)
    return float(coming.mean() / max(plain[-YEAR:].mean(), 1e-9))


def ahead(
    known: Standing, draws: list[Rates], weeks: int, moved: FloatArray | None = None
) -> Lived:
    """From the newest stock on, through the weeks already counted.

    `moved` is the factor on all applications of each week, where something else than
    expiry moves them: who then comes early is missing later, and renews again when what
    was issued early expires. The factor of the weeks themselves holds the missing ones.
    """
    plain = _lived(known, known.holding, draws, weeks)
    if moved is None or (moved == 1).all():
        return plain
    wanted = np.where(moved == 1, np.nan, plain.total * moved)
    return _lived(known, known.holding, draws, weeks, wanted)


def _lived(
    known: Standing,
    holding: Holding,
    draws: list[Rates],
    weeks: int,
    wanted: FloatArray | None = None,
) -> Lived:
    start, counted = holding.start, known.applications.weeks
    seen = (counted >= start) & (counted < min(known.now, start + weeks))
    came = np.full(min(max(known.now - start, 0), weeks), np.nan)
    came[counted[seen] - start] = known.applications.weekly[seen]
    return live(holding, draws, known.landings, known.newcomers, weeks, came, wanted)


def _told(known: Standing, weeks: np.ndarray, tuning: ExpiryTuning) -> np.ndarray:
    """The weeks of which a stock tells: none too long before."""
    stocks = known.stocks.stocks
    choice = newest_before(stocks, weeks)
    age = weeks - np.array([stock.at for stock in stocks])[choice]
    fresh = age <= tuning.stale_weeks
    return np.asarray((weeks >= first_known(known.stocks, tuning)) & fresh)


def _by_stocks(known: Standing, weeks: np.ndarray) -> FloatArray:
    """Expected requests of past weeks, each by the newest stock counted by its end.

    A stock of what is outstanding is lived on until the next one, just as the newest is
    into the future: in a busy season fewer are left to come, and the ratio of demand to
    exposure must not hold that a second time.
    """
    stocks = known.stocks.stocks
    choice = newest_before(stocks, weeks)
    values = np.empty(weeks.size)
    for number in np.unique(choice):
        mine = choice == number
        reckon = _by_living if stocks[number].outstanding else _by_lag
        values[mine] = reckon(known, stocks[number], weeks[mine])
    return values


def _by_living(known: Standing, stock: Stock, weeks: np.ndarray) -> FloatArray:
    holding = holding_of(stock, known.estimate.rates)
    span = int(weeks[-1]) - holding.start + 1
    lived = _lived(known, holding, [known.estimate.rates], span)
    return np.asarray(lived.total[0][weeks - holding.start])


def _by_lag(known: Standing, stock: Stock, weeks: np.ndarray) -> FloatArray:
    rates = known.estimate.rates
    bands = len(known.stocks.bands.labels)
    risk = at_risk((stock,), weeks, rates.timing.lags, bands)
    return parts_of(rates, risk, weeks).total


def _smoothed(known: Standing, weeks: np.ndarray) -> FloatArray:
    """Applications less their season, as means over the year around each week."""
    counted = known.applications
    plain = counted.weekly / known.estimate.rates.season_of(counted.weeks)
    kernel = np.ones(min(YEAR + 1, plain.size))
    number = np.convolve(np.ones(plain.size), kernel, mode="same")
    mean = np.convolve(plain, kernel, mode="same") / number
    return np.asarray(np.interp(weeks, counted.weeks, mean))
