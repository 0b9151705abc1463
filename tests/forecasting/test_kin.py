"""Kin: what a series is added up with, and that the sum does not jump by itself."""

import numpy as np
import pytest

from forecasting.rolling.beside import besides_of
from forecasting.rolling.kin import kin_of
from forecasting.series.exposure import Exposure
from forecasting.series.panel import Panel, Series, as_date
from tests.forecasting.small_cases import FIRST, town, weekdays

DAYS = weekdays(300)


def flat(name: str, count: float, days=DAYS) -> Series:
    return Series(name, days, np.full(days.size, count))


def panel(*series: Series) -> Panel:
    return Panel("day", tuple(sorted(series, key=lambda one: one.name)))


def test_kin_are_the_same_product_at_all_locations():
    found = kin_of(
        panel(
            flat("north/passport/application/appointment", 2),
            flat("south/passport/application/appointment", 3),
            flat("north/licence/application/appointment", 40),
        )
    )
    assert set(found["north/passport/application/appointment"].counts) == {5.0}


def test_a_product_of_one_location_has_its_desk_as_kin():
    found = kin_of(
        panel(
            flat("hall/passport/application/appointment", 2),
            flat("hall/licence/application/appointment", 3),
            flat("hall/passport/question/phone", 40),
        )
    )
    assert set(found["hall/licence/application/appointment"].counts) == {5.0}
    assert "hall/passport/question/phone" not in found


def test_names_that_tell_nothing_are_all_alike_and_one_alone_has_no_kin():
    found = kin_of(panel(flat("a", 1), flat("b", 2), flat("c", 4)))
    assert {name: set(kin.counts) for name, kin in found.items()} == {
        name: {7.0} for name in "abc"
    }
    assert not kin_of(panel(flat("a", 1)))


def test_a_member_that_is_shut_or_ended_makes_no_dip():
    open_days = DAYS[(DAYS.astype(int) + 3) % 7 != 2]
    ended = flat("c", 10, DAYS[:150])
    kin = kin_of(panel(flat("a", 30), flat("b", 10, open_days), ended))["a"]
    assert kin.starts.size == DAYS.size
    assert kin.counts == pytest.approx(50, rel=0.02)


def test_a_member_that_came_later_does_not_shorten_or_raise_the_sum():
    new = flat("c", 90, DAYS[200:])
    found = kin_of(panel(flat("a", 30), flat("b", 10), new))
    assert set(found["c"].counts) == {40.0}
    assert found["a"].starts.size == DAYS.size


def test_days_that_hardly_any_member_knows_do_not_count():
    kin = kin_of(panel(flat("a", 30, DAYS[::2]), flat("b", 10), flat("c", 1)))["c"]
    assert kin.starts.size == 150


def test_what_came_later_changes_nothing_of_the_sum_before():
    whole = town({"a": 0.5, "b": 2.0, "c": 3.0}, DAYS, seed=3)
    cut = Panel("day", tuple(series.until(DAYS[180]) for series in whole.series))
    early, late = kin_of(cut)["a"], kin_of(whole)["a"].until(DAYS[180])
    assert np.array_equal(early.counts, late.counts)


def test_documents_stand_beside_the_series_that_names_their_service():
    weekly = np.ones(10)
    known = [
        Exposure("passport", as_date(FIRST + days), FIRST, weekly) for days in (9, 2)
    ]
    besides = besides_of(
        panel(flat("hall/passport/collection/walk_in", 2), flat("passports", 2)),
        {"passport": tuple(known)},
    )
    mine = besides.of("hall/passport/collection/walk_in")
    assert mine.exposures == (known[1], known[0])
    assert mine.exposure_at(FIRST + 5) is known[1]
    assert not besides.of("passports").exposures
