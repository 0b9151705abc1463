"""People per slot: the target is met, the table tells what each number buys."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom, gamma

from forecasting.errors import InputError, PolicyError
from forecasting.policy import load_policy
from forecasting.settings import shipped
from staffing.queueing import service_level
from staffing.requirement import requirement
from staffing.standards import Standards
from tests.staffing import requirement_cases as cases
from tests.staffing.requirement_cases import futures, standard, workload


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
    """Each of n is away by himself: the share is the mean over how many are there."""
    shrunk = cases.standards(shrinkage=0.2)
    table = requirement(workload("phone", [50.0] * 20, 180), shrunk)
    last = table.filter(pl.col("start") == pl.col("start").max())
    n, late = last["people"].to_numpy()[:, None], last["late"].to_numpy()
    levels = service_level(200, 180, np.arange(n.size), 25, 180)
    share = binom.pmf(np.arange(n.size), n, 0.8) @ levels
    np.testing.assert_allclose(late, 50 * (1 - share), rtol=1e-6)
    number = last.filter("chosen")["people"][0]
    assert share[number - 1] < 0.8 <= share[number]
    whole = requirement(workload("back_office", [4.0] * 8, 900, waits=True), shrunk)
    assert whole["people"].sum() == 4 * 8 / 0.8


def test_shares_are_of_contacts_over_all_futures_and_the_noise_of_slots() -> None:
    """All 200 futures and a fine gamma law, against groups of futures and few nodes."""
    rows = workload("phone", [30.0] * 30, 240, noise=0.15)
    drawn = futures(rows, 0.2)
    table = requirement(rows, cases.standards(), drawn)
    last = table.filter(pl.col("start") == pl.col("start").max())
    noise = gamma.ppf((np.arange(400) + 0.5) / 400, 0.15**-2, scale=0.15**2)
    rate = np.outer(cases.factors(drawn), noise / noise.mean()).ravel()
    load = last["load"][0]
    for people, late in last.select("people", "late").iter_rows():
        level = service_level(rate * load * 15, 240, people, 25, 180)
        assert late == pytest.approx(
            30 * (1 - np.average(level, weights=rate)), abs=0.02
        )


@pytest.mark.parametrize("skill", ["phone", "counter"])
def test_groups_of_futures_say_what_all_futures_say(skill: str) -> None:
    """The number chosen, and what comes late: of 40 contacts to a fiftieth of one.

    Without patience a level has a corner where load meets people, and to a fiftieth part.
    """
    rows = workload(skill, [40.0] * 30, 240)
    drawn = futures(rows, 0.15)
    told = cases.standards()
    one = told.skill[skill]
    table = requirement(rows, told, drawn)
    last = table.filter(pl.col("start") == pl.col("start").max())
    rate, load = cases.factors(drawn), last["load"][0]
    level = service_level(
        rate * load * 15, 240, last["people"].to_numpy()[:, None], one.threshold_s,
        one.patience_s or np.inf,
    )  # fmt: skip
    share = (level * rate).mean(axis=1)
    np.testing.assert_allclose(
        last["late"], 40 * (1 - share), atol=0.02 if skill == "phone" else 0.8
    )
    number = last.filter("chosen")["people"][0]
    assert share[number - 1] < one.target + 0.01
    assert share[number] > one.target - 0.01


def test_a_safety_level_is_enough_in_that_part_of_the_futures() -> None:
    rows = workload("phone", [90.0] * 30, 240)
    drawn = futures(rows, 0.2)
    safe = cases.standards(uncertainty="safety", safety_level=0.8)
    last = requirement(rows, safe, drawn).filter(
        pl.col("start") == pl.col("start").max()
    )
    number, load = last.filter("chosen")["people"][0], last["load"][0]
    levels = service_level(cases.factors(drawn) * load * 15, 240, number, 25, 180)
    fewer = service_level(cases.factors(drawn) * load * 15, 240, number - 1, 25, 180)
    assert (fewer >= 0.8).mean() < 0.8 <= (levels >= 0.8).mean()
    expected = requirement(rows, cases.standards(), drawn).filter(
        pl.col("start") == pl.col("start").max()
    )
    both = last.join(expected, on="people")
    np.testing.assert_allclose(both["late"], both["late_right"], rtol=1e-9)
    assert number > expected.filter("chosen")["people"][0]


def test_contacts_that_give_up_count_as_the_standard_says() -> None:
    rows = workload("phone", [40.0] * 20, 240)
    numbers = {
        way: chosen(rows, standard(cases.standards(), "phone", abandoned=way))[-1]
        for way in ("late", "short_left_out", "in_time", "left_out")
    }
    assert numbers["late"] >= numbers["short_left_out"] >= numbers["in_time"]
    assert numbers["late"] > numbers["left_out"]


def test_the_table_runs_from_nobody_to_three_more_than_chosen() -> None:
    table = requirement(workload("phone", [50.0], 180), cases.standards())
    number = table.filter("chosen")["people"][0]
    assert table["people"].to_list() == list(range(number + 4))
    assert table["late"][0] == pytest.approx(50)
    assert (table["late"].diff().drop_nulls() <= 1e-12).all()
    assert table["chosen"].sum() == 1


def test_a_quiet_open_slot_keeps_the_minimum() -> None:
    assert chosen(workload("phone", [0.0, 0.0], 180)) == [2, 2]


def test_people_come_as_the_hall_fills() -> None:
    people = chosen(workload("counter", [10.0] * 12, 720))
    assert people[0] < people[1] < people[-1]


def test_uncertainty_belongs_to_those_who_are_not_planned() -> None:
    def with_noise(booked: float) -> int:
        rows = workload("counter", [30.0] * 12, 600, booked=booked, noise=0.5)
        return chosen(rows)[-1]

    assert with_noise(0.0) > with_noise(0.5) > with_noise(1.0)


@pytest.mark.parametrize("skill", ["phone", "counter"])
def test_a_queue_has_at_least_the_people_its_standard_asks(skill: str) -> None:
    rows = workload(skill, [0.0, 0.2, 0.0, 0.1], 300)
    for fewest in (0, 1, 2, 3):
        told = standard(cases.standards(), skill, minimum_people=fewest)
        assert min(chosen(rows, told)) == fewest
        assert max(chosen(rows, told)) <= max(fewest, 2)


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


@pytest.mark.parametrize("column", ["handling_s", "walk_ins", "load", "noise_cv"])
def test_a_number_below_none_is_named_with_its_row(column: str) -> None:
    rows = workload("phone", [4.0] * 3, 180)
    wrong = rows.with_columns(
        pl.when(pl.int_range(3) == 1).then(-5.0).otherwise(pl.col(column)).alias(column)
    )
    with pytest.raises(
        InputError, match=rf"{column}.*-5.*hall, phone, 2027-01-11 08:15"
    ):
        requirement(wrong, cases.standards())


def test_contacts_without_handling_time_are_refused() -> None:
    rows = workload("phone", [4.0] * 3, 180).with_columns(handling_s=pl.lit(0.0))
    with pytest.raises(InputError, match="handling_s"):
        requirement(rows, cases.standards())


@pytest.mark.parametrize("target", [0.0, 1.0, 1.2])
def test_a_target_of_none_or_all_is_refused(target: float, tmp_path: Path) -> None:
    text = (shipped("config", "config") / "standards.toml").read_text("utf-8")
    file = tmp_path / "standards.toml"
    file.write_text(text.replace("target = 0.80", f"target = {target}"), "utf-8")
    with pytest.raises(PolicyError, match=r"skill\.phone\.target"):
        load_policy(file, Standards)
