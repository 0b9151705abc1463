"""Second visits: how long after the application, how many never, and what that foretells."""

from datetime import date

import numpy as np
import pytest
from threadpoolctl import (  # type: ignore[import-untyped]  # ships no types
    threadpool_limits,
)

from forecasting.calendar import public_holidays
from forecasting.models.convolution import fit_convolution
from forecasting.models.counts import CountRegression
from forecasting.models.protocol import Method, Past
from forecasting.models.seasonal import SameWeekLastYear
from forecasting.models.visits import SecondVisit, by_period, visit_shares
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning

TUNING = load_tuning()
METHOD = SecondVisit(TUNING.visits, TUNING.glm)
LAGS = np.arange(21)


@pytest.fixture(autouse=True)
def one_thread():
    """As in a forecast: small sums are slower on many threads."""
    with threadpool_limits(limits=1):
        yield


def working_days(number: int, first: str = "2022-01-03"):
    begin = np.datetime64(first)
    days = np.arange(begin, begin + 2 * number)
    return days[np.is_busday(days)][:number]


def shares(rng: np.random.Generator) -> np.ndarray:
    """A town's own shares: when most come, how far they spread, how many never do."""
    away = LAGS - rng.uniform(4, 8)
    bump = np.exp(-0.5 * (away / rng.uniform(0.8, 1.6)) ** 2)
    late = 0.25 * np.exp(-np.clip(away, 0, None) / 4) * (away >= 0)
    both = np.asarray(bump + late)
    return np.asarray(both / both.sum() * (1 - rng.uniform(0.08, 0.2)))


def applied(past: Past) -> Series:
    assert past.leading is not None
    return past.leading


def lived(seed: int, number: int = 500, level: float = 20.0) -> tuple[Past, np.ndarray]:
    """Applications with weekdays, season and chance; each is collected once or never."""
    rng = np.random.default_rng(seed)
    days = working_days(number)
    weekday = np.array([1.1, 1.0, 0.95, 1.0, 0.9])[np.arange(number) % 5]
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(number) / 250)
    asked = rng.poisson(level * weekday * season * rng.gamma(50, 1 / 50, number))
    truth = shares(rng)
    come = rng.multinomial(asked, np.append(truth, 1 - truth.sum()))
    counts = np.zeros(number + LAGS.size)
    for lag in LAGS:
        counts[lag : lag + number] += come[:, lag]
    leading = Series("applied", days, asked.astype(float))
    return Past(Series("c", days, counts[:number]), "day", {}, leading=leading), truth


def test_the_days_to_collection_and_home_delivery_are_recovered_within_their_intervals():
    delivered, of_shares = [], []
    for seed in range(30):
        past, truth = lived(seed)
        found = visit_shares(past, TUNING.visits)
        _, low, high = found.delivered
        delivered.append(low <= 1 - truth.sum() <= high)
        often = truth > 0.04
        of_shares += list(((found.low <= truth) & (truth <= found.high))[often])
        assert high - low < 0.03
    assert 0.83 <= np.mean(delivered) <= 1
    assert 0.80 <= np.mean(of_shares) <= 0.97


def test_without_noise_the_shares_come_out_exactly_whatever_is_assumed():
    rng = np.random.default_rng(1)
    applied, truth = rng.uniform(5, 500, 3000), np.array([0.1, 0.0, 0.6, 0.2])
    windows = np.lib.stride_tricks.sliding_window_view(applied, 4)[:, ::-1]
    factors = np.array([1.2, 0.8, 1.0])
    kinds = np.arange(windows.shape[0]) % 3
    found = fit_convolution(
        windows,
        factors[kinds] * (windows @ truth),
        kinds,
        np.ones(kinds.size),
        np.array([0.4, 0.3, 0.1, 0.1]),
        every_kind=3,
        prior_followed=1e-3,
        prior_counts=1e-3,
    )
    assert found.shares == pytest.approx(truth, abs=2e-3)
    assert found.factors == pytest.approx(factors, abs=2e-3)


def test_without_a_history_what_is_assumed_holds():
    past, _ = lived(2, number=26)
    found = visit_shares(past, TUNING.visits)
    assumed = np.array(TUNING.visits.collected_after)
    assert int(found.shares.argmax()) in (int(assumed.argmax()), assumed.argmax() + 1)
    assert found.high.max() - found.low.max() < 1
    assert found.delivered[1] <= TUNING.visits.home_delivery <= found.delivered[2]


def test_collections_of_the_next_days_follow_what_was_applied_for_just_now():
    past, truth = lived(3, number=600)
    rush = applied(past).counts.copy()
    rush[-3:] += 100
    leading = Series("applied", applied(past).starts, rush)
    after = Past(past.series, "day", {}, leading=leading)
    future = working_days(640)[600:]
    more = METHOD.predict(after, future) - METHOD.predict(past, future)
    expected = np.zeros(40)
    for back in range(3):
        expected[: LAGS.size - 1 - back] += 100 * truth[1 + back :]
    assert more[:9] == pytest.approx(expected[:9], abs=10)
    assert more[:9].sum() == pytest.approx(expected[:9].sum(), rel=0.1)


def test_the_second_visit_beats_regression_and_last_year_where_applications_are_known():
    errors = {"visit": 0.0, "glm": 0.0, "year": 0.0}
    ways: dict[str, Method] = {
        "visit": METHOD,
        "glm": CountRegression(TUNING.glm),
        "year": SameWeekLastYear(),
    }
    for seed in range(8):
        whole, _ = lived(10 + seed, number=620, level=40)
        cut = whole.series.starts[599]
        known = Past(
            whole.series.until(cut), "day", {}, leading=applied(whole).until(cut)
        )
        future, actual = whole.series.starts[600:605], whole.series.counts[600:605]
        for name, way in ways.items():
            errors[name] += np.abs(way.predict(known, future) - actual).sum()
    assert errors["visit"] < errors["glm"] < errors["year"]


@pytest.mark.parametrize(("cadence", "step"), [("week", 5), ("month", 21)])
def test_shares_by_day_become_shares_by_week_and_month(cadence, step):
    rng = np.random.default_rng(4)
    days = shares(rng)
    found = by_period(days, step)
    brute = np.zeros(found.size)
    for begin in range(step):
        for lag, share in enumerate(days):
            brute[(begin + lag) // step] += share / step
    assert found == pytest.approx(brute)
    assert found.sum() == pytest.approx(days.sum())


@pytest.mark.parametrize("cadence", ["week", "month"])
def test_weeks_and_months_follow_too(cadence):
    rng = np.random.default_rng(5)
    unit = {"week": "2022-01-03", "month": "2019-01-01"}[cadence]
    if cadence == "week":
        starts = np.datetime64(unit) + 7 * np.arange(110)
    else:
        starts = (np.datetime64("2017-01") + np.arange(110)).astype("datetime64[D]")
    applied = rng.poisson(200, 110).astype(float)
    kept = np.array([0.1, 0.7, 0.08]) if cadence == "week" else np.array([0.65, 0.23])
    counts = rng.poisson(np.convolve(applied, kept)[:110]).astype(float)
    leading = Series("a", starts[:100], applied[:100])
    past = Past(Series("c", starts[:100], counts[:100]), cadence, {}, leading=leading)
    assert METHOD.suits(past)
    found = METHOD.predict(past, starts[100:])
    assert found.mean() == pytest.approx(200 * kept.sum(), rel=0.1)
    first = visit_shares(past, TUNING.visits).shares[: kept.size]
    assert first == pytest.approx(kept, abs=0.12)


def test_days_left_out_teach_nothing_and_do_not_join_what_lies_around_them():
    past, truth = lived(6)
    hole = slice(200, 240)
    left = np.delete(np.arange(500), np.r_[hole])
    broken = Past(
        Series("c", past.series.starts[left], past.series.counts[left]),
        "day",
        {},
        leading=Series("a", applied(past).starts[left], applied(past).counts[left]),
    )
    found = visit_shares(broken, TUNING.visits)
    assert found.delivered[1] <= 1 - truth.sum() <= found.delivered[2]
    wild = past.series.counts.copy()
    wild[240:255] *= 10
    spoilt = Past(
        Series("c", past.series.starts[left], wild[left]),
        "day",
        {},
        leading=broken.leading,
    )
    assert visit_shares(spoilt, TUNING.visits).shares == pytest.approx(found.shares)


def test_a_future_that_begins_later_is_the_same_as_its_part_of_the_whole():
    past, _ = lived(7)
    future = working_days(600)[500:]
    whole = METHOD.predict(past, future)
    later = METHOD.predict(past, future[60:])
    assert later == pytest.approx(whole[60:], rel=1e-6)


def test_closed_days_before_the_forecast_count_no_waiting():
    """Collection is so many open days later: a closed week puts it off, not away."""
    past, _ = lived(8, number=600)
    future = working_days(640)[600:]
    shut = np.concatenate([future[:3], future[8:]])
    plain, with_closure = METHOD.predict(past, future), METHOD.predict(past, shut)
    assert with_closure[:3] == pytest.approx(plain[:3], rel=1e-6)
    assert with_closure[3:6] == pytest.approx(plain[3:6], rel=0.35)


@pytest.mark.parametrize("number", [0, 20])
def test_without_anything_followed_or_too_little_of_it_the_method_does_not_suit(number):
    past, _ = lived(9)
    alone = Past(past.series, "day", {})
    short = Past(
        past.series.until(past.series.starts[20]),
        "day",
        {},
        leading=applied(past).until(past.series.starts[number]),
    )
    assert not METHOD.suits(alone)
    assert not METHOD.suits(short)
    with pytest.raises(ValueError, match="follows another"):
        visit_shares(alone, TUNING.visits)


def test_the_forecast_is_finite_and_never_negative_a_year_ahead():
    past, _ = lived(11, level=0.4)
    holidays = public_holidays("NL", None)
    named = {day: holidays[day] for day in [date(2024, 12, 25), date(2025, 1, 1)]}
    future = working_days(760)[500:]
    found = METHOD.predict(
        Past(past.series, "day", named, leading=past.leading), future
    )
    assert np.isfinite(found).all()
    assert (found >= 0).all()
