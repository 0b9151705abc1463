"""A fee change pulls applications forward; what was issued early expires early: the echo."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.catalogue import Catalogue, Validity
from forecasting.models.expiry import issued, outlook, standings
from forecasting.models.expiry.exposing import ahead
from forecasting.models.expiry.weeks import monday_of
from tests.forecasting.expiry_cases import CATALOGUE, FIRST, PASSPORT, TUNING, town

RUSH = slice(47, 51)
"""Weeks of December 2013: documents of then last five years."""
FIVE_YEARS = 261
LATER = 8
"""Weeks from now in which a fee to come brings a rush of four weeks."""


@pytest.fixture(scope="module")
def lived():
    return town(usual=400.0)


@pytest.fixture(scope="module")
def brief(lived):
    """A service of which every document lasts five years, before those run out."""
    rule = Validity(issued_from=date(1990, 1, 1), years=5, source="test")
    service = PASSPORT.model_copy(update={"validity": (rule,)})
    known_at = FIRST + timedelta(weeks=209, days=-1)
    demand, stocks = lived
    return standings(
        demand, stocks, Catalogue(service=(service,)), known_at, TUNING.expiry
    )


def after_a_rush(demand: pl.DataFrame, times: float) -> pl.DataFrame:
    """The history with a rush, and as many applications missing in the weeks after it."""
    counts = demand["count"].to_numpy().copy()
    extra = (times - 1) * counts[RUSH]
    counts[RUSH] += extra
    counts[RUSH.stop : RUSH.stop + 8] -= extra.sum() / 8
    return demand.with_columns(pl.Series("count", np.maximum(counts, 0.0)))


def moved(weeks: int, start: int) -> np.ndarray:
    """A factor of three in four weeks, and a half in the four after them."""
    factor = np.ones(weeks)
    factor[start : start + 4], factor[start + 4 : start + 8] = 3.0, 0.5
    return factor


def test_a_past_rush_comes_back_when_its_documents_expire(lived):
    known_at = FIRST + timedelta(weeks=RUSH.stop + FIVE_YEARS - 30, days=-1)
    totals = []
    for times in (1.0, 2.5):
        demand = after_a_rush(lived[0], times)
        known = standings(demand, None, CATALOGUE, known_at, TUNING.expiry)["passport"]
        totals.append(ahead(known, [known.estimate.rates], 60).total[0])
    plain, echo = totals
    expiry = RUSH.start + FIVE_YEARS - (RUSH.stop + FIVE_YEARS - 30)
    near = echo[expiry - 6 : expiry + 4].sum() / plain[expiry - 6 : expiry + 4].sum()
    late = (
        echo[expiry + 12 : expiry + 30].sum() / plain[expiry + 12 : expiry + 30].sum()
    )
    assert near > 1.1
    assert near > late + 0.1


def test_the_weeks_of_an_echo_name_the_month_of_the_rush(lived):
    known_at = FIRST + timedelta(weeks=RUSH.stop + FIVE_YEARS - 30, days=-1)
    shares = []
    for times in (1.0, 2.5):
        demand = after_a_rush(lived[0], times)
        known = standings(demand, None, CATALOGUE, known_at, TUNING.expiry)
        week = monday_of(known["passport"].now + 26)
        table = issued(known, 60, TUNING).filter(pl.col("week") == week)
        december = pl.col("issued").dt.strftime("%Y-%m") == "2013-12"
        shares.append(float(table.filter(december)["share"].sum()))
    assert shares[1] > 1.5 * shares[0]


def test_who_comes_early_because_of_a_fee_is_missing_later(brief):
    known = brief["passport"]
    rates, span = [known.estimate.rates], 200
    start = known.now - known.holding.start + LATER
    plain = ahead(known, rates, span).total[0]
    factor = moved(span, start)
    found = ahead(known, rates, span, factor).total[0]
    inside = factor != 1
    assert found[inside] == pytest.approx((plain * factor)[inside])
    assert found[:start] == pytest.approx(plain[:start])
    missing = plain[start + 8 : start + 60] - found[start + 8 : start + 60]
    pulled = (found - plain)[start : start + 8].sum()
    assert 0.3 * pulled < missing.sum() < pulled


def test_what_a_coming_fee_brings_forward_expires_one_validity_period_later(brief):
    known = brief["passport"]
    rates, span = [known.estimate.rates], FIVE_YEARS + 120
    start = known.now - known.holding.start + LATER
    plain = ahead(known, rates, span)
    found = ahead(known, rates, span, moved(span, start))
    more = (found.echo - plain.echo)[0]
    centre = start + FIVE_YEARS
    assert abs(int(np.argmax(more)) - centre) <= 8
    around = slice(centre - 20, centre + 4)
    pulled = (found.total - plain.total)[0, start : start + 4].sum()
    renews = float(rates[0].timing.renews.max())
    assert 0.2 * pulled < more[around].sum() < renews * pulled


def test_the_outlook_holds_the_rush_and_its_echo_by_month(brief):
    def fee(service: str, days: np.ndarray) -> np.ndarray:
        assert service == "passport"
        return moved(days.size, LATER)

    plain = outlook(brief, TUNING, seed=0)
    found = outlook(brief, TUNING, seed=0, moves=fee)
    ratio = (found["mean"] / plain["mean"]).to_numpy()
    parts = found.select(pl.sum_horizontal("renewals", "lost", "first", "echo"))
    assert parts.to_series().to_numpy() == pytest.approx(found["mean"].to_numpy())
    assert ratio[1:3].max() > 1.8
    assert ratio[3] < 0.95
    assert 58 <= 55 + int(np.argmax(ratio[55:70])) <= 63
    assert found["q50"][1] > 1.3 * plain["q50"][1]
