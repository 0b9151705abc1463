from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

import forecasting
from forecasting.errors import InputError
from forecasting.records import RunRecord
from forecasting.runs import RunKey
from forecasting.sampling import dependence_of, samples
from forecasting.tables import QUANTILE_NAMES, QUANTILES, StoredForecast
from forecasting.workspace import Workspace
from tests.forecasting.drawn_worlds import TUNING, forecast_of, judged, series_of
from tests.forecasting.earlier_forecasts import origins_of


def counts_of(drawn: pl.DataFrame, n: int) -> np.ndarray:
    """Counts of one series, of shape (samples, periods)."""
    return drawn.sort("sample", "start")["count"].to_numpy().reshape(n, -1)


def test_every_day_of_the_samples_has_the_quantiles_and_the_mean_of_the_forecast():
    skewed = forecast_of(["a"], 3).with_columns(
        pl.col(name) * factor for name, factor in zip(QUANTILE_NAMES[4:], (1.1, 1.2, 1.5), strict=True)
    )  # fmt: skip
    skewed = skewed.with_columns(mean=pl.lit(112.0))
    drawn = samples(skewed, 20_000, 1)
    for row in skewed.iter_rows(named=True):
        counts = drawn.filter(pl.col("start") == row["start"])["count"].to_numpy()
        expected = [row[name] for name in QUANTILE_NAMES]
        assert np.quantile(counts, QUANTILES) == pytest.approx(expected, rel=0.02)
        assert counts.mean() == pytest.approx(112.0, rel=0.01)


@pytest.mark.parametrize(
    ("quantiles", "mean"),
    [
        ((0, 0, 0, 0, 1, 1, 2), 0.4),
        ((0, 0, 0, 1, 2, 3, 4), 1.3),
        ((0,) * 6 + (1,), 0.06),
    ],
)
def test_samples_of_whole_quantiles_are_whole_and_keep_the_mean(quantiles, mean):
    columns = dict(zip(QUANTILE_NAMES, map(float, quantiles), strict=True))
    one = forecast_of(["a"], 1).with_columns(
        mean=pl.lit(mean), **{name: pl.lit(value) for name, value in columns.items()}
    )
    counts = samples(one, 20_000, 2)["count"].to_numpy()
    assert (counts == np.round(counts)).all()
    assert counts.mean() == pytest.approx(mean, abs=0.06)
    for level, value in zip(QUANTILES, quantiles, strict=True):
        assert (counts <= value).mean() >= level - 0.01
        assert (counts < value).mean() <= level + 0.01


def test_the_same_seed_draws_the_same_and_another_seed_does_not():
    law = forecast_of(["a", "b"])
    assert samples(law, 5, 1).equals(samples(law, 5, 1))
    assert not samples(law, 5, 1).equals(samples(law, 5, 2))


def test_draws_of_a_series_do_not_depend_on_the_series_beside_it():
    names = series_of(3, 2)
    every = samples(forecast_of(names), 6, 1)
    for name in names[::2]:
        alone = samples(forecast_of([name]), 6, 1)
        assert every.filter(pl.col("series") == name).equals(alone)


def test_draws_of_a_day_do_not_depend_on_where_the_forecast_begins():
    law = forecast_of(["a"], 200)
    late = law.filter(pl.col("start") >= law["start"][90])
    both = samples(law, 4, 1).join(
        samples(late, 4, 1), on=["series", "start", "sample"]
    )
    assert both.height == 110 * 4
    assert (both["count"] == both["count_right"]).all()


def test_more_draws_begin_with_the_fewer():
    law = forecast_of(["a"], 100)
    few, many = samples(law, 3, 1), samples(law, 8, 1)
    assert many.filter(pl.col("sample") < 3).equals(few)


def test_rows_in_another_order_draw_the_same():
    law = forecast_of(["a", "b"])
    mixed = law.sample(fraction=1.0, shuffle=True, seed=3)
    assert samples(mixed, 5, 1).equals(samples(law, 5, 1))


@pytest.mark.parametrize("every", ["1w", "1mo"])
def test_weeks_and_months_keep_their_correlation_with_the_next(every):
    law = forecast_of(["a"], 24)
    monday_and_first = date(2027, 2, 1)
    starts = pl.date_range(monday_and_first, date(2029, 6, 1), every, eager=True)[:24]
    table = measured(shared=0.0, next_period=0.6)
    drawn = samples(law.with_columns(start=starts), 3000, 1, dependence=table)
    counts = counts_of(drawn, 3000)
    pairs = [np.corrcoef(counts[:, i], counts[:, i + 1])[0, 1] for i in range(23)]
    assert np.mean(pairs) == pytest.approx(0.6, abs=0.07)


def measured(**changed: float) -> pl.DataFrame:
    """A table of dependence for series `a` without any factors."""
    base = judged(
        np.random.default_rng(0), ["a"], 2, shared=0.2, next_period=0.2, town=0
    )
    none = {c: 0.0 for c in dependence_of(base, TUNING).columns if c[-5:] != "igins"}
    table = dependence_of(base, TUNING)
    del none["series"]
    values = none | {"factor_next_period": 0.2} | changed
    return table.with_columns(
        pl.lit(value).alias(name) for name, value in values.items()
    )


def test_days_of_one_draw_have_the_correlations_of_the_table():
    table = measured(shared=0.3, next_period=0.5)
    counts = counts_of(samples(forecast_of(["a"]), 6000, 1, dependence=table), 6000)
    found = np.corrcoef(counts.T)
    for lag, expected in ((1, 0.3 + 0.7 * 0.5), (2, 0.3 + 0.7 * 0.25), (15, 0.3)):
        assert np.diag(found, lag).mean() == pytest.approx(expected, abs=0.02)


def test_slots_of_a_day_are_drawn_too():
    law = forecast_of(["a"], 12)
    start = pl.datetime(2026, 11, 23, 9) + pl.duration(minutes=15) * pl.int_range(12)
    drawn = samples(law.with_columns(start=start), 3, 1)
    assert drawn.height == 36
    assert drawn["count"].is_finite().all()


def test_a_stored_run_is_drawn_with_the_dependence_it_stored(workspace: Workspace, now):
    record = stored(workspace, now, {"dependence": measured(shared=0.95)})
    drawn = forecasting.samples(record, 200, 1, workspace=workspace)
    counts = counts_of(drawn, 200)
    assert np.corrcoef(counts.T)[0, 20] > 0.9
    without = samples(forecast_of(["a"]), 200, 1)
    assert np.corrcoef(counts_of(without, 200).T)[0, 20] < 0.6


def test_a_run_stored_without_dependence_is_drawn_with_the_assumed(
    workspace: Workspace, now
):
    drawn = samples(stored(workspace, now, {}), 5, 1, workspace=workspace)
    assert drawn.equals(samples(forecast_of(["a"]), 5, 1))


def stored(workspace: Workspace, now, more: dict[str, pl.DataFrame]) -> RunRecord:
    law = forecast_of(["a"]).with_columns(cadence=pl.lit("day"), method=pl.lit("blend"))
    forecast = StoredForecast.validate(law.select(StoredForecast.column_names()))
    key = RunKey("forecast", "c", (), {}, 0)
    return workspace.store(key, {"forecast": forecast, **more}, {}, now=now)


def test_what_cannot_be_drawn_is_refused_in_one_line(workspace: Workspace, now):
    law = forecast_of(["a"])
    with pytest.raises(InputError, match="n >= 1"):
        samples(law, 0, 1)
    with pytest.raises(InputError, match="columns q95"):
        samples(law.drop("q95"), 5, 1)
    with pytest.raises(InputError, match="workspace"):
        samples(stored(workspace, now, {}), 5, 1)


def test_a_forecast_without_rows_gives_no_samples():
    drawn = samples(forecast_of(["a"]).clear(), 5, 1)
    assert drawn.columns == ["series", "start", "sample", "count"]
    assert drawn.is_empty()


def test_the_cases_stand_on_days_apart():
    assert origins_of(2)[1] - origins_of(2)[0] == timedelta(days=28)
