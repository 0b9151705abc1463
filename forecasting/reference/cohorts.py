"""Documents as weekly cohorts: issued, expiring by the validity rules, renewed, lost.

The stock is counted by week of expiry and age band at expiry. Every week a part of it is
renewed (by the hidden hazard), some documents are lost, and first ones are issued; what
is issued then expires when the catalogue's rules say. Nothing else makes the passport dip,
the crest and the echoes.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.catalogue import Service, Validity
from forecasting.reference.assumptions import BAND_AGES, BANDS, Document, Surge
from forecasting.reference.streams import Counts, Numbers
from forecasting.reference.truth import EARLY, LATE, Renewal
from forecasting.reference.validity import Rule, transitions_by_week
from forecasting.validity import years_valid

WEEKS_A_YEAR = 365.25 / 7
HORIZON = 530  # weeks: the longest validity, ten years, and a little


@dataclass(frozen=True)
class Cohorts:
    """What became of one document, week by week from `first` on.

    `renewals` and `others` (first and replaced documents) are weeks x age band.
    `stocks[as_of]` is outstanding documents by expiry week, from `LATE` weeks before the
    week of `as_of` on, x age band at expiry.
    """

    service: str
    first: date
    renewals: Counts
    others: Counts
    stocks: dict[date, Counts]

    def since(self, monday: date) -> slice:
        """The weeks from a Monday on."""
        return slice((monday - self.first).days // 7, None)


@dataclass(frozen=True)
class Inflow:
    """Weekly conditions: pressure to apply, first documents and rushes, by age band."""

    pressure: Numbers
    first_documents: Numbers
    rush: Numbers


@dataclass
class _Stock:
    """Documents outstanding by week of expiry (shifted by LATE) and age band."""

    counts: Counts
    week: int = 0

    def window(self, weeks: int) -> Counts:
        """The cells from LATE weeks overdue to `weeks` ahead; a view."""
        return self.counts[self.week : self.week + LATE + weeks + 1]


def simulate(
    document: Document,
    service: Service,
    renewal: Renewal,
    inflow: Inflow,
    *,
    population: Numbers,
    first: date,
    as_of: list[date],
    rng: np.random.Generator,
) -> Cohorts:
    """Run the cohorts of one document from `first`, a Monday, over all weeks of `inflow`.

    `population` is inhabitants per age band in the first week.
    """
    weeks = len(inflow.pressure)
    stock = _Stock(np.zeros((weeks + LATE + HORIZON + 1, len(BANDS)), dtype=np.int64))
    _fill(stock, document, service.validity, population, first, rng)
    renewals = np.zeros((weeks, len(BANDS)), dtype=np.int64)
    others = np.zeros_like(renewals)
    hazard = renewal.hazard[::-1]  # from most overdue to earliest
    rules = transitions_by_week(service.validity, first, weeks)
    counting = rng.spawn(1)[0]  # of its own: counting must not change the world
    asked = {(day - first).days // 7: day for day in as_of}
    stocks: dict[date, Counts] = {}
    for week in range(weeks):
        stock.week = week
        before = stock.window(HORIZON - 1).copy() if week in asked else None
        renewals[week] = _renew(stock, hazard * inflow.pressure[week], rng)
        lost = _lose(stock, renewal.lost_a_year / WEEKS_A_YEAR, rng)
        newly = rng.poisson(
            inflow.first_documents[week] * inflow.pressure[week] + inflow.rush[week]
        )
        others[week] = lost + newly
        _issue(stock, renewals[week] + others[week], rules[week], rng)
        if before is not None:
            day = asked[week]
            after = stock.window(HORIZON - 1)
            stocks[day] = _midweek(before, after, (day.weekday() + 1) / 5, counting)
    return Cohorts(service.id, first, renewals, others, stocks)


def _midweek(
    before: Counts, after: Counts, part: float, rng: np.random.Generator
) -> Counts:
    """The stock when `part` of the week's changes have happened."""
    change = after - before
    done = rng.binomial(np.abs(change), min(part, 1.0))
    now: Counts = before + np.sign(change) * done
    return now


def _renew(stock: _Stock, hazard: Numbers, rng: np.random.Generator) -> Counts:
    window = stock.window(EARLY)
    renewed = rng.binomial(window, np.minimum(hazard, 0.95))
    window -= renewed
    by_band: Counts = renewed.sum(axis=0)
    return by_band


def _lose(stock: _Stock, rate: float, rng: np.random.Generator) -> Counts:
    """Lose valid documents at random; returns the number per age band."""
    cells = stock.window(HORIZON)[LATE:].reshape(-1)
    upto = np.cumsum(cells)
    picks = rng.integers(0, max(int(upto[-1]), 1), rng.poisson(upto[-1] * rate))
    hit = np.bincount(np.searchsorted(upto, picks, side="right"), minlength=cells.size)
    gone = np.minimum(hit[: cells.size], cells)
    cells -= gone
    by_band: Counts = gone.reshape(-1, len(BANDS)).sum(axis=0)
    return by_band


def _issue(
    stock: _Stock,
    issued: Counts,
    rule: Rule,
    rng: np.random.Generator,
) -> None:
    years, chances = rule
    cells = rng.multinomial(issued, chances).sum(axis=0).reshape(len(years), len(BANDS))
    for valid, row in zip(years, cells, strict=True):
        stock.counts[stock.week + LATE + round(valid * WEEKS_A_YEAR)] += row


def _fill(
    stock: _Stock,
    document: Document,
    validity: tuple[Validity, ...],
    population: Numbers,
    first: date,
    rng: np.random.Generator,
) -> None:
    """Start with documents issued evenly over one validity period."""
    for band, (low, _) in enumerate(BAND_AGES):
        weeks = round(years_valid(validity, first, low) * WEEKS_A_YEAR)
        mean = document.holders[band] * population[band] / weeks
        stock.counts[LATE : LATE + weeks, band] = rng.poisson(mean, weeks)


def rush_by_week(
    surges: list[Surge], first: date, weeks: int, scale: float, shares: Numbers
) -> Numbers:
    """Documents issued in a rush, per week and age band; `scale` = town / country."""
    rush = np.zeros((weeks, len(BANDS)))
    for surge in surges:
        start = max((surge.first - first).days // 7, 0)
        last = (surge.last - first).days // 7
        within = shares * np.array([band in surge.bands for band in BANDS])
        share = within / within.sum()
        rush[start : last + 1] += surge.national * scale * share / (last + 1 - start)
    return rush
