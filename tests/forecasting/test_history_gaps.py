"""Silence is a zero, a closed day or a gap: told apart by evidence, and named."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.counting import Counts
from forecasting.history import read_history
from forecasting.history.leaving import LeftOut, is_left_out
from forecasting.ingest import import_file
from forecasting.tables import Gaps
from forecasting.workspace import Workspace
from tests.forecasting.counted import counts_of
from tests.forecasting.history_cases import CALENDAR, CATALOGUE, contacts

DAYS = [
    day
    for i in range(180)
    if (day := date(2026, 1, 5) + timedelta(days=i)).weekday() < 5
    and day != date(2026, 1, 14)
    and not CALENDAR.is_closed(day)
]
BUSY, RARE = "hall/general/visit/walk_in", "hall/general/visit/appointment"


def events(rates: dict[str, float], silent=(), *, clumps: int = 1, seed=0) -> Counts:
    """Poisson events by channel; `silent` are channels and days without any."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = [
        {
            "start": datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
            "channel": channel,
            "count": float(clumps * number),
        }
        for channel, rate in rates.items()
        for day in DAYS
        if (number := rng.poisson(rate)) and (channel, day) not in silent
    ]
    return counts_of(contacts(*rows), CALENDAR.zone)


def history(counts: Counts, **more):
    return read_history(counts, CALENDAR, CATALOGUE, **more)


def stretches(gaps: pl.DataFrame) -> list[tuple[object, ...]]:
    Gaps.validate(gaps)
    return gaps.select("series", "first", "last", "periods", "kind").rows()


def test_an_export_that_says_nothing_for_weeks_is_a_gap_and_no_zero():
    away = DAYS[60:75]
    silent = {(channel, day) for channel in ("walk_in", "appointment") for day in away}
    found = history(events({"walk_in": 12.0, "appointment": 0.4}, silent))
    span = (away[0], away[-1], 15, "source")
    assert stretches(found.gaps) == [(RARE, *span), (BUSY, *span)]
    assert found.demand.filter(pl.col("start").is_in(away)).is_empty()
    assert (found.demand.filter(pl.col("series") == RARE)["count"] == 0).any()


def test_a_single_day_that_cannot_be_chance_is_unknown():
    found = history(events({"walk_in": 40.0}, {("walk_in", DAYS[50])}))
    assert stretches(found.gaps) == [(BUSY, DAYS[50], DAYS[50], 1, "source")]


def test_a_rare_series_has_zeros_however_long_the_others_speak():
    found = history(events({"walk_in": 12.0, "appointment": 0.05}))
    assert found.gaps.is_empty()
    rare = found.demand.filter(pl.col("series") == RARE)
    assert (rare["count"] == 0).sum() > 50


def test_a_busy_series_silent_among_others_keeps_its_zeros_and_is_named():
    away = DAYS[60:80]
    silent = {("appointment", day) for day in away}
    found = history(events({"walk_in": 12.0, "appointment": 8.0}, silent))
    assert stretches(found.gaps) == [(RARE, away[0], away[-1], 20, "series")]
    kept = found.demand.filter((pl.col("series") == RARE) & pl.col("start").is_in(away))
    assert kept["count"].to_list() == [0.0] * 20


def test_events_that_come_in_clumps_may_stay_away_longer():
    """Thirty at once, one day in twenty: twenty silent days say nothing."""
    for seed in range(5):
        assert history(events({"walk_in": 0.05}, clumps=30, seed=seed)).gaps.is_empty()


@pytest.mark.parametrize("rate", [0.2, 1.0, 3.0, 15.0])
def test_without_a_gap_none_is_found(rate):
    for seed in range(5):
        assert history(events({"walk_in": rate}, seed=seed)).gaps.is_empty()


def test_a_location_silent_while_the_source_speaks_of_others_is_told_apart():
    away = DAYS[40:50]
    rows: list[dict[str, object]] = [
        {
            "start": datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
            "location": location,
            "count": 30.0,
            "period_s": 86_400,
        }
        for location in ("hall", "elsewhere")
        for day in DAYS
        if location == "elsewhere" or day not in away
    ]
    found = history(counts_of(contacts(*rows), CALENDAR.zone))
    assert (BUSY, away[0], away[-1], 10, "location") in stretches(found.gaps)
    hall = found.demand.filter(pl.col("series") == BUSY)
    assert not set(away) & set(hall["start"])


def test_what_another_source_tells_of_a_silent_day_is_kept():
    away = DAYS[60:75]
    own = events({"walk_in": 12.0}, {("walk_in", day) for day in away})
    day = away[3]
    moment = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    other = counts_of(
        contacts({"start": moment, "source": "paper", "count": 7.0}), CALENDAR.zone
    )
    found = history(Counts(pl.concat([own.slots, other.slots]), own.bookings))
    inside = found.demand.filter(pl.col("start").is_in(away))
    assert inside.select("start", "count").rows() == [(day, 7.0)]


def test_weeks_that_are_missing_are_named_by_their_mondays():
    mondays = [date(2025, 1, 6) + timedelta(weeks=i) for i in range(60)]
    rows: list[dict[str, object]] = [
        {
            "start": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            "count": 30.0,
            "period_s": 7 * 86_400,
        }
        for i, day in enumerate(mondays)
        if not 20 <= i < 25
    ]
    found = history(counts_of(contacts(*rows), CALENDAR.zone))
    assert stretches(found.gaps) == [(BUSY, mondays[20], mondays[24], 5, "source")]


def test_what_is_left_out_of_training_covers_its_gaps():
    away = DAYS[60:75]
    counts = events({"walk_in": 12.0}, {("walk_in", day) for day in away})
    whole = LeftOut(away[0], away[-1], "hall/*")
    part = LeftOut(away[0], away[5])
    other = LeftOut(away[0], away[-1], "noord/*")
    covers = [
        history(counts, left_out=[one]).gaps["covered_by"].to_list()
        for one in (whole, part, other)
    ]
    assert covers == [["excluded"], ["none"], ["none"]]


def test_a_closure_covers_the_gap_of_a_place_whose_hours_nobody_gave():
    away = DAYS[60:65]
    rows: list[dict[str, object]] = [
        {
            "start": datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
            "location": "elsewhere",
            "count": 30.0,
            "period_s": 86_400,
        }
        for day in DAYS
        if day not in away
    ]
    shut = {"name": "x", "first": away[0], "last": away[-1], "source": "test"}
    counts = counts_of(contacts(*rows), CALENDAR.zone)
    for location, cover in (("elsewhere", "closure"), ("hall", "none")):
        calendar = Calendar.model_validate(
            {"closures": [shut | {"location": location}]}
        )
        gaps = read_history(counts, calendar, CATALOGUE).gaps
        assert (away[0], cover) in gaps.select("first", "covered_by").rows()


def test_a_pattern_names_series_and_nothing_else():
    names = ["hall/a/b/phone", "hall/a/b/walk_in", "hall+/a/b/phone"]
    frame = pl.DataFrame({"series": names, "start": [DAYS[0]] * 3})
    for pattern, hit in (
        ("", names),
        ("*/phone", [names[0], names[2]]),
        ("hall/*", names[:2]),
        ("hall/a/b/phone", names[:1]),
        ("all/*", []),
    ):
        period = LeftOut(DAYS[0], DAYS[0], pattern)
        found = frame.filter(is_left_out([period], names))["series"].to_list()
        assert found == hit, pattern


def test_the_weeks_that_all_real_offices_miss_are_found_exactly(
    shared_data: Path, workspace: Workspace, now: datetime
):
    from forecasting.history import imported_counts

    file = shared_data / "counter" / "bookings_daily_4_offices.csv"
    import_file(workspace, file, "office_daily", now=now)
    nowhere = Catalogue(service=())
    found = read_history(imported_counts(workspace), Calendar(), nowhere)
    of_source = found.gaps.filter(pl.col("kind") == "source")
    longest = of_source.sort("periods").group_by("series").last()
    assert longest.height == 4
    assert longest["first"].unique().to_list() == [date(2021, 11, 8)]
    assert longest["last"].unique().to_list() == [date(2021, 12, 5)]
    assert longest["periods"].unique().to_list() == [28]
