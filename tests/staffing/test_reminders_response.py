"""How residents renew and react: shares, conservation of visits, estimated timing."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.errors import InputError
from staffing.reminders import estimate_timing
from staffing.reminders.moving import counter_hours, expected_visits, moved_visits
from staffing.reminders.response import LAGS, Assumption, Document
from tests.staffing.reminder_cases import response

SHARES = st.lists(st.floats(0, 1), min_size=2, max_size=12)


def one_by_one(visits: np.ndarray, arrivals: np.ndarray, mailing: int) -> np.ndarray:
    """Each resident of each week, each reaction: who reacts earlier comes then."""
    change = np.zeros(len(visits))
    for week, share in enumerate(visits):
        for delay, reacts in enumerate(arrivals):
            if mailing + delay < week:
                change[week] -= share * reacts
                change[mailing + delay] += share * reacts
    return change


@settings(max_examples=40, deadline=None)
@given(SHARES, SHARES, st.integers(0, 6))
def test_a_letter_moves_visits_as_counting_residents_one_by_one_says(
    visits: list[float], reactions: list[float], mailing: int
) -> None:
    before = np.concatenate([np.array(visits), np.zeros(6)])
    arrivals = np.array(reactions) / max(1.0, sum(reactions))
    change = moved_visits(before, arrivals, mailing)
    assert change == pytest.approx(one_by_one(before, arrivals, mailing), abs=1e-12)
    assert change.sum() == pytest.approx(0.0, abs=1e-9)
    assert (before + change >= -1e-12).all()


def test_visits_only_ever_move_to_earlier_weeks() -> None:
    arrivals = response().arrivals("letter", 12, 2)
    timing = response().timing_of("passport", "35-64")
    visits = expected_visits(timing, 20, -8, 60)
    change = moved_visits(visits, arrivals, 8)
    assert (np.cumsum(change) >= -1e-12).all()
    assert change[:8].tolist() == [0.0] * 8


def test_nobody_comes_sooner_than_the_wait_for_an_appointment() -> None:
    assert response().arrivals("letter", 12, 3)[:3].tolist() == [0, 0, 0]
    assert response().arrivals("letter", 12, 3)[3] > 0


def test_readers_of_the_message_box_are_those_the_press_counted() -> None:
    reads = response().channel["message_box"].reads()
    assert reads[:3].sum() == pytest.approx(0.58)
    assert reads.sum() == pytest.approx(0.63)


def test_a_letter_far_ahead_moves_fewer_people() -> None:
    near, far = (response().arrivals("letter", lead, 2).sum() for lead in (6, 26))
    assert near > far > 0


def test_renewals_still_expected_are_those_of_who_has_not_come_yet() -> None:
    """By the rule of conditional chance, from the weights themselves."""
    timing = response().timing_of("licence", "35-64")
    weights = timing.weights()
    visits = expected_visits(timing, 10, 0, 40)
    passed = weights[LAGS <= -10].sum()
    assert visits[10] == pytest.approx(weights[LAGS == 0][0] / (1 - passed))
    assert visits[0] == 0.0
    assert visits.sum() == pytest.approx((0.75 - passed) / (1 - passed))


def test_collection_follows_a_week_after_application() -> None:
    document = Document(application_hours=0.2, collection_hours=0.1, validity_weeks=520)
    hours = counter_hours(np.array([10.0, 0.0, 5.0, 0.0]), document)
    assert hours.tolist() == pytest.approx([2.0, 1.0, 1.0, 0.5])


def test_the_letter_of_the_road_authority_is_part_of_the_baseline() -> None:
    weights = response().timing_of("licence", "18-34").weights()
    after_letter = weights[(LAGS >= -18) & (LAGS <= -15)].mean()
    assert after_letter > 5 * weights[LAGS == -20][0]


def test_an_unknown_service_has_no_timing() -> None:
    with pytest.raises(InputError, match="'fishing', age band '65\\+'"):
        response().timing_of("fishing", "65+")


def test_an_assumption_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.9 is outside 0\.1\.\.0\.6"):
        Assumption(value=0.9, low=0.1, high=0.6, source="assumed")


def history(seed: int, weeks: int = 420) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Documents expiring and applications drawn from the shipped passport timing."""
    random = np.random.default_rng(seed)
    season = 1 + 0.5 * np.sin(np.arange(weeks) / 52 * 2 * np.pi)
    issued = (400 * season * random.gamma(8, 1 / 8, weeks)).astype(int)
    weights = response().timing_of("passport", "18-34").weights()
    mean = np.full(weeks, 30.0)
    for lag, weight in zip(LAGS.tolist(), weights, strict=True):
        for week in range(max(0, lag), min(weeks, weeks + lag)):
            mean[week] += weight * issued[week - lag]
    days = [date(2015, 1, 5) + timedelta(weeks=i) for i in range(weeks)]
    counted = random.poisson(mean)
    return (
        pl.DataFrame({"week": days, "count": issued}),
        pl.DataFrame({"week": days, "count": counted}),
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_planted_renewal_timing_is_recovered_from_history(seed: int) -> None:
    planted = response().timing_of("passport", "18-34").weights()
    found = estimate_timing("passport", *history(seed)).weights()
    assert np.abs(found - planted).sum() < 0.2
    assert found.min() >= 0


def test_a_short_history_gives_no_timing() -> None:
    issued, applications = history(0, weeks=100)
    with pytest.raises(InputError, match="at least 80 weeks"):
        estimate_timing("passport", issued, applications)
