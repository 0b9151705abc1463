"""Where newly issued documents come to stand: one validity period ahead, by the rules."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from forecasting.catalogue import Validity
from forecasting.models.expiry.bands import OLDEST, Bands
from forecasting.models.expiry.decrements import SLACK
from forecasting.models.expiry.stocks import Stocks
from forecasting.models.expiry.weeks import monday_of
from forecasting.series.panel import FloatArray
from forecasting.validity import WEEKS_A_YEAR, terms, transitions

MIDWEEK = timedelta(days=3)
STEPS = 200


@dataclass(frozen=True)
class Landings:
    """Per era of the rules the chances of (term, band at expiry) for who is issued one.

    `ahead` (terms) is how many weeks after issue each term ends; `eras` the Mondays from
    which each array of `chances` (bands x terms x bands) holds, as week numbers.
    """

    ahead: tuple[int, ...]
    eras: tuple[int, ...]
    chances: tuple[FloatArray, ...]

    def at(self, week: int) -> FloatArray:
        """The chances of documents issued in a week."""
        place = int(np.searchsorted(self.eras, week, side="right")) - 1
        return self.chances[max(place, 0)]


def weeks_ahead(validity: tuple[Validity, ...]) -> tuple[int, ...]:
    """The terms of validity in whole weeks."""
    return tuple(round(years * WEEKS_A_YEAR) for years in terms(validity))


def landings_of(
    validity: tuple[Validity, ...],
    bands: Bands,
    applicants: FloatArray,
    first: int,
    last: int,
) -> Landings:
    """The landings of documents issued from week `first` to `last`.

    `applicants` weighs the ages from 0 on, within bands that hold many.
    """
    begins, chances = [], []
    seen: tuple[date, ...] | None = None
    for week in range(first, last + 1):
        day = monday_of(week) + MIDWEEK
        era = tuple(rule.issued_from for rule in validity if rule.issued_from <= day)
        if era != seen:
            begins.append(week)
            chances.append(transitions(validity, day, bands.ages, applicants))
            seen = era
    return Landings(weeks_ahead(validity), tuple(begins), tuple(chances))


def by_age(points: tuple[tuple[int, float], ...]) -> FloatArray:
    """Shares per age from (age from, share of the ages up to the next): adds up to 1."""
    begins = [age for age, _ in points] + [OLDEST + 1]
    ages = np.zeros(OLDEST + 1)
    for (low, share), high in zip(points, begins[1:], strict=True):
        ages[low:high] = share / max(high - low, 1)
    return np.asarray(ages / ages.sum())


def by_band(ages: FloatArray, bands: Bands) -> FloatArray:
    """Shares per band; an age in several bands counts for each alike."""
    shares = np.zeros(len(bands.ages))
    for age, share in enumerate(ages):
        fits = [i for i, (low, high) in enumerate(bands.ages) if low <= age <= high]
        for band in fits:
            shares[band] += share / len(fits)
    total = shares.sum()
    return shares / total if total > 0 else np.full(shares.size, 1 / shares.size)


@dataclass(frozen=True)
class Landed:
    """Documents that came in between the first and last of several stocks.

    `counts` is terms x bands at expiry; `first` and `last` bound the weeks of issue.
    """

    first: float
    last: float
    counts: FloatArray


def landed_between(stocks: Stocks, ahead: tuple[int, ...], most: int) -> Landed | None:
    """What newly stands one validity period ahead, over the newest `most` pairs of stocks.

    None without two outstanding stocks that list so far ahead.
    """
    chain = [stock for stock in stocks.stocks if stock.outstanding][-most - 1 :]
    reach = [s for s in chain if s.last >= s.at + max(ahead) - 2 * SLACK]
    if len(reach) < 2:
        return None
    counts = np.zeros((len(ahead), len(stocks.bands.labels)))
    for one, two in pairwise(reach):
        for term, weeks in enumerate(ahead):
            zone = np.arange(
                int(one.at + weeks) - SLACK, int(np.ceil(two.at + weeks)) + SLACK
            )
            came = two.cells(zone) - one.cells(zone)
            counts[term] += came.sum(axis=0)
    return Landed(reach[0].at, reach[-1].at, np.maximum(counts, 0.0))


def issued_to(
    landed: FloatArray, chances: FloatArray, expected: FloatArray
) -> FloatArray:
    """The documents per band at issue that best explain where they landed.

    Poisson maximum likelihood by multiplicative (EM) steps from what was `expected`;
    not negative. What the rules leave open stays in the expected proportion.
    """
    bands = len(chances)
    rules = chances.reshape(bands, -1)
    seen = landed.reshape(-1)
    issued = np.maximum(expected, 1e-9) * seen.sum() / max(expected.sum(), 1e-9)
    for _ in range(STEPS):
        mean = np.maximum(issued @ rules, 1e-12)
        issued = issued * (rules @ (seen / mean))
    return np.asarray(issued)
