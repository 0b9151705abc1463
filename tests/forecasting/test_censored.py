"""Demand that was not served: redials and balking are found where they are, and only there."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from forecasting.calendar import Calendar
from forecasting.counting import Counts
from forecasting.history import unmet_demand
from forecasting.history.balking import estimate_balking
from forecasting.history.calls import call_logs
from forecasting.history.censored import known_redials
from forecasting.history.leaving import LeftOut
from forecasting.history.redials import CallLog, delay_weights, measure_redials
from forecasting.history.waits import booking_days
from forecasting.pipeline.training import training_demand
from forecasting.tables import Demand, Unmet
from forecasting.tuning import CensoredTuning, load_tuning
from tests.forecasting.censored_cases import DELAY_S, QUIET_SHARE, calendar, call_log
from tests.forecasting.history_cases import CALENDAR, counts

TUNING = load_tuning().censored.model_copy(update={"quiet_share": QUIET_SHARE})
PHONE = "hall/general/question/phone"
BOOKED = "hall/passport/application/appointment"
NEVER_SHUT = Calendar(closed_holidays=("none",))


@pytest.mark.parametrize("redial", [0.0, 0.5])
def test_a_known_share_of_redials_is_found_and_its_interval_holds_it(redial):
    found = [measure_redials([call_log(seed, redial)], DELAY_S) for seed in range(6)]
    shares = [one.value for one in found if one]
    assert len(shares) == 6
    error = np.std(shares) / np.sqrt(6)
    assert abs(np.mean(shares) - redial) < 3 * error
    assert sum(one.low <= redial <= one.high for one in found if one) >= 5


def test_delays_put_all_redials_somewhere():
    weights = delay_weights(900.0, 600.0, 200)
    assert weights.sum() == pytest.approx(1)
    rng = np.random.default_rng(0)
    slots = (900 * rng.random(200_000) + rng.exponential(600.0, 200_000)) // 900
    assert weights[:4] == pytest.approx(
        [(slots == k).mean() for k in range(4)], abs=0.005
    )


def test_a_log_of_a_few_days_tells_nothing_and_the_assumption_holds():
    log = call_log(0, 0.5)
    few = CallLog(
        log.offered[:10], log.abandoned[:10], log.open[:10], log.weekday[:10], 900.0
    )
    assert measure_redials([few], DELAY_S) is None
    found = known_redials(counts(), CALENDAR, TUNING)
    assert (found.share, found.known) == (TUNING.redial, "assumed")


def test_queues_of_one_town_are_read_per_slot_from_the_counts():
    rows = [
        {
            "start": f"2026-01-0{day}T{hour}:07:00+01:00",
            "step": "question",
            "channel": "phone",
            "abandoned": float(hour == 11),
        }
        for day in (5, 6)
        for hour in (10, 11)
    ]
    moments = pl.Series([row.pop("start") for row in rows]).str.to_datetime(
        time_zone="UTC"
    )
    whole = [row | {"start": at} for row, at in zip(rows, moments, strict=True)]
    (log,) = call_logs(counts(*whole), "Europe/Amsterdam", 30)
    assert log.offered.tolist() == [[1, 0, 0, 0, 1]] * 2
    assert log.abandoned.tolist() == [[0, 0, 0, 0, 1]] * 2
    assert log.weekday.tolist() == [0, 1]


def test_callers_who_gave_up_and_stay_away_are_those_who_do_not_redial():
    demand = demand_of(PHONE, count=100.0, unmet=20.0)
    found = unmet_demand(counts(), demand, CALENDAR, TUNING)
    row = Unmet.validate(found.unmet).row(0, named=True)
    assert row["served"] == 80
    assert row["unmet"] == pytest.approx(20 * (1 - TUNING.redial))
    assert row["low"] == pytest.approx(20 * (1 - TUNING.redial_high))
    assert row["high"] == pytest.approx(20 * (1 - TUNING.redial_low))


def estimate(booked, left_out=None):
    (days,) = booking_days(booked.counts, TUNING.wait_quantiles)
    mask = np.zeros(days.made.size, dtype=bool) if left_out is None else left_out
    rng = np.random.default_rng(0)
    found = estimate_balking(days, TUNING, NEVER_SHUT.is_closed, mask, rng)
    assert found is not None
    return days, found


def test_a_full_calendar_gives_back_whom_it_kept_away():
    """Within a sixth on average; 90% intervals hold the truth in 13 of 16 at least."""
    inside = 0
    for balking in (0.35, 0.7):
        truth, total = [], []
        for seed in range(8):
            booked = calendar(seed, balking)
            _, found = estimate(booked)
            truth.append(booked.unmet(found.days))
            total.append(found.unmet.sum())
            inside += found.low.sum() <= truth[-1] <= found.high.sum()
        assert sum(total) == pytest.approx(sum(truth), rel=1 / 6)
    assert inside >= 13


def test_waits_that_keep_nobody_away_leave_nothing_unmet():
    """A 90% interval may miss zero now and then: once in these five at most."""
    found = [estimate(calendar(seed, 0.0, spare=1.3, days=730))[1] for seed in range(5)]
    assert sum(one.low.sum() == 0 for one in found) >= 4
    assert all((one.unmet == 0).all() for one in found if one.low.sum() == 0)


def test_a_calendar_that_is_never_full_leaves_nothing_unmet():
    for seed in range(2):
        days, found = estimate(calendar(seed, 0.35, spare=5.0))
        assert found.unmet.sum() == 0
        assert found.high.sum() < 0.03 * days.made.sum()


def test_unmet_bookings_are_stored_by_day_of_asking_and_repeat_themselves():
    booked = calendar(4, 0.7)
    empty = Demand.create_empty()
    lockdown = LeftOut(date(2024, 3, 4), date(2024, 3, 31), "hall/*")
    first, again = (
        unmet_demand(booked.counts, empty, NEVER_SHUT, TUNING, left_out=[lockdown])
        for _ in range(2)
    )
    assert_frame_equal(first.unmet, again.unmet)
    days = Unmet.validate(first.unmet)
    assert days["kind"].unique().to_list() == ["calendar full"]
    assert days.filter(
        pl.col("start").is_between(lockdown.first, lockdown.last)
    ).is_empty()
    bookings = booked.counts.bookings.collect()
    day = days["start"][200]
    made = bookings.filter(pl.col("requested") == day)["count"].sum()
    assert days["served"][200] == made
    assert days["unmet"].sum() > 0


def test_too_few_bookings_say_nothing():
    few = calendar(0, 0.35, days=100)
    found = unmet_demand(few.counts, Demand.create_empty(), NEVER_SHUT, TUNING)
    assert found.unmet.is_empty()


def demand_of(series: str, count: float, unmet: float) -> pl.DataFrame:
    days = [date(2026, 1, 5), date(2026, 1, 6)]
    frame = pl.DataFrame({"series": series, "start": days, "cadence": "day"})
    named = frame.with_columns(
        count=pl.lit(count), unmet=pl.lit(unmet), handling_s=pl.lit(None, pl.Float64)
    )
    return Demand.validate(named)


def test_training_on_unmet_demand_counts_callers_once_and_adds_bookings_not_made():
    demand = pl.concat([demand_of(PHONE, 100.0, 20.0), demand_of(BOOKED, 50.0, 0.0)])
    unmet = pl.DataFrame(
        {
            "series": [PHONE, BOOKED, BOOKED],
            "start": [date(2026, 1, 5), date(2026, 1, 3), date(2026, 1, 5)],
            "kind": ["gave up", "calendar full", "calendar full"],
            "served": [80.0, 9.0, 9.0],
            "unmet": [12.0, 2.0, 3.0],
            "low": 0.0,
            "high": 20.0,
        }
    )
    assert training_demand(demand, unmet, "served").equals(demand)
    found = training_demand(demand, unmet, "served_and_unmet").sort("series", "start")
    assert found["count"].to_list() == [92.0, 100.0, 55.0, 50.0]
    assert found.columns == demand.columns


def test_a_redial_share_outside_its_range_is_refused():
    wrong = load_tuning().censored.model_dump() | {"redial_high": 0.2, "redial": 0.4}
    with pytest.raises(ValueError, match="redial lies between"):
        CensoredTuning.model_validate(wrong)


def test_a_month_of_real_calls_is_too_short_to_measure_redials(
    shared_data: Path, workspace, now
):
    """29 days: the interval reaches from below zero to over a half, so it says nothing."""
    from forecasting.history import imported_counts
    from forecasting.ingest import import_file

    file = shared_data / "phone" / "call_log_1999_01.csv"
    import_file(workspace, file, "call_log", now=now)
    log: Counts = imported_counts(workspace)
    measured = measure_redials(call_logs(log, "Europe/Amsterdam", 182), DELAY_S)
    assert measured is not None
    assert measured.high - measured.low > 0.5
    assert known_redials(log, CALENDAR, TUNING).known == "assumed"
