"""The rules by which the bench of the reference town dates a turn."""

import numpy as np
import pytest

from forecasting.series.panel import Series
from tests.benches.forecast import town_turns as turns
from tests.benches.forecast.town import summary
from tests.benches.forecast.town_world import (
    daily_requests,
    expected_requests,
    expected_world,
    lived_world,
)

MONTHS = np.arange("2013-01", "2028-01", dtype="datetime64[M]")
BEGIN = int(np.datetime64("2026-06", "M").astype(int))


def demand(
    begin: float, wide: float, season: float = 0.4, height: float = 0.6
) -> Series:
    """A year of more demand from a moment on (in months), smeared evenly."""
    middle = MONTHS.astype(float) + 0.5
    lags = np.linspace(-wide, wide, 41) if wide else np.zeros(1)
    since = middle[:, None] - begin - lags
    part = (np.clip(since + 0.5, 0, 1) - np.clip(since - 11.5, 0, 1)).mean(axis=1)
    wave = 1 + season * np.sin(2 * np.pi * MONTHS.astype(int) / 12)
    return Series(
        "licence", MONTHS.astype("datetime64[D]"), 900 * wave * (1 + height * part)
    )


@pytest.mark.parametrize("wide", [0.0, 2.0, 4.0])
@pytest.mark.parametrize("begin", [BEGIN - 2.0, BEGIN + 0.0, BEGIN + 0.5])
def test_half_the_rise_has_come_where_the_step_stood_however_it_is_smeared(begin, wide):
    found = turns.half_rise(demand(begin, wide), None, turns.ECHO)
    assert found == pytest.approx(begin, abs=0.35)


def test_half_the_rise_is_dated_alike_whatever_the_season_and_the_height():
    plain = turns.half_rise(demand(BEGIN, 3.0, season=0.0), None, turns.ECHO)
    for other in (demand(BEGIN, 3.0), demand(BEGIN, 3.0, height=1.2)):
        assert turns.half_rise(other, None, turns.ECHO) == pytest.approx(plain, abs=0.3)


def test_a_forecast_that_is_two_months_late_is_dated_two_months_late():
    came, said = demand(BEGIN, 3.0), demand(BEGIN + 2.0, 3.0).counts[-108:]
    late = turns.half_rise(came, said, turns.ECHO)
    assert late - turns.half_rise(came, None, turns.ECHO) == pytest.approx(2, abs=0.1)
    assert turns.shift(came, said, turns.ECHO) == -2


def test_a_forecast_without_an_echo_is_not_dated_at_the_echo():
    flat = demand(BEGIN, 3.0, height=0.0).counts[-108:]
    found = turns.half_rise(demand(BEGIN, 3.0), flat, turns.ECHO)
    assert abs(found - BEGIN) > 3


def test_the_split_finds_a_sharp_step():
    assert turns.split(demand(BEGIN, 0.0), None, turns.ECHO) == BEGIN


def test_a_turn_counts_as_found_up_to_a_month_off():
    towns = [{"echo_off_months": off, "wape": 0.1} for off in (0.0, 1.0, 1.1, 3.0)]
    told = summary(towns)
    assert told["echo_within_a_month"] == 0.5
    assert told["wape"] == {"mean": 0.1, "worst": 0.1, "least": 0.1}


def test_the_town_without_chance_is_what_the_town_is_on_average():
    world, expected = lived_world(1000), expected_world(1000)
    assert world.truth.hidden == expected.truth.hidden
    lived, even = (
        daily_requests(world, "passport"),
        expected_requests(expected, "passport"),
    )
    year = lived.starts.astype("datetime64[Y]").astype(int)
    for number in np.unique(year)[:-1]:
        came, mean = (s.counts[year == number].sum() for s in (lived, even))
        assert came == pytest.approx(mean, rel=0.04)
    chance = np.abs(lived.counts - even.counts).sum() / lived.counts.sum()
    assert 0.03 < chance < 0.2
