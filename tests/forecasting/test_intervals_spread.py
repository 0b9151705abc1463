import numpy as np
import polars as pl
import pytest

from forecasting.intervals import conformal
from forecasting.tuning import load_tuning
from tests.forecasting.earlier_forecasts import (
    Numbers,
    inside,
    made,
    negative_binomial,
)

TUNING = load_tuning().intervals


def widths(answer: pl.DataFrame) -> pl.DataFrame:
    return answer.with_columns((pl.col("q95") - pl.col("q05")).alias("width"))


def noisy(spread: Numbers, seed: int = 3, origins: int = 10) -> pl.DataFrame:
    """Days with a mean of 200 and relative noise `spread` by day ahead."""
    rng = np.random.default_rng(seed)
    mean = np.full((origins, spread.size), 200.0)
    shape = 1 / spread**2
    rate = mean * rng.gamma(shape, 1 / shape, mean.shape)
    return made(mean, rng.poisson(rate).astype(float))


def test_a_weekday_that_strays_further_has_wider_intervals():
    spread = np.tile([0.1, 0.1, 0.1, 0.1, 0.4, 0.1, 0.1], 4)
    frame = noisy(spread)
    answer = widths(conformal(frame, frame.tail(7), TUNING))
    wild = answer.filter(pl.col("ahead") % 7 == 5)["width"].item()
    assert wild > 1.5 * answer.filter(pl.col("ahead") % 7 == 1)["width"].item()


def test_holidays_are_less_sure_and_make_no_other_day_so():
    spread = np.full(28, 0.1)
    spread[9] = 0.6
    frame = noisy(spread).with_columns(holiday=pl.col("ahead") == 10)
    answer = widths(conformal(frame, frame.tail(28), TUNING))
    usual = np.median(answer.filter(~pl.col("holiday"))["width"].to_numpy())
    assert answer.filter("holiday")["width"].item() > 2 * usual
    blind = widths(conformal(frame.drop("holiday"), frame.tail(28), TUNING))
    assert np.median(blind["width"].to_numpy()) > usual


def test_without_a_holiday_lived_through_the_assumed_spread_stands():
    frame = noisy(np.full(28, 0.2)).with_columns(holiday=pl.lit(value=False))
    both = pl.concat([frame.tail(1), frame.tail(1).with_columns(holiday=True)])
    usual, day_off = widths(conformal(frame, both, TUNING))["width"]
    assert day_off / usual == pytest.approx(TUNING.holiday_spread**0.5, rel=0.25)


@pytest.mark.parametrize(("years", "wider"), [(9, 1.3), (1, 0.95)])
def test_a_part_of_the_year_that_strays_further_has_wider_intervals(years, wider):
    """Once it did so in several years: one year alone tells nothing of a season."""
    rng = np.random.default_rng(4)
    mean = np.full((13 * years - 1, 28), 200.0)
    frame = made(mean, mean)
    wild = frame["start"].dt.quarter().to_numpy() == 2
    shape = 1 / np.where(wild, 0.4, 0.1) ** 2
    actual = rng.poisson(200.0 * rng.gamma(shape, 1 / shape)) * 1.0
    frame = frame.with_columns(pl.Series("actual", actual))
    quarter = pl.col("start").dt.quarter().alias("quarter")
    answer = widths(conformal(frame, frame.tail(28 * 12), TUNING)).group_by(quarter)
    width = dict(answer.agg(pl.col("width").mean()).iter_rows())
    others = max(width[1], width[3], width[4])
    assert wider * others < width[2]
    assert years > 1 or width[2] < 1.05 * others


def test_errors_further_ahead_widen_the_interval_further_ahead():
    rng = np.random.default_rng(5)
    ahead = np.arange(1, 183)
    mean = np.full((12, 182), 300.0)
    drift = rng.standard_normal((12, 1)) * np.where(ahead > 91, 0.3, 0.03)
    frame = made(mean, np.round(mean * np.exp(drift)))
    answer = widths(conformal(frame, frame.tail(182), TUNING))
    near, far = answer["width"][5], answer["width"][150]
    assert far > 1.5 * near


@pytest.mark.parametrize("wander", [0.0, 0.02])
def test_intervals_hold_about_nine_in_ten_of_new_outcomes(wander):
    """Means of the last weeks; a level that stands still, and one that wanders."""
    rng, spots = np.random.default_rng(6), []
    for number in range(30):
        level = 60 * np.exp(np.cumsum(rng.normal(0, wander, 28 * 8)))
        counts = negative_binomial(rng, level, 0.05).reshape(8, 28)
        mean = np.repeat(counts[:-1].mean(axis=1), 28).reshape(7, 28)
        frame = made(mean, counts[1:], f"s{number}")
        latest = pl.col("origin") == frame["origin"].max()
        spots.append(conformal(frame.filter(~latest), frame.filter(latest), TUNING))
    assert 0.86 <= inside(pl.concat(spots)) <= 0.94


def test_the_order_of_rows_does_not_matter():
    frame = noisy(np.full(28, 0.2))
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=1)
    one, other = (conformal(past, frame.tail(28), TUNING) for past in (frame, mixed))
    assert one.equals(other)


def test_months_have_no_weekday_of_their_own():
    days = pl.date_range(pl.date(2020, 1, 1), pl.date(2022, 12, 1), "1mo", eager=True)
    rng = np.random.default_rng(2)
    frame = pl.DataFrame(
        {
            "series": "a",
            "origin": days.dt.truncate("1y").dt.offset_by("-1d"),
            "start": days,
            "ahead": (days.dt.ordinal_day() + 0).cast(pl.Int32),
            "mean": 1000.0,
            "actual": rng.poisson(1000, days.len()) * 1.0,
        }
    )
    wanted = frame.tail(3).with_columns(ahead=pl.lit(30, pl.Int32))
    answer = widths(conformal(frame, wanted, TUNING))
    assert answer["width"].n_unique() == 1
