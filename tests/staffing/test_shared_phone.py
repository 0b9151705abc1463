"""A phone shared by ten towns, from the forecast to the simulated week."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.requiring import run_requirement
from staffing.pipeline.rostering import run_roster
from staffing.pipeline.simulating import run_simulation
from staffing.pipeline.week_inputs import WeekInputs
from staffing.requirement.joining import join_futures, join_slots
from staffing.requirement.sharing import join_shared, shared_places
from staffing.workload import SlotWorkload
from tests.staffing import town_cases as cases

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TOWNS = 10


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Workspace:
    """Ten towns with one phone: required and rostered."""
    folder = tmp_path_factory.mktemp("shared")
    home = cases.towns_home(folder, TOWNS, pooled=True, now=NOW)
    run_requirement(home, now=NOW)
    run_roster(home, week=cases.MONDAY, now=NOW)
    return home


def chosen(home: Workspace) -> pl.DataFrame:
    run = home.latest("requirement")
    return home.table(run, "requirement").filter("chosen").collect()


def roster_run(home: Workspace) -> RunRecord:
    return home.latest("roster")


def test_the_calls_of_ten_towns_are_one_queue_that_needs_fewer_than_ten(
    shared, tmp_path
):
    phone = chosen(shared).filter(skill="phone")
    assert set(phone["location"]) == {"phones"}
    assert phone["offered"].sum() == pytest.approx(TOWNS * 24 * 5)
    counter = chosen(shared).filter(skill="counter")
    assert counter["location"].n_unique() == TOWNS
    apart = cases.towns_home(tmp_path, 2, pooled=False, now=NOW)
    run_requirement(apart, now=NOW)
    alone = chosen(apart).filter(skill="phone", location="town01")
    assert phone["people"].sum() < 0.5 * TOWNS * alone["people"].sum()


def test_people_of_every_town_serve_the_queue_from_where_they_sit(shared):
    run = roster_run(shared)
    done = shared.table(run, "activities").filter(skill="phone").collect()
    assert done["location"].n_unique() > TOWNS // 2
    assert done.filter(
        pl.col("location") != pl.col("person").str.slice(0, 6)
    ).is_empty()
    coverage = shared.table(run, "coverage").filter(skill="phone").collect()
    assert set(coverage["location"]) == {"phones"}
    assert coverage["rostered"].sum() == done.height
    assert run.figures["hard_violations"] == 0


def test_the_simulated_week_serves_one_another_as_the_roster_counts(shared):
    run = run_simulation(shared, week=cases.MONDAY, now=NOW, replications=20)
    told = shared.table(run, "simulated_slots").filter(skill="phone").collect()
    assert told["offered"].sum() == pytest.approx(TOWNS * 24 * 5, rel=0.1)
    share = told["within"].sum() / told["offered"].sum()
    coverage = shared.table(roster_run(shared), "coverage").filter(skill="phone")
    enough = coverage.select((pl.col("rostered") >= pl.col("required")).mean())
    assert enough.collect().item() > 0.9
    assert share > 0.75


def test_the_staff_of_all_towns_are_at_hand_for_the_shared_queue(shared):
    run = shared.latest("requirement")
    load = shared.table(run, "weekly_load").filter(skill="phone").collect()
    assert load["location"].to_list() == ["phones"]
    assert load["hours"][0] == pytest.approx(TOWNS * 24 * 5 * 210 / 3600)
    assert load["capacity"][0] > load["hours"][0]


def test_the_instance_has_one_pool_with_every_town_as_a_member(shared):
    (pool,) = WeekInputs(shared).instance(cases.MONDAY).pools
    assert (pool.skill, pool.location) == ("phone", "phones")
    assert list(pool.members) == cases.towns(TOWNS)


def slots_of(*rows: tuple[float, float, float, float, float]) -> pl.DataFrame:
    """One quarter-hour of several towns: walk-ins, visits, handling, its cv, noise."""
    start = cases.moment(cases.MONDAY, 9)
    told = [
        {"location": f"t{i}", "skill": "phone", "start": start, "day": cases.MONDAY,
         "walk_ins": walk_ins, "booked": booked, "handling_s": mean, "handling_cv": cv,
         "noise_cv": noise, "comes": 0.8, "late_s": -60.0 * i, "late_sd_s": 30.0,
         "load": (walk_ins + booked) * mean / 900, "waits": False}
        for i, (walk_ins, booked, mean, cv, noise) in enumerate(rows)
    ]  # fmt: skip
    schema = SlotWorkload.create_empty().schema
    return SlotWorkload.validate(pl.DataFrame(told, schema=schema))


def test_joined_handling_times_and_rates_have_the_moments_of_the_mixture():
    """A million contacts drawn from three towns have the mean and spread told."""
    rows = slots_of((6, 2, 200, 1.0, 0.2), (3, 1, 400, 0.5, 0.1), (1, 0, 900, 1.5, 0.4))
    one = join_slots(rows, ["skill"]).row(0, named=True)
    draw = np.random.default_rng(0)
    weights = np.array([8, 4, 1])
    town = draw.choice(3, 1_000_000, p=weights / weights.sum())
    mean, cv = rows["handling_s"].to_numpy(), rows["handling_cv"].to_numpy()
    times = draw.gamma(cv[town] ** -2, mean[town] * cv[town] ** 2)
    assert one["handling_s"] == pytest.approx(times.mean(), rel=0.005)
    assert one["handling_cv"] == pytest.approx(times.std() / times.mean(), rel=0.01)
    rates = np.array([6, 3, 1]) * draw.gamma(
        np.array([0.2, 0.1, 0.4]) ** -2.0, np.array([0.2, 0.1, 0.4]) ** 2, (200_000, 3)
    )
    total = rates.sum(axis=1)
    assert one["noise_cv"] == pytest.approx(total.std() / total.mean(), rel=0.01)
    assert one["load"] == pytest.approx(rows["load"].sum())
    assert one["comes"] == pytest.approx(0.8)
    late = np.array([0.0] * 2 + [-60.0])
    assert one["late_s"] == pytest.approx(late.mean())
    assert one["late_sd_s"] == pytest.approx(np.hypot(30, late.std()))


def test_joined_futures_weigh_towns_by_their_work():
    rows = slots_of((6, 0, 200, 1, 0), (2, 0, 300, 1, 0))
    drawn = pl.DataFrame(
        {"location": ["t0", "t1"], "skill": "phone", "day": cases.MONDAY, "sample": 0,
         "factor": [1.1, 0.7]}
    )  # fmt: skip
    (factor,) = join_futures(rows, drawn, ["skill"])["factor"]
    assert factor == pytest.approx((1200 * 1.1 + 600 * 0.7) / 1800)


def test_a_skill_of_one_location_keeps_its_queue_as_it_is(tmp_path):
    rows = slots_of((6, 2, 200, 1, 0))
    config = cases.towns_config(tmp_path, ["t0"], pooled=True)
    standards = cases.standards_of(config)
    assert shared_places(rows, standards) == {"phone": "t0"}
    assert join_shared(rows, standards).equals(rows)
