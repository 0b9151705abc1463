"""A week laid out as queues and the people who serve them, and what a day of it gives."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom

from forecasting.errors import InputError, PolicyError
from staffing.proving import live_week
from staffing.proving.absence import Away
from staffing.proving.floors import Floor, lay_floors
from staffing.proving.telling import Proof, reasons, tell
from staffing.proving.weeks import Chances
from staffing.queueing import service_level
from staffing.simulation import Distribution, simulate
from staffing.standards import Shrinkage
from tests.staffing.proving_cases import (
    PHONE,
    POST,
    SLOTS,
    ZONE,
    estimate,
    floors,
    roster,
    standards,
    work,
)

HALL, MILL = ("hall", "phone"), ("mill", "phone")
CALLS = work(HALL, walk_ins=18.0)


def shares(floor_list: list[Floor], chances: Chances) -> np.ndarray:
    return live_week(floor_list, chances).result.within_shares


def test_with_everybody_there_it_is_the_single_queue() -> None:
    """The same law as `simulate`, though each draws its contacts in its own way."""
    rules = standards()
    mine = live_week(floors(CALLS, {HALL: 5}, rules), Chances(rules, 400, 1)).result
    theirs = simulate(
        [18.0] * SLOTS, 5, Distribution(200.0, 1.0), 180.0,
        slot_s=900, threshold_s=25, replications=400, seed=2,
    )  # fmt: skip
    for name in ("offered", "within", "abandoned", "waited_s", "busy_s", "staffed_s"):
        (one, error), (other, more) = (
            estimate(getattr(run, name).sum(axis=1)) for run in (mine, theirs)
        )
        assert abs(one - other) <= 3 * np.hypot(error, more) + 1e-9


def test_it_agrees_with_the_expected_share_over_futures_noise_and_absence() -> None:
    """Erlang A, meaned over all that is uncertain, for short calls that come at random.

    A short service forgets the slot before, so the formula per slot is near; what is
    left of the difference is that, and handling times that are not exponential.
    """
    lost = {
        "ill": Shrinkage(share=0.06, per="day", source="t"),
        "away": Shrinkage(share=0.05, per="hour", source="t"),
    }
    rules = standards(shrinkage=lost)
    calls = work(HALL, walk_ins=60.0, handling_s=60.0, cv=1.0, noise=0.15)
    factor = np.random.default_rng(1).gamma(100, 0.01, 400)
    futures = {("hall", "phone", calls["day"][0]): factor / factor.mean()}
    chances = Chances(rules, 400, 3, futures, Away.of(lost))
    found = live_week(floors(calls, {HALL: 6}, rules), chances).result
    people = np.arange(7)
    chance = binom.pmf(people, 6, rules.at_work)
    draws = np.random.default_rng(2).gamma(0.15**-2, 0.15**2, (300, 1))
    rate = 240 * (factor / factor.mean())[None, :] * draws
    level = service_level(rate[..., None], 60, people, 25, 180)
    expected = float(((level @ chance) * rate).sum() / rate.sum())
    share = found.overall.within_share
    assert share.low - 0.01 < expected < share.high + 0.01


def test_two_rosters_meet_the_same_weeks() -> None:
    """Paired, a difference is surer than between weeks drawn apart."""
    lost = {"ill": Shrinkage(share=0.1, per="day", source="t")}
    rules = standards(shrinkage=lost)
    few, many = (floors(CALLS, {HALL: n}, rules) for n in (5, 6))
    chances = Chances(rules, 200, 7, away=Away.of(lost))
    apart = replace(chances, seed=8)
    gain = shares(many, chances) - shares(few, chances)
    _, paired = estimate(gain)
    _, unpaired = estimate(shares(many, apart) - shares(few, chances))
    assert paired < 0.7 * unpaired
    assert gain.mean() > 3 * paired


def test_people_on_a_closed_quarter_hour_are_refused() -> None:
    rules, afternoon = standards(), work(HALL, walk_ins=3.0, slots=8)
    people = roster({HALL: 2}, CALLS)
    with pytest.raises(InputError, match="phone at hall, Monday 11-01-2027 11:00"):
        lay_floors(afternoon, people, rules, ZONE)


def test_a_queue_without_a_standard_is_refused() -> None:
    rules = standards()
    unknown = rules.model_copy(update={"skill": {"counter": rules.skill["counter"]}})
    with pytest.raises(PolicyError, match=r"standards\.toml.*\[skill\.phone\]"):
        floors(CALLS, {HALL: 2}, unknown)


def test_work_that_can_wait_serves_no_queue_unless_it_helps_one() -> None:
    place = ("hall", "post")
    both = pl.concat([CALLS, work(place, walk_ins=1.0)])
    helping = POST.model_copy(update={"helps": ("phone",)})
    alone, helped = (
        shares(floors(both, {HALL: 4, place: 2}, rules), Chances(rules, 40, 1))
        for rules in (standards(), standards(post=helping))
    )
    without = shares(floors(CALLS, {HALL: 4}, standards()), Chances(standards(), 40, 1))
    np.testing.assert_array_equal(alone, without)
    assert helped.mean() > alone.mean() + 0.1


def test_help_for_an_unknown_skill_is_refused() -> None:
    with pytest.raises(ValueError, match="'post' helps 'telephone'"):
        standards(post=POST.model_copy(update={"helps": ("telephone",)}))


def test_a_pooled_phone_is_one_queue_of_all_locations() -> None:
    both = pl.concat([CALLS, work(MILL, walk_ins=18.0)])
    pooled = standards(phone=PHONE.model_copy(update={"pooled": True}))
    together = floors(both, {HALL: 5, MILL: 5}, pooled)
    assert [len(floor.lines) for floor in together] == [2]
    one = floors(work(HALL, walk_ins=36.0), {HALL: 10}, standards())
    apart = floors(both, {HALL: 5, MILL: 5}, standards())
    chances = Chances(standards(), 300, 5)
    (pool, error), (single, more) = (
        estimate(shares(found, chances)) for found in (together, one)
    )
    assert abs(pool - single) <= 3 * np.hypot(error, more)
    assert pool > shares(apart, chances).mean() + 0.02


def test_a_pooled_phone_may_be_served_where_there_is_no_line() -> None:
    pooled = standards(phone=PHONE.model_copy(update={"pooled": True}))
    away = roster({MILL: 5}, work(MILL, walk_ins=1.0))
    far = shares(lay_floors(CALLS, away, pooled, ZONE), Chances(pooled, 40, 5))
    near = shares(floors(CALLS, {HALL: 5}, pooled), Chances(pooled, 40, 5))
    np.testing.assert_array_equal(far, near)


def test_who_gives_up_and_calls_again_is_offered_again() -> None:
    again = PHONE.model_copy(update={"redial_share": 0.5, "redial_after_s": 300.0})
    once, twice = (
        live_week(floors(CALLS, {HALL: 3}, rules), Chances(rules, 100, 1)).result
        for rules in (standards(), standards(phone=again))
    )
    assert twice.overall.offered.mean > once.overall.offered.mean + 10


def test_long_visits_are_finished_after_closing() -> None:
    """Without a queue those present are load many, each with the mean residual to go."""
    visits = work(("hall", "counter"), walk_ins=2.0, handling_s=1800.0, cv=0.5)
    held = floors(visits, {("hall", "counter"): 14}, standards())
    week = live_week(held, Chances(standards(), 300, 2))
    mean, error = estimate(week.after_s)
    assert abs(mean - 2 * 1800 / 900 * 1800 * (1 + 0.5**2) / 2) <= 3 * error


def test_who_gives_up_counts_as_the_standard_has_it() -> None:
    """As `service_level` has each way of counting, for a queue long at work."""
    held = floors(CALLS, {HALL: 4}, standards())
    found = live_week(held, Chances(standards(), 200, 4)).result
    level = {}
    for how in ("late", "left_out", "short_left_out", "in_time"):
        run = found.counted(how).part(np.arange(4, SLOTS))
        level[how] = run.overall.within_share
        exact = service_level(72, 200, 4, 25, 180, abandoned=how)
        half = level[how].high - level[how].mean
        assert level[how].mean == pytest.approx(float(exact), abs=2 * half + 0.01)
    assert level["late"].mean < level["short_left_out"].mean < level["in_time"].mean


def test_what_never_differs_is_no_reason_that_weeks_differ() -> None:
    lost = {"ill": Shrinkage(share=0.15, per="day", source="t")}
    rules = standards(shrinkage=lost)
    held = floors(CALLS, {HALL: 7}, rules)
    chance = Chances(rules, 200, 9)
    absent = replace(chance, away=Away.of(lost))
    weeks = live_week(held, chance), live_week(held, absent)
    told = tell(Proof(weeks[0], weeks[1], weeks[1]), PHONE)
    why = told["reasons"]
    assert isinstance(why, dict)
    assert why["forecast"] == 0
    assert why["absence"] > 0.5
    assert sum(why.values()) == pytest.approx(1)
    calm = tell(Proof(weeks[0], weeks[0], weeks[0]), PHONE)["reasons"]
    assert calm == {"chance": 1.0, "absence": 0.0, "forecast": 0.0}


def test_weeks_without_contacts_have_no_reasons() -> None:
    none = np.empty(0)
    assert reasons({"chance": none, "absence": none, "forecast": none}) is None
