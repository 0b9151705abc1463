"""Intervals of weeks hold what was to be expected, when contacts of a day fail together."""

import math

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import t as student

from staffing.promises.sampling import (
    Days,
    Interval,
    intervals,
    variance_per_contact,
    wilson,
)

WORLDS = 300
QUARTERS = 34
PATTERN = np.array([-0.5, 0.0, 0.0, 0.1, 0.4])
VOLUME = np.array([1.25, 1.05, 1.0, 0.95, 0.75])


def told(days: Days) -> dict[int, Interval]:
    return intervals(days, weeks=13, confidence=0.95, share=True)


def drawn(
    rng, weeks: int, *, day_sd: float, slot_sd: float, calls: float, level: float
):
    """Weeks of five days whose quarter-hours go well or badly together; what was expected.

    Mondays are busy and bad. The share expected is that of the calls that came.
    """
    week, weekday = np.repeat(np.arange(weeks), 5), np.tile(np.arange(5), weeks)
    busy = rng.gamma(20, 1 / 20, (weeks * 5, 1))
    offered = rng.poisson(
        calls * VOLUME[weekday][:, None] / QUARTERS * busy, (weeks * 5, QUARTERS)
    )
    usual = level + PATTERN[weekday][:, None]
    wrong = rng.normal(0, day_sd, (weeks * 5, 1)) + rng.normal(
        0, slot_sd, offered.shape
    )
    hits = rng.binomial(offered, expit(usual + wrong))
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    spread = np.hypot(day_sd, slot_sd)
    by_day = (expit(usual + spread * nodes) @ weights) / weights.sum()
    size = offered.sum(axis=1).astype(float)
    own = week == weeks - 1
    expected = float((size * by_day)[own].sum() / size[own].sum())
    days = Days(week, weekday + 1, size, hits.sum(axis=1).astype(float))
    return days, expected


def covered(weeks: int, **world: float) -> tuple[float, float]:
    """In what part of worlds the interval holds the truth, and a plain one does."""
    rng = np.random.default_rng(20261123)
    ours = plain = 0
    for _ in range(WORLDS):
        days, expected = drawn(rng, weeks, **world)
        found = told(days)[weeks - 1]
        own = days.week == weeks - 1
        size = days.size[own].sum()
        low, high = wilson(days.total[own].sum() / size, size, 1.96)
        ours += found.low <= expected <= found.high
        plain += low <= expected <= high
    return ours / WORLDS, plain / WORLDS


@pytest.mark.parametrize("weeks", [1, 13])
@pytest.mark.parametrize(
    "world",
    [
        {"day_sd": 0.4, "slot_sd": 0.8, "calls": 400, "level": 1.6},
        {"day_sd": 0.0, "slot_sd": 1.2, "calls": 400, "level": 1.6},
        {"day_sd": 0.5, "slot_sd": 0.5, "calls": 80, "level": 2.8},
    ],
    ids=["bad days", "bad quarter-hours", "few and mostly good"],
)
def test_the_interval_holds_where_the_plain_one_is_too_narrow(weeks, world):
    ours, plain = covered(weeks, **world)
    assert 0.92 <= ours <= (0.975 if weeks == 13 else 1)
    assert plain < 0.82


def test_without_clustering_the_interval_is_about_the_plain_one():
    ours, plain = covered(13, day_sd=0.0, slot_sd=0.0, calls=400, level=1.4)
    assert 0.92 <= plain <= 0.98
    assert 0.92 <= ours <= 0.99


def test_a_weekday_that_is_always_bad_does_not_widen_the_interval_of_a_week():
    week, weekday = np.repeat(np.arange(13), 5), np.tile(np.arange(1, 6), 13)
    size = np.full(65, 200.0)
    regular = Days(week, weekday, size, np.where(weekday == 1, 120.0, 170.0))
    mixed = np.random.default_rng(3).permuted(regular.total.reshape(13, 5), axis=1)
    chance = Days(week, weekday, size, mixed.ravel())
    sure, unsure = (told(days)[12] for days in (regular, chance))
    assert sure.effect == 1
    assert unsure.effect > 5


def second(week, weekday, size, total, last, weeks, confidence):
    """The same interval, day by day in plain Python."""
    near = [
        i for i in range(len(week)) if last - weeks < week[i] <= last and size[i] > 0
    ]
    share = {}
    for w in {week[i] for i in near}:
        own = [i for i in near if week[i] == w]
        share[w] = sum(total[i] for i in own) / sum(size[i] for i in own)
    rest = {i: total[i] - share[week[i]] * size[i] for i in near}
    freedom = len(near) - len(share)
    if len(share) >= 4:
        for g in {weekday[i] for i in near}:
            own = [i for i in near if weekday[i] == g]
            off = sum(rest[i] for i in own) / sum(size[i] for i in own)
            for i in own:
                rest[i] -= off * size[i]
        freedom -= len({weekday[i] for i in near}) - 1
    clustered = len(near) / freedom * sum(r**2 for r in rest.values())
    binomial = sum(size[i] * share[week[i]] * (1 - share[week[i]]) for i in near)
    effect = max(clustered / binomial, 1)
    n = sum(size[i] for i in near if week[i] == last) / effect
    z, p = student.ppf((1 + confidence) / 2, freedom), share[last]
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    return centre - half, centre + half


@pytest.mark.parametrize(("weeks", "last"), [(13, 12), (13, 5), (2, 3), (1, 0)])
def test_intervals_equal_those_of_a_second_implementation(weeks, last):
    world = {"day_sd": 0.5, "slot_sd": 0.5, "calls": 90.0, "level": 1.5}
    days, _ = drawn(np.random.default_rng(5), 13, **world)
    found = intervals(days, weeks=weeks, confidence=0.9, share=True)[last]
    columns = (days.week, days.weekday, days.size, days.total)
    week, weekday, size, total = (column.tolist() for column in columns)
    low, high = second(week, weekday, size, total, last, weeks, 0.9)
    assert (found.low, found.high) == pytest.approx((low, high))


def test_a_week_learns_nothing_from_weeks_after_it():
    days, _ = drawn(
        np.random.default_rng(8), 20, day_sd=0.5, slot_sd=0, calls=90, level=1.5
    )
    then = days.only(days.week <= 14)
    assert told(days)[14] == told(then)[14]


def test_one_day_tells_no_interval():
    one = Days(np.array([3]), np.array([1]), np.array([40.0]), np.array([30.0]))
    found = told(one)[3]
    assert found.middle == 0.75
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_when_all_is_kept_the_interval_still_has_a_lower_end_below_one():
    full = np.full(5, 20.0)
    found = told(Days(np.zeros(5, np.int64), np.arange(1, 6), full, full))[0]
    assert found.high == 1
    assert 0.9 < found.low < 1


def test_days_without_contacts_count_for_nothing():
    size, total = np.array([50.0, 0, 60, 40]), np.array([40.0, 0, 50, 30])
    with_empty = Days(np.zeros(4, np.int64), np.arange(1, 5), size, total)
    without = with_empty.only(size > 0)
    assert told(with_empty)[0] == told(without)[0]


def test_no_contacts_at_all_give_no_interval():
    none = np.zeros(0)
    empty = Days(none.astype(int), none.astype(int), none, none)
    assert told(empty) == {}


def test_the_mean_wait_is_covered_as_its_days_differ():
    rng, hit = np.random.default_rng(11), 0
    for _ in range(WORLDS):
        size = rng.poisson(60, 65).astype(float) + 1
        busy = rng.lognormal(-0.08, 0.4, 65)
        waits = [
            rng.exponential(300 * b, int(n)).sum()
            for b, n in zip(busy, size, strict=True)
        ]
        days = Days(
            np.repeat(np.arange(13), 5),
            np.tile(np.arange(1, 6), 13),
            size,
            np.array(waits),
        )
        found = intervals(days, weeks=13, confidence=0.95, share=False)[12]
        hit += found.low <= 300 <= found.high
    assert 0.9 <= hit / WORLDS <= 0.99


def test_the_variance_per_contact_is_that_of_contacts_apart_when_they_are():
    rng = np.random.default_rng(2)
    size = rng.poisson(300, 2000).astype(float)
    days = Days(
        np.repeat(np.arange(400), 5),
        np.tile(np.arange(1, 6), 400),
        size,
        rng.binomial(size.astype(int), 0.8).astype(float),
    )
    variance, freedom = variance_per_contact(days)
    assert variance == pytest.approx(0.16, rel=0.1)
    assert freedom == 2000 - 400 - 4
