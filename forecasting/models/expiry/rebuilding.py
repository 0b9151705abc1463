"""A stock rebuilt from the applications of the past, where no export of expiries is known."""

from itertools import pairwise

import numpy as np

from forecasting.models.expiry.applications import Applications
from forecasting.models.expiry.bands import Bands, bands_of
from forecasting.models.expiry.landings import Landings
from forecasting.models.expiry.stocks import Stock, Stocks
from forecasting.series.panel import FloatArray
from forecasting.validity import WEEKS_A_YEAR

EARLIEST_WEEKS = 156
"""Before the history, as many were issued each week as in its first three years."""

YEAR = 52


def bands_of_applicants(points: tuple[tuple[int, float], ...]) -> Bands:
    """The bands between the ages at which the share of applicants changes."""
    begins = [age for age, _ in points]
    closed = [f"{low}-{high - 1}" for low, high in pairwise(begins)]
    return bands_of([*closed, f"{begins[-1]}+"])


def rebuilt(
    applications: Applications,
    bands: Bands,
    applicants: FloatArray,
    landings: Landings,
    at: float,
    lost_a_year: float,
) -> Stocks:
    """What was issued and not lost since, by when it expires.

    Every application became a document; `applicants` is their share per band at issue.
    """
    reach = max(landings.ahead)
    before = applications.weekly[:EARLIEST_WEEKS]
    whole = before[: before.size // 52 * 52] if before.size >= 52 else before
    issued = np.concatenate([np.full(reach, whole.mean()), applications.weekly])
    first = applications.first - reach
    begin = first + min(landings.ahead)
    counts = np.zeros((issued.size + reach, len(bands.labels)))
    for number, documents in enumerate(issued):
        landed = documents * (
            applicants @ landings.at(first + number).reshape(len(bands.labels), -1)
        ).reshape(len(landings.ahead), -1)
        for term, ahead in enumerate(landings.ahead):
            years = min(at - first - number, ahead) / WEEKS_A_YEAR
            left = np.exp(-lost_a_year * years)
            counts[first + number + ahead - begin] += landed[term] * left
    return Stocks(bands, (Stock(at, begin, counts, outstanding=False),))


def known_part(
    applications: Applications, landings: Landings, applicants: FloatArray, now: int
) -> float:
    """The share of what expires in the coming year that was issued within the history."""
    ahead = np.array(landings.ahead)
    known = every = 0.0
    for week in range(now, now + YEAR):
        for term, issued in enumerate(week - ahead):
            given = float((applicants @ landings.at(int(issued))[:, term]).sum())
            every += given
            known += given if issued >= applications.first else 0.0
    return known / every if every else 0.0
