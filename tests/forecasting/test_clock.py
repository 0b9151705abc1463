"""The doubled hour in October, the missing one in March, and all hours between."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from forecasting.ingest.clock import doubled_quarters, is_skipped, to_utc
from forecasting.ingest.doubling import resolve_doubled_hour
from forecasting.ingest.drafting import draft_import
from forecasting.ingest.importing import import_file
from forecasting.ingest.kinds.contact_targets import CONTACTS
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.parsing import parse
from forecasting.targets import Field

ZONE = ZoneInfo("Europe/Amsterdam")
QUARTER = timedelta(minutes=15)
PERIOD = {"period_s": 900}
ALWAYS = {"location": "hall", "product": "general/question/phone"}


def mapping(**change: object) -> SourceMapping:
    given = {
        "kind": "contacts",
        "label": "test",
        "constants": ALWAYS,
        "fields": {"start": {"column": "at", "formats": ["%Y-%m-%d %H:%M"]}},
    }
    return SourceMapping.model_validate(given | change)


QUEUES = {"a": "move/question/phone"} | dict.fromkeys("bc", ALWAYS["product"])


def queues(**change: object) -> SourceMapping:
    fields = {
        "start": {"column": "at", "formats": ["%Y-%m-%d %H:%M"]},
        "product": {"column": "queue", "values": QUEUES},
        "count": {"column": "n"},
    }
    constants = {"location": "hall", **PERIOD}
    return mapping(fields=fields, constants=constants, **change)


def slots(day: date) -> list[datetime]:
    """The quarter-hours (UTC) of a local day, counted on in UTC."""
    first = datetime.combine(day, time(), ZONE).astimezone(UTC)
    past = datetime.combine(day + timedelta(1), time(), ZONE).astimezone(UTC)
    return [first + i * QUARTER for i in range((past - first) // QUARTER)]


def switches(years: range) -> list[date]:
    """The days whose first and last moment have different offsets."""
    days = (date(y, m, d) for y in years for m in (3, 10) for d in range(20, 32))
    return [day for day in days if len(slots(day)) != 96]


def written(moments: list[datetime]) -> list[str]:
    return [f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" for at in moments]


def read(frame: pl.DataFrame, folder: Path, given: SourceMapping) -> pl.DataFrame:
    """The accepted rows of a frame written as CSV, in order of line."""
    frame.write_csv(folder / "rows.csv")
    draft = draft_import(folder / "rows.csv", "test", given, CONTACTS)
    return draft.accepted().collect()


SWITCHES = switches(range(2015, 2036))


def test_there_are_two_switches_a_year():
    assert len(SWITCHES) == 42
    assert {len(slots(day)) for day in SWITCHES} == {92, 100}


def test_local_times_become_utc_as_the_zone_database_says():
    days = [*SWITCHES, date(2026, 1, 1), date(2026, 7, 1)]
    local = [
        datetime.combine(day, time()) + i * QUARTER for day in days for i in range(96)
    ]
    for late in (False, True):
        found = pl.DataFrame({"at": local}).select(
            to_utc(pl.col("at"), "Europe/Amsterdam", late=late),
            is_skipped(to_utc(pl.col("at"), "Europe/Amsterdam")).alias("skipped"),
        )
        for at, utc, skipped in zip(local, *found, strict=True):
            aware = at.replace(tzinfo=ZONE, fold=int(late)).astimezone(UTC)
            exists = aware.astimezone(ZONE).replace(tzinfo=None) == at
            assert skipped is not exists
            assert not exists or utc == aware


def test_doubled_quarters_are_those_whose_local_time_comes_again():
    autumn = [at for day in SWITCHES for at in slots(day)]
    hour = timedelta(hours=1)
    again = {a for a in autumn if written([a]) == written([a + hour])}
    known = {q for q in doubled_quarters("Europe/Amsterdam") if 2015 <= q.year <= 2035}
    assert known == again
    assert doubled_quarters("UTC") == ()


@given(st.lists(st.integers(-600_000_000, 3_700_000_000), min_size=1, max_size=20))
@limits(deadline=None, max_examples=50)
def test_a_moment_written_with_its_offset_is_read_back(seconds):
    utc = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=s) for s in seconds]
    texts = [at.astimezone(ZONE).isoformat() for at in utc]
    given = mapping(zone="offset", fields={"start": {"column": "at"}})
    frame = pl.DataFrame({"at": texts})
    value = parse(Field("start", "moment"), given.fields["start"], given, frame.schema)
    assert frame.select(value)["start"].to_list() == utc


@pytest.mark.parametrize(
    "day", [date(2026, 3, 29), date(2026, 6, 1), date(2026, 10, 25)]
)
def test_a_day_of_92_96_or_100_slots_keeps_every_slot_and_its_count(
    workspace, tmp_path, now, day
):
    wanted = slots(day)
    file = tmp_path / "calls.csv"
    pl.DataFrame(
        {
            "Interval start": [f"{a.astimezone(ZONE):%d-%m-%Y %H:%M}" for a in wanted],
            "Wachtrij": "Verhuizen",
            "Aangeboden": range(1, len(wanted) + 1),
            "Afgehaakt": 0,
            "Beantwoord binnen 25 s": 1,
            "Gem. gesprekstijd (s)": "100,0",
            "Gem. nawerktijd (s)": "20,0",
        }
    ).write_csv(file, separator=";")
    result = import_file(workspace, file, "telephony", now=now)
    assert result.rows_rejected == 0
    kept = workspace.imported("slots").sort("start").collect()
    assert kept["start"].to_list() == wanted
    assert kept["count"].to_list() == [float(i + 1) for i in range(len(wanted))]


def test_every_switch_of_twenty_years_keeps_its_slots_for_every_queue(tmp_path):
    wanted = [at for day in SWITCHES for at in slots(day)]
    frame = pl.DataFrame({"at": written(wanted), "n": range(len(wanted))})
    rows = frame.join(pl.DataFrame({"queue": ["a", "b", "c"]}), how="cross")
    found = read(rows, tmp_path, queues())
    assert found["start"].to_list() == [at for at in wanted for _ in range(3)]


@given(st.randoms(use_true_random=False), st.sampled_from(SWITCHES))
@limits(deadline=None, max_examples=25)
def test_how_queues_lie_in_the_file_does_not_matter(tmp_path_factory, random, day):
    wanted = slots(day)
    left = {queue: list(enumerate(wanted)) for queue in "abc"}
    rows = []
    while waiting := [queue for queue in "abc" if left[queue]]:
        queue = random.choice(waiting)
        number, at = left[queue].pop(0)
        rows.append((written([at])[0], queue, number))
    frame = pl.DataFrame(rows, schema=["at", "queue", "n"], orient="row")
    found = read(frame, tmp_path_factory.mktemp("queues"), queues())
    assert found.height == 3 * len(wanted)
    assert all(wanted[int(n)] == at for at, n in found.select("start", "count").rows())


@pytest.mark.parametrize("doubled_hour", ["earliest", "in order"])
def test_a_file_with_the_newest_row_first_is_read_from_its_end(tmp_path, doubled_hour):
    wanted = slots(date(2026, 10, 25))
    texts = written(wanted)
    frame = pl.DataFrame({"at": texts, "queue": "a", "n": range(100)}).reverse()
    counted = queues() if doubled_hour == "earliest" else None
    given = counted or mapping(doubled_hour=doubled_hour, identity=["n"])
    assert read(frame, tmp_path, given)["start"].to_list() == wanted[::-1]


def test_one_column_a_queue_resolves_the_doubled_hour_too(tmp_path):
    wanted = slots(date(2026, 10, 25))
    frame = pl.DataFrame({"at": written(wanted), "a": range(100), "b": 1})
    given = queues(unpivot={"on": ["a", "b"], "name": "queue", "value": "n"})
    found = read(frame, tmp_path, given).filter(pl.col("service") == "move")
    assert found.sort("start")["count"].to_list() == [float(i) for i in range(100)]


def test_times_typed_without_a_zone_are_told_apart_after_they_were_moved(tmp_path):
    came, wanted = slots(date(2026, 10, 25)), slots(date(2027, 10, 31))
    local = pl.Series("at", written(came)).str.to_datetime("%Y-%m-%d %H:%M")
    frame = pl.DataFrame({"at": local.dt.cast_time_unit("ms"), "queue": "a", "n": 1})
    frame.write_parquet(tmp_path / "a.parquet")
    given = queues(shift_weeks=53)
    draft = draft_import(tmp_path / "a.parquet", "test", given, CONTACTS)
    assert draft.accepted().collect()["start"].to_list() == wanted


OCTOBER = [
    datetime(2026, 10, 25, 0, 10, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 50, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 20, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 50, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 10, tzinfo=UTC),
]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("doubled_hour", "moved"),
    [
        ("earliest", [0, 0, -1, -1, 0]),
        ("latest", [1, 1, 0, 0, 0]),
        ("in order", [0, 0, 0, 0, 0]),
    ],
)
def test_events_of_the_doubled_hour_fall_where_the_mapping_says(
    tmp_path, doubled_hour, moved
):
    frame = pl.DataFrame({"at": written(OCTOBER), "id": range(5)})
    found = read(frame, tmp_path, mapping(doubled_hour=doubled_hour, identity=["id"]))
    wanted = [at + hours * HOUR for at, hours in zip(OCTOBER, moved, strict=True)]
    assert found["start"].to_list() == wanted


@given(st.lists(st.integers(0, 119), min_size=1, max_size=30))
@limits(deadline=None, max_examples=25)
def test_events_in_order_are_told_apart_wherever_a_step_back_shows(minutes):
    first = datetime(2026, 10, 25, tzinfo=UTC)
    moments = sorted(first + timedelta(minutes=m) for m in minutes)
    early = [m for m in moments if m < first + HOUR]
    late = [m for m in moments if m >= first + HOUR]
    local = [*early, *(m - HOUR for m in late)]
    rows = pl.LazyFrame({"line in the file": range(len(local)), "start": local})
    rows = rows.with_columns(pl.lit(0).alias("period_s"))
    found = resolve_doubled_hour(rows, mapping(doubled_hour="in order"), CONTACTS)
    shows = bool(early) and bool(late) and late[0] - HOUR < early[-1]
    assert found.collect()["start"].to_list() == (moments if shows else local)


def test_counts_per_day_stay_at_their_midnight_and_zoned_times_as_they_are(tmp_path):
    aware = pl.Series(slots(date(2026, 10, 25))).dt.convert_time_zone(
        "Europe/Amsterdam"
    )
    pl.DataFrame({"at": aware, "queue": "a", "n": 1}).write_parquet(
        tmp_path / "a.parquet"
    )
    draft = draft_import(tmp_path / "a.parquet", "test", queues(), CONTACTS)
    assert draft.accepted().collect()["start"].to_list() == slots(date(2026, 10, 25))
    days = mapping(constants=ALWAYS | {"period_s": 86400})
    rows = pl.LazyFrame({"start": [datetime(2026, 10, 25, tzinfo=UTC)] * 2})
    assert resolve_doubled_hour(rows, days, CONTACTS) is rows


def test_a_time_that_the_clock_skipped_is_rejected_with_its_own_reason(tmp_path):
    frame = pl.DataFrame({"at": ["2026-03-29 01:59", "2026-03-29 02:30", "soon"]})
    frame.write_csv(tmp_path / "rows.csv")
    draft = draft_import(tmp_path / "rows.csv", "test", mapping(), CONTACTS)
    broken = draft.shown().select("problem").collect().to_series().to_list()
    reasons = [None if b is None else draft.checks[b].reason for b in broken]
    assert reasons == [
        None,
        "a local time that the clock skipped when summer time began",
        "unreadable date or time",
    ]


def test_rows_outside_the_doubled_hours_are_left_alone():
    rows = pl.LazyFrame({"line in the file": [2], "start": slots(date(2026, 6, 1))[:1]})
    rows = rows.with_columns(pl.lit(900).alias("period_s"))
    assert (
        resolve_doubled_hour(rows, mapping(constants=ALWAYS | PERIOD), CONTACTS) is rows
    )
    unread = pl.LazyFrame({"start": ["not even read"]})
    assert resolve_doubled_hour(unread, mapping(), CONTACTS) is unread
    offsets = mapping(zone="offset", constants=ALWAYS | PERIOD)
    assert resolve_doubled_hour(unread, offsets, CONTACTS) is unread
