"""Work per slot and per week: nothing is lost, nothing is counted twice."""

from datetime import date, time, timedelta

import numpy as np
import polars as pl
import pytest

import forecasting
from forecasting.errors import InputError
from staffing.standards import Arrival, Punctuality
from staffing.tables import WeeklyLoad
from staffing.workload import (
    capacity_hours,
    expected_hours,
    match_series,
    peaks,
    slot_workload,
    weekly_hours,
)
from tests.staffing import forecast_cases as cases
from tests.staffing.forecast_cases import BOOKED, CALLS, MONDAY, POST, VISITS

MEANS = {CALLS: 120.0, VISITS: 24.0, BOOKED: 36.0, POST: 30.0}
QUEUED = {name: mean for name, mean in MEANS.items() if name != POST}


def work_of(*series: str) -> pl.DataFrame:
    return match_series(
        pl.Series(series, dtype=pl.String), cases.catalogue(), no_show=0.1
    )[0]


def workload(means: dict[str, float] = MEANS, *, days: int = 7) -> pl.DataFrame:
    queued = {name: mean for name, mean in means.items() if name in QUEUED}
    found, homeless = slot_workload(
        cases.slots(queued, days=days),
        cases.forecast(means, days=days),
        work_of(*means),
        cases.calendar(),
    )
    assert homeless == []
    return found


def test_a_series_that_the_catalogue_lacks_is_named() -> None:
    names = pl.Series([CALLS, "hall/other/question/phone", "hall/info/x/phone"])
    work, unknown = match_series(names, cases.catalogue(), no_show=0.0)
    assert work["series"].to_list() == [CALLS]
    assert unknown == ["hall/info/x/phone", "hall/other/question/phone"]


def test_a_slot_holds_walk_ins_and_planned_visits_without_no_shows() -> None:
    counter = workload().filter(pl.col("skill") == "counter")
    assert counter.height == 5 * 12
    np.testing.assert_allclose(counter["walk_ins"], 2.0)
    np.testing.assert_allclose(counter["booked"], 3.0 * 0.9)
    np.testing.assert_allclose(counter["load"], 4.7 * 600 / 900)
    np.testing.assert_allclose(counter["handling_s"], 600)


def test_planned_visits_come_as_punctually_as_their_services_together() -> None:
    """Of one series 2.7 a slot come a minute early, of the other 1.8 two minutes late."""
    names = [BOOKED, BOOKED.replace("visit", "talk")]
    work = work_of(BOOKED)
    other = work.with_columns(pl.lit(names[1]).alias("series"), comes=0.6)
    both = pl.concat([work, other.select(work.columns)]).with_columns(
        pl.Series("late_s", [-60.0, 120.0]), pl.Series("late_sd_s", [100.0, 200.0])
    )
    means = dict.fromkeys(names, 36.0)
    forecast = cases.forecast(means)
    slots = slot_workload(cases.slots(means), forecast, both, cases.calendar())[0]
    mean = (2.7 * -60 + 1.8 * 120) / 4.5
    square = (2.7 * (60**2 + 100**2) + 1.8 * (120**2 + 200**2)) / 4.5
    np.testing.assert_allclose(slots["comes"], 4.5 / 6)
    np.testing.assert_allclose(slots["late_s"], mean)
    np.testing.assert_allclose(slots["late_sd_s"], np.sqrt(square - mean**2))


def test_a_service_may_have_visitors_of_its_own_punctuality() -> None:
    rule = Punctuality(mean_s=-60, service={"info": Arrival(mean_s=30, sd_s=90)})
    work, _ = match_series(
        pl.Series([BOOKED]), cases.catalogue(), no_show=0.0, punctuality=rule
    )
    assert work.select("late_s", "late_sd_s").row(0) == (30.0, 90.0)


def test_work_that_can_wait_fills_the_open_slots_of_its_day() -> None:
    post = workload().filter(pl.col("skill") == "back_office")
    assert post["waits"].all()
    np.testing.assert_allclose(post.filter(pl.col("day") == MONDAY)["walk_ins"], 2.5)


def test_work_of_a_closed_day_moves_to_the_next_open_day() -> None:
    post = workload(days=14).filter(pl.col("skill") == "back_office")
    monday = post.filter(pl.col("day") == MONDAY + timedelta(days=7))
    assert monday["walk_ins"].sum() == pytest.approx(3 * 30)


def test_the_hours_of_slots_are_the_hours_of_the_week() -> None:
    means = {CALLS: 120.0, VISITS: 24.0, BOOKED: 36.0}
    by_slot = workload(means).group_by("skill").agg(pl.col("load").sum() / 4)
    by_week = expected_hours(cases.forecast(means), work_of(*means))
    both = by_slot.join(by_week, on="skill")
    assert both.height == 2
    np.testing.assert_allclose(both["load"], both["hours"])


@pytest.mark.parametrize(("cadence", "days"), [("week", 14), ("month", 31)])
def test_weekly_and_monthly_counts_fill_the_open_slots(cadence: str, days: int) -> None:
    forecast = cases.forecast({CALLS: 600.0}, days=days, cadence=cadence)
    empty = cases.slots({CALLS: 1.0}).clear()
    found, _ = slot_workload(empty, forecast, work_of(CALLS), cases.calendar())
    assert found["walk_ins"].sum() == pytest.approx(forecast["mean"].sum())
    assert found["walk_ins"].n_unique() == 1
    weekly = expected_hours(forecast, work_of(CALLS))
    assert weekly["hours"].sum() == pytest.approx(forecast["mean"].sum() / 15)


def test_a_location_without_opening_hours_is_named() -> None:
    far = "mill/info/post/online"
    _, homeless = slot_workload(
        cases.slots({CALLS: 120.0}),
        cases.forecast({CALLS: 120.0, far: 10.0}),
        work_of(CALLS, far),
        cases.calendar(),
    )
    assert homeless == [far]


def test_an_open_slot_without_contacts_is_there_with_zeros() -> None:
    sparse = cases.slots({CALLS: 120.0}).gather_every(3)
    forecast = cases.forecast({CALLS: 120.0})
    found, _ = slot_workload(sparse, forecast, work_of(CALLS), cases.calendar())
    assert found.height == 60
    assert (found["load"] == 0).sum() == 40


def test_a_forecast_without_any_known_series_is_refused() -> None:
    with pytest.raises(InputError, match="catalogue"):
        slot_workload(
            cases.slots({CALLS: 1.0}).clear(),
            cases.forecast({CALLS: 1.0}),
            work_of(),
            cases.calendar(),
        )


def test_the_upper_quartile_of_a_week_is_that_of_sums_over_futures() -> None:
    """Five days that rise and fall as one: four futures of 80, 100, 110 and 110%."""
    forecast = cases.forecast({CALLS: 120.0})
    level = pl.DataFrame({"sample": [0, 1, 2, 3], "level": [0.8, 1.0, 1.1, 1.1]})
    drawn = forecast.join(level, how="cross").with_columns(
        (pl.col("mean") * pl.col("level")).alias("count")
    )
    hours = weekly_hours(forecast, work_of(CALLS), drawn)
    assert hours["hours"].to_list() == pytest.approx([40.0])
    assert hours["hours_q75"].to_list() == pytest.approx([44.0])


def test_days_that_move_apart_vary_less_together_than_those_that_move_as_one() -> None:
    forecast = cases.forecast({CALLS: 120.0}, days=5)
    apart = pl.concat(
        pl.DataFrame(
            {"series": CALLS, "start": start, "sample": range(5), "count": 96.0}
        ).with_columns(
            pl.when(pl.col("sample") == i).then(216.0).otherwise("count").alias("count")
        )
        for i, start in enumerate(forecast["start"])
    )
    hours = weekly_hours(forecast, work_of(CALLS), apart)
    assert hours["hours_q75"].to_list() == pytest.approx([40.0])


def test_samples_of_another_forecast_are_refused() -> None:
    forecast = cases.forecast({CALLS: 120.0})
    drawn = forecasting.samples(forecast, 5, seed=1).filter(pl.col("start") > MONDAY)
    with pytest.raises(InputError, match=f"{CALLS} on {MONDAY}"):
        weekly_hours(forecast, work_of(CALLS), drawn)


def load_of(**hours: float) -> pl.DataFrame:
    rows = [
        {"location": "hall", "skill": skill, "week": MONDAY, "hours": asked}
        for skill, asked in hours.items()
    ]
    return pl.DataFrame(rows)


def capacity(
    team: pl.DataFrame,
    load: pl.DataFrame,
    *spells: tuple[str, date, date],
    opens: tuple[time, time] = (time(8), time(17)),
) -> dict[str, float | None]:
    found = capacity_hours(
        team, cases.absence(*spells), load, cases.calendar(opens), shrinkage=0.1
    )
    return dict(found.select("skill", "hours_at_hand").iter_rows())


def test_no_hour_of_staff_is_counted_twice() -> None:
    team = cases.people(
        ("a", "hall", ["phone"]),
        ("b", "hall", ["phone", "counter"]),
        ("c", "hall", ["counter", "phone", "back_office"]),
    )
    found = capacity(team, load_of(phone=50, counter=30, back_office=10))
    assert sum(hours or 0 for hours in found.values()) == pytest.approx(3 * 36 * 0.9)


def test_shared_people_level_the_skills_they_share() -> None:
    team = cases.people(("a", "hall", ["phone"]), ("b", "hall", ["phone", "counter"]))
    found = capacity(team, load_of(phone=60, counter=20))
    assert found["phone"] == pytest.approx(60 * 64.8 / 80, rel=1e-3)
    assert found["counter"] == pytest.approx(20 * 64.8 / 80, rel=1e-3)


def test_specialists_are_not_lent_to_what_they_cannot_do() -> None:
    team = cases.people(("a", "hall", ["phone"]), ("b", "hall", ["counter"]))
    found = capacity(team, load_of(phone=90, counter=1))
    assert found == pytest.approx({"phone": 32.4, "counter": 32.4})


def test_absence_takes_its_working_days() -> None:
    team = cases.people(("a", "hall", ["phone"]))
    away = ("a", MONDAY + timedelta(days=2), MONDAY + timedelta(days=4))
    assert capacity(team, load_of(phone=9), away)["phone"] == pytest.approx(16.2)


def test_contract_hours_beyond_the_opening_hours_serve_nobody() -> None:
    """36 hours on four days, in a hall that is open 7 hours a day."""
    team = cases.people(("a", "hall", ["phone"]))
    found = capacity(team, load_of(phone=50), opens=(time(9), time(16)))
    assert found["phone"] == pytest.approx(4 * 7 * 0.9)


def test_a_skill_that_nobody_has_is_of_unknown_capacity() -> None:
    team = cases.people(("a", "hall", ["phone"]))
    assert capacity(team, load_of(phone=9, counter=9))["counter"] is None
    assert capacity(cases.people(), load_of(phone=9)) == {"phone": None}


def test_people_serve_their_home_first() -> None:
    team = cases.people(("a", "mill", ["phone", "counter"]))
    load = pl.concat(
        [
            load_of(phone=10),
            load_of(counter=10).with_columns(pl.lit("mill").alias("location")),
        ]
    )
    assert capacity(team, load) == pytest.approx(
        {"counter": 32.4, "phone": None}, nan_ok=True
    )


def weekly_load(hours: list[float], capacity: float | None) -> pl.DataFrame:
    rows = [
        {"location": "hall", "skill": "phone", "week": MONDAY + timedelta(weeks=i),
         "hours": q75, "hours_q75": q75, "hours_at_hand": capacity,
         "capacity": capacity}
        for i, q75 in enumerate(hours)
    ]  # fmt: skip
    schema = dict.fromkeys(
        ("hours", "hours_q75", "hours_at_hand", "capacity"), pl.Float64
    )
    return WeeklyLoad.validate(pl.DataFrame(rows, schema_overrides=schema))


def test_a_week_above_capacity_is_a_peak() -> None:
    found = peaks(weekly_load([10, 21, 19], 20))
    assert found["week"].to_list() == [MONDAY + timedelta(weeks=1)]


def test_without_capacity_a_peak_is_far_above_the_median_around_it() -> None:
    hours = [10.0] * 30 + [13.0] + [10.0] * 29 + [20.0] * 60
    weeks = peaks(weekly_load(hours, None))["week"].to_list()
    assert MONDAY + timedelta(weeks=30) in weeks
    assert MONDAY + timedelta(weeks=110) not in weeks


def test_a_location_without_known_hours_is_open_when_its_forecast_says_so() -> None:
    calls, post = "mill/info/question/phone", "mill/info/post/online"
    slots = cases.slots({CALLS: 120.0}).with_columns(pl.lit(calls).alias("series"))
    found, homeless = slot_workload(
        slots,
        cases.forecast({calls: 120.0, post: 24.0}),
        work_of(calls, post),
        cases.calendar(),
    )
    assert homeless == []
    waiting = found.filter(pl.col("skill") == "back_office")
    assert set(waiting["start"]) == set(slots["start"])
    np.testing.assert_allclose(waiting["walk_ins"], 2.0)
