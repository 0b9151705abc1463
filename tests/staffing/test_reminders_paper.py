"""Letters on paper: what the print room handles is what it is asked for, week by week."""

from datetime import timedelta

import polars as pl
import pytest

from staffing.reminders import MailingPlan, Response
from staffing.reminders.paper import leads, on_paper, quota_of
from staffing.reminders.quick import reckon_quickly
from staffing.reminders.weeks import Weeks
from tests.staffing.reminder_cases import FIRST, Town, crest_town, policy, response

QUOTA = 150


@pytest.fixture(scope="module")
def town() -> Town:
    return crest_town()


def sure(channel: str) -> Response:
    """Who reads a message of a channel comes, in any lead: many messages are worth it."""
    known = response()
    how = known.channel[channel]
    acts = how.acts.model_copy(update={"value": 0.6, "low": 0.6, "high": 0.6})
    eager = how.model_copy(update={"acts": acts})
    return known.model_copy(update={"channel": {**known.channel, channel: eager}})


def by_hand(plan: MailingPlan, channel: str) -> dict[int, float]:
    """Letters on paper per week of the plan, message by message."""
    how, weeks = response().channel[channel], Weeks(FIRST, 40)
    after = how.fallback.after_weeks if how.fallback else 0
    unread = 1 - sum(how.reads()[:after])
    found: dict[int, float] = {}
    for row in plan.letters.iter_rows(named=True):
        week = weeks.index(row["mailing_week"])
        if how.paper:
            found[week] = found.get(week, 0) + row["letters"]
        elif (
            how.fallback
            and after < (row["expiry_week"] - row["mailing_week"]).days // 7
        ):
            found[week + after] = found.get(week + after, 0) + unread * row["letters"]
    return found


@pytest.mark.parametrize("channel", ["letter", "message_box", "email"])
def test_what_is_on_paper_fits_the_print_room_and_the_budget(town, channel):
    """Also the letters that follow a message three weeks later."""
    limits = {"weekly_quota": QUOTA, "budget": 1500, "letters_per_hour": 1e4}
    plan = town.plan(sure(channel), channel=channel, **limits)
    paper = by_hand(plan, channel)
    assert plan.letters_planned > 500
    assert max(paper.values()) <= QUOTA + 0.5
    assert max(paper.values()) > QUOTA - 2
    assert sum(paper.values()) <= 1500.5
    assert plan.paper_letters == round(sum(paper.values()))
    euros = plan.figures()["letters_euros"]
    assert euros == pytest.approx(plan.paper_letters * policy().price_letter)


def test_messages_that_need_no_paper_cost_none(town):
    """A text has no letter after it."""
    plan = town.plan(sure("text"), channel="text", weekly_quota=0, budget=0)
    assert plan.letters_planned > 0
    assert plan.figures()["paper_letters"] == 0
    assert plan.figures()["letters_euros"] == 0


def test_without_a_print_room_nothing_is_sent_that_a_letter_follows(town):
    plan = town.plan(sure("message_box"), channel="message_box", weekly_quota=0)
    inside = FIRST + timedelta(weeks=40 - 3)
    assert plan.letters.filter(pl.col("mailing_week") < inside).is_empty()


def test_letters_that_batches_print_already_leave_less_room():
    due = ((FIRST, 40), (FIRST + timedelta(weeks=2), 999), (FIRST, 10))
    left = quota_of(Weeks(FIRST, 3), policy(weekly_quota=100, due=due))
    assert left.tolist() == [50, 100, 0]


def test_so_late_a_message_that_no_letter_can_follow_is_none_on_paper():
    """Of a lead of three weeks no second message goes out before expiry."""
    assert on_paper([(3, 100)], response(), "message_box") == (0.0, 0.0)
    assert on_paper([(4, 100)], response(), "message_box")[0] == 0.0
    assert on_paper([(4, 100)], response(), "message_box")[1] == pytest.approx(42)
    assert on_paper([(4, 100)], response(), "letter") == (100.0, 0.0)


def test_leads_count_each_message_once():
    mailed = pl.DataFrame({"expiry": [9, 9, 12], "mailing": [1, 1, 1]})
    assert list(leads(mailed)) == [(8, 2), (11, 1)]


def test_a_plan_that_is_reckoned_quickly_keeps_to_the_print_room_too(town):
    """It is the plan of sliders, in any channel."""
    limits = policy(channel="message_box", weekly_quota=0, letters_per_hour=1e4)
    how = sure("message_box")
    given = (town.expiries, town.demand, town.capacity, how)
    few, exact = (
        reckon_quickly(*given, limits),
        town.plan(how, channel="message_box", weekly_quota=0, letters_per_hour=1e4),
    )
    many = reckon_quickly(*given, policy(channel="message_box", letters_per_hour=1e4))
    assert few.letters < many.letters
    assert few.letters <= exact.letters_planned + 50
