"""People per slot: the target is met, the table tells what each number buys."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.calendar import SLOT
from forecasting.errors import PolicyError
from staffing.queueing import service_level
from staffing.requirement import requirement
from staffing.requirement.offered import Handling, offered_load
from staffing.rules import Standards
from staffing.workload import SlotWorkload
from tests.staffing import forecast_cases as cases

NINE = datetime(2027, 1, 11, 8, tzinfo=UTC)


def workload(
    skill: str, contacts: list[float], handling_s: float, *,
    booked: float = 0.0, waits: bool = False, start: datetime = NINE,
) -> pl.DataFrame:  # fmt: skip
    """Consecutive slots of one skill; `booked` is the planned share of contacts."""
    count = np.array(contacts)
    frame = pl.DataFrame(
        {
            "location": "hall",
            "skill": skill,
            "start": [start + i * SLOT for i in range(count.size)],
            "day": start.date(),
            "walk_ins": count * (1 - booked),
            "booked": count * booked,
            "handling_s": np.where(count > 0, handling_s, 0.0),
            "handling_cv": 1.0,
            "noise_cv": 0.0,
            "load": count * handling_s / 900,
            "waits": waits,
        }
    ).with_columns(pl.col("start").dt.cast_time_unit("us"))
    return SlotWorkload.validate(frame)


def chosen(frame: pl.DataFrame, standards: Standards | None = None) -> list[int]:
    table = requirement(frame, standards or cases.standards())
    return table.filter("chosen")["people"].to_list()


def test_a_steady_phone_queue_gets_what_erlang_a_asks() -> None:
    """10 Erlang for hours: the last slots feel nothing of the empty opening."""
    table = requirement(workload("phone", [50.0] * 20, 180), cases.standards())
    last = table.filter(pl.col("start") == pl.col("start").max())
    number = last.filter("chosen")["people"][0]
    levels = service_level(200, 180, [number - 1, number], 25, 180)
    assert levels[0] < 0.8 <= levels[1]
    late = last.filter(pl.col("people") == number)["late"][0]
    assert late == pytest.approx(50 * (1 - levels[1]), rel=1e-6)


def test_people_lost_to_training_and_sickness_are_rostered_on_top() -> None:
    """Of 15 rostered a fifth is away: 12 at work, the smallest number that will do."""
    table = requirement(workload("phone", [50.0] * 20, 180), cases.standards(0.2))
    last = table.filter(pl.col("start") == pl.col("start").max())
    number = last.filter("chosen")["people"][0]
    levels = service_level(200, 180, [0.8 * (number - 1), 0.8 * number], 25, 180)
    assert levels[0] < 0.8 <= levels[1]
    assert last["people"].to_list() == list(range(number + 4))
    whole = requirement(
        workload("back_office", [4.0] * 8, 900, waits=True), cases.standards(0.2)
    )
    assert whole["people"].sum() == 4 * 8 / 0.8


def test_the_table_runs_from_nobody_to_three_more_than_chosen() -> None:
    table = requirement(workload("phone", [50.0], 180), cases.standards())
    number = table.filter("chosen")["people"][0]
    assert table["people"].to_list() == list(range(number + 4))
    assert table["late"][0] == pytest.approx(50)
    assert (table["late"].diff().drop_nulls() <= 1e-12).all()
    assert table["chosen"].sum() == 1


def test_a_quiet_open_slot_keeps_the_minimum() -> None:
    assert chosen(workload("phone", [0.0, 0.0], 180)) == [2, 2]


def test_the_hall_fills_in_the_first_slots() -> None:
    """Twelve minutes of service: 42.9% of the steady load, then 83.6%."""
    rows = workload("counter", [10.0] * 12, 720)
    load = offered_load(rows, np.full(12, 720.0)) / 8
    np.testing.assert_allclose(load[:2], [0.429, 0.836], atol=5e-4)
    assert load[-1] == pytest.approx(1, abs=1e-4)
    people = chosen(rows)
    assert people[0] < people[-1]


def test_every_day_opens_empty() -> None:
    days = [
        workload("counter", [10.0] * 8, 720, start=NINE + timedelta(days=i))
        for i in range(2)
    ]
    first, second = np.split(offered_load(pl.concat(days), np.full(16, 720.0)), 2)
    np.testing.assert_array_equal(first, second)


def test_work_is_offered_in_the_slots_in_which_it_is_done() -> None:
    """What comes in one slot is worked off later, and in all of it just once."""
    rows = workload("counter", [30.0] + [0.0] * 23, 900)
    load = offered_load(rows, np.full(24, 900.0))
    assert load[1] > load[2] > 0
    assert load.sum() == pytest.approx(30, abs=1e-6)


def test_uncertainty_belongs_to_those_who_are_not_planned() -> None:
    def with_cv(booked: float) -> int:
        wide = cases.standards()
        counter = wide.skill["counter"].model_copy(update={"arrival_cv": 0.5})
        told = wide.model_copy(update={"skill": wide.skill | {"counter": counter}})
        return chosen(workload("counter", [30.0] * 12, 600, booked=booked), told)[-1]

    assert with_cv(0.0) > with_cv(0.5) > with_cv(1.0)


def test_work_that_waits_gets_whole_people_for_all_of_its_hours() -> None:
    """1.3 Erlang over ten slots is 13 quarter-hours: one person, and three more."""
    rows = workload("back_office", [1.3] * 10, 900, waits=True)
    table = requirement(rows, cases.standards())
    assert table["people"].to_list() == [1] * 7 + [2] * 3
    assert table["chosen"].all()
    assert table["late"].sum() == 0


def test_hours_set_apart_never_fall_short_of_the_work() -> None:
    for contacts in (0.0, 0.01, 0.5, 1.0, 2.37):
        rows = workload("back_office", [contacts] * 12, 900, waits=True)
        people = sum(chosen(rows))
        assert contacts * 12 - 1e-6 <= people < contacts * 12 + 1


def test_a_skill_without_a_standard_is_named() -> None:
    with pytest.raises(PolicyError, match=r"\[skill\.wedding\]"):
        requirement(workload("wedding", [1.0], 600), cases.standards())
