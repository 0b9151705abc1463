"""Made-up earlier forecasts with what came: origins, means, counts."""

from datetime import date, timedelta

import numpy as np
import polars as pl

FIRST = date(2025, 1, 6)
SPACING = 28
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def origins_of(number: int) -> list[date]:
    """Mondays, four weeks apart."""
    return [FIRST + timedelta(days=SPACING * i) for i in range(number)]


def made(mean: Numbers, actual: Numbers, name: str = "a") -> pl.DataFrame:
    """A frame of forecasts and outcomes of shape (origins, days ahead)."""
    origins, days = mean.shape
    first = np.array(origins_of(origins), dtype="datetime64[D]")
    ahead = np.arange(1, days + 1)
    return pl.DataFrame(
        {
            "series": name,
            "origin": np.repeat(first, days),
            "start": (first[:, None] + ahead).ravel(),
            "ahead": np.tile(ahead, origins).astype(np.int32),
            "actual": actual.ravel(),
            "mean": mean.ravel(),
        }
    )


def negative_binomial(rng: np.random.Generator, mean: Numbers, phi: float) -> Numbers:
    """Counts of variance `mean + phi mean^2`."""
    rate = mean * rng.gamma(1 / phi, phi, mean.shape) if phi else mean
    return rng.poisson(rate).astype(float)


def inside(frame: pl.DataFrame) -> float:
    """The share of outcomes from q05 to q95."""
    share = frame["actual"].is_between(frame["q05"], frame["q95"]).mean()
    assert isinstance(share, float)
    return share
