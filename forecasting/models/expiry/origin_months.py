"""Which documents the coming weeks renew: by the month in which they were issued."""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from forecasting.insight_tables import Issued
from forecasting.models.expiry.atrisk import at_risk
from forecasting.models.expiry.exposing import ahead
from forecasting.models.expiry.landings import by_age, by_band
from forecasting.models.expiry.standing import Standing
from forecasting.models.expiry.weeks import FIRST_MONDAY, monday_of
from forecasting.series.panel import FloatArray
from forecasting.tuning import ExpiryTuning, Tuning

LEAST_SHARE = 0.002
WEDNESDAY = 2


def issued(
    standings: Mapping[str, Standing], weeks: int, tuning: Tuning
) -> pl.DataFrame:
    """The table `Issued` for the coming `weeks` of each service.

    `share` is of all expected applications of the week, so that of first and lost
    documents is missing from their sum. Months with under 0.2% are left out. The month
    of issue follows from the week and age of expiry by the rules that held then.
    """
    rows = [
        row
        for name in sorted(standings)
        for row in _of_service(standings[name], weeks, tuning.expiry)
    ]
    columns = list(Issued.column_names())
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    return Issued.validate(frame, cast=True)


def _of_service(
    known: Standing, weeks: int, tuning: ExpiryTuning
) -> Iterator[tuple[object, ...]]:
    axis = known.now + np.arange(weeks)
    rates = known.estimate.rates
    risk = at_risk(
        known.stocks.stocks, axis, rates.timing.lags, len(known.stocks.bands.labels)
    )
    coming = risk.issued(rates.timing) * rates.timing.weight * rates.share
    alive = np.exp(-rates.lost * np.maximum(risk.since, 0.0))
    coming = coming * alive[:, None, None]
    span = int(axis[-1]) - known.holding.start + 1
    total = ahead(known, [rates], span).total[0, -weeks:]
    months, share = _issue_months(known, axis, tuning)
    place = axis[:, None] - rates.timing.lags - _first_expiry(known, axis)
    for number, week in enumerate(axis):
        by_month = np.einsum("lb,lbm->m", coming[number], share[place[number]])
        by_month /= max(float(total[number]), 1e-9)
        for month in np.flatnonzero(by_month >= LEAST_SHARE):
            first = months[month].astype("datetime64[D]").item()
            yield (known.service.id, monday_of(int(week)), first, by_month[month])


def _first_expiry(known: Standing, axis: np.ndarray) -> int:
    return int(axis[0] - known.estimate.rates.timing.lags[-1])


def _issue_months(
    known: Standing, axis: np.ndarray, tuning: ExpiryTuning
) -> tuple[np.ndarray, FloatArray]:
    """The months of issue, and expiry weeks x bands x months: where they come from."""
    first, lags = _first_expiry(known, axis), known.estimate.rates.timing.lags
    expiry = np.arange(first, int(axis[-1] - lags[0]) + 1)
    document = tuning.assumed(known.service.id)
    who = by_band(by_age(document.applicants), known.stocks.bands)
    landings = known.landings
    week = expiry[:, None] - np.array(landings.ahead)
    chances = np.array(
        [
            [who @ landings.at(int(w))[:, term] for term, w in enumerate(row)]
            for row in week
        ]
    )
    whole = np.maximum(chances.sum(axis=1, keepdims=True), 1e-12)
    days = np.datetime64(FIRST_MONDAY) + (7 * week + WEDNESDAY).astype("timedelta64[D]")
    month = days.astype("datetime64[M]")
    months = np.unique(month)
    share = np.zeros((expiry.size, chances.shape[2], months.size))
    for term in range(len(landings.ahead)):
        column = np.searchsorted(months, month[:, term])
        share[np.arange(expiry.size), :, column] += (chances / whole)[:, term]
    return months, share
