from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from forecasting.models.expiry.applications import of_weeks
from forecasting.models.expiry.atrisk import at_risk
from forecasting.models.expiry.bands import ages_of, bands_of
from forecasting.models.expiry.cohorts import Holding, live
from forecasting.models.expiry.landings import by_age, by_band, landings_of
from forecasting.models.expiry.means import parts_of
from forecasting.models.expiry.parameters import Rates
from forecasting.models.expiry.rebuilding import rebuilt
from forecasting.models.expiry.stocks import Stock
from forecasting.models.expiry.timing import Timing
from forecasting.models.expiry.weeks import monday_of, week_of
from tests.forecasting.expiry_cases import CATALOGUE, PASSPORT, TUNING

BANDS = bands_of(["0-17", "18-64", "65+"])
AGES = by_age(TUNING.expiry.assumed("passport").applicants)
START = week_of(date(2019, 1, 7))
LAW = week_of(date(2014, 3, 10))


def rates(shape=None, renews=(0.7, 0.85, 0.6), lost=0.0003, first=20.0) -> Rates:
    lags = np.arange(-40, 61)
    if shape is None:
        shape = np.exp(-np.abs(lags + 3) / 8.0)
    timing = Timing(-40, shape / shape.sum(), np.array(renews))
    season = np.array([0.1, -0.05])
    return Rates(timing, lost, 1.0, first, 0.01, season, START, np.zeros(0))


def at_expiry() -> np.ndarray:
    return np.where(np.arange(-40, 61) == 0, 1.0, 0.0)


@cache
def landings(service=PASSPORT):
    return landings_of(service.validity, BANDS, AGES, START - 600, START + 1200)


Book = dict[tuple[int, int], float]


def a_week_of(book: Book, week: int, r: Rates, season: float) -> np.ndarray:
    """Renewed and lost in one week, per band; the book is left as it is after it."""
    gone, lost = np.zeros(3), np.zeros(3)
    for (expiry, band), count in list(book.items()):
        lag = week - expiry
        chance = r.timing.hazard[lag + 40, band] if -40 <= lag <= 60 else 0.0
        thinned = 1 - r.lost if lag <= 0 else 1.0
        gone[band] += count * chance
        lost[band] += count * (1 - thinned)
        book[expiry, band] = count * (1 - chance * season) * thinned
    return np.stack([gone, lost])


def land(book: Book, week: int, issued: np.ndarray) -> None:
    rules = landings()
    for band in range(3):
        for term, ahead in enumerate(rules.ahead):
            for to in range(3):
                cell = week + ahead, to
                landed = issued[band] * rules.at(week)[band, term, to]
                book[cell] = book.get(cell, 0.0) + float(landed)


def by_hand(holding: Holding, r: Rates, newcomers, weeks: int) -> np.ndarray:
    """The same cohorts one by one, without any of the shortcuts: weeks x four sources."""
    late = int(r.timing.lags[-1])
    old = {
        (holding.start - late + row, band): float(count)
        for row, counts in enumerate(holding.counts)
        for band, count in enumerate(counts)
    }
    new: Book = {}
    came = np.zeros((weeks, 4))
    for number in range(weeks):
        week = holding.start + number
        season = float(r.season_of(np.array([week]))[0])
        one, other = (a_week_of(book, week, r, season) for book in (old, new))
        first = float(r.first_of(np.array([week]))[0])
        came[number] = one[0].sum(), other[0].sum(), (one + other)[1].sum(), first
        issued = ((one + other).sum(axis=0) + first * newcomers) * season
        land(new, week, issued * (1.0 if number else holding.rest))
    return came


def test_cohorts_live_as_documents_counted_one_by_one():
    rng = np.random.default_rng(1)
    holding = Holding(START, rng.poisson(80, (300, 3)).astype(float), rest=0.4)
    newcomers = np.array([0.5, 0.4, 0.1])
    lived = live(holding, [rates()], landings(), newcomers, 330)
    expected = by_hand(holding, rates(), newcomers, 330)
    sources = (lived.renewals, lived.echo, lived.lost, lived.first)
    for column, came in enumerate(sources):
        assert came[0] == pytest.approx(expected[:, column], rel=1e-9), column
    assert lived.echo[0, 261:].sum() > 100


def test_draws_live_side_by_side_as_they_would_alone():
    holding = Holding(START, np.full((300, 3), 50.0))
    newcomers = np.array([0.5, 0.4, 0.1])
    two = [rates(), rates(lost=0.001, first=5.0)]
    together = live(holding, two, landings(), newcomers, 300).total
    for number, one in enumerate(two):
        alone = live(holding, [one], landings(), newcomers, 300).total
        assert together[number] == pytest.approx(alone[0])


def test_every_document_is_renewed_once_or_never():
    counts = np.zeros((200, 3))
    counts[110:160] = np.random.default_rng(2).poisson(40, (50, 3))
    still = Rates(rates().timing, 0.0, 1.0, 0.0, 0.0, np.zeros(2), START, np.zeros(0))
    lived = live(Holding(START, counts), [still], landings(), np.ones(3) / 3, 200)
    renews = still.timing.renews
    assert lived.renewals.sum() == pytest.approx((counts.sum(axis=0) * renews).sum())
    assert lived.lost.sum() == lived.first.sum() == lived.echo.sum() == 0


@pytest.mark.parametrize(("band", "years"), [(0, 5), (1, 10), (2, 10)])
def test_an_echo_comes_exactly_one_validity_period_later(band, years):
    counts = np.zeros((200, 3))
    counts[60 + 100, band] = 1000.0
    still = Rates(
        Timing(-40, at_expiry(), np.full(3, 0.8)),
        0.0,
        1.0,
        0.0,
        0.0,
        np.zeros(2),
        START,
        np.zeros(0),
    )
    lived = live(Holding(START, counts), [still], landings(), np.ones(3) / 3, 800)
    weeks = np.flatnonzero(lived.echo[0] > 1e-9)
    assert np.flatnonzero(lived.renewals[0]).tolist() == [100]
    assert weeks[0] == 100 + round(years * 365.25 / 7)
    assert lived.echo[0, weeks[0]] == pytest.approx(800 * 0.8)


def test_known_weeks_set_how_many_are_issued():
    holding = Holding(START, np.full((300, 3), 50.0))
    usual = live(holding, [rates()], landings(), np.ones(3) / 3, 330)
    season = rates().season_of(START + np.arange(30))
    known = 0.5 * usual.total[0, :30] * season
    half = live(holding, [rates()], landings(), np.ones(3) / 3, 330, known)
    assert half.total[0, 0] == pytest.approx(usual.total[0, 0])
    assert half.total[0, 20] > usual.total[0, 20] * 1.05  # who did not come is left
    assert half.echo[0, 250] < usual.echo[0, 250]


def test_no_adult_passport_issued_after_9_march_2014_expires_before_9_march_2024():
    rules = landings()
    adult = slice(1, 3)
    assert rules.ahead == (261, 522)
    assert rules.at(LAW - 1)[adult, 0].sum() == pytest.approx(2.0)
    assert rules.at(LAW)[adult, 1].sum() == pytest.approx(2.0)
    assert rules.at(LAW)[0, 0].sum() == pytest.approx(1.0)


def test_a_rebuilt_stock_has_the_dip_of_the_law():
    weeks = np.arange(week_of(date(2010, 1, 4)), START)
    applied = of_weeks(weeks, np.full(weeks.size, 100.0))
    rules = landings_of(PASSPORT.validity, BANDS, AGES, weeks[0] - 600, START + 900)
    share = by_band(AGES, BANDS)
    stock = rebuilt(applied, BANDS, share, rules, float(START), 0.0).stocks[0]
    dip = np.arange(LAW + 261, LAW + 522)
    minors = stock.cells(dip)[:, 1].max()  # who was 13 to 17 expires as an adult
    before = stock.cells(np.array([LAW + 260]))[0, 1]
    assert stock.cells(dip)[:, 2].max() == 0.0
    assert minors < 0.15 * before
    assert stock.cells(np.array([LAW + 522]))[0, 2] > 0
    assert monday_of(LAW + 522) >= date(2024, 3, 4)


def test_one_cohort_renews_alike_whether_listed_as_issued_or_as_still_outstanding():
    timing = rates().timing
    issued = np.random.default_rng(3).poisson(60, (250, 3)).astype(float)
    first, at = START - 80, START + 0.4
    weeks = first + np.arange(250)
    left = timing.left(np.asarray(at - weeks, dtype=float))
    stocks = (
        Stock(at, first, issued, outstanding=False),
        Stock(at, first, issued * left, outstanding=True),
    )
    coming = START + np.arange(1, 40)
    still = Rates(timing, 0.0, 1.0, 0.0, 0.0, np.zeros(2), START, np.zeros(0))
    said = [
        parts_of(still, at_risk((stock,), coming, timing.lags, 3), coming).renewals
        for stock in stocks
    ]
    assert said[0] == pytest.approx(said[1])
    by_hand = sum(
        issued[week - first, 1] * timing.weight[START + 5 - week + 40, 1]
        for week in range(START + 5 - 60, START + 5 + 41)
    )
    assert said[0][4, 1] == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("label", "ages"),
    [
        ("0-17", (0, 17)),
        ("18 t/m 29", (18, 29)),
        ("75+", (75, 99)),
        ("<18", (0, 17)),
        ("40", (40, 40)),
        ("onbekend", (0, 99)),
        ("all", (0, 99)),
    ],
)
def test_age_bands_are_read_as_people_write_them(label, ages):
    assert ages_of(label) == ages


def test_everyone_lands_somewhere_under_every_rule():
    for service in CATALOGUE.service:
        if service.expires:
            rules = landings(service)
            for chances in rules.chances:
                assert chances.sum(axis=(1, 2)) == pytest.approx(np.ones(3))


def test_a_week_is_named_by_its_monday():
    day = date(2024, 2, 28)
    assert monday_of(week_of(day)) == day - timedelta(days=day.weekday())
