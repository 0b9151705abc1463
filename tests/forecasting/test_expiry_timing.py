from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.insight_tables import Issued, Outlook, RenewalTiming
from forecasting.models.expiry import (
    estimate_timing,
    exposures,
    issued,
    outlook,
    renewal_timing,
    standings,
)
from forecasting.models.expiry.stocks import checked_expiries
from tests.forecasting.expiry_cases import (
    BANDS,
    CATALOGUE,
    FIRST,
    PASSPORT,
    TUNING,
    town,
    true_weights,
)

KNOWN = FIRST + timedelta(weeks=313, days=-1)


@pytest.fixture(scope="module")
def lived():
    return town()


@pytest.fixture(scope="module")
def known(lived):
    demand, stocks = lived
    return standings(demand, stocks, CATALOGUE, KNOWN, TUNING.expiry)


@pytest.fixture(scope="module")
def rebuilt(lived):
    return standings(lived[0], None, CATALOGUE, KNOWN, TUNING.expiry)


def test_timing_is_recovered_from_what_left_between_stocks(known):
    timing = known["passport"].estimate.rates.timing
    assert known["passport"].stocks.bands.labels == BANDS
    assert timing.renews == pytest.approx([0.75, 0.85, 0.6], rel=0.05)
    true = true_weights()[:, 1] / 0.85
    assert np.abs(timing.shape - true).sum() < 0.15


def test_timing_is_recovered_from_documents_issued_and_applications_alone():
    rng = np.random.default_rng(4)
    number = 420
    cohorts = rng.poisson(8000 * rng.uniform(0.5, 1.5, number)).astype(float)
    weight = true_weights()[:, 1]
    weeks = np.arange(60, number - 40)
    expected = [cohorts[week - 60 : week + 41][::-1] @ weight for week in weeks]
    counts = rng.poisson(np.array(expected) + 1200)
    start = date(2015, 1, 5)
    weekly = pl.DataFrame(
        {
            "week": [start + timedelta(weeks=int(week)) for week in weeks],
            "count": counts,
        }
    )
    stock = pl.DataFrame(
        {
            "as_of": start,
            "service": "passport",
            "expiry_week": [start + timedelta(weeks=i) for i in range(number)],
            "age_band": "all",
            "district": "all",
            "basis": "issued",
            "count": cohorts.astype(int),
        }
    )
    assumed = TUNING.expiry.assumed("passport")
    nobody_loses = assumed.model_copy(update={"lost_a_year": 1e-6})
    tuning = TUNING.expiry.model_copy(update={"document": (nobody_loses,)})
    found = estimate_timing(weekly, stock, PASSPORT, tuning)
    low, high = found.interval()
    inside = (weight >= low[:, 0]) & (weight <= high[:, 0])
    shape = found.rates.timing.shape
    assert shape[32:40].sum() == pytest.approx(weight[32:40].sum() / 0.85, rel=0.15)
    assert shape[:40].sum() == pytest.approx(0.75, abs=0.1)
    assert inside[20:60].mean() > 0.7


def test_an_interval_of_a_weight_is_wider_with_less_history(lived, known):
    demand, stocks = lived
    short = stocks.filter(pl.col("as_of") > KNOWN - timedelta(days=200))
    few = standings(demand, short, CATALOGUE, KNOWN, TUNING.expiry)["passport"]
    widths = [
        float((high - low)[20:60, 1].mean())
        for low, high in (
            few.estimate.interval(),
            known["passport"].estimate.interval(),
        )
    ]
    assert widths[0] > 1.2 * widths[1]


def test_a_backtest_sees_no_later_stock_and_no_later_count(lived):
    demand, stocks = lived
    day, until = KNOWN - timedelta(weeks=52), KNOWN + timedelta(weeks=60)
    whole = exposures(demand, stocks, CATALOGUE, [day, KNOWN], until, TUNING)
    cut = exposures(
        demand.filter(pl.col("start") <= day),
        stocks.filter(pl.col("as_of") <= day),
        CATALOGUE,
        [day],
        until,
        TUNING,
    )
    one, other = whole["passport"][0], cut["passport"][0]
    assert one.known_at == other.known_at == day
    assert one.weekly.tobytes() == other.weekly.tobytes()
    assert whole["passport"][1].weekly.tobytes() != one.weekly.tobytes()


def test_exposure_follows_what_was_applied_for_and_falls_when_the_law_says(lived):
    demand, stocks = lived
    until = KNOWN + timedelta(weeks=104)
    found = exposures(demand, stocks, CATALOGUE, [KNOWN], until, TUNING)["passport"][0]
    counts = demand["count"].to_numpy()
    past = found.weekly[60 : counts.size]
    assert np.corrcoef(past, counts[60:])[0, 1] > 0.75
    assert np.abs(past - counts[60:]).sum() / counts[60:].sum() < 0.08
    assert found.weekly[counts.size + 40 : counts.size + 90].mean() < 0.6 * past.mean()


def test_the_outlook_adds_up_and_is_less_sure_of_a_rebuilt_stock(known, rebuilt):
    one, other = (outlook(found, TUNING, seed=0) for found in (known, rebuilt))
    for frame in (one, other):
        assert Outlook.validate(frame).height == 120
        parts = frame.select(pl.sum_horizontal("renewals", "lost", "first", "echo"))
        assert parts.to_series().to_numpy() == pytest.approx(frame["mean"].to_numpy())
    assert one["basis"].unique().to_list() == ["stock"]
    assert other["basis"].unique().to_list() == ["history"]
    assert one["start"][0] == date(2019, 2, 1)
    width = [
        float(((frame["q95"] - frame["q05"]) / frame["mean"]).to_numpy()[12:60].mean())
        for frame in (one, other)
    ]
    assert width[1] > width[0]
    assert one.equals(outlook(known, TUNING, seed=0))
    assert not one.equals(outlook(known, TUNING, seed=1))


def test_a_rebuilt_stock_knows_the_dip_and_the_crest_of_the_law(lived, rebuilt):
    frame = outlook(rebuilt, TUNING, seed=0)
    yearly = frame.group_by(pl.col("start").dt.year()).agg(pl.col("mean").sum())
    mean = dict(yearly.iter_rows())
    last = lived[0].filter(pl.col("start").dt.year() == 2018)["count"].sum()
    assert mean[2021] < 0.75 * last
    assert mean[2025] > 1.3 * mean[2021]


def test_weeks_name_the_month_in_which_what_they_renew_was_issued(known):
    table = Issued.validate(issued(known, 60, TUNING))
    first = table.filter(pl.col("week") == pl.col("week").min())
    years = first["issued"].dt.year()  # five years back: none was valid for ten then
    assert years.is_in([2013, 2014]).all()
    top = first.sort("share")["issued"][-1]
    assert abs((top - date(2014, 1, 7)).days) < 100
    shares = table.group_by("week").agg(pl.col("share").sum())["share"]
    assert (shares < 1.0).all()


def test_the_table_of_timing_holds_shares(known):
    table = RenewalTiming.validate(renewal_timing(known, seed=0))
    by_band = table.group_by("age_band").agg(pl.col("weight").sum())
    assert (by_band["weight"] < 1).all()
    assert (table["low"] <= table["high"]).all()
    assert table["lag"].min() == -40
    assert table["lag"].max() == 60


def test_a_history_too_short_to_rebuild_a_stock_gives_none(lived):
    demand = lived[0].filter(pl.col("start") >= KNOWN - timedelta(weeks=150))
    assert standings(demand, None, CATALOGUE, KNOWN, TUNING.expiry) == {}


@pytest.mark.parametrize(
    "column", ["as_of", "service", "expiry_week", "age_band", "basis", "count"]
)
def test_a_missing_column_of_expiries_is_named(lived, column):
    with pytest.raises(InputError, match=f"column '{column}'"):
        checked_expiries(lived[1].drop(column))


def test_wrong_expiries_are_one_clear_line(lived):
    odd = lived[1].with_columns(basis=pl.lit("renewed"))
    with pytest.raises(InputError, match="issued or outstanding"):
        checked_expiries(odd)
    with pytest.raises(InputError, match="count from 0 to"):
        checked_expiries(lived[1].with_columns(count=pl.lit(-1)))
