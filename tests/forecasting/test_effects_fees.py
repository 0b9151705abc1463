"""Changes of a fee: what they did, and what the next one will do."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.calendar import FeeChange
from forecasting.catalogue import Catalogue
from forecasting.models.effects import (
    effects_of,
    fee_adjustment,
    fee_effects,
)
from forecasting.models.effects.openness import open_days_of
from forecasting.models.effects.planned import unmeasured
from forecasting.models.effects.rows import Row, table_of
from forecasting.policy import load_policy
from forecasting.series.panel import Panel, Series
from forecasting.settings import shipped
from forecasting.tuning import load_tuning
from tests.benches.forecast.planted import calendar
from tests.benches.forecast.planted_worlds import fee_world

TUNING = load_tuning().effects
CATALOGUE = load_policy(shipped("config", "config") / "catalogue.toml", Catalogue)
CHANGE = FeeChange(name="rise", service="id_card", day=date(2024, 3, 1), source="test")
LAST = date(2026, 10, 30)
BEFORE, AFTER = "rise: weeks -4 to 0", "rise: weeks 0 to 4"


def history(
    change: FeeChange = CHANGE,
    *,
    rush: float = 3.0,
    dip: float = 0.5,
    until: date = LAST,
) -> Series:
    """Working days of six years, with four weeks of rush and four of dip."""
    days = np.arange(np.datetime64("2020-11-02"), np.datetime64(until) + 1)
    days = days[np.is_busday(days)]
    week = (days - np.datetime64(change.day)).astype(int) // 7
    mean = np.full(days.size, 30.0)
    mean[(week >= -4) & (week < 0)] *= rush
    mean[(week >= 0) & (week < 4)] *= dip
    counts = np.random.default_rng(1).poisson(mean).astype(float)
    return Series(f"town/{change.service}/application/appointment", days, counts)


def measured(series: Series, change: FeeChange = CHANGE) -> dict[str, Row]:
    rows = fee_effects(change, (), open_days_of([series]), calendar(), TUNING)
    return {row.detail: row for row in rows}


def table(*series: Series, changes: tuple[FeeChange, ...]) -> pl.DataFrame:
    panels = [Panel("day", series)]
    return effects_of(panels, calendar(), changes, CATALOGUE, TUNING)


def test_a_rush_and_the_dip_after_it_are_found_and_their_net_with_them():
    rows = measured(history())
    assert rows[BEFORE].low < 3.0 < rows[BEFORE].high < 4
    assert 0.4 < rows[AFTER].low < 0.5 < rows[AFTER].high
    net = (4 * 3.0 + 4 * 0.5 + 13) / 21
    assert rows["rise: net"].low < net < rows["rise: net"].high
    assert rows["rise: weeks 4 to 13"].low < 1 < rows["rise: weeks 4 to 13"].high


def test_residents_may_as_well_wait_for_a_lower_fee():
    rows = measured(history(rush=0.6, dip=1.8))
    assert rows[BEFORE].high < 1 < rows[AFTER].low


def test_where_a_fee_does_nothing_an_effect_is_seldom_claimed():
    alarms = []
    for i in range(12):
        world = fee_world(np.random.default_rng([11, i]), effect=False)
        change = CHANGE.model_copy(update={"day": world.day})
        alarms += [
            not r.low <= 1 <= r.high for r in measured(world.series, change).values()
        ]
    assert len(alarms) == 60
    assert sum(alarms) <= 14


def test_only_weeks_that_have_passed_are_judged():
    rows = measured(history(until=CHANGE.day + timedelta(weeks=5)))
    assert set(rows) == {"rise: weeks -8 to -4", BEFORE, AFTER}
    assert rows[BEFORE].low < 3.0 < rows[BEFORE].high


@pytest.mark.parametrize("day", [date(2011, 1, 1), date(2031, 1, 1)])
def test_a_change_outside_the_history_is_not_measured(day: date):
    assert measured(history(), CHANGE.model_copy(update={"day": day})) == {}


def test_too_short_or_too_small_a_history_says_nothing():
    series = history()
    few = Series("a", series.starts[-200:], series.counts[-200:])
    near = CHANGE.model_copy(update={"day": date(2026, 6, 1)})
    assert measured(few, near) == {}
    rare = np.random.default_rng(2).poisson(0.05, series.starts.size).astype(float)
    assert measured(Series("a", series.starts, rare)) == {}


def test_another_change_of_the_service_does_not_bend_what_is_usual():
    later = CHANGE.model_copy(update={"name": "next", "day": date(2024, 9, 2)})
    series = history()
    week = (series.starts - np.datetime64(later.day)).astype(int) // 7
    both = Series(
        series.name, series.starts, series.counts * np.where(abs(week) < 5, 4, 1)
    )
    days = open_days_of([both])
    rows = fee_effects(CHANGE, (later,), days, calendar(), TUNING)
    assert {r.detail: r for r in rows}[AFTER].high < 0.65


def test_the_next_change_is_expected_to_do_what_earlier_ones_did():
    coming = CHANGE.model_copy(update={"name": "coming", "day": date(2027, 3, 1)})
    found = table(history(), changes=(CHANGE, coming))
    rows = {row["detail"]: row for row in found.iter_rows(named=True)}
    past, next_one = rows[BEFORE], rows["coming: weeks -4 to 0"]
    assert next_one["ratio"] == pytest.approx(past["ratio"], rel=0.02)
    assert next_one["high"] / next_one["low"] > 1.3 * past["high"] / past["low"]
    assert next_one["evidence"] == 1
    assert next_one["first"] == coming.day - timedelta(weeks=8)


def test_the_change_of_another_service_says_less():
    own = CHANGE.model_copy(update={"name": "own", "day": date(2027, 3, 1)})
    other = own.model_copy(update={"name": "other", "service": "passport"})
    found = table(history(), changes=(CHANGE, own, other))
    rows = {row["detail"]: row for row in found.iter_rows(named=True)}
    widths = [
        rows[f"{name}: weeks -4 to 0"]["high"] / rows[f"{name}: weeks -4 to 0"]["low"]
        for name in ("own", "other")
    ]
    assert widths[1] > 1.3 * widths[0]


def test_a_change_without_any_earlier_one_is_named_and_changes_nothing():
    coming = CHANGE.model_copy(update={"day": date(2027, 3, 1)})
    found = table(history(rush=1, dip=1), changes=(coming,))
    assert found.filter(pl.col("kind") == "fee").is_empty()
    assert unmeasured([CHANGE, coming], found, LAST) == [coming]
    days = np.arange(np.datetime64("2027-01-01"), np.datetime64("2027-06-01"))
    assert (fee_adjustment("id_card", days, [coming], found, TUNING) == 1).all()


def test_the_forecast_is_raised_before_and_lowered_after_the_change():
    span = (date(2027, 1, 4), date(2027, 5, 30))
    coming = CHANGE.model_copy(update={"day": date(2027, 3, 1)})
    rows = [
        Row("fee", "id_card", BEFORE, 2.5, 2.0, 3.0, *span, 1),
        Row("fee", "id_card", AFTER, 0.5, 0.4, 0.6, *span, 1),
        Row("fee", "passport", "rise: weeks -8 to -4", 9.0, 8.0, 10.0, *span, 1),
    ]
    days = np.array(
        [
            "2027-01-31",
            "2027-02-01",
            "2027-02-28",
            "2027-03-01",
            "2027-03-28",
            "2027-03-29",
        ],
        dtype="datetime64[D]",
    )
    found = fee_adjustment("id_card", days, [coming], table_of(rows), TUNING)
    assert found.tolist() == [1.0, 2.5, 2.5, 0.5, 0.5, 1.0]
    assert unmeasured([coming], table_of(rows), LAST) == []


def test_ages_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="min_age must not exceed max_age"):
        FeeChange.model_validate({**CHANGE.model_dump(), "min_age": 30, "max_age": 17})
