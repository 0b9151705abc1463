"""Residents simulated one by one come when a plan expects them, with and without letters."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from staffing.reminders.columns import moved_by
from staffing.reminders.moving import Mover
from tests.benches.reminders.oracle import Oracle
from tests.benches.reminders.residents import (
    NOT_MAILED,
    Stock,
    Traits,
    coming,
    counter_load,
    with_letters,
)
from tests.benches.reminders.simple import fixed_lead, spread_evenly
from tests.benches.reminders.town import FIRST, WEEKS, Town, with_timing
from tests.benches.reminders.worlds import (
    other_response,
    other_timing,
    residents_mailed,
)
from tests.staffing.reminder_cases import AS_OF, crest_town, policy, response

REPLICATIONS = 60


@pytest.fixture(scope="module")
def town() -> Town:
    small = crest_town(weeks=WEEKS, level=60)
    hours = small.demand["hours"].to_numpy()
    capacity = small.capacity["hours"].to_numpy()
    other = np.full(WEEKS, 60.0)
    five_days = policy(production_days=5)  # as the hours of the town were made
    return Town(
        small.expiries, hours, other, hours[None, :], capacity, response(), five_days
    )


@pytest.fixture(scope="module")
def stock(town: Town) -> Stock:
    return Stock.of(town)


def expected_move(town: Town, oracle: Oracle) -> np.ndarray:
    """Hours that the oracle's letters move into each week, as a plan reckons."""
    known = (AS_OF - timedelta(days=AS_OF.weekday()) - FIRST).days // 7
    mover = Mover(
        oracle.stock, oracle.weeks, known, town.response, town.policy, town.hours
    )
    return moved_by(mover, oracle.letters(town.response))


def test_the_simulated_load_is_the_expected_one_with_and_without_letters(
    town: Town, stock: Stock
) -> None:
    """From the third week on: before, some collect what they asked for earlier."""
    oracle = Oracle(town)
    mailing = residents_mailed(stock, oracle.letters(town.response))
    channel = town.response.channel[town.policy.channel]
    wait = town.policy.appointment_wait_weeks
    loads, moves = [], []
    for replication in range(REPLICATIONS):
        random = np.random.default_rng([5, replication])
        weeks = coming(stock, random)
        traits = Traits.draw(weeks.size, random)
        after = with_letters(weeks, mailing, stock.expiry, traits, channel, wait)
        loads.append(counter_load(stock, weeks, traits, 5))
        moves.append(counter_load(stock, after, traits, 5) - loads[-1])
    expected = expected_move(town, oracle)
    assert np.abs(expected).max() > 5
    for simulated, wanted in ((loads, town.hours - town.other), (moves, expected)):
        mean = np.mean(simulated, axis=0)
        error = np.std(simulated, axis=0) / np.sqrt(REPLICATIONS)
        off = (mean[2:] - wanted[2:]) / np.maximum(error[2:], 1e-6)
        assert np.abs(off).max() < 4.5
        assert off.std() == pytest.approx(1.0, abs=0.5)


def test_a_letter_makes_nobody_come_later_or_at_all(town: Town, stock: Stock) -> None:
    random = np.random.default_rng(0)
    weeks = coming(stock, random)
    traits = Traits.draw(weeks.size, random)
    mailing = fixed_lead(town, stock, 13, random)
    channel = town.response.channel[town.policy.channel]
    after = with_letters(weeks, mailing, stock.expiry, traits, channel, 2)
    assert (after <= weeks).all()
    assert (after[mailing == NOT_MAILED] == weeks[mailing == NOT_MAILED]).all()
    moved = after < weeks
    assert moved.sum() > 100
    assert (after[moved] >= mailing[moved] + 2).all()


def test_simple_policies_keep_the_limits_of_the_town(town: Town, stock: Stock) -> None:
    random = np.random.default_rng(0)
    for mailing in (
        fixed_lead(town, stock, 8, random),
        fixed_lead(town, stock, 13, random),
        spread_evenly(town, stock, random),
    ):
        weeks = mailing[mailing != NOT_MAILED]
        lead = stock.expiry[mailing != NOT_MAILED] - weeks
        assert 0 < weeks.size <= town.policy.budget
        assert np.bincount(weeks).max() <= town.policy.weekly_quota
        assert town.policy.latest_lead_weeks <= lead.min()
        assert lead.max() <= town.policy.earliest_lead_weeks


def test_other_responses_are_at_most_twice_or_half_of_what_is_assumed(
    town: Town,
) -> None:
    random = np.random.default_rng(0)
    known = town.response.channel["letter"]
    ratios = []
    for _ in range(200):
        other = other_response(town, random).channel["letter"]
        ratios.append(
            [
                other.acts.value / known.acts.value,
                other.half_life_weeks.value / known.half_life_weeks.value,
                mean_delay(other.delay) / mean_delay(known.delay),
            ]
        )
    assert np.min(ratios) >= 0.5 - 0.05
    assert np.max(ratios) <= 2 + 0.05
    assert np.ptp(np.log2(ratios), axis=0) == pytest.approx([2, 2, 2], abs=0.15)


def mean_delay(delay: tuple[float, ...]) -> float:
    """Weeks, counted from the middle of each."""
    return float(np.dot(delay, np.arange(len(delay)) + 0.5))


def test_residents_who_renew_at_other_times_bring_the_load_that_was_expected(
    town: Town, stock: Stock
) -> None:
    """Other work makes up the difference, so that only the times of renewal differ."""
    random = np.random.default_rng(8)
    roomy = replace(town, hours=town.hours + 100)
    other = with_timing(roomy, other_timing(roomy, random))
    timed, loads = stock.timed(other), np.zeros(WEEKS)
    assert not np.allclose(timed.chances, stock.chances)
    for _ in range(REPLICATIONS):
        weeks = coming(timed, random)
        traits = Traits.draw(stock.expiry.size, random)
        loads += counter_load(timed, weeks, traits, town.policy.production_days)
    found = other.other + loads / REPLICATIONS
    assert found[3:] == pytest.approx(other.hours[3:], rel=0.03)
