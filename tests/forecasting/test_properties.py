"""What must hold for every history, through the public forecast."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import forecasting
from forecasting.calendar import public_holidays
from forecasting.models import pooled
from forecasting.tables import QUANTILE_NAMES, QUANTILES

NUMBERS = ("mean", *QUANTILE_NAMES)
KEYS = ["series", "start"]
NAMES = ("north/passport/application/appointment", "south/licence/question/phone")
few = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
seeds = some.integers(0, 10_000)


def history(
    seed: int, names=NAMES, level: float = 12.0, closed: frozenset[int] = frozenset()
) -> pl.DataFrame:
    """Eleven weeks with a weekday pattern and a slow wave; some weekdays closed."""
    rng = np.random.default_rng(seed)
    days = [date(2026, 3, 2) + timedelta(days=i) for i in range(77)]
    days = [day for day in days if day.weekday() < 6 and day.weekday() not in closed]
    wave = 1 + 0.2 * np.sin(np.arange(len(days)) / 9 + seed)
    week = rng.uniform(0.6, 1.4, 7)[[day.weekday() for day in days]]
    rows = [
        pl.DataFrame(
            {"series": n, "start": days, "count": rng.poisson(m * wave * week)}
        )
        for n, m in zip(names, level * rng.uniform(0.2, 2, len(names)), strict=True)
    ]
    return pl.concat(rows)


def apart(one: pl.DataFrame, other: pl.DataFrame, columns=NUMBERS) -> float:
    """The largest relative difference."""
    left, right = (frame.select(columns).to_numpy() for frame in (one, other))
    return float(np.max(np.abs(left - right) / np.maximum(right, 1e-9)))


@few
@given(seed=seeds)
def test_the_order_of_rows_is_irrelevant(seed):
    rows = history(seed)
    shuffled = rows.sample(fraction=1.0, shuffle=True, seed=seed)
    expected = forecasting.forecast(rows, horizon=14)
    assert forecasting.forecast(shuffled, horizon=14).equals(expected)


@few
@given(seed=seeds, factor=some.integers(2, 20))
def test_many_times_the_counts_are_as_many_times_forecast(seed, factor):
    """Poisson noise does not scale, so for hundreds a day, and within two per cent."""
    rows = history(seed, level=800.0)
    more = rows.with_columns(pl.col("count") * factor)
    scaled = forecasting.forecast(rows, horizon=14).with_columns(
        pl.col(NUMBERS) * factor
    )
    answer = forecasting.forecast(more, horizon=14)
    assert apart(answer, scaled, ("mean",)) < 0.02
    assert apart(answer, scaled) < 0.06


@few
@given(seed=seeds, closed=some.frozensets(some.integers(0, 5), min_size=1, max_size=4))
def test_closed_days_are_never_forecast(seed, closed):
    book = public_holidays("NL")
    rows = history(seed, closed=closed)
    rows = rows.filter(~pl.col("start").map_elements(book.__contains__, pl.Boolean))
    answer = forecasting.forecast(rows, horizon=28)
    assert set(answer["start"].dt.weekday() - 1) == set(range(6)) - closed
    assert not [day for day in answer["start"] if day in book]


@few
@given(seed=seeds)
def test_the_same_seed_gives_the_same_bytes(seed):
    rows = history(seed)
    first = forecasting.forecast(rows, horizon=14, seed=seed)
    pooled._kept.cache_clear()
    again = forecasting.forecast(rows, horizon=14, seed=seed)
    assert first.write_ipc(None).getvalue() == again.write_ipc(None).getvalue()
    drawn = [forecasting.samples(first, 5, seed) for _ in range(2)]
    assert drawn[0].write_ipc(None).getvalue() == drawn[1].write_ipc(None).getvalue()
    assert not forecasting.samples(first, 5, seed + 1).equals(drawn[0])


@few
@given(seed=seeds)
def test_a_series_of_another_kind_hardly_matters(seed):
    """Weights and intervals lean a little on all series; means within one per cent."""
    rows = history(seed, level=60.0)
    other = history(seed + 1, names=("east/tax/letter/online",))
    expected = forecasting.forecast(rows, horizon=14)
    answer = forecasting.forecast(pl.concat([rows, other]), horizon=14)
    mine = answer.filter(pl.col("series").is_in(NAMES))
    assert apart(mine, expected, ("mean",)) < 0.01
    assert apart(mine, expected) < 0.15


@few
@given(seed=seeds)
def test_sums_of_samples_are_the_sums_of_the_forecast(seed):
    """Draws agree with every period's quantiles, and a total is the sum of its parts."""
    answer = forecasting.forecast(history(seed, level=40.0), horizon=14)
    drawn = forecasting.samples(answer, 1000, seed)
    count = pl.col("count")
    read = [
        count.quantile(level, "linear").alias(f"drawn {name}")
        for level, name in zip(QUANTILES, QUANTILE_NAMES, strict=True)
    ]
    wide = drawn.group_by("series", "start").agg(*read).join(answer, on=KEYS)
    off = [(pl.col(f"drawn {name}") - pl.col(name)).abs() for name in QUANTILE_NAMES]
    spread = pl.col("q95") - pl.col("q05")
    assert wide.select(pl.max_horizontal(off) / spread).max().item() < 0.15
    whole = drawn.group_by("sample").agg(count.sum()).sort("sample")["count"]
    parts = drawn.group_by("sample", "series").agg(count.sum())
    summed = parts.group_by("sample").agg(count.sum()).sort("sample")["count"]
    assert summed.to_numpy() == pytest.approx(whole.to_numpy())
    low, high = np.quantile(whole.to_numpy(), [0.05, 0.95])
    assert 0 < high - low <= 1.05 * answer.select(spread.sum()).item()
