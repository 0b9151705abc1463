import numpy as np
import polars as pl
import pytest
from scipy import stats

from forecasting.accuracy import pinball
from forecasting.intervals import conformal
from forecasting.intervals.law import CountLaw
from forecasting.tables import QUANTILE_NAMES, QUANTILES
from forecasting.tuning import load_tuning
from tests.forecasting.earlier_forecasts import inside, made, negative_binomial

TUNING = load_tuning().intervals
NORMAL = np.asarray(stats.norm.ppf(QUANTILES))


def law(mean: list[float], phi: float, small: float = 20.0) -> CountLaw:
    return CountLaw(np.array(mean), np.full(len(mean), phi), whole=True, small=small)


def test_quantiles_of_small_counts_are_those_of_the_negative_binomial():
    mean = [0.05, 0.3, 1.0, 3.0, 12.0, 19.9]
    for phi in (0.001, 0.1, 0.8, 4.0):
        found = law(mean, phi).quantiles(np.tile(NORMAL, (len(mean), 1)))
        for row, value in zip(found, mean, strict=True):
            true = np.asarray(
                stats.nbinom.ppf(QUANTILES, 1 / phi, 1 / (1 + phi * value))
            )
            assert row.tolist() == true.tolist()


def test_quantiles_of_large_counts_come_near_the_negative_binomial():
    phi, value = 0.06, 400.0
    found = law([value], phi).quantiles(NORMAL[None, :])[0]
    true = np.asarray(stats.nbinom.ppf(QUANTILES, 1 / phi, 1 / (1 + phi * value)))
    assert found == pytest.approx(true, rel=0.01)


@pytest.mark.parametrize("mean", [0.3, 2.0, 15.0, 300.0])
def test_scores_of_counts_under_their_own_law_are_standard_normal(mean):
    rng = np.random.default_rng(5)
    counts = negative_binomial(rng, np.full(20_000, mean), 0.2)
    scores = law([mean] * counts.size, 0.2).scores(counts).ravel()
    below = [(scores <= knot).mean() for knot in NORMAL]
    step = (counts == np.median(counts)).mean() / 5
    assert below == pytest.approx(QUANTILES, abs=0.008 + step)


def test_scores_and_quantiles_of_amounts_scale_with_them():
    amounts = CountLaw(np.array([3.5, 70.0]), np.full(2, 0.1), whole=False, small=20.0)
    larger = CountLaw(np.array([3500.0, 7e4]), amounts.phi, whole=False, small=20.0)
    steps = np.tile(NORMAL, (2, 1))
    assert larger.quantiles(steps) == pytest.approx(1000 * amounts.quantiles(steps))


@pytest.mark.parametrize("level", [0.3, 0.8, 1.5, 3.0])
def test_small_counts_get_whole_quantiles_near_the_best_there_are(level):
    """The loss is within 3% of that of the law the counts were drawn from."""
    rng, phi = np.random.default_rng(7), 0.15
    mean = level * rng.uniform(0.5, 1.5, (60, 28))
    frame = made(mean, negative_binomial(rng, mean, phi))
    known, new = frame.slice(0, 6 * 28), frame.slice(6 * 28)
    answer = conformal(known, new, TUNING)
    counts = answer.select(QUANTILE_NAMES).to_numpy()
    assert (counts == np.round(counts)).all()
    assert inside(answer) > 0.89
    means = new["mean"].to_numpy()[:, None]
    true = np.asarray(stats.nbinom.ppf(QUANTILES, 1 / phi, 1 / (1 + phi * means)))
    columns = zip(QUANTILE_NAMES, true.T, strict=True)
    best = answer.with_columns(pl.Series(name, values) for name, values in columns)
    loss, least = (f.select(pinball().mean()).item() for f in (answer, best))
    assert loss <= 1.03 * least


def test_the_median_of_a_skewed_count_lies_below_its_mean_where_it_belongs():
    rng, phi = np.random.default_rng(8), 0.8
    mean = np.full((12, 28), 100.0)
    frame = made(mean, negative_binomial(rng, mean, phi))
    answer = conformal(frame, frame.head(1), TUNING)
    true = np.asarray(stats.nbinom.ppf(0.5, 1 / phi, 1 / (1 + phi * 100)))
    assert true < 80
    assert answer["q50"][0] == pytest.approx(true, rel=0.12)


def test_a_mean_of_zero_is_answered_by_zeros():
    rng = np.random.default_rng(9)
    mean = np.full((4, 28), 5.0)
    frame = made(mean, negative_binomial(rng, mean, 0.1))
    answer = conformal(frame, frame.head(1).with_columns(mean=pl.lit(0.0)), TUNING)
    assert answer.select(QUANTILE_NAMES).row(0) == (0.0,) * 7


def test_days_shut_in_a_series_of_amounts_leave_the_open_days_alone():
    rng = np.random.default_rng(10)
    mean = np.tile([20.5] * 6 + [0.0], (8, 4))
    frame = made(mean, mean * rng.lognormal(0.0, 0.2, mean.shape))
    answer = conformal(frame, frame.head(1), TUNING)
    assert 11 < answer["q05"][0] < 17
    assert 25 < answer["q95"][0] < 35
