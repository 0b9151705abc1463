"""What hold-outs teach: the assumption narrows towards the truth, and says by what."""

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta, binom
from statsmodels.stats.proportion import (  # type: ignore[import-untyped]  # ships no types
    power_proportions_2indep,
)

from forecasting.reactions import with_measured
from staffing.reminders import measure_response, watch
from staffing.reminders.effect import effects
from staffing.reminders.effect_alone import SHIFTS, Alone, alone, shifted
from staffing.reminders.effect_expected import (
    coming,
    expected_difference,
    reacting,
    weeks_needed,
)
from staffing.reminders.effect_learning import REACTED, likelihoods
from staffing.reminders.effect_policy import EffectPolicy
from staffing.reminders.effect_telling import letters_did
from staffing.reminders.moving import expected_visits, moved_visits
from staffing.reminders.timing import LAGS
from tests.benches.reminders import recovery
from tests.benches.reminders.mailing import Sizes, Truth, applied, make_mailings
from tests.staffing.effect_cases import MAILED_ON, arms, outcomes
from tests.staffing.reminder_cases import response, settings

WEEK = 8
POLICY = EffectPolicy(week=WEEK, lead_bounds=(8, 13), power=0.8)


def watched_at(week: int = WEEK, **change: Any) -> pl.DataFrame:
    found = watch(arms(**change), outcomes({week: 30}, {week: 2}))
    return found.filter(week=week)


def test_the_difference_by_a_week_is_what_moving_visits_week_by_week_gives() -> None:
    """Reacted times those still to come, against the planner's own moved visits."""
    how, rows = response(), watched_at()
    timing = how.timing_of("passport", "")
    visits = expected_visits(timing, 12, -1, 60)
    change = moved_visits(visits, how.arrivals("letter", 12, 0), 0)
    expected = np.cumsum(change)[WEEK]
    assert expected_difference(rows, how) == pytest.approx(expected, rel=1e-9)
    assert coming(rows, how).by_then[0] == pytest.approx(np.cumsum(visits)[WEEK])
    assert coming(rows, how).ever[0] == pytest.approx(visits.sum())


def test_the_difference_by_a_week_is_what_residents_one_by_one_do() -> None:
    """A hundred thousand invented residents, mailed and not."""
    how = response()
    timing, letter = how.timing_of("passport", ""), how.channel["letter"]
    acts = letter.acts.value
    truth = Truth(LAGS, timing.weights(), acts, letter.half_life_weeks.value)
    random = np.random.default_rng(2)
    with_it, without = (
        (applied(random, truth, 12, 100_000, letter=told) <= WEEK).mean()
        for told in (True, False)
    )
    expected = expected_difference(watched_at(), how)
    assert with_it - without == pytest.approx(expected, abs=0.006)


def test_a_second_message_counts_in_what_is_expected() -> None:
    how, rows = response(), watched_at(channel="message_box")
    visits = expected_visits(how.timing_of("passport", ""), 12, -1, 60)
    change = moved_visits(visits, how.arrivals("message_box", 12, 0), 0)
    assert expected_difference(rows, how) == pytest.approx(np.cumsum(change)[WEEK])
    assert reacting(rows, how).fixed[0] > 0


def test_the_likelihood_of_a_stratum_is_that_of_two_binomials() -> None:
    """By a sum over a fine grid of what the stratum might do by itself."""
    rows = watch(arms(180, 20), outcomes({WEEK: 70}, {WEEK: 5})).filter(week=WEEK)
    held = Alone(
        np.array([20.0]), np.array([5.0]), np.array([0.3]), 30.0, SHIFTS, SHIFTS
    )
    ever = 0.85
    share = (np.arange(40_000) + 0.5) / 40_000
    mean = shifted(np.array([0.3]), 0.4)[0]
    before = beta.pdf(share, 30 * mean, 30 * (1 - mean)) * binom.pmf(5, 20, share)
    capped = np.minimum(share, ever)
    direct = [
        (before * binom.pmf(70, 180, capped + r * (ever - capped))).mean()
        for r in REACTED
    ]
    (found,) = likelihoods(rows, held.nodes(0.4), np.array([ever]))
    logs = found + held.told(0.4)
    known = np.log(direct)
    near = known > known.max() - 4
    assert logs[near] - logs.max() == pytest.approx(known[near] - known.max(), abs=0.1)
    apart = held.told(0.4) - held.told(-0.4)
    other = shifted(np.array([0.3]), -0.4)[0]
    law = beta.pdf(share, 30 * other, 30 * (1 - other)) * binom.pmf(5, 20, share)
    assert apart == pytest.approx(np.log(before.mean() / law.mean()), abs=1e-3)


def test_the_held_out_arms_tell_how_far_the_timing_is_off() -> None:
    """Forty strata of whom twice as many apply by themselves as the timing says."""
    random = np.random.default_rng(4)
    usual = random.uniform(0.05, 0.4, 40)
    sizes = random.integers(20, 60, 40)
    truth = shifted(usual, np.log(2))
    rows = pl.DataFrame(
        {"held_out": sizes, "held_out_came": random.binomial(sizes, truth)}
    )
    found = alone(rows, usual)
    assert found.shifts[0] < np.log(2) < found.shifts[-1]
    assert found.shifts.mean() == pytest.approx(np.log(2), abs=0.25)
    assert found.worth >= 30, "strata differ from the timing by nothing else"
    scattered = np.where(np.arange(40) % 2, 0.02, 0.6)
    wild = pl.DataFrame(
        {"held_out": sizes, "held_out_came": random.binomial(sizes, scattered)}
    )
    assert alone(wild, np.full(40, 0.3)).worth == 10


def test_a_hold_out_narrows_what_was_assumed_around_the_truth() -> None:
    truth = recovery.planted_letters(np.random.default_rng(11))
    sizes = Sizes(batches=60, letters=(300, 900), watched=90)
    made = make_mailings(np.random.default_rng(12), truth, sizes)
    before = recovery.knowing(truth)
    found = measure_response(watch(made.arms, made.outcomes), before, WEEK)
    after = with_measured(before, found).channel["letter"]
    assumed = before.channel["letter"]
    assert after.acts.low < truth.acts < after.acts.high
    wide = assumed.acts.high - assumed.acts.low
    assert after.acts.high - after.acts.low < 0.6 * wide
    assert after.acts.source.startswith("measured: ")
    assert after.acts.source.endswith("before: assumed: no public measurement found")
    assert after.half_life_weeks.low < truth.half_life < after.half_life_weeks.high


def test_intervals_hold_the_truth_of_nearly_all_of_sixteen_worlds() -> None:
    """Two truths each, of which nine in ten should be right; the bench counts 100."""
    answers = [
        answer
        for seed in range(16)
        for answer in recovery.letters(np.random.default_rng([5, seed]))
    ]
    right = [low <= truth <= high for _, truth, low, high in answers]
    assert np.mean(right) >= 0.78


def test_next_to_no_results_leave_the_assumption_as_it_was() -> None:
    few = watch(arms(9, 1), outcomes({1: 1}, {}))
    found = measure_response(few, response(), WEEK).filter(quantity="acts")
    assumed = response().channel["letter"].acts
    row = found.row(0, named=True)
    assert row["value"] == pytest.approx(assumed.value, abs=0.03)
    assert row["low"] == pytest.approx(assumed.low, abs=0.05)
    assert row["high"] == pytest.approx(assumed.high, abs=0.05)


def test_letters_that_did_nothing_lower_what_is_thought_of_them() -> None:
    plain = watch(arms(9000, 1000), outcomes({WEEK: 2700}, {WEEK: 300}))
    found = measure_response(plain, response(), WEEK).filter(quantity="acts")
    assert found["high"][0] < response().channel["letter"].acts.value


def test_the_letters_behind_messages_are_learnt_of_first() -> None:
    """What letters did by themselves is not held for what the messages did."""
    later: dict[str, Any] = {
        "batch": "2027-W06",
        "mailing": MAILED_ON + timedelta(weeks=1),
    }
    both = pl.concat(
        [arms(9000, 1000), arms(9000, 1000, channel="message_box", **later)]
    )
    came = pl.concat(
        [
            outcomes({WEEK: 2700}, {WEEK: 300}),
            outcomes({WEEK: 3600}, {WEEK: 300}, **later),
        ]
    )
    found = measure_response(watch(both, came), response(), WEEK)
    acts = dict(found.filter(quantity="acts").select("channel", "value").rows())
    assert acts["letter"] < 0.2 < acts["message_box"]


def test_a_channel_that_is_not_described_any_more_is_left_out() -> None:
    found = measure_response(watched_at(), response(), WEEK)
    strange = found.with_columns(channel=pl.lit("pigeon"))
    assert with_measured(response(), strange) == response()


def test_the_weeks_needed_give_the_power_that_is_wanted() -> None:
    """Against the power of statsmodels for two shares, just enough and not enough."""
    rows = watched_at(mailed=90, held_out=10)
    needed = weeks_needed(rows, response(), POLICY)
    assert needed is not None
    alone = coming(rows, response()).by_then[0]
    extra = expected_difference(rows, response())
    power = [
        power_proportions_2indep(extra, alone, 10 * n, ratio=9, return_results=False)
        for n in (needed, needed - 1)
    ]
    assert power[0] >= 0.79
    assert power[1] < 0.82


def test_nothing_expected_can_never_be_shown() -> None:
    assert weeks_needed(watched_at(), response(acts=0.0), POLICY) is None


def did(watched: pl.DataFrame) -> dict[str, object]:
    curve = effects(watched, ())
    policy = POLICY.model_copy(update={"lead_bounds": ()})
    return letters_did(watched, curve, response(), policy, small_cell=5).row(
        0, named=True
    )


def test_what_is_shown_is_said_with_its_interval() -> None:
    row = did(watch(arms(), outcomes({3: 100, WEEK: 300}, {WEEK: 20})))
    assert row["shown"] is True
    assert row["mailed_share"] == pytest.approx(400 / 900)
    assert str(row["text_en"]).startswith(
        "Letters: 8 weeks after mailing the difference with those who got none is 24."
    )
    assert "procentpunt aanvragen (95%: 1" in str(row["text_nl"])
    assert "weken met zo'n controlegroep" not in str(row["text_nl"])


def test_what_is_not_shown_says_how_many_weeks_it_takes() -> None:
    row = did(watch(arms(90, 10), outcomes({WEEK: 50}, {WEEK: 5})))
    assert row["shown"] is False
    assert row["held_out_share"] == pytest.approx(0.5)
    assert f"takes {row['weeks_needed']} weeks with such a hold-out" in str(
        row["text_en"]
    )
    assert "nothing is shown yet" in str(row["text_en"])


@pytest.mark.parametrize(("mailed", "held_out"), [(80, 0), (80, 4), (4, 9)])
def test_of_a_few_applications_nothing_is_said(mailed: int, held_out: int) -> None:
    """An interval of them rests on the law that is held beforehand."""
    row = did(watch(arms(90, 10), outcomes({WEEK: mailed}, {WEEK: held_out})))
    assert row["shown"] is False
    assert {row[name] for name in ("held_out_share", "mailed_share", "difference")} == {
        None
    }
    assert "too few applications" in str(row["text_en"])
    assert "te weinig aanvragen" in str(row["text_nl"])


def test_leads_are_told_apart_only_where_no_class_is_small() -> None:
    """A class of three held out would follow from the whole and the other class."""
    later: dict[str, Any] = {
        "batch": "2027-W06",
        "mailing": MAILED_ON + timedelta(weeks=1),
    }
    came = pl.concat(
        [outcomes({WEEK: 30}, {WEEK: 3}), outcomes({WEEK: 9}, {}, **later)]
    )
    leads = []
    for held_out in (3, 30):
        both = pl.concat([arms(), arms(90, held_out, lead=6, **later)])
        watched = watch(both, came)
        told = letters_did(
            watched, effects(watched, (8, 13)), response(), POLICY, small_cell=5
        )
        leads.append(told["lead"].sort().to_list())
    assert leads == [["all"], ["1-8", "9-13", "all"]]


def test_before_the_week_of_judgement_nothing_is_said_of_the_difference() -> None:
    row = did(watch(arms(), outcomes({3: 300}, {3: 3})))
    assert row["difference"] is None
    assert row["shown"] is False
    assert "no batch was followed for 8 weeks" in str(row["text_en"])


def test_the_shipped_settings_judge_once_and_name_their_leads() -> None:
    shipped = settings().effect
    assert (shipped.week, shipped.lead_bounds) == (8, (8, 13, 19))
    with pytest.raises(ValueError, match="lead_bounds must rise"):
        EffectPolicy(week=8, lead_bounds=(13, 8), power=0.8)
