"""Whether more contacts online mean more or fewer calls: the sign is free."""

import numpy as np
import pytest

from forecasting.models.effects import channel_effects
from forecasting.models.effects.rows import Row
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning
from tests.benches.forecast.planted_worlds import channel_world

TUNING = load_tuning().effects


def town(effect: float, *, move: float = 0.3, years: int = 8) -> tuple[Series, ...]:
    """Online contacts, visits and calls; the online share jumps and grows by `move`."""
    rng = np.random.default_rng(1)
    days = np.arange(
        np.datetime64("2018-01-01"), np.datetime64("2018-01-01") + 365 * years
    )
    days = days[np.is_busday(days)]
    time = np.linspace(0, 1, days.size)
    share = 0.2 + move * (0.5 * time + 0.5 * (time > 0.5))
    season = 1 + 0.2 * np.sin(2 * np.pi * days.astype(float) / 365.25)
    total = 60.0 * season
    calls = 0.5 * total * np.exp(effect * (share - 0.35) / 0.1)
    means = (total * share, total * (1 - share), calls)
    names = ("online", "visits", "calls")
    return tuple(
        Series(name, days, rng.poisson(mean).astype(float))
        for name, mean in zip(names, means, strict=True)
    )


def measured(online: Series, visits: Series, calls: Series) -> list[Row]:
    return channel_effects("s", [online], [visits], [calls], TUNING)


@pytest.mark.parametrize("effect", [-0.15, 0.15])
def test_calls_may_rise_or_fall_with_the_online_share(effect: float):
    (row,) = measured(*town(effect))
    assert row.low < np.exp(effect) < row.high
    assert (row.low > 1) == (effect > 0)
    assert (row.high < 1) == (effect < 0)


def test_where_calls_do_not_care_an_effect_is_seldom_claimed():
    worlds = [channel_world(np.random.default_rng([21, i]), 0) for i in range(20)]
    rows = [row for w in worlds for row in measured(w.online, w.visits, w.calls)]
    assert len(rows) == 20
    assert sum(not row.low <= 1 <= row.high for row in rows) <= 5


def test_calls_that_only_grow_with_contacts_show_no_effect():
    online, visits, calls = town(0.0)
    (row,) = measured(online, visits, calls)
    assert row.low < 1 < row.high
    assert row.high / row.low < 1.3


def test_chance_in_the_online_counts_does_not_hide_the_effect():
    rng = np.random.default_rng(2)
    online, visits, calls = town(-0.15)
    few, fewer = (
        Series(s.name, s.starts, rng.binomial(s.counts.astype(int), 0.2).astype(float))
        for s in (online, visits)
    )
    (row,) = measured(few, fewer, calls)
    assert abs(np.log(row.ratio) + 0.15) < 0.05


def test_weeks_of_which_the_calls_are_missing_do_not_count():
    online, visits, calls = town(0.15)
    known = (calls.starts < np.datetime64("2020-03-01")) | (
        calls.starts > np.datetime64("2020-09-01")
    )
    gappy = Series("calls", calls.starts[known], calls.counts[known])
    (row,) = measured(online, visits, gappy)
    assert row.low < np.exp(0.15) < row.high
    assert row.evidence < measured(online, visits, calls)[0].evidence


def test_a_website_that_is_open_on_sundays_does_not_tilt_the_share():
    online, visits, calls = town(0.15)
    every = np.arange(online.starts[0], online.starts[-1] + 1)
    held = np.interp(every.astype(float), online.starts.astype(float), online.counts)
    (row,) = measured(Series("online", every, held * 5 / 7), visits, calls)
    assert row.low < np.exp(0.15) < row.high


def test_too_little_to_go_by_has_no_row():
    online, visits, calls = town(0.15)
    assert measured(*town(0.15, years=1)) == []
    assert measured(*town(0.15, move=0.0)) == []
    assert channel_effects("s", [], [visits], [calls], TUNING) == []
    assert channel_effects("s", [online], [visits], [], TUNING) == []
    silent = Series("calls", calls.starts, np.zeros(calls.starts.size))
    assert measured(online, visits, silent) == []
    later = Series("calls", calls.starts + 4000, calls.counts)
    assert measured(online, visits, later) == []
