"""What letters did: both arms week by week, their difference, and how sure it is."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from forecasting.errors import InputError
from forecasting.registry_tables import OutcomeReferences
from staffing.reminders import effects, watch
from staffing.reminders.effect import Arms, arms_of, difference
from staffing.reminders.effect_tables import BatchReferences, LetterEffects
from staffing.reminders.outcomes import outcomes_of, unknown_batches
from tests.benches.reminders import effect as bench
from tests.benches.reminders.mailing import Sizes
from tests.staffing.effect_cases import MAILED_ON, STRATUM, arms, outcomes

WHOLE = st.integers(0, 30)


def one(mailed: int, came: int, held_out: int, held_came: int) -> Arms:
    return Arms(*(np.array([float(n)]) for n in (mailed, came, held_out, held_came)))


def test_both_arms_are_added_up_week_by_week() -> None:
    found = watch(arms(), outcomes({0: 10, 2: 30, 3: 5}, {1: 2, 3: 4}))
    assert found["week"].to_list() == [0, 1, 2, 3]
    assert found["mailed_came"].to_list() == [10, 10, 40, 45]
    assert found["held_out_came"].to_list() == [0, 2, 2, 6]
    assert found["mailed"].unique().to_list() == [900]
    assert found["lead"].unique().to_list() == [12.0]


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.integers(-3, 9), WHOLE), st.dictionaries(WHOLE, WHOLE))
def test_what_came_is_neither_lost_nor_counted_twice(
    mailed: dict[int, int], held_out: dict[int, int]
) -> None:
    """By plain sums: who applied before the mailing is in neither arm."""
    found = watch(arms(900, 1000), outcomes(mailed | {30: 1}, held_out))
    last = found.filter(pl.col("week") == pl.col("week").max()).row(0, named=True)
    early = sum(count for week, count in mailed.items() if week < 0)
    late = sum(count for week, count in mailed.items() if week >= 0)
    assert last["mailed"] == 900 - early
    assert last["mailed_came"] == late + 1
    assert last["held_out_came"] == sum(held_out.values())


def test_a_stratum_over_several_weeks_of_expiry_has_the_mean_lead() -> None:
    later = arms(300, 20, lead=16)
    found = watch(pl.concat([arms(), later]), outcomes({1: 1}, {1: 1}))
    assert found["mailed"][0] == 1200
    assert found["lead"][0] == pytest.approx((12 * 1000 + 16 * 320) / 1320)


def test_each_batch_is_watched_as_long_as_it_was_counted() -> None:
    next_week: dict[str, Any] = {
        "batch": "2027-W06",
        "mailing": MAILED_ON + timedelta(weeks=1),
    }
    both = pl.concat([arms(), arms(**next_week)])
    came = pl.concat([outcomes({5: 1}, {2: 1}), outcomes({2: 1}, {1: 1}, **next_week)])
    weeks = watch(both, came).group_by("batch").agg(pl.col("week").max()).sort("batch")
    assert weeks["week"].to_list() == [5, 2]


def test_a_stratum_without_a_hold_out_is_not_compared() -> None:
    found = watch(arms(held_out=0), outcomes({1: 5}, {}))
    assert found.is_empty()


def test_more_applications_than_documents_are_refused_with_their_place() -> None:
    with pytest.raises(
        InputError,
        match=r"stratum passport 2027-Q2, held out: expected at most 100 .* 101",
    ):
        watch(arms(), outcomes({1: 5}, {1: 60, 2: 41}))


def test_outcomes_of_a_stratum_that_is_not_in_the_batch_are_refused() -> None:
    with pytest.raises(InputError, match=r"stratum licence 2027-Q1, mailed: .* most 0"):
        watch(arms(), outcomes({1: 5}, {}, stratum="licence 2027-Q1"))


def test_outcomes_of_an_unknown_batch_are_left_out_and_counted() -> None:
    strange = outcomes({1: 5}, {1: 2}, batch="elsewhere")
    came = pl.concat([outcomes({1: 5}, {1: 2}), strange])
    assert watch(arms(), came)["batch"].unique().to_list() == ["2027-W05"]
    assert unknown_batches(arms(), came) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"arm": pl.lit("both")}, "arm_is_known"),
        ({"count": pl.lit(-1)}, "count"),
        ({"expiry_week": pl.lit(MAILED_ON)}, "mailed_before_expiry"),
        ({"channel": pl.Series(["letter", "text"])}, "mailed_at_once"),
    ],
)
def test_arms_that_cannot_be_are_refused(change: dict[str, pl.Expr], said: str) -> None:
    with pytest.raises(InputError, match=said):
        watch(arms().with_columns(**change), outcomes({1: 5}, {1: 2}))


def test_a_reference_counts_once_in_the_week_it_was_first_asked_for() -> None:
    days = {
        "ref-01": [date(2027, 2, 10), date(2027, 3, 1)],
        "ref-02": [date(2027, 2, 8)],
    }
    days["stranger"] = [date(2027, 2, 9)]
    requests = [(ref, day) for ref, asked in days.items() for day in asked]
    table = pl.DataFrame(
        requests, schema=OutcomeReferences.column_names(), orient="row"
    )
    sent = BatchReferences.validate(
        pl.DataFrame(
            {
                "reference": ["ref-01", "ref-02", "ref-03"],
                "batch": ["2027-W05"] * 3,
                "stratum": [STRATUM] * 3,
                "arm": ["mailed", "mailed", "held out"],
            }
        )
    )
    found = outcomes_of(OutcomeReferences.validate(table), sent)
    assert found.rows() == [("2027-W05", "mailed", STRATUM, date(2027, 2, 8), 2)]


def test_the_interval_of_one_stratum_is_that_of_two_beta_laws() -> None:
    """By numerical integration on a fine grid."""
    found = difference(one(900, 300, 100, 20), np.random.default_rng(0), draws=40_000)
    usual = 320.5 / 1001
    grid = (np.arange(4000) + 0.5) / 4000
    held = beta.ppf(grid, 20 + usual, 80 + 1 - usual)
    below = [
        beta.cdf(held + value, 300 + usual, 600 + 1 - usual).mean()
        for value in (found.low, found.high)
    ]
    assert below == pytest.approx([0.025, 0.975], abs=0.004)
    assert found.mean == pytest.approx(300 / 900 - 20 / 100, abs=0.005)
    assert found.shown


def test_alike_strata_are_compared_so_that_a_mix_does_not_pass_for_an_effect() -> None:
    """Simpson: one stratum renews early and was mailed more; letters did nothing."""
    early, late = one(1000, 800, 100, 80), one(100, 10, 900, 90)
    both = Arms(*(np.concatenate(pair) for pair in zip_arms(early, late)))
    found = difference(both, np.random.default_rng(0))
    crude = 810 / 1100 - 170 / 1000
    assert crude > 0.5
    assert abs(found.mean) < 0.01
    assert not found.shown


def zip_arms(first: Arms, second: Arms) -> list[tuple[np.ndarray, np.ndarray]]:
    names = ("mailed", "mailed_came", "held_out", "held_out_came")
    return [(getattr(first, name), getattr(second, name)) for name in names]


def test_strata_without_applications_show_nothing() -> None:
    found = difference(one(200, 0, 20, 0), np.random.default_rng(0))
    assert not found.shown
    assert abs(found.mean) < 0.01


def test_letters_that_do_nothing_are_seldom_said_to_do_something() -> None:
    """200 invented worlds; of 1,000 the bench wants 3.5 to 6.5%."""
    sizes = Sizes(batches=6, letters=(20, 200))
    rngs = (np.random.default_rng([7, i]) for i in range(200))
    shown = np.mean([bench.shows(rng, sizes, 0.0) for rng in rngs])
    assert 0.01 <= shown <= 0.10


def test_letters_that_half_of_the_readers_act_on_are_shown_to_work() -> None:
    rngs = (np.random.default_rng([8, i]) for i in range(20))
    assert np.mean([bench.shows(rng, Sizes(), 0.5) for rng in rngs]) > 0.8


def test_effects_are_told_per_channel_and_weeks_of_lead() -> None:
    near: dict[str, Any] = {
        "batch": "2027-W06",
        "mailing": MAILED_ON + timedelta(weeks=1),
    }
    both = pl.concat([arms(), arms(**near, lead=6, channel="text")])
    came = pl.concat([outcomes({3: 90}, {3: 4}), outcomes({1: 9}, {1: 1}, **near)])
    found = effects(watch(both, came), (8, 13))
    assert LetterEffects.is_valid(found)
    kinds = found.select("channel", "lead").unique(maintain_order=True).rows()
    assert kinds == [
        ("letter", "9-13"),
        ("letter", "all"),
        ("text", "1-8"),
        ("text", "all"),
    ]
    row = found.filter(channel="letter", lead="all", week=3).row(0, named=True)
    assert row["mailed_share"] == pytest.approx(0.1)
    assert row["held_out_share"] == pytest.approx(0.04)
    assert row["low"] < row["difference"] < row["high"]


def test_the_same_seed_gives_the_same_effects() -> None:
    watched = watch(arms(), outcomes({3: 90}, {3: 4}))
    assert effects(watched, (8,), seed=3).equals(effects(watched, (8,), seed=3))
    assert arms_of(watched.filter(week=3)).mailed_came.tolist() == [90.0]
