"""The quick reckoning is near the plan, and a planner's choices are the plan's."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.mailing_inputs import mailing_inputs
from staffing.pipeline.reminding import run_reminders
from staffing.reminders.choices import Choices
from staffing.reminders.gains import HELPS, HOURS, PEAK
from staffing.reminders.quick import reckon_quickly
from tests.staffing.reminder_cases import Town, crest_town, policy, response
from tests.staffing.test_reminding import bring_in, require

SURE = response(acts=0.5, sure=True)


@pytest.fixture(scope="module")
def town() -> Town:
    return crest_town(weeks=40)


def quick_of(town: Town, **changes: object):
    how = policy(**changes)
    return reckon_quickly(town.expiries, town.demand, town.capacity, response(), how)


def gained(tried, measure: str) -> float:
    return float(tried.gains.filter(measure=measure).item(0, "change"))


def test_it_is_near_the_plan_itself(town: Town):
    """Within a tenth of the hours that letters take off, and a fifth of the letters."""
    quick, exact = quick_of(town), town.plan()
    wanted = exact.tried.as_figures()
    assert quick.verdict == exact.verdict == HELPS
    assert quick.letters == pytest.approx(wanted["letters"], rel=0.2)
    assert gained(quick, HOURS) == pytest.approx(wanted[HOURS], rel=0.1)


def test_it_counts_the_letters_on_paper_that_a_channel_brings(town: Town):
    """Every letter is one; of messages in the box those not read; of texts none."""
    on_letters, boxed, texted = (
        quick_of(town, channel=channel) for channel in ("letter", "message_box", "text")
    )
    assert on_letters.paper_letters == on_letters.letters > 0
    assert 0 < boxed.paper_letters < boxed.letters
    assert texted.paper_letters == 0 < texted.letters


def test_it_is_the_plan_but_for_rounding_where_nothing_is_uncertain(town: Town):
    """One sure response, and the demand as expected: both are made on the same."""
    how = policy(response_draws=1)
    renews = tuple(
        one.model_copy(update={"renews": one.renews.model_copy(
            update={"low": one.renews.value, "high": one.renews.value})})
        for one in SURE.timing
    )  # fmt: skip
    letter = SURE.channel["letter"]
    life = letter.half_life_weeks
    still = life.model_copy(update={"low": life.value, "high": life.value})
    channel = {"letter": letter.model_copy(update={"half_life_weeks": still})}
    sure = SURE.model_copy(update={"timing": renews, "channel": channel})
    quick = reckon_quickly(town.expiries, town.demand, town.capacity, sure, how)
    exact = town.plan(sure, response_draws=1).tried
    assert quick.letters == pytest.approx(exact.letters, abs=40)
    assert gained(quick, HOURS) == pytest.approx(gained(exact, HOURS), rel=0.02)
    assert gained(quick, PEAK) == pytest.approx(gained(exact, PEAK), rel=0.05)


def test_a_larger_budget_never_leaves_more_hours_above_capacity(town: Town):
    left = [-gained(quick_of(town, budget=n), HOURS) for n in (0, 200, 800, 25_000)]
    assert left[0] == 0
    assert np.diff(left).min() >= -1e-6


def test_a_plan_without_letters_says_so(town: Town):
    assert quick_of(town, budget=0).letters == 0


def test_what_is_not_chosen_stays_as_the_policy_says():
    assert Choices().applied(policy(), ["letter"]) == policy()
    chosen = Choices(budget=7, letters_per_hour=3)
    assert chosen.applied(policy(), ["letter"]) == policy(budget=7, letters_per_hour=3)
    assert chosen.told() == {"budget": "7", "letters_per_hour": "3.0"}
    every = Choices(budget=7, earliest_lead_weeks=9, channel="text", letters_per_hour=3)
    assert Choices.told_by({"weeks": "52", **every.told()}) == every


@pytest.mark.parametrize(
    ("choices", "word"),
    [(Choices(channel="pigeon"), "pigeon"), (Choices(earliest_lead_weeks=2), "lead")],
)
def test_a_choice_that_cannot_be_is_refused(choices: Choices, word: str):
    with pytest.raises(InputError, match=word):
        choices.applied(policy(), ["letter"])


def test_a_chosen_plan_is_stored_with_what_was_chosen(
    workspace: Workspace, town: Town, now: datetime
):
    bring_in(workspace, town.expiries, now)
    half = town.capacity["hours"][0] / 2
    require(workspace, town, now, [half, half])
    run = run_reminders(workspace, now=now, choices=Choices(budget=300))
    assert run.parameters == {"weeks": "52", "budget": "300"}
    assert int(str(run.figures["letters_planned"])) <= 300
    settings = run.figures["settings"]
    assert isinstance(settings, dict)
    assert settings["budget"] == 300
    given = mailing_inputs(workspace, weeks=52, seed=0, choices=Choices(budget=300))
    assert list(given.runs) == run.inputs


def test_a_plan_that_does_not_help_tells_what_was_tried(town: Town):
    """Its own gains are none, as it has no letters."""
    made = town.plan(least_hours=1e6)
    assert made.letters_planned == 0
    assert made.tried.letters > 0
    assert gained(made.tried, HOURS) < 0
    assert made.gains["change"].to_list() == [0.0] * 4
    told = made.figures()["tried"]
    assert isinstance(told, dict)
    assert told["letters"] == made.tried.letters


def test_the_intervals_of_a_week_hold_its_expectation(town: Town):
    weeks = town.plan().smoothing
    for name in ("before", "after"):
        assert (weeks[f"{name}_low"] <= weeks[name] + 1e-6).all()
        assert (weeks[name] <= weeks[f"{name}_high"] + 1e-6).all()


def test_a_batch_goes_by_the_channel_that_its_plan_was_made_for(
    workspace: Workspace, town: Town, now: datetime
):
    bring_in(workspace, town.expiries, now)
    half = town.capacity["hours"][0] / 2
    require(workspace, town, now, [half, half])
    run = run_reminders(workspace, now=now, choices=Choices(channel="text"))
    letters = workspace.table(run, "letters").collect()
    weekly = letters.group_by("mailing_week").agg(letters=pl.col("letters").sum())
    week = weekly.sort("letters")["mailing_week"][-1]
    batch = approve_batch(workspace, week=week, now=now, by="M. Bakker")
    assert batch.channel == "text"
