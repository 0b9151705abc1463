from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.intraday.daybook import AFTER, BEFORE, SCHOOL, USUAL, DayBook, seasons
from forecasting.intraday.profiles import day_factors, fit_profiles, portions_of
from tests.forecasting.slot_cases import (
    NAME,
    NO_BOOK,
    TUNING,
    office,
    simulated,
    true_shares,
    workdays,
)

SMALL = "hall/licence/application/phone"


def portions(
    history: pl.DataFrame,
    slots: pl.DataFrame,
    book: DayBook = NO_BOOK,
    *,
    whole: bool = True,
) -> pl.DataFrame:
    profiles = fit_profiles(history, book, TUNING)
    return portions_of(slots.select("series", "clock"), profiles, book, whole=whole)


def factor(
    history: pl.DataFrame, slots: pl.DataFrame, book: DayBook = NO_BOOK
) -> float:
    """What the open slots of a day bring beside a day of its kind."""
    profiles = fit_profiles(history, book, TUNING)
    found = day_factors(slots.select("series", "clock"), profiles, book)
    return float(found["factor"].item())


def error(history: pl.DataFrame, days: list[date], rate, book: DayBook = NO_BOOK):
    """Mean distance of the shares of days from the planted ones, in percent of a day."""
    truth = true_shares(days, rate)
    found = portions(history, truth.with_columns(series=pl.lit(NAME)), book)
    both = found.join(truth, on="clock")
    return 100 * float((both["part"] - both["share"]).abs().sum()) / len(days)


@pytest.mark.parametrize("seed", range(3))
def test_the_shares_of_a_usual_day_add_up_to_one(seed):
    history = simulated(workdays(40), office, seed=seed)
    coming = simulated(workdays(10, date(2024, 3, 4)), office)
    for whole in (True, False):
        parts = portions(history, coming, whole=whole)
        sums = parts.group_by("period").agg(pl.col("part").sum())["part"]
        assert sums.to_list() == pytest.approx([1.0] * 10)
        assert (parts["part"] > 0).all()


def test_a_flat_day_stays_flat_however_noisy_its_counts():
    def flat(day: date, hour: float) -> float:
        return 0.5 if 9 <= hour < 17 else 0.0

    history = simulated(workdays(30), flat)
    by_time = history.group_by(pl.col("clock").dt.time()).agg(pl.col("count").sum())
    raw = by_time["count"].to_numpy() / by_time["count"].sum()
    raw_error = 100 * float(np.abs(raw - 1 / 16).sum())
    assert error(history, workdays(5), flat) < 0.6 * raw_error


def test_recent_weeks_weigh_more():
    def early(day: date, hour: float) -> float:
        return 0 if hour not in (9, 10) else (20 if hour == 9 else 5)

    def late(day: date, hour: float) -> float:
        return 0 if hour not in (9, 10) else (5 if hour == 9 else 20)

    old = simulated(workdays(100), early)
    new = simulated(workdays(100, date(2025, 6, 2)), late)
    parts = portions(pl.concat([old, new]), new.tail(2))
    assert parts.filter(pl.col("clock").dt.hour() == 10)["part"].item() > 0.7


def leaning(day: date, hour: float) -> float:
    """A desk that is busiest at the end of the day."""
    return 2 + (hour - 9) if 9 <= hour < 17 else 0.0


@pytest.mark.parametrize(("weeks", "own"), [(1, 0.25), (100, 0.9)])
def test_a_small_series_leans_on_its_group_until_it_speaks_for_itself(weeks, own):
    days = workdays(5 * weeks)
    big = simulated(workdays(500), office, name=NAME)
    small = simulated(days, lambda d, h: leaning(d, h) / 5, name=SMALL, seed=1)
    coming = small.tail(16)
    found = portions(pl.concat([big, small]), coming)["part"].to_numpy()
    group = true_shares(workdays(1), office)["share"].to_numpy()
    truth = true_shares(workdays(1), leaning)["share"].to_numpy()
    moved = float((found - group) @ (truth - group) / ((truth - group) ** 2).sum())
    assert (moved < own) if weeks == 1 else (moved > own)


def test_a_series_without_slots_of_its_own_does_as_its_group():
    big = simulated(workdays(100), office)
    coming = simulated(workdays(1, date(2024, 6, 3)), office, name=SMALL)
    parts = portions(big, coming)
    truth = true_shares(workdays(1), office)["share"].to_numpy()
    assert parts["part"].to_numpy() == pytest.approx(truth, abs=0.01)
    assert parts["cv"].null_count() == 0


def summery(day: date, hour: float) -> float:
    """In summer people come at the end of the day."""
    mean = office(day, hour)
    return mean * (0.6 + 0.1 * (hour - 9)) if day.month in (6, 7, 8) else mean


def test_a_season_that_returns_is_recovered():
    history = simulated(workdays(520), summery)
    summer, spring = workdays(20, date(2026, 7, 6)), workdays(20, date(2026, 4, 6))
    untold = 100 * float(
        (
            true_shares(summer, summery)["share"] - true_shares(summer, office)["share"]
        ).abs().sum()
    ) / 20  # fmt: skip
    assert error(history, summer, summery) < untold / 3
    assert error(history, spring, summery) < untold / 5


def test_a_season_is_not_read_into_chance():
    history = simulated(workdays(520), office, cv=0.2)
    assert error(history, workdays(20, date(2026, 7, 6)), office) < 3


BOOK = DayBook(
    np.array([f"{year}-{day}" for year in range(2024, 2027) for day in ("02-14", "05-08", "09-18", "11-06")], dtype="datetime64[D]"),
    np.arange("2024-10-14", "2024-10-26", dtype="datetime64[D]"),
)  # fmt: skip
MORNING = 1.6
SPAN = np.arange("2024-01-01", "2026-12-31", dtype="datetime64[D]")
EVES = set(SPAN[BOOK.kinds(SPAN) == BEFORE].tolist())


def before_holidays(day: date, hour: float) -> float:
    """The day before a shut day is busy in the morning."""
    mean = office(day, hour)
    return mean * (MORNING if hour < 12 else 1 / MORNING) if day in EVES else mean


def test_the_shape_of_days_before_a_holiday_is_recovered():
    shut = set(BOOK.shut.tolist())
    days = [day for day in workdays(520) if day not in shut]
    history = simulated(days, lambda d, h: 3 * before_holidays(d, h))
    eve = [date(2026, 5, 7)]
    untold = 100 * float(
        (
            true_shares(eve, before_holidays)["share"]
            - true_shares(eve, office)["share"]
        ).abs().sum()
    )  # fmt: skip
    assert error(history, eve, before_holidays, BOOK) < untold / 2
    assert error(history, [date(2026, 5, 6)], before_holidays, BOOK) < untold / 6


def test_days_that_are_always_short_are_not_shortened_twice():
    shut = set(BOOK.shut.tolist())
    days = [day for day in workdays(520) if day not in shut]

    def short_eves(day: date, hour: float) -> float:
        return 0.0 if day in EVES and hour >= 13 else office(day, hour)

    def short_today(day: date, hour: float) -> float:
        return office(day, hour) if hour < 13 else 0.0

    history = simulated(days, short_eves)
    for day, whole in ((date(2026, 5, 7), True), (date(2026, 5, 5), False)):
        found = factor(history, simulated([day], short_today), BOOK)
        assert (found == pytest.approx(1, abs=0.02)) is whole
        parts = portions(history, simulated([day], short_today), BOOK)
        assert float(parts["part"].sum()) == pytest.approx(1)


def test_kinds_of_days_skip_the_weekend():
    easter_monday = np.array(["2026-04-06"], dtype="datetime64[D]")
    book = DayBook(easter_monday, np.array(["2026-04-03"], dtype="datetime64[D]"))
    days = np.array(["2026-04-02", "2026-04-03", "2026-04-07"], dtype="datetime64[D]")
    assert book.kinds(days).tolist() == [USUAL, BEFORE, AFTER]
    school = DayBook(easter_monday[:0], days[:1])
    assert school.kinds(days).tolist() == [SCHOOL, USUAL, USUAL]


def test_seasons_begin_in_december_march_june_and_september():
    months = np.arange("2024-12", "2025-12", dtype="datetime64[M]")
    found = seasons(months.astype("datetime64[D]")).tolist()
    assert found == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def thursdays(day: date, hour: float) -> float:
    """Open in the evening on Thursdays, half as busy then."""
    if 17 <= hour < 20 and day.weekday() == 3:
        return 4.0
    return 8.0 if 9 <= hour < 17 else 0.0


def test_a_new_evening_opening_goes_by_the_evenings_that_were():
    history = simulated(workdays(200), thursdays)
    tuesday = date(2024, 10, 8)

    def open_late(day: date, hour: float) -> float:
        return thursdays(day - timedelta(days=5), hour)

    parts = portions(history, simulated([tuesday], open_late))
    evening = float(parts.filter(pl.col("clock").dt.hour() >= 17)["part"].sum())
    assert evening / float(parts["part"].sum()) == pytest.approx(24 / 152, rel=0.25)
    found = factor(history, simulated([tuesday], open_late))
    assert found == pytest.approx(1 + 0.5 * 24 / 128, rel=0.05)


def test_the_order_of_rows_is_irrelevant():
    history = simulated(workdays(60), office)
    coming = history.tail(32)
    one = portions(history, coming)
    other = portions(history.sample(fraction=1, shuffle=True, seed=1), coming)
    assert one.equals(other)


def test_a_habit_that_changed_for_good_is_not_taken_for_a_season():
    def changed(day: date, hour: float) -> float:
        mean = office(day, hour)
        return mean * (0.6 + 0.1 * (hour - 9)) if day >= date(2025, 6, 1) else mean

    history = simulated(workdays(560), changed)
    spring = workdays(20, date(2026, 4, 6))
    untold = 100 * float(
        (
            true_shares(spring, changed)["share"] - true_shares(spring, office)["share"]
        ).abs().sum()
    ) / 20  # fmt: skip
    assert error(history, spring, changed) < untold / 2
