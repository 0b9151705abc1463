"""A target over a day or week: fewest people, by brute force, and never under the floor."""

from datetime import timedelta
from itertools import product

import numpy as np
import polars as pl
import pytest

from staffing.requirement import work_out
from staffing.requirement.aiming import fewest
from staffing.standards import Standards
from staffing.tables import RequirementWeeks
from tests.staffing.requirement_cases import (
    NINE,
    futures,
    standard,
    standards,
    workload,
)

MORNING = [4.0, 12.0, 25.0, 33.0, 30.0, 24.0, 18.0, 12.0, 7.0, 4.0, 3.0, 2.0]


def rows(days: int = 1) -> pl.DataFrame:
    return pl.concat(
        workload("phone", [c * (1 + day / 4) for c in MORNING], 240,
                 start=NINE + timedelta(days=day))
        for day in range(days)
    )  # fmt: skip


def spent(told: Standards, days: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    found = work_out(rows(days), told, futures(rows(days), 0.15))
    return found.table.filter("chosen"), found.weeks


@pytest.mark.parametrize("convex", [True, False])
def test_no_other_numbers_meet_the_target_with_fewer_people(*, convex: bool) -> None:
    """All combinations of two to four slots, on tables that are convex and that are not."""
    rng = np.random.default_rng(6)
    for _ in range(400):
        tables = []
        for size in rng.integers(2, 6, rng.integers(2, 5)):
            falls = rng.exponential(1, size)
            falls = np.sort(falls) if convex else falls
            tables.append(np.cumsum(falls)[::-1])
        low = np.array([int(rng.integers(0, len(t) - 1)) for t in tables])
        most = sum(t[n] for t, n in zip(tables, low, strict=True))
        allowed = rng.uniform(sum(t[-1] for t in tables), most)
        begins = np.cumsum([0, *map(len, tables)])
        found = fewest(np.concatenate(tables), begins, low, allowed)
        every = product(*(range(n, len(t)) for n, t in zip(low, tables, strict=True)))
        best = min(
            sum(people)
            for people in every
            if sum(t[n] for t, n in zip(tables, people, strict=True)) <= allowed
        )
        late = sum(t[n] for t, n in zip(tables, found, strict=True))
        assert late <= allowed + 1e-9
        assert (found >= low).all()
        assert found.sum() == best


def test_a_target_out_of_reach_gets_all_people_that_help() -> None:
    late = np.array([5.0, 2.0, 1.0, 1.0])
    assert fewest(late, np.array([0, 4]), np.array([0]), 0.5).tolist() == [2]


@pytest.mark.parametrize("aim", ["day", "week"])
def test_a_wider_aim_needs_fewer_hours_and_still_meets_its_target(aim: str) -> None:
    each, _ = spent(standards(), 5)
    wide, weeks = spent(standards(aim=aim), 5)
    assert wide["people"].sum() < each["people"].sum()
    assert (wide["late"] <= 0.4 * wide["offered"] + 1e-9).all()
    assert (wide["people"] >= 2).all()
    day = pl.col("start").dt.date()
    keys = [day] if aim == "day" else []
    sums = wide.group_by(*keys, pl.lit(1).alias("all")).agg(
        pl.col("late", "offered").sum()
    )
    assert (sums["late"] <= 0.2 * sums["offered"] + 1e-9).all()
    told = weeks.row(0, named=True)
    assert told["hours_chosen"] == wide["people"].sum() / 4 == told[f"hours_{aim}_aim"]
    assert told["hours_slot_aim"] == each["people"].sum() / 4
    assert told["hours_week_aim"] <= told["hours_day_aim"] <= told["hours_slot_aim"]


def test_the_floor_holds_in_each_slot_and_the_worst_is_named() -> None:
    shares = []
    for floor in (0.0, 0.5, 0.75):
        wide, weeks = spent(standards(aim="day", slot_floor=floor))
        late, offered = wide["late"].to_numpy(), wide["offered"].to_numpy()
        of_slot = 1 - late / offered
        told = weeks.row(0, named=True)
        assert of_slot.min() >= floor
        assert told["worst_share"] == pytest.approx(of_slot.min())
        assert told["worst_start"] == wide["start"][int(of_slot.argmin())]
        assert told["share"] == pytest.approx(1 - late.sum() / offered.sum())
        shares.append(told["worst_share"])
    assert shares[0] < shares[-1]


def test_a_floor_above_the_target_asks_no_more_than_the_target() -> None:
    each, _ = spent(standards())
    wide, _ = spent(standards(aim="day", slot_floor=0.95))
    assert wide["people"].sum() <= each["people"].sum()


def test_with_the_target_in_each_slot_nothing_is_saved() -> None:
    _, weeks = spent(standards())
    assert weeks["hours_chosen"].to_list() == weeks["hours_slot_aim"].to_list()
    assert RequirementWeeks.is_valid(weeks)


def test_idle_time_is_given_to_waiting_work_once() -> None:
    """Contacts, waiting work between them and what is idle are all the time there is."""
    calls, post = rows(), workload("back_office", [2.0] * 12, 600, waits=True)
    visits = workload("counter", [3.0] * 12, 600)
    plain = standards(shrinkage=0.1)
    none = work_out(pl.concat([calls, visits, post]), plain).weeks
    assert none["filled_hours"].sum() == 0
    told = standard(plain, "phone", fills=("back_office",))
    told = standard(told, "counter", fills=("back_office",))
    found = work_out(pl.concat([calls, visits, post]), told)
    weeks = found.weeks
    assert (weeks["filled_hours"] <= weeks["idle_hours"] + 1e-9).all()
    assert weeks["filled_hours"].sum() <= float(post["load"].sum()) / 4 + 1e-9
    assert weeks["filled_hours"].sum() > 0
    queues = found.table.filter("chosen", pl.col("skill") != "back_office")
    at_work = float(queues["people"].sum()) / 4 * 0.9
    busy = pl.min_horizontal("load", pl.col("people") * 0.9)
    contacts = queues.select(busy.sum()).item() / 4
    assert float(weeks["idle_hours"].sum()) + contacts == pytest.approx(at_work)
