"""A first export of expiries: what is refused, and what a good one brings untested."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting import forecast
from forecasting.backtesting import settle
from forecasting.models.counts import CountRegression
from forecasting.models.expiry.applications import of_weeks
from forecasting.models.expiry.exposing import exposure_of, exposure_values
from forecasting.models.expiry.judging import judged
from forecasting.models.expiry.standing import Standing, refused
from forecasting.models.expiry.stocks import Stocks, stocks_of
from forecasting.models.expiry.weeks import monday_of, week_of
from forecasting.models.protocol import Past
from forecasting.pipeline import run_forecast
from forecasting.pipeline.spoken import spoken
from forecasting.pipeline.unused import said_of_stocks, stocks_not_used
from forecasting.series.panel import Series
from forecasting.tuning import ExpiryTuning
from tests.forecasting.expiry_cases import CATALOGUE, FIRST, PASSPORT, TUNING, town
from tests.forecasting.pipeline_cases import NOW, contacts, workspace_with
from tests.forecasting.small_home import bring
from tests.forecasting.test_expiry_exposing import START, WEEKS, lived
from tests.forecasting.test_expiry_forecast import answers

BEGIN, AS_OF = date(2022, 1, 3), date(2025, 7, 27)
LONG = (AS_OF - BEGIN).days // 7 + 1
STEPS = TUNING.expiry.steps


def flat(seed: int = 0) -> pl.DataFrame:
    """Three and a half years of 300 applications a week."""
    counts = np.random.default_rng(seed).poisson(300, LONG)
    starts = [BEGIN + timedelta(weeks=week) for week in range(LONG)]
    return pl.DataFrame({"series": "passport", "start": starts, "count": counts})


def export(first: date, weeks: int, count: float, as_of: date = AS_OF) -> pl.DataFrame:
    """Outstanding documents, as many in each of some weeks."""
    listed = [first + timedelta(weeks=week) for week in range(weeks)]
    return pl.DataFrame(
        {
            "as_of": [as_of] * weeks,
            "service": ["passport"] * weeks,
            "expiry_week": listed,
            "age_band": ["18-64"] * weeks,
            "basis": ["outstanding"] * weeks,
            "count": [count] * weeks,
        }
    )


MONDAY = date(2025, 7, 28)
PARTS = {
    "nothing": export(MONDAY, 520, 0.0),
    "only what expired years ago": export(date(2021, 1, 4), 20, 400.0),
    "one far row": export(date(2999, 1, 7), 1, 5.0),
    "one week of twelve": export(date(2026, 1, 5), 1, 12.0),
    "one week of very many": export(date(2025, 8, 11), 1, 40000.0),
    "one near week of as many as usual": export(date(2025, 8, 11), 1, 5000.0),
    "another town's": export(MONDAY, 520, 3000.0),
}
WHOLE = export(MONDAY - timedelta(weeks=26), 546, 300.0)


def judge(demand: pl.DataFrame, expiries: pl.DataFrame, as_of: date = AS_OF):
    return refused(demand, expiries, CATALOGUE, as_of, TUNING.expiry)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_an_export_is_refused_and_named(part):
    (one,) = judge(flat(), PARTS[part])
    low, high = TUNING.expiry.explained
    assert (one.service, one.as_of) == ("passport", AS_OF)
    assert not low <= one.explains <= high or part.startswith("one near")


def test_a_whole_export_is_used_and_a_part_that_comes_after_it_is_not():
    assert judge(flat(), WHOLE) == ()
    later = AS_OF + timedelta(days=28)
    both = pl.concat([WHOLE, export(date(2026, 1, 5), 1, 12.0, as_of=later)])
    (one,) = judge(flat(), both, later)
    assert one.as_of == later
    assert one.explains < 0.1


def test_where_nobody_applied_nothing_can_be_refused():
    none = flat().with_columns(count=pl.lit(0))
    assert judge(none, PARTS["one week of twelve"]) == ()


def test_a_town_that_counts_one_desk_of_many_keeps_the_stocks_that_tell_its_share():
    demand, stocks = town()
    desk = demand["count"].to_numpy() * 0.05
    weeks = week_of(FIRST) + np.arange(desk.size)
    every = stocks_of(stocks, "passport")
    left, without = judged(every, of_weeks(weeks, desk), PASSPORT, TUNING.expiry)
    assert (left, without) == (every, ())
    alone = Stocks(every.bands, every.stocks[-1:])
    left, (one,) = judged(alone, of_weeks(weeks, desk), PASSPORT, TUNING.expiry)
    assert left is None
    assert one.explains > 3


@pytest.mark.parametrize("part", ["nothing", "one week of very many"])
def test_a_forecast_with_a_refused_export_is_the_forecast_without(part):
    without = forecast(flat(), horizon=26)
    assert forecast(flat(), horizon=26, expiries=PARTS[part]).equals(without)


@pytest.mark.parametrize("counted", [0.4, 1.0, 2.5])
def test_the_coming_weeks_of_a_lone_stock_go_on_from_the_past_year(counted):
    known, season = lived()
    counts = known.applications.weekly * counted / season
    lone = Standing(
        **{
            **vars(known),
            "applications": of_weeks(known.applications.weeks, counts),
            "stocks": Stocks(known.stocks.bands, known.stocks.stocks[-1:]),
        }
    )
    weeks = START + np.arange(WEEKS + 52)
    found = exposure_values(lone, weeks, TUNING.expiry)
    plain = counts / known.estimate.rates.season_of(lone.applications.weeks)
    height = found[WEEKS : WEEKS + 4].mean() / plain[-52:].mean()
    smoothed = found[26 : WEEKS - 26] / np.convolve(plain, np.ones(53) / 53, "valid")
    assert smoothed == pytest.approx(height, rel=1e-6)


BLIND = {"last_year": 30.0, "nb_glm": 30.0}
BOTH = {**BLIND, "last_year_documents": 12.0, "expiry": 10.0}


def before(methods: dict[str, float]) -> pl.DataFrame:
    """Two earlier origins, with outcomes near 30."""
    each = [
        answers(methods, ahead=(7, 14, 21)).with_columns(
            pl.col("origin", "start").dt.offset_by(f"-{back}d"),
            actual=pl.lit(outcome),
        )
        for back, outcome in ((28, 27.0), (56, 33.0))
    ]
    return pl.concat(each)


def asked(methods: dict[str, float]) -> pl.DataFrame:
    return answers(methods, ahead=(7, 14)).with_columns(actual=pl.lit(None, pl.Float64))


def test_methods_never_tested_share_with_the_tested_as_they_count_beforehand():
    found = settle(before(BLIND), asked(BOTH), TUNING)
    told = (0.05 * 12 + 10) / 1.05
    assert found["mean"].to_list() == pytest.approx([(30 + told) / 2] * 2)


def test_the_interval_holds_that_of_the_tested_and_what_the_untested_say():
    found = settle(before(BLIND), asked(BOTH), TUNING)
    tested = settle(before(BLIND), asked(BLIND), TUNING)
    assert (found["q95"] >= tested["q95"]).all()
    assert (found["q05"] < 10).all()
    assert found["q25"][0] <= found["q50"][0] <= found["q75"][0]


def test_once_tested_the_methods_told_of_documents_stand_for_the_others():
    found = settle(before(BOTH), asked(BOTH), TUNING)
    assert found["mean"].to_numpy().max() < 13


def test_a_good_first_export_brings_the_dip_nearer_in_every_town():
    for seed in (1, 2):
        demand, stocks = town(weeks=364, seed=seed)
        known = demand.slice(130, 182)
        newest = stocks.filter(pl.col("as_of") == FIRST + timedelta(weeks=312, days=-1))
        came = demand.slice(312, 52)["count"].to_numpy()
        errors = [
            np.abs(forecast(known, horizon=52, expiries=e)["mean"].to_numpy() - came)
            for e in (newest, None)
        ]
        assert errors[0].sum() < 0.8 * errors[1].sum()


def test_a_refused_stock_is_said_with_the_run_and_with_its_series():
    unused = judge(flat(), PARTS["nothing"])
    base = {"series": 1, "horizon_days": 7, "wape": None, "wape_last_year": None}
    text = spoken({**base, "stocks_not_used": stocks_not_used(unused)})
    expected = "The stock of passport of 2025-07-27 explains 0% of its applications"
    assert expected in text
    names = ["hall/passport/application/walk_in", "hall/licence/application/walk_in"]
    assert said_of_stocks(unused, names, STEPS) == {
        names[0]: [("stock not used", "2025-07-27")]
    }


@pytest.mark.parametrize("wrong", [(1.2, 3.0), (0.2, 0.9), (-0.1, 2.0)])
def test_a_range_of_what_is_explained_holds_one(wrong):
    values = TUNING.expiry.model_dump() | {"explained": wrong}
    with pytest.raises(ValueError, match="explained"):
        ExpiryTuning.model_validate(values)


def test_a_run_with_a_part_of_an_export_says_so_and_forecasts_as_without(tmp_path):
    visits = contacts().filter(pl.col("service") == "passport")
    workspace = workspace_with(tmp_path / "home", visits, "sequential")
    without = run_forecast(workspace, now=NOW)
    file = tmp_path / "expiries.csv"
    rows = "2026-11-02;Paspoort;2027-01-04;30-44;X;outstanding;12"
    names = "Peildatum;Document;Week van afloop;Leeftijdsklasse;Wijk;Soort;Aantal"
    file.write_text(f"{names}\n{rows}\n", encoding="utf-8")
    bring(workspace, file, "registry_expiries")
    run = run_forecast(workspace, now=NOW + timedelta(hours=1))
    unused, told = run.figures["stocks_not_used"], run.figures["notices"]
    assert isinstance(unused, list)
    assert isinstance(told, dict)
    assert [(one["service"], one["as_of"]) for one in unused] == [
        ("passport", "2026-11-02")
    ]
    assert list(told) == ["stock not used"]
    assert run.figures["level_shifts"] == without.figures["level_shifts"]
    said, before = (
        workspace.table(each, "forecast").collect() for each in (run, without)
    )
    assert said.equals(before)


@pytest.mark.parametrize("ratio", [0.5, 1.6])
def test_beside_a_lone_stock_a_shift_of_level_is_not_turned_round(ratio):
    known, _ = lived()
    axis, half = known.applications.weeks, WEEKS - 40
    rng = np.random.default_rng(1)
    per_day = np.where(np.arange(WEEKS) < half, 60.0, 60.0 * ratio)
    lone = Standing(
        **{
            **vars(known),
            "applications": of_weeks(axis, 5 * per_day),
            "stocks": Stocks(known.stocks.bands, known.stocks.stocks[-1:]),
        }
    )
    day = monday_of(START + WEEKS)
    exposure = exposure_of(
        lone, day - timedelta(days=1), day + timedelta(weeks=20), TUNING.expiry
    )
    starts = np.datetime64(monday_of(START)) + np.arange(7 * WEEKS)
    starts = starts[np.arange(starts.size) % 7 < 5]
    counts = rng.poisson(np.repeat(per_day, 5)).astype(np.float64)
    series = Series("passport", starts, counts)
    past = Past(series, "day", {}, exposure=exposure)
    shifts = CountRegression(TUNING.glm, exposed=True).level_shifts(past)
    assert all((shift.ratio < 1) == (ratio < 1) for shift in shifts)
