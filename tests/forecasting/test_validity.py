"""The law of validity: the day it changed, birthdays, and the band of who expires."""

from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.validity import terms, transitions, years_valid
from tests.forecasting.reference_cases import CATALOGUE

LICENCE = CATALOGUE.services["licence"].validity
NEW_LAW = date(2014, 3, 9)
DAY = date(2026, 6, 1)


@pytest.mark.parametrize("service", ["passport", "id_card"])
def test_the_ten_years_of_adults_begin_on_the_day_of_the_law(service: str):
    rules = CATALOGUE.services[service].validity
    for age, before, after in ((17, 5, 5), (18, 5, 10), (80, 5, 10)):
        assert years_valid(rules, NEW_LAW - timedelta(days=1), age) == before
        assert years_valid(rules, NEW_LAW, age) == after


def test_a_licence_of_who_is_65_to_69_lasts_until_the_75th_birthday():
    """Against birthdays drawn evenly over the year of age."""
    rng = np.random.default_rng(0)
    for age in range(65, 70):
        exact = 75 - (age + rng.uniform(0, 1, 10_000))
        chances = transitions(LICENCE, DAY, ((age, age), (70, 79)))[0].sum(axis=1)
        mean = chances @ np.array(terms(LICENCE))
        assert mean == pytest.approx(exact.mean(), abs=0.02)
        lasting = np.array(terms(LICENCE))[chances > 0]
        assert lasting.tolist() == [np.floor(exact.min()), np.ceil(exact.max())]


def test_the_band_of_65_to_69_expires_over_five_to_ten_years_and_in_no_single_one():
    chances = transitions(LICENCE, DAY, ((65, 69), (70, 74), (75, 92)))[0]
    by_term = dict(zip(terms(LICENCE), chances.sum(axis=1), strict=True))
    assert set(by_term) == {5, 6, 7, 8, 9, 10}
    assert by_term == pytest.approx({5: 0.1, 6: 0.2, 7: 0.2, 8: 0.2, 9: 0.2, 10: 0.1})


def test_other_ages_of_a_licence_have_one_term():
    for age, years in ((17, 10), (64, 10), (70, 5), (90, 5)):
        assert years_valid(LICENCE, DAY, age) == years
        assert years_valid(LICENCE, date(2008, 1, 1), age) == years


def test_of_the_bands_that_fit_at_expiry_the_narrowest_wins():
    """Who is 18 is 28 at expiry: 18-39 and 25-30 and 0-99 fit, and 25-30 is narrowest."""
    passport = CATALOGUE.services["passport"].validity
    bands = ((18, 18), (18, 39), (25, 30), (0, 99))
    chances = transitions(passport, DAY, bands)
    ten = terms(passport).index(10)
    assert chances[0, ten].tolist() == [0.0, 0.0, 1.0, 0.0]


def test_who_still_fits_the_own_band_stays_in_it_though_a_narrower_one_fits():
    """Of 18 to 64 those up to 54 are no older than 64 ten years on: 37 of 47."""
    passport = CATALOGUE.services["passport"].validity
    bands = ((18, 64), (25, 30))
    ten = terms(passport).index(10)
    stays = transitions(passport, DAY, bands)[0, ten]
    assert stays[0] == pytest.approx(37 / 47)
