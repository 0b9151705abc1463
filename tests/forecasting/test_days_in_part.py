"""Days of which an export tells a part only do not count, and are named."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.calendar import Calendar
from forecasting.history import daily_demand, imported_counts, slot_demand
from forecasting.history.cutoffs import in_part, partial_days
from forecasting.history.days import read_history
from forecasting.pipeline.parts import days_in_part, said_of_series
from forecasting.pipeline.spoken import spoken
from forecasting.pipeline.town import Town
from forecasting.settings import Settings
from tests.empty_home import open_home
from tests.forecasting.history_cases import CALENDAR, CATALOGUE, at, counts
from tests.forecasting.small_home import bring

FIRST, LAST = date(2026, 2, 2), date(2026, 3, 26)
DAYS = [
    day
    for i in range((LAST - FIRST).days + 1)
    if (day := FIRST + timedelta(days=i)).weekday() < 5
]
QUARTERS = [time(hour, minute) for hour in range(9, 17) for minute in (0, 15, 30, 45)]


def visits(
    *,
    until: str = "17:00",
    since: str = "09:00",
    days: list[date] = DAYS,
    quarters: list[time] = QUARTERS,
    **row: object,
) -> list[dict[str, object]]:
    """Two contacts per quarter; the last day up to a time, the first from one on."""
    return [
        {"start": at(day, f"{clock:%H:%M}"), "count": 2.0, **row}
        for day in days
        for clock in quarters
        if not (day == days[-1] and f"{clock:%H:%M}" >= until)
        and not (day == days[0] and f"{clock:%H:%M}" < since)
    ]


def last_of(rows: list[dict[str, object]], calendar: Calendar = CALENDAR) -> date:
    found = daily_demand(counts(*rows), calendar, CATALOGUE)["start"].max()
    assert isinstance(found, date)
    return found


def test_a_last_day_that_breaks_off_does_not_count_and_a_whole_one_does():
    assert last_of(visits()) == LAST
    assert last_of(visits(until="16:30")) == LAST
    assert last_of(visits(until="11:00")) == DAYS[-2]


def test_a_first_day_that_begins_late_does_not_count_either():
    for since, first in (("09:00", FIRST), ("13:00", DAYS[1])):
        rows = counts(*visits(since=since))
        assert daily_demand(rows, CALENDAR, CATALOGUE)["start"].min() == first


def test_its_slots_are_kept_as_far_as_they_are_told():
    rows = counts(*visits(until="11:00", since="13:00"))
    slots = slot_demand(rows, CALENDAR, CATALOGUE)
    local = slots["start"].dt.convert_time_zone("Europe/Amsterdam")
    ends = slots.with_columns(local.dt.date().alias("day"), local.dt.time().alias("at"))
    last = ends.filter(pl.col("day") == LAST)
    assert last["at"].to_list() == QUARTERS[:8]
    assert last["count"].to_list() == [2.0] * 8
    assert ends.filter(pl.col("day") == FIRST)["at"].to_list() == QUARTERS[16:]


def test_a_place_that_closes_early_by_plan_that_day_is_not_dropped():
    short = tuple(
        hours.model_copy(update={"thu": (time(9), time(11))})
        for hours in CALENDAR.hours
    )
    early = Calendar(
        hours=(
            *CALENDAR.hours,
            *(h.model_copy(update={"first": LAST}) for h in short),
        )
    )
    rows = visits(until="11:00")
    assert last_of(rows, early) == LAST
    assert last_of(rows, Calendar(hours=CALENDAR.hours)) == DAYS[-2]


def test_a_place_of_unknown_hours_stays_open_while_its_source_goes_on():
    """Where another place of the export has its afternoon, the export did not break off."""
    other = visits(until="11:00", location="elsewhere")
    found = daily_demand(counts(*visits(), *other), CALENDAR, CATALOGUE)
    mine = found.filter(pl.col("series").str.starts_with("elsewhere"))
    assert mine["start"].max() == LAST


def test_a_place_open_in_mornings_alone_keeps_the_day_that_breaks_off_at_noon():
    mornings = visits(quarters=QUARTERS[:8], location="village")
    rows = counts(*visits(until="12:00"), *mornings)
    found = daily_demand(rows, CALENDAR, CATALOGUE).with_columns(
        pl.col("series").str.split("/").list.first().alias("place")
    )
    lasts = dict(found.group_by("place").agg(pl.col("start").max()).iter_rows())
    assert lasts == {"hall": DAYS[-2], "village": LAST}


def test_a_source_that_another_one_follows_leaves_its_day_whole():
    """A telephone exchange replaced at eleven: both together have the whole day."""
    later = [DAYS[-1] + timedelta(days=i) for i in (1, 4, 5, 6, 7)]
    old = visits(until="11:00", source="old")
    rest = [q for q in QUARTERS if q >= time(11)]
    new = visits(days=[LAST], quarters=rest, source="new")
    new = [
        row | {"start": at(LAST, f"{q:%H:%M}")}
        for row, q in zip(new, rest, strict=False)
    ]
    new += visits(days=later, source="new")
    found = daily_demand(counts(*old, *new), CALENDAR, CATALOGUE)
    assert LAST in found["start"].to_list()


@pytest.mark.parametrize(("until", "counted"), [("12:00", False), ("17:00", True)])
def test_day_parts_are_read_like_slots(until, counted):
    """Mornings and afternoons, of which the last afternoon is missing or not."""
    rows = visits(quarters=[time(9), time(13)], until=until, period_s=14_400)
    big = [row | {"count": 40.0} for row in rows]
    assert (last_of(big) == LAST) is counted


def moved(hour: int, day: date = LAST) -> dict[str, datetime]:
    return {"s": at(day, f"{hour}:00")}


def test_counts_by_day_are_known_in_part_when_imported_before_the_day_is_over():
    rows = counts(*({"start": at(day, "00:00"), "period_s": 86_400} for day in DAYS))
    lasts = [
        read_history(rows, CALENDAR, CATALOGUE, imported=imported).demand["start"].max()
        for imported in (moved(11), moved(17), moved(11, LAST + timedelta(days=1)), {})
    ]
    assert lasts == [DAYS[-2], LAST, LAST, LAST]


def test_few_contacts_prove_nothing_but_the_time_of_the_import_does():
    few = counts(*visits(quarters=[time(10), time(12), time(15)], until="11:00"))
    alone = read_history(few, CALENDAR, CATALOGUE)
    told = read_history(few, CALENDAR, CATALOGUE, imported=moved(11))
    assert [one.demand["start"].max() for one in (alone, told)] == [LAST, DAYS[-2]]


def test_an_import_that_is_older_than_what_it_holds_proves_nothing():
    history = read_history(counts(*visits()), CALENDAR, CATALOGUE, imported=moved(11))
    assert history.demand["start"].max() == LAST


@pytest.mark.parametrize(("ahead", "counted"), [(7, True), (0, False)])
def test_bookings_of_the_day_itself_decide_whether_a_booked_day_is_told(ahead, counted):
    """What was asked for a week before is all there at eleven; who books the same day not."""
    rows = []
    for row in visits(until="11:00" if ahead == 0 else "17:00"):
        start = row["start"]
        assert isinstance(start, datetime)
        rows.append(row | {"requested": start - timedelta(days=ahead, minutes=5)})
    later = at(LAST + timedelta(days=7))
    rows.append({"start": later, "requested": at(LAST, "10:50")})
    assert (last_of(rows) == LAST) is counted


def test_a_young_history_is_left_alone():
    assert last_of(visits(days=DAYS[:8], until="11:00")) == DAYS[7]


def hourly(folder: Path, until: int) -> Path:
    """An export per hour of two offices that ends on the last day at an hour."""
    rows = [
        {
            "hour": datetime.combine(day, time(hour)).isoformat(
                timespec="microseconds"
            ),
            "source": office,
            "booked": 6.0,
            "cancelled": 0.0,
        }
        for day in DAYS
        for hour in range(9, 17)
        for office in ("essen", "graz")
        if day != LAST or hour < until
    ]
    pl.DataFrame(rows).write_csv(folder / f"{until}.csv")
    return folder / f"{until}.csv"


def test_an_import_of_a_file_made_at_eleven_is_named_until_the_rest_comes(tmp_path):
    workspace = open_home(Settings.model_validate({"home": tmp_path / "home"}))
    now = datetime(2026, 3, 28, 9, tzinfo=UTC)
    bring(workspace, hourly(tmp_path, 11), "office_hourly", now=now)
    town = Town.read(workspace, imported_counts(workspace))
    assert town.last_day == DAYS[-2]
    series = ["essen/general/visit/appointment", "graz/general/visit/appointment"]
    days = days_in_part(town.partial)
    assert days == [
        {"day": f"{LAST}", "end": "last", "clock": "10:00", "series": series}
    ]
    notices = said_of_series(town.partial)
    assert notices[series[0]] == [("last day in part", f"{LAST} 10:00")]
    base = {"series": 2, "horizon_days": 7, "wape": None, "wape_last_year": None}
    text = spoken({**base, "days_in_part": days})
    assert f"Not counted: {LAST} of 2 series" in text

    bring(workspace, hourly(tmp_path, 17), "office_hourly", now=now)
    whole = Town.read(workspace, imported_counts(workspace))
    assert whole.last_day == LAST
    assert days_in_part(whole.partial) == []


def test_a_day_imported_before_it_is_over_is_named_for_counts_by_day_too(tmp_path):
    workspace = open_home(Settings.model_validate({"home": tmp_path / "home"}))
    rows = [
        {"date": f"{day}", "source": "essen", "name": "Essen", "booked": 50,
         "cancelled": 0, "calendars": 2, "snapshots": 96}
        for day in DAYS
    ]  # fmt: skip
    pl.DataFrame(rows).write_csv(tmp_path / "days.csv")
    now = at(LAST, "11:00").astimezone(UTC)
    bring(workspace, tmp_path / "days.csv", "office_daily", now=now)
    town = Town.read(workspace, imported_counts(workspace))
    assert town.last_day == DAYS[-2]
    assert [day["clock"] for day in days_in_part(town.partial)] == ["11:00"]


def test_nothing_is_told_in_part_where_there_is_nothing():
    assert in_part(partial_days(counts(), CALENDAR, CATALOGUE)).is_empty()
