"""Made-up work of many locations and skills, and the futures of its days."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from forecasting.calendar import SLOT
from staffing.workload import DayFutures, SlotWorkload

MONDAY = datetime(2027, 1, 11, 8, tzinfo=UTC)
SLOTS = 36
"""Nine hours open."""


def slot_work(pairs: list[tuple[str, str]], days: int, *, seed: int) -> pl.DataFrame:
    """A `SlotWorkload`: loads log-uniform from a quarter to fifty Erlang, a busy morning.

    A counter has half of its visits planned; handling times and noise differ by slot.
    """
    rng = np.random.default_rng(seed)
    shape = 1 + 0.5 * np.sin(np.linspace(0, 2 * np.pi, SLOTS))
    level = np.exp(rng.uniform(np.log(0.25), np.log(50), len(pairs)))
    starts = [
        MONDAY + timedelta(days=7 * (day // 5) + day % 5) + i * SLOT
        for day in range(days)
        for i in range(SLOTS)
    ]
    parts = [
        _pair(location, skill, starts, np.tile(shape, days) * level[i], rng)
        for i, (location, skill) in enumerate(pairs)
    ]
    return SlotWorkload.validate(pl.concat(parts))


def _pair(
    location: str,
    skill: str,
    starts: list[datetime],
    load: np.ndarray,
    rng: np.random.Generator,
) -> pl.DataFrame:
    handling = rng.uniform(0.9, 1.1, load.size) * (240 if skill == "phone" else 600)
    contacts = load * 900 / handling
    booked = 0.0 if skill == "phone" else 0.5
    return pl.DataFrame(
        {
            "location": location,
            "skill": skill,
            "start": starts,
            "day": [start.date() for start in starts],
            "walk_ins": contacts * (1 - booked),
            "booked": contacts * booked,
            "handling_s": handling,
            "handling_cv": rng.uniform(0.6, 1.1, load.size),
            "noise_cv": rng.uniform(0.05, 0.15, load.size),
            "comes": 1.0,
            "late_s": 0.0,
            "late_sd_s": 0.0,
            "load": load,
            "waits": False,
        }
    ).with_columns(pl.col("start").dt.cast_time_unit("us"))


def day_futures(slots: pl.DataFrame, samples: int, *, seed: int) -> pl.DataFrame:
    """Factors of mean 1 and spread 0.15 for every location, skill and day."""
    rng = np.random.default_rng(seed)
    days = slots.select("location", "skill", "day").unique(maintain_order=True)
    factor = rng.lognormal(0, 0.15, (days.height, samples))
    factor /= factor.mean(axis=1, keepdims=True)
    every = days.with_columns(
        pl.lit(np.arange(samples).tolist()).alias("sample"),
        pl.Series("factor", factor.tolist()),
    ).explode("sample", "factor")
    return DayFutures.validate(every.select(DayFutures.column_names()), cast=True)
