import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.errors import InputError
from forecasting.sampling import samples, sum_quantiles
from forecasting.tables import QUANTILE_NAMES, QUANTILES, split_series
from tests.forecasting.drawn_worlds import forecast_of, series_of

GROUPS = ["series", "start", "week", "month", "location", "service", "step", "channel"]


def by_hand(drawn: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The sums of a frame of samples, written out."""
    named = drawn.with_columns(split_series().alias("part")).unnest("part").with_columns(
        week=pl.col("start").dt.truncate("1w"), month=pl.col("start").dt.truncate("1mo")
    )  # fmt: skip
    sums = named.group_by(*by, "sample").agg(pl.col("count").sum())
    return sums.sort(*by, "sample")


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from(GROUPS), unique=True, max_size=3),
    st.integers(1, 40),
    st.integers(1, 25),
    st.integers(0, 5),
)
def test_sums_are_the_sums_of_the_samples(by, days, n, seed):
    law = forecast_of(series_of(2, 2, 2), days)
    found = sum_quantiles(law, by, n, seed)
    expected = by_hand(samples(law, n, seed), by)
    cube = expected["count"].to_numpy().reshape(-1, n)
    assert found.height == cube.shape[0]
    table = found.select(QUANTILE_NAMES).to_numpy()
    assert table == pytest.approx(np.quantile(cube, QUANTILES, axis=1).T)
    assert found["mean"].sum() == pytest.approx(law["mean"].sum())
    assert found.columns == [*by, "mean", *QUANTILE_NAMES]


def test_a_frame_of_samples_is_added_up_as_it_is():
    law = forecast_of(series_of(2, 2), 21)
    drawn = samples(law, 30, 3)
    one, other = (
        sum_quantiles(drawn, ["week"], 1, 0),
        sum_quantiles(law, ["week"], 30, 3),
    )
    assert one["week"].to_list() == other["week"].to_list()
    for name in QUANTILE_NAMES:
        assert one[name].to_list() == pytest.approx(other[name].to_list())


def test_the_sum_over_one_series_and_day_is_its_forecast():
    law = forecast_of(["a"], 5)
    found = sum_quantiles(law, ["series", "start"], 4000, 1)
    for name in QUANTILE_NAMES:
        assert found[name].to_list() == pytest.approx(law[name].to_list(), rel=0.03)


def test_quantiles_of_sums_never_cross_and_are_never_negative():
    law = forecast_of(series_of(3), 30, mean=0.7, cv=0.9).with_columns(
        pl.col(QUANTILE_NAMES).clip(0.0)
    )
    table = sum_quantiles(law, ["week"], 50, 1).select(QUANTILE_NAMES).to_numpy()
    assert (table >= 0).all()
    assert (np.diff(table, axis=1) >= 0).all()


def test_columns_of_the_forecast_itself_can_be_added_up_by():
    law = forecast_of(["a", "b"], 4).with_columns(desk=pl.lit("front"))
    assert sum_quantiles(law, ["desk"], 10, 1)["mean"].to_list() == [800.0]


def test_an_unknown_group_is_refused():
    with pytest.raises(InputError, match="planet"):
        sum_quantiles(forecast_of(["a"]), ["planet"], 5, 1)


def test_nothing_adds_up_to_nothing():
    assert sum_quantiles(forecast_of(["a"]).clear(), ["week"], 5, 1).is_empty()
