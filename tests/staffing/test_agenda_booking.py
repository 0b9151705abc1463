"""How requests take places, against a slow second way and a theorem."""

import numpy as np
import pytest

from staffing.agenda.booking import NO_PLACE, Asked, Rules, book
from staffing.agenda.levelling import asked_between
from tests.staffing.agenda_cases import MONDAY, days, policy

RNG = np.random.default_rng(7)


def slow_waits(asked: Asked, places, booked, rules: Rules) -> list[list[int]]:
    """One place after the other, each future by itself, in plain lists."""
    kept = rules.kept(places, booked)
    table = []
    for now, later in zip(asked.now.tolist(), asked.later.tolist(), strict=True):
        free = [
            int(max(p - b, 0) - k) for p, b, k in zip(places, booked, kept, strict=True)
        ]
        shut, row, again = list(kept), [], 0
        for t in range(len(free)):
            for d in range(len(free)):
                if d <= rules.released[t]:
                    free[d] += shut[d]
                    shut[d] = 0
            refused = 0
            wishes = [
                (rules.later_from[t], later[t]),
                (rules.earliest[t], now[t] + again),
            ]
            for wish, number in wishes:
                asking, refused = number + refused, 0
                for _ in range(asking):
                    open_days = (d for d in range(wish, len(free)) if free[d] > 0)
                    found = next(open_days, None)
                    if found is None:
                        refused += 1
                    else:
                        free[found] -= 1
            again = refused
            first = next(
                (d for d in range(rules.earliest[t], len(free)) if free[d] > 0), None
            )
            wait = None if first is None else rules.number[first] - rules.number[t]
            row.append(NO_PLACE if wait is None else int(wait))
        table.append(row)
    return table


@pytest.mark.parametrize("case", range(25))
def test_waits_equal_those_of_one_place_after_the_other(case: int):
    rng = np.random.default_rng(case)
    stretch = days(MONDAY, beyond=int(rng.integers(3, 12)))
    size = len(stretch.days)
    asked = Asked(rng.poisson(2, (4, size)), rng.poisson(0.7, (4, size)))
    booked = rng.poisson(1, size)
    places = booked + rng.poisson(2.5, size) * rng.integers(0, 2, size)
    rules = Rules.of(
        stretch,
        policy(
            notice_days=int(rng.integers(0, 3)),
            later_days=int(rng.integers(0, 5)),
            kept_share=float(rng.choice([0, 0.3, 1.0])),
            kept_days=int(rng.integers(0, 3)),
        ),
        2,
    )
    found = book(asked, places, booked, rules)
    assert found.days.tolist() == slow_waits(asked, places, booked, rules)


def test_a_first_place_is_near_exactly_when_every_stretch_of_days_has_enough():
    hits = set()
    for case in range(300):
        rng = np.random.default_rng(case)
        size, within = 9, int(rng.integers(0, 3))
        stretch = days(MONDAY, beyond=size - 1)
        rules = Rules.of(stretch, policy(notice_days=int(rng.integers(0, 2))), within)
        now = rng.poisson(1.2, (1, size))
        places = rng.poisson(1.6, size)
        asked = Asked(now, np.zeros_like(now))
        near = book(asked, places, np.zeros_like(places), rules).days[0] <= within
        wanted = asked_between(asked, rules, 0.8) + 1
        upto = np.concatenate([[0], np.cumsum(places)])
        for t in range(size - within - 1):
            enough = all(
                upto[rules.reach[t] + 1] - upto[rules.earliest[u]] >= wanted[u, t]
                for u in range(t + 1)
            )
            assert near[t] == enough
            hits.add(enough)
    assert hits == {True, False}


def test_places_kept_back_are_seen_only_shortly_before():
    stretch = days(MONDAY, beyond=5)
    size = len(stretch.days)
    places = np.zeros(size, dtype=np.int64)
    places[4] = 1
    none = np.zeros((1, size), dtype=np.int64)
    waits = [
        book(
            Asked(none, none),
            places,
            np.zeros_like(places),
            Rules.of(stretch, policy(kept_share=share, kept_days=1), 2),
        ).days[0]
        for share in (0.0, 1.0)
    ]
    assert waits[0][:5].tolist() == [4, 3, 2, 1, 0]
    assert waits[1][:5].tolist() == [NO_PLACE, NO_PLACE, NO_PLACE, 1, 0]


def test_a_weekend_is_no_working_day_and_its_wait_counts_from_there():
    friday = days(MONDAY, beyond=9)
    assert [d.weekday() for d in friday.days] == [0, 1, 2, 3, 4] * 2
    assert friday.reach(1)[4] == 5
    assert friday.at_or_after(MONDAY.replace(day=16)) == 5
