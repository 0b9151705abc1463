"""Requests behind visits: lead, weekdays, spread; hours at hand per day; settings."""

import shutil
from datetime import time, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.calendar import Calendar, Hours
from forecasting.errors import InputError, PolicyError
from forecasting.settings import Settings
from staffing import store
from staffing.agenda.asking import Habit, asked_in_futures, booked_ahead, habit_of
from staffing.agenda.at_hand import hours_by_day
from staffing.pipeline.agenda_inputs import agenda_policy
from tests.empty_home import open_home
from tests.staffing import forecast_cases as cases
from tests.staffing.agenda_cases import MONDAY, days, policy
from tests.staffing.roster_weeks import CONFIG


def bookings(counts, lead: int) -> pl.DataFrame:
    first = MONDAY - timedelta(days=len(counts) + lead)
    asked = [first + timedelta(days=i) for i in range(len(counts))]
    return pl.DataFrame(
        {"requested": asked, "visit": [d + timedelta(days=lead) for d in asked],
         "count": np.asarray(counts, dtype=np.float64)}
    )  # fmt: skip


def test_a_habit_knows_the_lead_and_the_weekdays_of_asking():
    counts = [
        10.0 if (MONDAY - timedelta(days=203 - i)).weekday() < 2 else 0.0
        for i in range(200)
    ]
    habit = habit_of(bookings(counts, 3), MONDAY)
    assert habit is not None
    assert habit.lead.argmax() == 3
    assert habit.lead[3] == pytest.approx(1)
    assert habit.weekdays[:2].sum() == pytest.approx(1)


@pytest.mark.parametrize("spread", [1.0, 3.0])
def test_a_habit_tells_how_unsteady_days_are(spread: float):
    rng = np.random.default_rng(0)
    mean = np.full(195, 20.0)
    if spread > 1:
        mean = rng.gamma(mean / (spread - 1)) * (spread - 1)
    habit = habit_of(bookings(rng.poisson(mean), 0), MONDAY)
    assert habit is not None
    assert habit.spread == pytest.approx(spread, rel=0.3)


def test_too_few_bookings_tell_no_habit():
    assert habit_of(bookings([1.0] * 20, 2), MONDAY) is None


def test_requests_come_before_their_visits_and_as_many():
    stretch = days(MONDAY + timedelta(weeks=3))
    lead = np.zeros(91)
    lead[7] = 1.0
    habit = Habit(lead, np.array([0.5, 0.5, 0, 0, 0, 0, 0]), 1.0)
    step = MONDAY + timedelta(weeks=2)
    futures = {
        MONDAY + timedelta(days=i): np.full(
            2000, 4.0 if MONDAY + timedelta(days=i) < step else 8.0
        )
        for i in range(120)
    }
    asked = asked_in_futures(
        futures, habit, stretch, later_share=0.25, seed=0, name="passports"
    )
    per_day = (asked.now + asked.later).mean(axis=0)
    week = {day: per_day[i] for i, day in enumerate(stretch.days)}
    error = 4 * np.sqrt(14 / 2000)
    assert week[MONDAY] == pytest.approx(14, abs=error)
    assert week[MONDAY + timedelta(days=2)] == 0
    assert week[MONDAY + timedelta(weeks=1)] == pytest.approx(28, abs=2 * error)
    share = asked.later.sum() / (asked.now.sum() + asked.later.sum())
    assert share == pytest.approx(0.25, abs=0.01)


def test_what_is_asked_for_on_a_closed_day_counts_on_the_next():
    stretch = days(MONDAY + timedelta(weeks=1))
    futures = {MONDAY + timedelta(days=i): np.full(3, 2.0) for i in range(10)}
    asked = asked_in_futures(futures, None, stretch, later_share=0, seed=0, name="x")
    assert asked.now[0][:7].tolist() == [2, 2, 2, 2, 2, 6, 2]


def test_no_future_is_refused():
    with pytest.raises(InputError, match="futures of passports"):
        asked_in_futures(
            {}, None, days(MONDAY), later_share=0, seed=0, name="passports"
        )


def test_visits_booked_on_a_closed_day_count_on_the_next_and_past_ones_not():
    stretch = days(MONDAY + timedelta(weeks=1))
    saturday = MONDAY + timedelta(days=5)
    rows = [("a", "b", saturday, 2.0), ("a", "b", MONDAY - timedelta(days=3), 9.0)]
    booked = pl.DataFrame(
        rows, schema=["service", "step", "day", "booked"], orient="row"
    )
    assert booked_ahead(booked, [("a", "b")], stretch)[0].tolist()[:7] == [0] * 5 + [
        2,
        0,
    ]


def test_hours_of_a_week_fall_on_the_days_that_people_are_there():
    team = cases.people(("a", "hall", ["counter"]), ("b", "hall", ["phone"]))
    away = cases.absence(("a", MONDAY, MONDAY))
    load = pl.DataFrame(
        {"location": ["hall", "hall"], "skill": ["counter", "phone"],
         "week": [MONDAY, MONDAY], "hours_at_hand": [27.0, None]},
    )  # fmt: skip
    hours = hours_by_day(load, team, away, cases.calendar())
    told = [hours["hall", "counter", MONDAY + timedelta(days=i)] for i in range(7)]
    assert told == pytest.approx([0, 9, 9, 9, 0, 0, 0])
    assert not any(skill == "phone" for _, skill, _ in hours)


def test_hours_outside_the_opening_are_at_hand_on_no_day():
    team = cases.people(("a", "hall", ["counter"]))
    load = pl.DataFrame(
        {
            "location": ["hall"],
            "skill": ["counter"],
            "week": [MONDAY],
            "hours_at_hand": [10.0],
        }
    )
    short = Hours(
        location="hall",
        skills=("counter",),
        mon=(time(9), time(17)),
        tue=(time(9), time(11)),
    )
    hours = hours_by_day(load, team, cases.absence(), Calendar(hours=(short,)))
    told = [hours["hall", "counter", MONDAY + timedelta(days=i)] for i in range(4)]
    assert told == pytest.approx([8, 2, 0, 0])


def test_a_place_is_rounded_up_to_the_grid():
    made = policy(grid_minutes=5, overrun=0.5)
    assert made.place_minutes("passport", 600, 0.0) == 10
    assert made.place_minutes("passport", 601, 0.0) == 15
    assert made.place_minutes("passport", 600, 0.6) == 15


def test_the_settings_as_shipped_can_be_read(tmp_path):
    workspace = open_home(Settings(home=tmp_path, config=CONFIG))
    told = agenda_policy(workspace, store.catalogue(workspace))
    assert (told.within_days, told.share) == (5, 0.8)
    assert told.promised_days("birth") < told.promised_days("passport")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("share = 0.80", "share = 0", "field 'share'"),
        ("within_days = 5", "within_days = -1", "field 'within_days'"),
        ("grid_minutes = 5", "grid_minutes = 7", "field 'grid_minutes'"),
        ("[service.birth]", "[service.berth]", "came 'berth'"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(tmp_path, old, new, told):
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    text = (config / "agenda.toml").read_text()
    assert old in text
    (config / "agenda.toml").write_text(text.replace(old, new))
    workspace = open_home(Settings(home=tmp_path, config=config))
    with pytest.raises(PolicyError, match=told) as refused:
        agenda_policy(workspace, store.catalogue(workspace))
    assert "\n" not in str(refused.value)
