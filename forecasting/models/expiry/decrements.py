"""What left between two stocks: documents that were renewed or lost in the meantime."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from forecasting.models.expiry.stocks import Stock
from forecasting.series.panel import FloatArray
from forecasting.validity import WEEKS_A_YEAR

SLACK = 2
"""Weeks around one validity period ahead in which new documents may have come in."""

FAR = 26
"""Weeks before the first renewals: what leaves earlier than that was lost."""


@dataclass(frozen=True)
class Decrements:
    """Cells seen in two stocks: `before` and `gone` documents of age band `band`.

    `lag` and `lag_after` are weeks after expiry at both moments; `pair` numbers the pair
    of moments, which were `moments[pair]` on the axis of weeks.
    """

    before: FloatArray
    gone: FloatArray
    band: np.ndarray[tuple[int], np.dtype[np.int64]]
    lag: FloatArray
    lag_after: FloatArray
    pair: np.ndarray[tuple[int], np.dtype[np.int64]]
    moments: tuple[tuple[float, float], ...]


def decrements_of(
    stocks: tuple[Stock, ...], terms: tuple[int, ...], lags: np.ndarray, most: int
) -> Decrements:
    """The decrements between the newest `most` + 1 outstanding stocks.

    Cells in which new documents may have come in are left out; those long before expiry
    are summed per pair and band, for nothing but loss can have happened to them.
    """
    chain = [stock for stock in stocks if stock.outstanding][-most - 1 :]
    rows: list[FloatArray] = []
    moments = []
    for number, (one, two) in enumerate(pairwise(chain)):
        rows += [
            np.column_stack([part, np.full(len(part), float(number))])
            for part in _cells(one, two, terms, lags)
        ]
        moments.append((one.at, two.at))
    table = np.vstack(rows) if rows else np.empty((0, 6))
    before, gone, band, lag, after, pair = table.T
    return Decrements(
        before, gone, band.astype(int), lag, after, pair.astype(int), tuple(moments)
    )


def _cells(
    one: Stock, two: Stock, terms: tuple[int, ...], lags: np.ndarray
) -> Iterator[FloatArray]:
    weeks = np.arange(max(one.first, two.first), min(one.last, two.last) + 1)
    fresh = np.zeros(weeks.size, dtype=bool)
    for years in terms:
        ahead = years * WEEKS_A_YEAR
        fresh |= (weeks >= one.at + ahead - SLACK) & (weeks <= two.at + ahead + SLACK)
    weeks = weeks[~fresh]
    before, after = one.cells(weeks), two.cells(weeks)
    gone = np.maximum(before - after, 0.0)
    near = (two.at - weeks > lags[0]) & (one.at - weeks < lags[-1] + 1)
    far = two.at - weeks < lags[0] - FAR
    for band in range(before.shape[1]):
        kept = near & (before[:, band] > 0)
        place = weeks[kept]
        yield np.column_stack(
            [
                before[kept, band],
                gone[kept, band],
                np.full(place.size, float(band)),
                one.at - place,
                two.at - place,
            ]
        )
        total = before[far, band].sum()
        if total > 0:
            lost = max(total - after[far, band].sum(), 0.0)
            early = float(lags[0]) - FAR
            yield np.array(
                [[total, lost, float(band), early - (two.at - one.at), early]]
            )
