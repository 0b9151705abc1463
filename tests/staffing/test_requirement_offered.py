"""Offered load: against the integral, the known sine, and conservation of work."""

import numpy as np
import pytest
from scipy.stats import lognorm

from staffing.requirement import work_out
from staffing.requirement.offered import Handling, offered_load, still_there
from tests.staffing.requirement_cases import standards, workload


def day(size: int) -> np.ndarray:
    return np.zeros(size, dtype=np.int64)


def handling(mean: float, cv: float, size: int, shape: str = "lognormal") -> Handling:
    return Handling(np.full(size, mean), np.full(size, cv), shape)  # type: ignore[arg-type]


def test_the_hall_fills_in_the_first_slots() -> None:
    """Twelve minutes of service: 42.9% of the steady load, then 83.6%."""
    times = handling(720, 1, 12, "exponential")
    load = offered_load(np.full(12, 10.0), times, day(12), 900) / 8
    np.testing.assert_allclose(load[:2], [0.429, 0.836], atol=5e-4)
    assert load[-1] == pytest.approx(1, abs=1e-4)


def test_a_rate_that_swings_gives_a_load_that_follows() -> None:
    """Rate 100 + 20 sin t and mean service 1: m(t) = 100 + 10 (sin t - cos t)."""
    slot = 0.01
    t = np.arange(0, 30, slot)
    rate = 100 + 20 * (np.cos(t) - np.cos(t + slot)) / slot  # mean of sin over the slot
    times = handling(1.0, 1, t.size, "exponential")
    load = offered_load(rate * slot, times, day(t.size), slot)
    middle = t + slot / 2
    late = t > 20
    exact = 100 + 10 * (np.sin(middle) - np.cos(middle))
    np.testing.assert_allclose(load[late], exact[late], atol=1e-3)


@pytest.mark.parametrize(
    ("mean", "cv"), [(240, 1.2), (720, 0.5), (2700, 0.3), (600, 0)]
)
def test_the_load_agrees_with_the_integral(mean: float, cv: float) -> None:
    """m(t) = integral of rate(t - u) P(S > u) du, averaged over each slot."""
    contacts = np.array([3.0, 9.0, 0.0, 5.0, 1.0, 4.0])
    load = offered_load(contacts, handling(mean, cv, 6), day(6), 900)
    sigma = np.sqrt(np.log1p(cv**2))

    fine = np.arange(0, 5400, 2.0) + 1
    scale = mean * np.exp(-(sigma**2) / 2)
    lasts = lognorm.sf(fine, sigma, scale=scale) if cv else (fine < mean).astype(float)
    rate = contacts[(fine // 900).astype(int)] / 900
    exact = np.convolve(rate, 2 * lasts)[: fine.size].reshape(6, 450).mean(axis=1)
    np.testing.assert_allclose(load, exact, atol=0.02)


def test_work_is_offered_in_the_slots_in_which_it_is_done() -> None:
    """What comes in one slot is worked off later, and in all of it just once."""
    contacts = np.append(30.0, np.zeros(60))
    load = offered_load(contacts, handling(900, 0.6, 61), day(61), 900)
    assert load[1] > load[2] > 0
    assert load.sum() == pytest.approx(30, abs=1e-5)


def test_every_opening_begins_empty() -> None:
    contacts, opening = np.full(16, 10.0), np.repeat([0, 1], 8)
    load = offered_load(contacts, handling(720, 0.7, 16), opening, 900)
    np.testing.assert_array_equal(load[:8], load[8:])


def test_work_of_the_day_and_after_closing_is_all_of_it() -> None:
    """Erlang-slots offered within the day plus those after closing: contacts x time."""
    contacts, times = np.full(12, 6.0), handling(1500, 0.8, 12)
    load = offered_load(contacts, times, day(12), 900)
    later = np.arange(0, 400_000, 60.0)
    after = np.trapezoid(still_there(contacts, times, 900, later), later)
    assert load.sum() * 900 + after == pytest.approx(12 * 6 * 1500, rel=1e-3)


def test_people_still_there_at_closing_agree_with_drawn_days() -> None:
    """Arrivals and handling times drawn: how many are left, and when the last one goes."""
    rows = workload("counter", [5.0] * 20, 1200, cv=0.6)
    told = work_out(rows, standards()).closing.row(0, named=True)
    rng = np.random.default_rng(4)
    sigma = np.sqrt(np.log1p(0.36))
    left, minutes = [], []
    for _ in range(4000):
        at = rng.uniform(0, 20 * 900, rng.poisson(100))
        ends = at + rng.lognormal(np.log(1200) - sigma**2 / 2, sigma, at.size)
        over = ends[ends > 20 * 900] - 20 * 900
        left.append(over.size)
        minutes.append(over.max(initial=0) / 60)
    assert told["there"] == pytest.approx(np.mean(left), abs=0.12)
    assert told["minutes"] == pytest.approx(np.mean(minutes), rel=0.03)
    assert told["minutes_q90"] == pytest.approx(np.quantile(minutes, 0.9), rel=0.04)
