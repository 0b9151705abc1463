"""Months with a collapse and a recovery: what the forecast makes of them."""

from functools import cache

import numpy as np
import polars as pl
import pytest

import forecasting
from forecasting.intervals import conformal
from forecasting.intervals.monthly import MonthSpread
from forecasting.models.levels import SeasonalLevels
from forecasting.models.month_season import month_effects
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray, Series, as_date
from forecasting.tuning import load_tuning

TUNING = load_tuning()
MONTHS = np.arange("2012-01", "2024-01", dtype="datetime64[M]")
COLLAPSE = int(np.searchsorted(MONTHS, np.datetime64("2020-03")))
SEASON = 0.3 * np.sin(2 * np.pi * np.arange(12) / 12)


def course(back: int = 18) -> FloatArray:
    """Relative demand: 15% for three months, then 60%, and whole after `back` months."""
    share = np.ones(MONTHS.size)
    share[COLLAPSE : COLLAPSE + 3] = 0.15
    share[COLLAPSE + 3 : COLLAPSE + back] = 0.6
    return share


def made(share: FloatArray, level: float = 20_000.0) -> pl.DataFrame:
    rng = np.random.default_rng(7)
    noise = rng.normal(0, 0.04, MONTHS.size)
    mean = level * share * np.exp(np.resize(SEASON, MONTHS.size) + noise)
    starts = MONTHS.astype("datetime64[D]")
    return pl.DataFrame(
        {"series": "passports", "start": starts, "count": rng.poisson(mean)}
    )


@cache
def said(until: int) -> pl.DataFrame:
    """Forecast from the first `until` months beside what came."""
    history = made(course())
    answer = forecasting.forecast(history.head(until), horizon=12)
    return answer.join(history.rename({"count": "actual"}), on=["series", "start"])


def relative_width(answer: pl.DataFrame) -> float:
    return float(((answer["q95"] - answer["q05"]) / answer["q50"]).to_numpy().mean())


def past_of(counts: FloatArray, starts: DayArray) -> Past:
    return Past(Series("s", starts, counts), "month", {}, (), {})


def test_four_months_after_a_recovery_the_forecast_is_back_at_the_level_and_covers():
    answer = said(COLLAPSE + 18 + 4)
    mean, actual = (answer[name].to_numpy().sum() for name in ("mean", "actual"))
    off = mean / actual - 1
    assert abs(off) < 0.1
    inside = answer["actual"].is_between(answer["q05"], answer["q95"])
    assert inside.to_numpy().mean() >= 0.9


def test_a_collapse_of_the_last_months_is_not_extrapolated_below_them():
    answer = said(COLLAPSE + 3)
    last = np.resize(SEASON, MONTHS.size)[COLLAPSE + 3 : COLLAPSE + 15]
    low = 20_000 * 0.15 * np.exp(last)
    assert (answer["q50"].to_numpy() > low).all()
    assert (answer["q05"].to_numpy() > 0.3 * low).all()


def test_a_collapse_of_the_last_months_opens_the_intervals_up():
    assert relative_width(said(COLLAPSE + 3)) > 2 * relative_width(said(COLLAPSE))


def test_a_collapse_leaves_the_season_as_it_was():
    until = COLLAPSE + 30
    whole = np.ones(MONTHS.size)
    effects = [
        month_effects(
            np.log(made(share)["count"].to_numpy()[:until]), np.arange(until) % 12, 5.0
        )
        for share in (whole, course())
    ]
    assert np.abs(effects[0] - SEASON).max() < 0.06
    assert np.abs(effects[1] - effects[0]).max() < 0.06


def test_levels_and_season_without_noise_are_told_exactly_across_a_gap():
    counts = 5000 * np.exp(np.resize(SEASON, MONTHS.size))
    known = np.ones(120, dtype=bool)
    known[50:54] = False
    starts = MONTHS.astype("datetime64[D]")
    past = past_of(counts[:120][known], starts[:120][known])
    answer = SeasonalLevels(TUNING.levels).predict(past, starts[120:132])
    assert answer == pytest.approx(counts[120:132], rel=0.03)


def test_levels_want_two_years_of_months():
    starts, way = MONTHS.astype("datetime64[D]"), SeasonalLevels(TUNING.levels)
    assert not way.suits(past_of(np.ones(23), starts[:23]))
    assert way.suits(past_of(np.ones(24), starts[:24]))
    assert not way.suits(past_of(np.zeros(24), starts[:24]))


def missed(errors: FloatArray, origins: int) -> pl.DataFrame:
    """Errors (log scale) of as many origins a year apart, each a year ahead."""
    years = np.datetime64("2000-01-01") + 365 * np.arange(origins)
    return pl.DataFrame(
        {
            "origin": np.repeat(years, errors.size // origins),
            "ahead": np.full(errors.size, 365),
            "mean": np.full(errors.size, 1e6),
            "actual": 1e6 * np.exp(errors),
        }
    )


def wanted(ahead: list[int], apart: float) -> pl.DataFrame:
    """A thousand expected each time, by methods that lie so far apart."""
    return pl.DataFrame({"ahead": ahead, "mean": 1000.0, "apart": apart})


def test_what_methods_differ_by_comes_on_top_of_what_they_missed():
    errors = np.random.default_rng(1).normal(0, 0.1, 12 * 300)
    agreed = missed(errors, 300).with_columns(apart=pl.lit(0.0))
    spread = MonthSpread.of(agreed, TUNING.intervals.months)
    at_one, apart = (
        np.log(spread.quantiles(wanted([365], apart=each))[0, -1] / 1000)
        for each in (0.0, 0.3)
    )
    assert at_one == pytest.approx(0.1645, rel=0.1)
    assert spread.usual == pytest.approx(0.1, rel=0.15)
    # Variances add up.
    both = (spread.usual**2 + 0.3**2) ** 0.5
    assert apart == pytest.approx(at_one / spread.usual * both, rel=1e-3)


def test_errors_that_disagreement_announced_are_not_usual():
    quiet = np.random.default_rng(1).normal(0, 0.05, 48)
    loud = np.concatenate([quiet[:36], 8 * quiet[36:]])
    told = missed(loud, 4).with_columns(apart=np.repeat([0.0, 0.4], [36, 12]))
    tuning = TUNING.intervals.months
    usual = MonthSpread.of(missed(quiet, 4), tuning).distances
    announced = MonthSpread.of(told, tuning).distances
    unannounced = MonthSpread.of(missed(loud, 4), tuning).distances
    assert announced[-1] < 1.1 * usual[-1]
    assert unannounced[-1] > 1.3 * usual[-1]


def test_with_many_origins_the_spread_of_months_is_that_of_their_errors():
    errors = np.random.default_rng(1).normal(0, 0.4, 12 * 300)
    tuning = TUNING.intervals.months.model_copy(update={"half_life_days": 1e6})
    spread = MonthSpread.of(missed(errors, 300), tuning)
    # Quantiles of the normal law times the standard deviation.
    assert spread.distances == pytest.approx([0.27, 0.513, 0.658], rel=0.08)


def test_what_all_origins_missed_alike_is_no_bias_to_expect_again():
    spread = MonthSpread.of(missed(np.full(48, 0.5), 4), TUNING.intervals.months)
    counts = spread.quantiles(wanted([365], apart=0.0))[0]
    assert counts[3] == pytest.approx(1000.0)
    assert counts[0] * counts[-1] == pytest.approx(1e6)


@pytest.mark.parametrize(("level", "told"), [(10_000.0, True), (5.0, False)])
def test_only_months_of_large_counts_go_by_factors(level: float, told: bool):
    def rows(first: int, actual: list[float]) -> pl.DataFrame:
        starts = MONTHS[first + 1 : first + 13].astype("datetime64[D]")
        origin = MONTHS[first].astype("datetime64[D]")
        ahead = (starts - origin).astype(int)
        frame = pl.DataFrame({"start": starts, "ahead": ahead, "mean": [level] * 12})
        return frame.with_columns(
            pl.lit("s").alias("series"),
            pl.lit(as_date(origin)).alias("origin"),
            pl.Series("actual", actual, dtype=pl.Float64),
        )

    rng = np.random.default_rng(5)
    past = [rows(at, rng.poisson(1.3 * level, 12).tolist()) for at in (0, 6, 12)]
    answer = conformal(pl.concat(past), rows(24, [level] * 12), TUNING.intervals)
    even = answer["q05"].to_numpy() * answer["q95"].to_numpy()
    assert (even == pytest.approx(level**2)) is told


def test_months_further_ahead_are_less_sure():
    spread = MonthSpread.of(missed(np.full(12, 0.1), 1), TUNING.intervals.months)
    counts = spread.quantiles(wanted([31, 365], apart=0.0))
    assert np.ptp(counts[1]) > 1.3 * np.ptp(counts[0])
