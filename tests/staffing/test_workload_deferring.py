"""Work that can wait: in the quiet slots, after it comes and before it is due."""

from datetime import UTC, datetime, time, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog

from forecasting.calendar import SLOT
from forecasting.errors import InputError
from staffing.workload import (
    Deferred,
    deferrable_work,
    fill_quiet_slots,
    match_series,
    place_deferrable,
)
from tests.staffing import forecast_cases as cases
from tests.staffing.forecast_cases import MONDAY, POST

QUARTER = 900.0


def opening(days: int = 5, slots: int = 4, skill: str = "back_office") -> pl.DataFrame:
    rows = [
        ("hall", skill, day, datetime.combine(day, time(9), UTC) + i * SLOT)
        for day in (MONDAY + timedelta(days=d) for d in range(days))
        for i in range(slots)
    ]
    schema = pl.Schema(
        {
            "location": pl.String(),
            "skill": pl.String(),
            "day": pl.Date(),
            "start": pl.Datetime("us", "UTC"),
        }
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def queues(people: list[int], slots: pl.DataFrame | None = None) -> pl.DataFrame:
    where = opening(len(people) // 4) if slots is None else slots
    return where.select("location", "start", pl.Series("people", people))


def asked(
    *quarters: float, due: int = 1, day: int = 0, skill: str = "back_office"
) -> pl.DataFrame:
    """Work of days from Monday on, in quarter-hours."""
    rows = [
        {"location": "hall", "skill": skill, "day": MONDAY + timedelta(days=day + i),
         "due_days": due, "overnight": False, "seconds": number * QUARTER}
        for i, number in enumerate(quarters)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def people_of(found: Deferred) -> list[int]:
    return found.placed["people"].to_list()


def test_work_fills_the_slots_in_which_queues_ask_for_fewest() -> None:
    """Until Tuesday's end: the two slots of 2 people first, then the three of 3."""
    busy = [9, 9, 5, 5, 2, 5, 2, 3]
    found = place_deferrable(asked(5, due=1), queues(busy), opening(2))
    assert people_of(found) == [0, 0, 0, 0, 2, 0, 2, 1]
    assert found.late.is_empty()


def test_a_day_is_at_hand_by_halves_and_done_before_it_is_due() -> None:
    """Nobody else is there, yet nothing is done before it came or after its term."""
    found = place_deferrable(asked(8, 0, 0, due=1), queues([0] * 12), opening(3))
    done = np.reshape(people_of(found), (6, 2)).sum(axis=1)
    assert done[0] == 0
    assert done[1] <= 4
    assert done.sum() == 8
    assert not done[4:].any()


def costs(people: list[int], busy: list[int]) -> int:
    """What the rule makes least: each person more costs the people already there."""
    return sum(sum(range(q, q + n)) for n, q in zip(people, busy, strict=True))


def least_cost(quarters: list[int], due: int, busy: list[int]) -> float:
    """The same as a linear program over parts, half days and levels (HiGHS)."""
    days, top = len(busy) // 4, max(busy) + sum(quarters)
    parts = []
    for d, number in enumerate(quarters):
        last = min(2 * (d + due) + 1, 2 * days - 1)
        begins = (min(begin, last) for begin in (2 * d + 1, 2 * d + 2))
        parts += [(number / 2, begin, last) for begin in begins]
    halves = np.reshape(busy, (2 * days, 2))
    levels = [(h, k) for h in range(2 * days) for k in range(top)]
    moves = [(p, h) for p, (_, a, b) in enumerate(parts) for h in range(a, b + 1)]
    equal = np.zeros((len(parts) + 2 * days, len(moves) + len(levels)))
    for column, (p, h) in enumerate(moves):
        equal[p, column] = equal[len(parts) + h, column] = 1
    for column, (h, _) in enumerate(levels, start=len(moves)):
        equal[len(parts) + h, column] = -1
    right = np.array([size for size, _, _ in parts] + [0.0] * 2 * days)
    cost = [0.0] * len(moves) + [float(k) for _, k in levels]
    room = [(0, None)] * len(moves) + [(0, (halves[h] <= k).sum()) for h, k in levels]
    return float(linprog(cost, A_eq=equal, b_eq=right, bounds=room).fun or 0.0)


@pytest.mark.parametrize("seed", range(6))
def test_no_other_placing_costs_less_than_that_of_the_flow(seed: int) -> None:
    rng = np.random.default_rng(seed)
    busy, quarters = (
        rng.integers(0, 7, 20).tolist(),
        (2 * rng.integers(0, 6, 5)).tolist(),
    )
    due = int(rng.integers(1, 3))
    found = place_deferrable(asked(*quarters, due=due), queues(busy), opening(5))
    assert sum(people_of(found)) == sum(quarters)
    least = least_cost(quarters, due, busy)
    assert costs(people_of(found), busy) == pytest.approx(least)


def test_bits_of_quarter_hours_are_added_up_before_they_are_rounded() -> None:
    found = place_deferrable(asked(*[0.3] * 5), queues([1] * 20), opening(5))
    assert sum(people_of(found)) == 2
    away = place_deferrable(
        asked(*[3.0] * 5), queues([1] * 20), opening(5), at_work=0.75
    )
    assert sum(people_of(away)) == 20


def test_work_that_finds_no_desk_in_time_is_late_and_named() -> None:
    """Two desks, both queues: one free at a time from Monday noon to Tuesday's end."""
    slots = opening(3)
    desks = slots.select("location", "start", pl.lit(2).alias("most"))
    found = place_deferrable(asked(10), queues([1] * 12), slots, most=desks)
    assert people_of(found) == [0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]
    assert found.late.rows() == [("hall", "back_office", MONDAY, 1.0)]


def test_two_skills_that_can_wait_do_not_fill_the_same_slots_first() -> None:
    slots = pl.concat([opening(2), opening(2, skill="mail")])
    work = pl.concat([asked(3), asked(3, skill="mail")])
    found = place_deferrable(work, queues([0] * 8, opening(2)), slots)
    together = found.placed.group_by("start").agg(pl.col("people").sum()).sort("start")
    assert together["people"].to_list() == [0, 0, 1, 1, 1, 1, 1, 1]


def test_the_same_work_is_placed_the_same_way() -> None:
    work = pl.concat([asked(*[5.0] * 5, due=1), asked(*[4.0] * 5, due=2)])
    first, second = (
        place_deferrable(work, queues([3, 1, 2, 1] * 5), opening(5)) for _ in range(2)
    )
    assert first.placed.equals(second.placed)


def test_work_on_a_closed_day_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="hall/back_office on 2027-01-13"):
        place_deferrable(asked(3.0, day=2), queues([0] * 8), opening(2))


def test_what_comes_on_a_closed_day_is_there_when_the_next_opens() -> None:
    work, _ = match_series(pl.Series([POST]), cases.catalogue(), no_show=0.0)
    found = deferrable_work(cases.forecast({POST: 30.0}, days=8), work, opening(8))
    assert found["seconds"].sum() == pytest.approx(8 * 30 * 360)
    closed = opening(8).filter(pl.col("day").dt.weekday() < 6)
    moved = deferrable_work(cases.forecast({POST: 30.0}, days=8), work, closed)
    monday = moved.filter(pl.col("day") == MONDAY + timedelta(days=7))
    assert monday.select("overnight", "seconds").rows() == [
        (False, 30 * 360.0),
        (True, 2 * 30 * 360.0),
    ]
    assert moved["due_days"].unique().to_list() == [2]


def test_work_of_the_night_may_be_done_in_the_morning() -> None:
    work = asked(2.0, due=1).with_columns(overnight=True)
    found = place_deferrable(work, queues([0, 0, 5, 5, 0, 0, 0, 0]), opening(2))
    assert people_of(found) == [1, 1, 0, 0, 0, 0, 0, 0]


def test_a_day_with_a_single_open_slot_is_worked_in_it() -> None:
    found = place_deferrable(
        asked(2, due=1), queues([0, 0], opening(2, 1)), opening(2, 1)
    )
    assert sum(people_of(found)) == 2
    assert found.late.is_empty()


def test_days_without_work_have_slots_without_people() -> None:
    none = asked(1.0).clear()
    found = place_deferrable(none, queues([1] * 8), opening(2))
    assert people_of(found) == [0] * 8
    assert found.late.is_empty()


def requirement_of(people: list[int], slots: pl.DataFrame) -> pl.DataFrame:
    """A queue of the phone with one number more than chosen, and work that can wait."""
    phone = slots.select(
        "location", pl.lit("phone").alias("skill"), "start", pl.Series("people", people)
    )
    more = phone.with_columns(pl.col("people") + 1)
    waits = slots.select("location", "skill", "start", pl.lit(9).alias("people"))
    return pl.concat(
        [
            phone.with_columns(chosen=True),
            more.with_columns(chosen=False),
            waits.with_columns(pl.col("people").cast(pl.Int64), chosen=True),
        ]
    )


def test_a_requirement_takes_the_people_placed_and_keeps_its_queues() -> None:
    slots, busy = opening(2), [9, 9, 5, 5, 2, 5, 2, 3]
    table = requirement_of(busy, slots)
    found, late = fill_quiet_slots(table, asked(5, due=1), slots)
    waits = pl.col("skill") == "back_office"
    assert found.filter(waits)["people"].to_list() == [0, 0, 0, 0, 2, 0, 2, 1]
    assert found.filter(~waits).equals(table.filter(~waits))
    assert late.is_empty()


def test_a_requirement_without_work_that_can_wait_stays_as_it_is() -> None:
    slots = opening(2)
    table = requirement_of([1] * 8, slots).filter(pl.col("skill") == "phone")
    found, late = fill_quiet_slots(table, asked(1.0).clear(), slots.clear())
    assert found.equals(table)
    assert late.is_empty()
