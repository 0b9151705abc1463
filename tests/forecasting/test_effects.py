"""Elections, the pool of occasions, and the regression with a drifting level."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.catalogue import Catalogue
from forecasting.models.counts import CountRegression
from forecasting.models.effects import effects_of
from forecasting.models.effects.drifting import DRIFTS, _at, fit, smooth_level
from forecasting.models.effects.elections import BEFORE, POLLING, election_effects
from forecasting.models.effects.occasions import next_one
from forecasting.models.effects.openness import open_days_of
from forecasting.models.effects.polling import polling_days
from forecasting.models.protocol import Past
from forecasting.policy import load_policy
from forecasting.series.knowndays import Known
from forecasting.series.panel import Panel, Series
from forecasting.settings import shipped
from forecasting.tuning import EffectTuning, load_tuning
from tests.benches.forecast.planted import calendar
from tests.benches.forecast.planted_worlds import VOTES, voting_world

TUNING = load_tuning().effects
CATALOGUE = load_policy(shipped("config", "config") / "catalogue.toml", Catalogue)
KNOWN = calendar()
NO_ELECTIONS = Known(KNOWN.holidays, (), KNOWN.school)


def working(years: int, seed: int, mean: float, rise: float = 1.0) -> Series:
    """Working days up to October 2026, raised in the days before elections."""
    days = np.arange(
        np.datetime64("2026-10-31") - 365 * years, np.datetime64("2026-10-31")
    )
    days = days[np.is_busday(days)]
    ahead = [
        (days >= np.datetime64(vote - timedelta(days=13)))
        & (days < np.datetime64(vote))
        for vote in VOTES
    ]
    factor = np.where(np.any(ahead, axis=0), rise, 1.0)
    counts = np.random.default_rng(seed).poisson(mean * factor).astype(float)
    return Series("a", days, counts)


def rows_of(series: Series, known: Known = KNOWN) -> dict[str, tuple[float, ...]]:
    rows = election_effects("a", open_days_of([series]), known, TUNING)
    return {row.detail: (row.ratio, row.low, row.high, row.evidence) for row in rows}


@pytest.mark.parametrize("rise", [0.8, 1.3])
def test_the_effect_of_elections_is_found_with_its_own_sign(rise: float):
    ratio, low, high, evidence = rows_of(working(10, 1, 40, rise))[BEFORE]
    assert low < rise < high
    assert (low > 1) == (rise > 1)
    assert abs(np.log(ratio / rise)) < 0.05
    assert evidence == sum(vote > date(2016, 11, 15) for vote in VOTES)


def test_the_forecast_goes_by_the_same_effect():
    series = working(6, 1, 40, 1.3)
    ahead = (("election", date(2026, 11, 4), date(2026, 11, 18)),)
    before = tuple(("election", a, b - timedelta(days=1)) for _, a, b in KNOWN.events)
    past = Past(series, "day", KNOWN.holidays, (*before, *ahead), KNOWN.school)
    future = np.array(["2026-11-10"], dtype="datetime64[D]")
    told = CountRegression(load_tuning().glm).explain(past, future)["event election"]
    _, low, high, _ = rows_of(series)[BEFORE]
    assert low < np.exp(told[0]) < high


def test_where_elections_do_nothing_an_effect_is_seldom_claimed():
    worlds = [
        voting_world(np.random.default_rng([5, i]), effect=False) for i in range(20)
    ]
    found = [rows_of(world.series) for world in worlds]
    alarms = [not row[1] <= 1 <= row[2] for rows in found for row in rows.values()]
    assert len(alarms) == 40
    assert sum(alarms) <= 8


def test_the_interval_holds_what_the_next_election_does():
    worlds = [voting_world(np.random.default_rng([6, i])) for i in range(20)]
    held = [rows_of(world.series)[BEFORE] for world in worlds]
    within = [
        low <= world.before <= high
        for world, (_, low, high, _) in zip(worlds, held, strict=True)
    ]
    assert 15 <= sum(within) <= 20


def test_polling_day_stands_apart_from_the_days_before():
    plain = working(10, 2, 40, 1.3)
    votes = np.isin(plain.starts, np.array(VOTES, dtype="datetime64[D]"))
    quiet = Series("a", plain.starts, np.where(votes, plain.counts // 2, plain.counts))
    rows = rows_of(quiet)
    assert rows[POLLING][2] < 0.75
    assert rows[BEFORE][1] > 1.15


def test_the_days_before_do_not_weigh_on_the_level_of_polling_day():
    days = open_days_of([working(10, 3, 400, 2.0)])
    spans = [(vote - timedelta(days=13), vote) for vote in VOTES if vote.year > 2017]
    effects, _, _ = polling_days(days, NO_ELECTIONS, spans, TUNING)
    assert np.abs(effects).max() < 0.2


@pytest.mark.parametrize(
    ("series", "known"),
    [
        (working(10, 1, 40), NO_ELECTIONS),
        (
            working(10, 1, 40),
            Known({}, (("fair", date(2024, 5, 1), date(2024, 5, 9)),)),
        ),
        (
            working(10, 1, 40),
            Known({}, (("election", date(2030, 5, 1), date(2030, 5, 9)),)),
        ),
        (
            working(1, 1, 40),
            Known({}, (("election", date(2010, 5, 1), date(2010, 5, 9)),)),
        ),
        (working(10, 1, 0.05), calendar()),
        (Series("a", working(1, 1, 9).starts[:60], np.ones(60)), calendar()),
    ],
)
def test_what_was_never_seen_or_too_little_has_no_row(series: Series, known: Known):
    assert rows_of(series, known) == {}


def test_holidays_far_off_and_gaps_of_a_year_leave_finite_effects():
    whole = working(10, 4, 20, 1.3)
    gap = (whole.starts < np.datetime64("2020-02-01")) | (
        whole.starts > np.datetime64("2021-02-01")
    )
    rows = rows_of(Series("a", whole.starts[gap], whole.counts[gap]))
    assert all(np.isfinite(row).all() for row in rows.values())
    assert rows[BEFORE][1] < 1.3 < rows[BEFORE][2]


def test_the_regression_is_generalised_least_squares_of_the_differences():
    rng = np.random.default_rng(1)
    place = np.delete(np.arange(60.0), [20, 21, 40])
    columns, response = rng.normal(size=(57, 2)), rng.normal(size=57).cumsum()
    noise = rng.uniform(0.5, 2, 57)
    _, found, covariance, *_ = _at(response, columns, noise, place, 0.3)
    apart = np.diff(np.eye(57), axis=0)
    spread = apart @ np.diag(noise) @ apart.T + 0.3 * np.diag(np.diff(place))
    weight = np.linalg.inv(spread)
    x, y = apart @ columns, apart @ response
    wanted = np.linalg.solve(x.T @ weight @ x, x.T @ weight @ y)
    rest = y - x @ wanted
    scale = rest @ weight @ rest / (56 - 2)
    assert found == pytest.approx(wanted, rel=1e-6)
    assert covariance == pytest.approx(
        scale * np.linalg.inv(x.T @ weight @ x), rel=1e-6
    )


def test_the_level_is_the_best_guess_given_all_counts():
    rng = np.random.default_rng(2)
    response, place = rng.normal(size=30).cumsum(), np.arange(30.0)
    noise = rng.uniform(0.5, 2, 30)
    noise /= noise.mean()
    found = fit(response, np.empty((30, 0)), noise, place)
    ties = np.diff(np.eye(30), axis=0)
    prior = ties.T @ ties / found.likeliest.drift
    wanted = np.linalg.solve(np.diag(1 / noise) + prior, response / noise)
    assert smooth_level(found, response, noise, place) == pytest.approx(wanted)


@pytest.mark.parametrize("drift", [0.0, 0.3])
def test_errors_are_as_large_as_they_say_whether_the_level_drifts_or_not(drift: float):
    rng = np.random.default_rng(3)
    off: list[float] = []
    for _ in range(60):
        columns = rng.normal(size=(120, 2)).cumsum(axis=0)
        level = rng.normal(0, drift, 120).cumsum()
        response = columns @ [0.5, -1.0] + level + rng.normal(size=120)
        found = fit(response, columns, np.ones(120), np.arange(120.0))
        errors = np.sqrt(np.diag(found.covariance))
        off.extend((found.coefficients - [0.5, -1.0]) / errors)
    assert 0.75 < np.std(off) < 1.25
    assert DRIFTS[0] < DRIFTS[-1]


def test_the_next_occasion_is_less_sure_than_any_pooled_mean():
    effects, errors = np.full(6, 0.2), np.full(6, 0.01)
    centre, low, high = next_one(effects, errors, 0.1)
    assert centre == pytest.approx(0.2, abs=1e-3)
    assert high - low > 2 * 1.645 * 0.01 / np.sqrt(6)
    one = next_one(effects[:1], errors[:1], 0.1)
    assert one[2] - one[1] > high - low


def test_the_next_occasion_lies_in_its_interval_nine_times_in_ten():
    rng, held = np.random.default_rng(4), []
    for _ in range(200):
        apart = abs(rng.normal(0, 0.2))
        errors = rng.uniform(0.05, 0.2, 5)
        seen = rng.normal(rng.normal(0.3, apart, 5), errors)
        _, low, high = next_one(seen, errors, 0.2)
        held.append(low <= rng.normal(0.3, apart) <= high)
    assert 0.85 <= np.mean(held) <= 0.95


def test_the_sign_of_an_effect_is_free():
    effects, errors = np.array([0.1, 0.3, 0.2]), np.array([0.05, 0.1, 0.02])
    up, down = next_one(effects, errors, 0.1), next_one(-effects, errors, 0.1)
    assert np.array(down)[[0, 2, 1]] == pytest.approx(-np.array(up), abs=1e-9)


def test_a_town_of_nothing_has_a_table_without_rows():
    empty = Series("a/b/c/phone", working(1, 1, 9).starts, np.zeros(260))
    for panels in ([], [Panel("day", (empty,))], [Panel("month", (working(5, 1, 9),))]):
        table = effects_of(panels, KNOWN, (), CATALOGUE, TUNING)
        assert table.is_empty()
        assert "ratio" in table.columns


def test_the_order_of_series_does_not_matter():
    names = ("x/general/visit/walk_in", "y/general/visit/walk_in")
    series = [
        Series(name, one.starts, one.counts)
        for name, one in zip(
            names, (working(6, 1, 9, 1.3), working(6, 2, 30, 1.3)), strict=True
        )
    ]
    tables = [
        effects_of([Panel("day", tuple(order))], KNOWN, (), CATALOGUE, TUNING)
        for order in (series, series[::-1])
    ]
    assert tables[0].equals(tables[1])
    assert set(tables[0]["subject"]) == {*names, "general"}
    town = tables[0].filter(pl.col("subject") == "general", pl.col("detail") == BEFORE)
    assert town["low"].item() > 1


def test_phases_that_do_not_ascend_around_the_change_are_refused():
    wrong = {**TUNING.model_dump(), "fee_weeks": (0, 4, 13)}
    with pytest.raises(ValueError, match="fee_weeks ascend"):
        EffectTuning.model_validate(wrong)
