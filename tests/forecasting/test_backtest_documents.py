"""Backtests that know documents: what expires takes part, as it was known by then."""

from datetime import date, timedelta

import polars as pl
import pytest

import forecasting
from forecasting.errors import InputError
from forecasting.models.expiry.standing import standing_at
from tests.forecasting.expiry_cases import CATALOGUE, PASSPORT, TUNING, town

ORIGIN = date(2014, 10, 31)
"""Nothing of this backtest looks at documents later: it ends two months before the end."""


@pytest.fixture(scope="module")
def world() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Applications per month of 2013 and 2014, and the stocks of every quarter."""
    demand, stocks = town(weeks=104)
    months = demand.group_by(pl.col("start").dt.truncate("1mo")).agg(
        pl.col("count").sum()
    )
    history = months.sort("start").with_columns(series=pl.lit("passport"))
    return history.select("series", "start", "count"), stocks


def judged(history: pl.DataFrame, expiries: pl.DataFrame | None = None) -> pl.DataFrame:
    return forecasting.backtest(history, horizon=2, origins=1, expiries=expiries)


@pytest.fixture(scope="module")
def told(world):
    return judged(*world)


def test_a_backtest_tries_the_methods_that_know_the_documents(world, told):
    assert {"expiry", "last_year_documents"} <= set(told["method"])
    blind = judged(world[0])
    assert "expiry" not in set(blind["method"])
    best, alone = (table.filter("chosen")["pinball"][0] for table in (told, blind))
    assert best != alone


def test_a_stock_of_a_later_day_changes_nothing_of_an_earlier_origin(world, told):
    history, stocks = world
    later = pl.col("as_of") > ORIGIN
    assert stocks.filter(later).height
    changed = stocks.with_columns(
        pl.when(later).then(pl.col("count") * 9).otherwise("count").alias("count"),
        pl.when(later).then(pl.lit("all")).otherwise("age_band").alias("age_band"),
    )
    assert judged(history, changed).equals(told)


def test_a_stock_of_the_weekend_after_is_not_yet_known(world):
    """The week ends on Friday for requests, but not for what was counted on Sunday."""
    history, stocks = world
    sunday = stocks["as_of"].unique().sort()[-1]
    friday = sunday - timedelta(days=2)
    known = [
        standing_at(history, stocks, PASSPORT, CATALOGUE, day, TUNING.expiry)
        for day in (friday, sunday)
    ]
    seen = [len(one.stocks.stocks) for one in known if one is not None]
    assert seen[1] == seen[0] + 1


def test_expiries_that_no_series_follows_are_refused_in_a_backtest_too(world):
    history, stocks = world
    two = pl.concat([history.with_columns(series=pl.lit(name)) for name in "ab"])
    with pytest.raises(InputError, match="none names one of: passport"):
        judged(two, stocks)
