"""Letters laid over a forecast: every visit and call in its place, and none lost."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.outside import (
    calls_on,
    moved_applications,
    moved_collections,
    phone_of,
    waves_of,
)
from forecasting.outside.asking_letters import Wave
from forecasting.outside.dealing import Dealt, fitted
from forecasting.outside_tables import KnownLetters
from forecasting.policy import load_policy
from forecasting.reactions import Reactions
from forecasting.series.exposure import Exposure
from forecasting.settings import Settings

MONDAY = date(2027, 1, 4)
REACTIONS = load_policy(Settings().config / "reminders.toml", Reactions)


def open_days(weeks: int, closed: tuple[int, ...] = ()) -> list[date]:
    """Weekdays of some weeks, less those of closed ones."""
    return [
        MONDAY + timedelta(weeks=week, days=day)
        for week in range(weeks)
        if week not in closed
        for day in range(5)
    ]


def rows(days: list[date], mean: float = 10.0, cadence: str = "day") -> pl.DataFrame:
    return pl.DataFrame({"start": days, "cadence": cadence, "mean": mean})


def shifted(frame: pl.DataFrame, change: list[float], weeks: int = 4) -> Dealt:
    """The frame moved by a change per week."""
    seen: list[Exposure] = []

    def shift(exposure: Exposure) -> np.ndarray:
        seen.append(exposure)
        return np.array(change)

    until = MONDAY + timedelta(days=7 * weeks - 1)
    found = moved_applications(
        frame, "passport", shift, known_at=MONDAY, first=MONDAY, until=until
    )
    assert seen[0].first == np.datetime64(MONDAY)
    return found


def test_the_change_of_a_week_is_dealt_over_what_its_rows_expect():
    frame = rows(open_days(4)).with_columns(
        mean=pl.Series([10.0, 20.0, 10.0, 5.0, 5.0] * 4)
    )
    found = shifted(frame, [6.0, -10.0, 0.0, 4.0]).by_row(frame.height)
    assert found[:5] == pytest.approx([1.2, 2.4, 1.2, 0.6, 0.6])
    assert found.reshape(4, 5).sum(axis=1) == pytest.approx([6, -10, 0, 4])


def test_what_would_come_in_a_closed_week_comes_in_the_next():
    frame = rows(open_days(4, closed=(1,)))
    found = shifted(frame, [0.0, 8.0, -3.0, -5.0])
    weekly = found.by_row(frame.height).reshape(3, 5).sum(axis=1)
    assert weekly == pytest.approx([0, 5, -5])


def test_a_week_that_the_forecast_cuts_off_moves_in_part():
    frame = rows(open_days(4)[:-3])
    seen = []

    def shift(exposure: Exposure) -> np.ndarray:
        seen.append(exposure.weekly)
        return np.array([0.0, 0.0, 0.0, 10.0])

    last = frame["start"].to_list()[-1]
    found = moved_applications(
        frame, "passport", shift, known_at=MONDAY, first=MONDAY, until=last
    )
    assert seen[0] == pytest.approx([50, 50, 50, 50])
    assert found.counts[-2:] == pytest.approx([2, 2])


def test_weeks_and_months_move_by_the_weekdays_they_hold():
    weekly = rows([MONDAY + timedelta(weeks=i) for i in range(4)], 50.0, "week")
    change = [6.0, -10.0, 0.0, 4.0]
    assert shifted(weekly, change).by_row(4) == pytest.approx(change)
    month = rows([date(2027, 2, 1)], 200.0, "month")
    found = moved_applications(
        month,
        "passport",
        lambda _: np.array([8.0, 0.0, -4.0, 0.0]),
        known_at=MONDAY,
        first=date(2027, 2, 1),
        until=date(2027, 2, 28),
    )
    assert found.by_row(1) == pytest.approx([4.0])


def test_what_does_not_fit_is_owed_and_nothing_falls_below_zero():
    change, room = np.array([-5.0, 2.0, -1.0, 4.0]), np.array([3.0, 1.0, 0.0, 9.0])
    found = fitted(change, room)
    assert found == pytest.approx([-3.0, 0.0, 0.0, 3.0])
    assert found.sum() == pytest.approx(change.sum())
    assert (room + found >= 0).all()


def test_collections_follow_exactly_five_and_six_open_days_later():
    """Ten more on the first Monday, ten less on a Wednesday two weeks on."""
    frame = rows(open_days(5, closed=(3,)))
    days = np.array([MONDAY, MONDAY + timedelta(days=16)], dtype="datetime64[D]")
    leading = Dealt(np.array([0, 12]), days, np.array([10.0, -10.0]))
    shares = np.array([0, 0, 0, 0, 0, 0.5, 0.35])
    found = moved_collections(frame, leading, shares)
    expected = np.zeros(20)
    expected[[5, 6]] = 5.0, 3.5  # Monday and Tuesday of the week after
    expected[[17, 18]] = -5.0, -3.5  # five open days after, over a closed week
    assert found == pytest.approx(expected)
    assert frame["start"][17] == MONDAY + timedelta(weeks=4, days=2)


def test_collections_of_every_application_are_shares_of_it_whatever_the_days():
    rng = np.random.default_rng(0)
    frame = rows(open_days(30, closed=(7, 8)))
    days = np.array(open_days(20), dtype="datetime64[D]")
    leading = Dealt(np.arange(100), days, rng.uniform(-3, 3, 100))
    shares = np.array([0.01, 0, 0, 0.04, 0.1, 0.3, 0.3, 0.05, 0.03, 0.02])
    found = moved_collections(frame, leading, shares)
    assert found.sum() == pytest.approx(shares.sum() * leading.counts.sum())


def letters(**change: object) -> pl.DataFrame:
    row: dict[str, object] = {
        "batch": "2027-W02",
        "service": "passport",
        "mailing_week": MONDAY + timedelta(weeks=1),
        "expiry_week": MONDAY + timedelta(weeks=13),
        "age_band": "",
        "district": "",
        "count": 1000,
        "decided": MONDAY,
        "channel": "letter",
    }
    return KnownLetters.validate(pl.DataFrame([row | change]), cast=True)


def calls(frame: pl.DataFrame, sent: pl.DataFrame, day: date = MONDAY) -> np.ndarray:
    return calls_on(frame, list(waves_of(sent, REACTIONS, day)))


def test_calls_are_the_share_of_the_letters_on_open_days_after_they_arrive():
    asked = REACTIONS.response.channel["letter"].questions
    assert asked is not None
    frame = rows(open_days(8, closed=(2,)))
    found = calls(frame, letters())
    assert found.sum() == pytest.approx(1000 * asked.share.value)
    days = np.array(asked.days) / sum(asked.days)
    assert found[5 : 5 + days.size] == pytest.approx(50 * days)
    assert found[:5].sum() == 0
    assert frame["start"][10] == MONDAY + timedelta(weeks=3)
    assert calls(frame, letters(decided=MONDAY + timedelta(days=1))).sum() == 0


def test_calls_of_a_letter_already_sent_are_those_that_are_left():
    """Of one sent a week before the forecast begins, the first five days have been."""
    sent = letters(mailing_week=MONDAY - timedelta(weeks=1))
    found, days = calls(rows(open_days(4)), sent), np.array([3, 2, 2, 1, 1])
    assert found[:5] == pytest.approx(50 * days / 19)
    assert found[5:].sum() == 0


def test_who_gets_a_letter_after_an_unread_message_may_phone_twice():
    box, letter = (
        REACTIONS.response.channel[name].questions for name in ("message_box", "letter")
    )
    assert box is not None
    assert letter is not None
    frame = rows(open_days(12))
    found = calls(frame, letters(channel="message_box"))
    second = REACTIONS.response.second_share("message_box", 12)
    assert second == pytest.approx(0.42)
    assert found.sum() == pytest.approx(
        1000 * (box.share.value + second * letter.share.value)
    )
    assert found[20:].sum() == pytest.approx(1000 * second * letter.share.value)


def test_two_phones_share_calls_by_what_they_expect_and_lose_none():
    days = open_days(4)
    both = pl.concat([rows(days, 30.0), rows(days[10:], 10.0), rows(days[:1], 0.0)])
    wave = Wave("passport", MONDAY + timedelta(weeks=1), np.full(10, 4.0))
    found = calls_on(both, [wave])
    assert found.sum() == pytest.approx(40)
    assert found[5:10] == pytest.approx(np.full(5, 4.0))
    assert found[10:15] == pytest.approx(np.full(5, 3.0))
    assert found[20:25] == pytest.approx(np.full(5, 1.0))


def test_questions_go_to_the_phone_of_the_service_or_else_to_the_general_one():
    names = [
        "town/passport/question/phone",
        "town/general/question/phone",
        "town/id_card/application/appointment",
    ]
    assert phone_of("passport", names, "general") == names[:1]
    assert phone_of("id_card", names, "general") == names[1:2]
    assert phone_of("id_card", names, "") == []
