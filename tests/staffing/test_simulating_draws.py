"""Who is away and who comes: drawn with the shares and the means of the settings."""

from datetime import date

import numpy as np
import pytest
from scipy import stats

from staffing.proving.absence import Away, Team
from staffing.proving.lines import Line
from staffing.proving.streams import stream
from staffing.standards import Shrinkage
from tests.staffing.proving_cases import SLOTS, standards, work

DAY = date(2027, 1, 11)
QUARTERS = np.arange(32, 72)
AWAY = Away(day=0.05, hour=0.06, moment=0.02)


def team(*people: str, slots: int = 40) -> Team:
    return Team(DAY, QUARTERS[:slots], {p: np.zeros(slots, dtype=int) for p in people})


def line(**given: float) -> Line:
    rows = work(("hall", "counter"), **given)  # type: ignore[arg-type]  # numbers
    return Line.lay(rows, np.arange(SLOTS), SLOTS + 8, standards())


def test_the_number_at_work_in_a_slot_is_binomial() -> None:
    crowd = team(*"abcdefgh")
    counts = crowd.at_work(1, AWAY, 4000, seed=1)[0]
    law = stats.binom(8, AWAY.at_work)
    for slot in (0, 17, 39):
        seen = np.bincount(counts[:, slot], minlength=9)[5:]
        wanted = 4000 * law.pmf(np.arange(5, 9))
        assert (np.abs(seen - wanted) <= 4 * np.sqrt(wanted) + 1).all()
    error = np.sqrt(8 * AWAY.at_work * (1 - AWAY.at_work) / 4000)
    assert np.abs(counts.mean(axis=0) - 8 * AWAY.at_work).max() < 4 * error


def test_who_is_away_a_day_is_away_all_day_and_who_is_away_an_hour_four_slots() -> None:
    sick = team("a").at_work(1, Away(day=0.3), 500, seed=2)[0]
    assert (sick == sick[:, :1]).all()
    meeting = team("a").at_work(1, Away(hour=0.3), 500, seed=2)[0]
    assert (meeting.reshape(500, 10, 4) == meeting[:, ::4, None]).all()
    assert not (meeting == meeting[:, :1]).all()


def test_kinds_of_one_length_take_of_what_is_left() -> None:
    kinds = {
        name: Shrinkage(share=share, per="hour", source="t")
        for name, share in (("training", 0.1), ("meetings", 0.2))
    }
    assert Away.of(kinds).hour == pytest.approx(1 - 0.9 * 0.8)
    assert Away.of(kinds).at_work == pytest.approx(standards(shrinkage=kinds).at_work)


def test_a_person_is_away_on_the_same_moments_whoever_else_is_rostered() -> None:
    one = team("m").at_work(1, AWAY, 50, seed=3)
    both = team("a", "m").at_work(1, AWAY, 50, seed=3)
    other = team("a").at_work(1, AWAY, 50, seed=3)
    np.testing.assert_array_equal(both, one + other)
    later = team("m", slots=20).at_work(1, AWAY, 50, seed=3)
    np.testing.assert_array_equal(later, one[:, :, :20])


def test_walk_ins_have_the_mean_and_spread_of_future_noise_and_chance() -> None:
    rng = np.random.default_rng(4)
    factor = rng.gamma(25, 1 / 25, 20_000)
    counts = line(walk_ins=6.0, noise=0.3).walk_in_counts(stream(4, DAY), factor)
    assert (counts[:, SLOTS:] == 0).all()
    one = counts[:, 5]
    expected = 6 + 36 * ((1 + 0.3**2) * (1 + 1 / 25) - 1)
    assert one.mean() == pytest.approx(
        6 * factor.mean(), abs=4 * np.sqrt(expected / 2e4)
    )
    assert one.var() == pytest.approx(expected, rel=0.05)


def test_planned_visits_are_as_many_each_day_and_come_without_the_no_shows() -> None:
    held = line(booked=0.9)
    all_come = held.booked_counts(stream(5, DAY), 2000)
    total = 0.9 * SLOTS
    assert set(all_come.sum(axis=1)) <= {int(total), int(total) + 1}
    np.testing.assert_allclose(all_come[:, :SLOTS].mean(axis=0), 0.9, atol=0.04)
    some = line(booked=0.9, comes=0.8).booked_counts(stream(5, DAY), 2000)
    assert some.sum(axis=1).mean() == pytest.approx(total, abs=0.3)
    planned = total / 0.8
    assert some.sum(axis=1).var() == pytest.approx(planned * 0.8 * 0.2, rel=0.15)


def test_who_is_early_before_opening_gets_in_at_opening_and_nobody_after_closing() -> (
    None
):
    early = line(booked=2.0, late_s=-1800.0)
    counts = early.booked_counts(stream(6, DAY), 200)
    assert counts[:, 0].mean() == pytest.approx(6, abs=0.2)
    late = line(booked=2.0, late_s=1800.0)
    counts = late.booked_counts(stream(6, DAY), 200)
    assert counts[:, SLOTS - 1].mean() == pytest.approx(6, abs=0.2)
    assert (counts[:, SLOTS:] == 0).all()
