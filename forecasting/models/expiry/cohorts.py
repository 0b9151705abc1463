"""The stock lived forward week by week: renewed, lost, first issued, and issued again."""

from dataclasses import dataclass

import numpy as np

from forecasting.models.expiry.landings import Landings
from forecasting.models.expiry.parameters import Rates
from forecasting.series.panel import FloatArray

OLD, NEW = 0, 1
PRESSURE = (0.2, 3.0)
"""Bounds of how far a known week can depart from what was expected of it."""


@dataclass(frozen=True)
class Holding:
    """Documents outstanding at the start of week `start`: expiry weeks x bands.

    Row 0 is the week that lies the last lag overdue, so that who is overdue may still
    come. `rest` is the part of the first week in which what is issued is not yet among
    the counts.
    """

    start: int
    counts: FloatArray
    rest: float = 1.0


@dataclass(frozen=True)
class Lived:
    """What came of a stock: draws x weeks (x bands for `renewals`), before season.

    `renewals` are of documents in the stock, `echo` of those issued since it was counted.
    """

    start: int
    renewals: FloatArray
    echo: FloatArray
    lost: FloatArray
    first: FloatArray

    @property
    def total(self) -> FloatArray:
        """All applications: draws x weeks."""
        return np.asarray(self.renewals + self.echo + self.lost + self.first)


def live(
    holding: Holding,
    draws: list[Rates],
    landings: Landings,
    newcomers: FloatArray,
    weeks: int,
    known: FloatArray | None = None,
    wanted: FloatArray | None = None,
) -> Lived:
    """Live a stock forward for a number of weeks, once per draw of the rates.

    Args:
        holding: the stock at the start.
        draws: rates; the counts of each stand for themselves.
        landings: where issued documents come to stand.
        newcomers: shares of first documents per band at issue.
        weeks: how many weeks.
        known: applications of the first weeks as they were counted; what is issued then
            is scaled to them.
        wanted: draws x weeks, all applications of weeks in which as many come, before
            season, whatever the stock says; not a number in other weeks.
    """
    book = _Book(holding, draws, landings, weeks)
    axis = holding.start + np.arange(weeks)
    season = np.stack([rates.season_of(axis) for rates in draws])
    share = np.array([rates.share for rates in draws])
    newly = np.stack([rates.first_of(axis) for rates in draws]) / share[:, None]
    came = np.zeros((4, len(draws), weeks))
    for week in range(weeks):
        renewing, losing = book.due(week)
        came[:2, :, week] = renewing.sum(axis=3).sum(axis=2)
        came[2, :, week], came[3, :, week] = losing.sum(axis=1), newly[:, week]
        turned = _turn(came[:, :, week].sum(axis=0) * share, wanted, week)
        came[:, :, week] *= turned
        expected = came[:, :, week].sum(axis=0) * share * season[:, week]
        pressure = turned * season[:, week] * _departure(expected, known, week)
        part = 1.0 if week else holding.rest
        issued = renewing.sum(axis=(0, 2)) + losing + newly[:, week, None] * newcomers
        book.renew(week, renewing * np.minimum(pressure, book.most)[:, None, None])
        book.issue(week, issued * pressure[:, None] * part)
    came *= share[:, None]
    return Lived(holding.start, came[OLD], came[NEW], came[2], came[3])


class _Book:
    """The documents outstanding, by origin x draw x expiry week x band.

    Of documents that have not expired only those count that were not lost: instead of
    thinning all of them every week, all of them share one factor, and expired ones are
    thinned once for good.
    """

    def __init__(
        self, holding: Holding, draws: list[Rates], landings: Landings, weeks: int
    ) -> None:
        timing, (first, bands) = draws[0].timing, holding.counts.shape
        self.late, self.width = int(timing.lags[-1]), timing.shape.size
        self.start, self.landings = holding.start, landings
        span = max(weeks + self.width + max(landings.ahead) + 1, first)
        self.stock = np.zeros((2, len(draws), span, bands))
        self.stock[OLD, :, :first] = holding.counts
        self.valid = self.stock[:, :, self.late :].sum(axis=(0, 2))
        self.hazard = np.stack([rates.timing.hazard[::-1] for rates in draws])
        self.most = 0.95 / float(self.hazard.max())
        self.lost = np.array([rates.lost for rates in draws])[:, None]
        self.alive = np.ones((len(draws), 1))

    def due(self, week: int) -> tuple[FloatArray, FloatArray]:
        """Who renews in an ordinary week (as `stock`, lags only) and who loses (by band)."""
        renewing = self.stock[:, :, week : week + self.width] * self.hazard
        renewing[:, :, self.late :] *= self.alive[:, :, None]
        return renewing, self.valid * self.alive * self.lost

    def renew(self, week: int, renewed: FloatArray) -> None:
        """Take out who renewed, and move on by a week."""
        renewed[:, :, self.late :] /= self.alive[:, :, None]
        self.stock[:, :, week : week + self.width] -= renewed
        self.alive = self.alive * (1 - self.lost)
        expired = self.stock[:, :, week + self.late]
        gone = renewed[:, :, self.late :].sum(axis=(0, 2)) + expired.sum(axis=0)
        self.valid = self.valid - gone
        expired *= self.alive[:, :]

    def issue(self, week: int, issued: FloatArray) -> None:
        """Bring in what was issued: by the rules of the week."""
        chances = self.landings.at(self.start + week)
        for term, ahead in enumerate(self.landings.ahead):
            landed = issued @ chances[:, term] / self.alive
            self.stock[NEW, :, week + self.late + ahead] += landed
            self.valid = self.valid + landed


def _departure(expected: FloatArray, known: FloatArray | None, week: int) -> FloatArray:
    """How far a known week departed from what was expected; 1 where it is not known."""
    if known is None or week >= known.size or not np.isfinite(known[week]):
        return np.ones(expected.size)
    return np.asarray(np.clip(known[week] / np.maximum(expected, 1e-9), *PRESSURE))


def _turn(usual: FloatArray, wanted: FloatArray | None, week: int) -> FloatArray:
    """How many times as many come as usual; 1 where nothing is wanted."""
    if wanted is None:
        return np.ones(usual.size)
    turned = wanted[:, week] / np.maximum(usual, 1e-9)
    return np.where(np.isfinite(turned), turned, 1.0)
