"""Renewal timing from two tables: planted timings come back, with an honest interval."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from staffing.reminders import estimate_timing
from staffing.reminders.convolution import Convolution
from staffing.reminders.estimating import Estimate
from staffing.reminders.timing import LAGS
from tests.benches.reminders import recovery
from tests.benches.reminders.renewing import make_history
from tests.staffing.reminder_cases import response


def history(seed: int, weeks: int = 420) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Documents expiring and applications drawn from the shipped passport timing."""
    random = np.random.default_rng(seed)
    season = 1 + 0.5 * np.sin(np.arange(weeks) / 52 * 2 * np.pi)
    issued = (400 * season * random.gamma(8, 1 / 8, weeks)).astype(int)
    weights = planted()
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


def planted() -> np.ndarray:
    return response().timing_of("passport", "18-34").weights()


@pytest.fixture(scope="module")
def found() -> Estimate:
    return estimate_timing("passport", *history(0))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_planted_renewal_timing_is_recovered_from_history(seed: int) -> None:
    (timing,) = estimate_timing("passport", *history(seed)).timings()
    assert np.abs(timing.weights() - planted()).sum() < 0.2
    assert timing.renews.low < 0.85 < timing.renews.high
    assert timing.source == "estimated from 381 weeks of expiries and applications"


def test_the_table_holds_shares_between_their_bounds_that_add_up(
    found: Estimate,
) -> None:
    table = found.table()
    weight = table["weight"].to_numpy()
    assert (table["low"] <= table["weight"]).all()
    assert (table["weight"] <= table["high"]).all()
    left = 1 - np.concatenate([[0.0], np.cumsum(weight)[:-1]])
    assert table["hazard"].to_numpy() == pytest.approx(weight / left)
    assert weight.sum() == pytest.approx(found.weights.sum(axis=2).mean())


def test_most_weights_lie_in_their_interval_and_those_are_not_wide(
    found: Estimate,
) -> None:
    table = found.table()
    low, high = table["low"].to_numpy(), table["high"].to_numpy()
    inside = (low <= planted()) & (planted() <= high)
    assert inside.mean() >= 0.8
    assert (high - low).mean() < 0.6 * planted().mean()


def test_intervals_hold_the_truth_of_nearly_all_of_eight_worlds() -> None:
    """Ten summaries each, of which nine in ten should be right; the bench counts 100."""
    answers = [
        answer
        for seed in range(8)
        for answer in recovery.timing(np.random.default_rng([9, seed]), banded=False)
    ]
    right = [low <= truth <= high for _, truth, low, high in answers]
    assert 0.78 <= np.mean(right) <= 0.99


def test_each_band_has_a_timing_of_its_own_where_applications_tell_the_age() -> None:
    world = make_history(np.random.default_rng(4), banded=True)
    found = estimate_timing("planted", world.issued, world.applications)
    means = (found.weights @ LAGS) / found.weights.sum(axis=2)
    truth = (world.weights @ LAGS) / world.weights.sum(axis=1)
    low, high = np.quantile(means, (0.01, 0.99), axis=0)
    assert ((low <= truth) & (truth <= high)).all()
    assert found.bands == ("18-64", "65+")
    alone = estimate_timing(
        "planted",
        world.issued.filter(age_band="18-64").drop("age_band"),
        world.applications.filter(age_band="18-64").drop("age_band"),
    )
    assert alone.weights.mean(axis=0)[0] == pytest.approx(
        found.weights.mean(axis=0)[0], abs=0.004
    )


def test_a_jump_is_found_where_it_is_told_that_there_may_be_one() -> None:
    """A letter of another authority 19 weeks ahead: nobody before it, many after."""
    weights = np.where(LAGS < -19, 0.0005, 0.8 * np.exp(-0.08 * (LAGS + 19)))
    weights = np.where(LAGS >= -19, 0.8 * weights / weights[LAGS >= -19].sum(), weights)
    random = np.random.default_rng(3)
    issued = random.integers(100, 900, 420)
    mean = 20.0 + np.array(
        [issued[week - LAGS] @ weights for week in range(13, 420 - 26)]
    )
    days = [date(2015, 1, 5) + timedelta(weeks=i) for i in range(420)]
    tables = (
        pl.DataFrame({"week": days, "count": issued}),
        pl.DataFrame({"week": days[13:-26], "count": random.poisson(mean)}),
    )
    told, untold = (
        estimate_timing("licence", *tables, breaks=breaks).weights.mean(axis=0)[0]
        for breaks in ((-19, 0), (0,))
    )
    at = np.flatnonzero(LAGS == -20)[0]
    assert told[at] < 0.005
    assert told[at + 1] > 0.04
    assert np.abs(told - weights).sum() < np.abs(untold - weights).sum()


def test_the_same_seed_gives_the_same_draws_and_another_nearly_the_same() -> None:
    tables = history(1, weeks=200)
    first, again = (estimate_timing("p", *tables, seed=5) for _ in range(2))
    other = estimate_timing("p", *tables, seed=6)
    assert (first.weights == again.weights).all()
    mean, deviation = first.weights.mean(axis=0), first.weights.std(axis=0)
    assert (np.abs(other.weights.mean(axis=0) - mean) < deviation).all()


def test_slopes_of_the_posterior_are_those_of_its_values() -> None:
    """By central differences, of two rows at once and of both bands."""
    random = np.random.default_rng(0)
    model = Convolution(
        random.uniform(10, 90, (2, 100, len(LAGS))),
        random.poisson(60, 100).astype(float),
        np.arange(100.0),
        (-19,),
    )
    rows = model.prior[0] + 0.3 * random.standard_normal((2, model.size))
    price = np.array([5.0, 80.0])
    _, slopes = model.logs(rows, price, 1.7)
    for place in range(model.size):
        step = np.zeros(model.size)
        step[place] = 1e-5
        ends = [model.logs(rows + s * step, price, 1.7)[0] for s in (1, -1)]
        assert (ends[0] - ends[1]) / 2e-5 == pytest.approx(
            slopes[:, place], rel=1e-3, abs=1e-3
        )


def test_a_short_history_gives_no_timing() -> None:
    issued, applications = history(0, weeks=100)
    with pytest.raises(InputError, match="at least 80 weeks"):
        estimate_timing("passport", issued, applications)


def test_weeks_that_are_missing_are_left_out_not_taken_for_zero() -> None:
    issued, applications = history(2)
    gap = applications.filter(pl.col("week").dt.year() != 2019)
    (timing,) = estimate_timing("passport", issued, gap).timings()
    assert np.abs(timing.weights() - planted()).sum() < 0.2
    assert timing.source.startswith("estimated from 329 weeks")
