"""The smallest agenda that keeps its promise, within the limits."""

from itertools import product as every

import numpy as np
import pytest

from staffing.agenda.fitting import places_short, whole_places
from staffing.agenda.levelling import level
from staffing.agenda.placing import lay
from tests.staffing.agenda_cases import CELL, problem, product, room


def fitted(given):
    return whole_places(given, level(given))


def brute_force(given, most: int) -> int:
    """The fewest places in all that keep the promise on every planned day."""
    share, best = given.policy.share - 1e-9, None
    for row in every(range(most + 1), repeat=len(given.days.days)):
        if best is not None and sum(row) >= best:
            continue
        if (given.kept_promise(0, np.array(row)) >= share).all():
            best = sum(row)
    assert best is not None
    return best


def test_hardly_ever_would_fewer_places_keep_the_promise_and_never_by_more_than_one():
    spared = []
    for case in range(12):
        now = np.random.default_rng(case).poisson(1.0, (10, 6))
        made = [product(within_days=1)]
        given = problem(now, planned=4, within_days=1, products=made)
        found = fitted(given)
        assert (given.kept_promise(0, found.places[0]) >= 0.8 - 1e-9).all()
        spared.append(int(found.places.sum()) - brute_force(given, most=4))
    assert min(spared) >= 0
    assert max(spared) <= 1
    assert sum(spared) <= 2


def test_no_single_place_can_be_taken_away():
    now = np.random.default_rng(3).poisson(3.0, (60, 16))
    given = problem(now, planned=12)
    places = fitted(given).places[0]
    for day in np.flatnonzero(places):
        fewer = places - (np.arange(places.size) == day)
        assert (given.kept_promise(0, fewer) < 0.8 - 1e-9).any()


def test_the_promise_holds_in_futures_that_the_agenda_has_not_seen():
    def futures(seed: int, number: int):
        rng = np.random.default_rng(seed)
        level_of = rng.gamma(40, 1 / 40, (number, 1))
        return rng.poisson(12 * level_of * np.ones((1, 28)))

    given = problem(futures(0, 600), planned=24)
    found = fitted(given)
    fresh = problem(futures(1, 4000), planned=24)
    kept = fresh.kept_promise(0, found.places[0])
    error = np.sqrt(0.8 * 0.2 * (1 / 600 + 1 / 4000))
    assert kept.min() > 0.8 - 4 * error
    short = fresh.kept_promise(0, found.places[0] - (np.arange(28) == 12))
    assert short.min() < kept.min() + error


def test_desks_people_and_printers_are_never_asked_for_more_than_there_are():
    now = np.random.default_rng(1).poisson(9, (40, 16))
    made = [product("passport", 15, orders=True), product("move", 30)]
    for limits in ({"people": 2.0}, {"desks": 2}, {"applications": 5}):
        day = room(**limits)
        given = problem(now, planned=12, products=made, rooms=[day] * 16)
        found = fitted(given)
        for t in range(12):
            laid = found.lay(t)
            busy = np.zeros(day.desks.size)
            for p, cell in laid.places:
                busy[cell : cell + made[p].minutes // CELL] += 1
            assert busy.max() <= min(limits.get("people", 99), limits.get("desks", 99))
            orders = sum(made[p].orders for p, _ in laid.places)
            assert orders <= limits.get("applications", 999)
            assert not any(laid.missing)


@pytest.mark.parametrize(
    ("limit", "name"),
    [({"people": 1.0}, "staff"), ({"desks": 1}, "desks"), ({"applications": 20}, "applications")],
)  # fmt: skip
def test_a_promise_that_cannot_be_kept_names_its_limit_and_what_is_missing(limit, name):
    now = np.full((20, 14), 40)
    made = [product(orders=True)]
    given = problem(now, planned=10, products=made, rooms=[room(**limit)] * 14)
    found = fitted(given)
    kept = given.kept_promise(0, found.places[0])
    assert kept[-1] < 0.8
    assert {found.limits[0, t] for t in range(10) if kept[t] < 0.8} == {name}
    short = places_short(given, found.places)[0]
    free = problem(now, planned=10, products=made)
    enough = found.places[0].copy()
    for t in range(10):
        enough[free.rules[0].reach[t]] += short[t]
    assert (free.kept_promise(0, enough) >= 0.8).all()


def test_a_backlog_is_worked_off_and_the_promise_holds_after_it():
    now = np.full((20, 20), 10)
    booked = np.zeros((1, 20), dtype=np.int64)
    booked[0, :6] = 16
    given = problem(now, planned=16, booked=booked, rooms=[room(desks=1, hours=4)] * 20)
    found = fitted(given)
    kept = given.kept_promise(0, found.places[0])
    assert (found.places[0, :6] == 16).all()
    assert kept[0] < 0.8
    assert kept[-1] >= 0.8
    waits = given.waits(0, found.places[0]).days[0][:16]
    assert waits[0] > waits[-1]


def test_the_product_with_the_nearest_promise_comes_first():
    now = np.full((20, 14), 6)
    made = [product("birth", within_days=1), product("passport", within_days=2)]
    given = problem(
        now, planned=10, products=made, rooms=[room(people=1.0, hours=2.0)] * 14
    )
    found = fitted(given)
    assert (given.kept_promise(0, found.places[0]) >= 0.8).all()
    assert (given.kept_promise(1, found.places[1]) < 0.8).any()


def test_protected_places_are_there_though_nobody_asks():
    none = np.zeros((20, 8), dtype=np.int64)
    rooms = [room(), None, *[room()] * 6]
    given = problem(none, planned=5, products=[product(least_per_day=2)], rooms=rooms)
    assert fitted(given).places[0].tolist() == [2, 0, 2, 2, 2, 2, 2, 2]


def test_places_lie_within_the_opening_and_in_the_quietest_hours():
    day = room(people=3.0, shut=[8, 9])
    day.people["counter"][:8] = 1.0
    laid = lay(day, [product(minutes=45)], [6], [0])
    starts = [cell for _, cell in laid.places]
    assert not any({8, 9} & set(range(cell, cell + 3)) for cell in starts)
    assert min(starts) >= 10
    assert all(cell + 3 <= day.desks.size for cell in starts)


def test_a_visit_longer_than_the_opening_has_no_place():
    given = problem(np.ones((20, 8), dtype=np.int64), planned=5,
                    products=[product(minutes=600)])  # fmt: skip
    found = fitted(given)
    assert found.places.sum() == 0
    assert set(found.limits.values()) == {"opening"}


def test_visits_booked_already_stay_whatever_the_room():
    laid = lay(room(people=1.0, hours=1.0), [product()], [9], [9])
    assert (len(laid.places), laid.missing) == (9, (0,))
