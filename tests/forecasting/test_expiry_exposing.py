"""What documents call for in past weeks, beside a town lived through week by week."""

import numpy as np
import pytest

from forecasting.models.expiry.applications import of_weeks
from forecasting.models.expiry.bands import bands_of
from forecasting.models.expiry.curve import curve_of
from forecasting.models.expiry.estimation import Estimate
from forecasting.models.expiry.exposing import exposure_values
from forecasting.models.expiry.fitting import Fitted
from forecasting.models.expiry.landings import by_age, by_band, landings_of
from forecasting.models.expiry.parameters import Layout
from forecasting.models.expiry.standing import Standing
from forecasting.models.expiry.stocks import Stock, Stocks
from tests.forecasting.expiry_cases import PASSPORT, TUNING

BANDS = bands_of(["0-17", "18-64", "65+"])
DOCUMENT = TUNING.expiry.assumed("passport")
NEWCOMERS = by_band(by_age(DOCUMENT.newcomers), BANDS)
START, WEEKS, LATE, QUARTER = 2400, 156, 60, 13


def layout_of(quarters: int = 0) -> Layout:
    curve = curve_of(DOCUMENT, TUNING.expiry)
    return Layout(curve, 3, 1, START + WEEKS, quarters)


def values() -> np.ndarray:
    """Known rates, with a season of half as many and twice as many."""
    layout = layout_of()
    found = np.zeros(layout.size)
    found[layout.renews] = 1.5
    found[layout.lost], found[layout.first] = np.log(0.012), np.log(40.0)
    found[layout.season] = 0.2, -0.5
    return found


def lived(before: float = 0.0) -> tuple[Standing, np.ndarray]:
    """Quarterly stocks and applications of a town without chance, and its seasons.

    `before` weeks of the history come before the first stock.
    """
    rates = layout_of().rates(values())
    ages = by_age(DOCUMENT.applicants)
    rules = landings_of(PASSPORT.validity, BANDS, ages, START - 600, START + 1200)
    axis = START + np.arange(WEEKS)
    season, newly = rates.season_of(axis), rates.first_of(axis)
    stock = np.zeros((LATE + WEEKS + 700, 3))
    stock[: LATE + 500] = np.array([60.0, 150.0, 40.0])
    reversed_hazard = rates.timing.hazard[::-1]
    counts, listed = np.zeros(WEEKS), []
    for number, week in enumerate(axis):
        lot, valid = stock[number : number + 101], stock[number + LATE :]
        due, losing = lot * reversed_hazard, valid.sum(axis=0) * rates.lost
        issued = season[number] * (due.sum(0) + losing + newly[number] * NEWCOMERS)
        counts[number] = issued.sum()
        lot -= due * season[number]
        valid *= 1 - rates.lost
        chances = rules.at(int(week))
        for term, ahead in enumerate(rules.ahead):
            stock[number + LATE + ahead] += issued @ chances[:, term]
        if number % QUARTER == QUARTER - 1 and number >= before:
            whole = stock[number + 1 : number + 601].copy()
            listed.append(Stock(week + 1.0, int(week) + 1 - LATE, whole, True))
    estimate = Estimate(
        BANDS, layout_of(), Fitted(values(), np.eye(layout_of().size), (1.0, 1.0))
    )
    known = Standing(
        PASSPORT,
        of_weeks(axis, counts),
        Stocks(BANDS, tuple(listed)),
        estimate,
        rules,
        NEWCOMERS,
        START + WEEKS,
        "stock",
    )
    return known, season


def test_in_a_busy_season_the_ratio_of_demand_to_exposure_is_the_season_and_no_less():
    known, season = lived()
    weeks = START + np.arange(2 * QUARTER, WEEKS)
    ratio = known.applications.weekly[2 * QUARTER :] / exposure_values(
        known, weeks, TUNING.expiry
    )
    assert ratio == pytest.approx(season[2 * QUARTER :], rel=0.025)


def test_weeks_before_the_first_stock_stand_as_high_as_those_after_it():
    known, season = lived(before=70)
    half = known.applications.weekly / 2
    halved = Standing(
        **{
            **vars(known),
            "applications": of_weeks(known.applications.weeks, half),
        }
    )
    weeks = START + np.arange(WEEKS)
    found = exposure_values(halved, weeks, TUNING.expiry)
    assert found[20:60].mean() == pytest.approx(found[90:140].mean(), rel=0.1)
    assert season.size == WEEKS
