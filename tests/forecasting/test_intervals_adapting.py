import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from forecasting.intervals import conformal
from forecasting.tuning import IntervalTuning, load_tuning
from tests.forecasting.earlier_forecasts import inside, made

TUNING = load_tuning().intervals
STEADY = TUNING.model_copy(update={"adapt_rate": 0.0, "half_life_days": 1e6})
QUICK = STEADY.model_copy(update={"adapt_rate": 0.5})


def world(rng: np.random.Generator, noise: list[float], name: str) -> pl.DataFrame:
    """Origins of which each has its own relative noise."""
    mean = np.full((len(noise), 28), 500.0)
    spread = np.array(noise)[:, None]
    return made(
        mean, np.round(mean * np.exp(spread * rng.standard_normal(mean.shape))), name
    )


def covered(noise: list[float], tuning: IntervalTuning) -> float:
    """Coverage of the last origin, over many series judged one by one."""
    rng, parts = np.random.default_rng(1), []
    for number in range(16):
        frame = world(rng, noise, f"s{number}")
        last = pl.col("origin") == frame["origin"].max()
        parts.append(conformal(frame.filter(~last), frame.filter(last), tuning))
    return inside(pl.concat(parts))


def test_when_noise_doubles_the_interval_widens_until_it_holds_again():
    doubled = [0.1] * 10 + [0.2] * 8
    without, by_age, adaptive = (
        covered(doubled, tuning) for tuning in (STEADY, TUNING, QUICK)
    )
    assert without < 0.82
    assert by_age > without + 0.04
    assert 0.86 <= adaptive <= 0.94


def test_when_noise_halves_the_interval_narrows():
    halved = [0.2] * 10 + [0.1] * 4
    assert covered(halved, QUICK) < covered(halved, STEADY)


def test_where_nothing_drifts_adapting_changes_little():
    steady = [0.15] * 12
    assert covered(steady, TUNING) == pytest.approx(covered(steady, STEADY), abs=0.03)
    assert 0.86 <= covered(steady, TUNING) <= 0.94


def test_a_range_of_adaptation_without_a_tenth_is_refused():
    known = TUNING.model_dump()
    with pytest.raises(ValidationError, match="adapt_range"):
        IntervalTuning.model_validate({**known, "adapt_range": (0.2, 0.3)})
