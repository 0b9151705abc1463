"""The step `agenda` and its CSV, in a home with a forecast, bookings, people and limits."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from forecasting.calendar import Calendar
from forecasting.errors import InputError, MissingStepError, PiekwijzerError
from forecasting.policy import load_policy
from forecasting.settings import Settings
from forecasting.tables import StoredForecast
from forecasting.workspace import Workspace
from staffing.agenda import Agenda, AgendaDays, AgendaStaff
from staffing.cli import app
from staffing.pipeline.opening_agenda import run_agenda
from staffing.pipeline.requiring import run_requirement
from staffing.publish import export_agenda
from staffing.publish.agenda_file import AGENDA_HEADINGS
from staffing.staff_tables import Limits
from tests.adopting import adopt, record_of
from tests.empty_home import open_home
from tests.staffing import forecast_cases as cases
from tests.staffing.roster_weeks import CONFIG

NOW = datetime(2027, 3, 14, 12, tzinfo=UTC)
LAST = date(2027, 3, 14)
PASSPORTS = "stadhuis/passport/application/appointment"
BIRTHS = "stadhuis/birth/declaration/appointment"
COLLECTIONS = "stadhuis/passport/collection/walk_in"
MEANS = {PASSPORTS: 40.0, BIRTHS: 4.0, COLLECTIONS: 30.0}
PLACES = {PASSPORTS: ("passport", "application"), BIRTHS: ("birth", "declaration")}


def forecast() -> pl.DataFrame:
    """Weekdays of sixteen weeks, with a tenth of spread."""
    one = cases.forecast(MEANS, days=112)
    shift = LAST + timedelta(days=1) - cases.MONDAY
    return StoredForecast.validate(one.with_columns(pl.col("start") + shift))


def bookings(ahead: int = 3) -> pl.DataFrame:
    """Half a year of bookings, asked for three days ahead, and some yet to be visited."""
    rows = [
        {
            "source": "jcc", "requested": day, "visit": day + timedelta(days=3),
            "location": "stadhuis", "service": service, "step": step,
            "channel": "appointment", "count": mean if day + timedelta(days=3) <= LAST
            else float(ahead), "no_show": 0.0,
        }
        for name, mean in MEANS.items() if name in PLACES
        for service, step in [PLACES[name]]
        for i in range(200)
        for day in [LAST - timedelta(days=i)]
        if day.weekday() < 5
    ]  # fmt: skip
    return pl.DataFrame(rows)


def town(folder: Path, limits: pl.DataFrame | None = None, ahead: int = 3) -> Workspace:
    workspace = open_home(Settings(home=folder, config=CONFIG))
    people = cases.people(
        *((f"m{i}", "stadhuis", ["counter", "civil_status"]) for i in range(9))
    )
    brought = {"people": people, "bookings": bookings(ahead)}
    if limits is not None:
        brought["limits"] = limits
    for name, frame in brought.items():
        record = record_of(name, name, frame.height, now=NOW)
        adopt(workspace, record, {name: frame}, now=NOW)
    key = workspace.key("forecast", [], {}, 0)
    figures = {"history_last": LAST.isoformat()}
    workspace.store(key, {"forecast": forecast()}, figures, now=NOW)
    run_requirement(workspace, now=NOW)
    return workspace


def limit(what: str, number: int, location: str = "stadhuis") -> pl.DataFrame:
    unit = "per_day" if what == "applications" else "at_once"
    row = {"location": location, "what": what, "number": number, "unit": unit}
    kept = {"weekdays": None, "first": None, "last": None}
    return Limits.validate(pl.DataFrame([{**row, **kept}]), cast=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    return town(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def run(home):
    return run_agenda(home, now=NOW, weeks=4)


@pytest.fixture(scope="module")
def tables(home, run):
    return {
        name: schema.validate(home.table(run, name).collect())
        for name, schema in (
            ("agenda", Agenda), ("agenda_days", AgendaDays), ("agenda_staff", AgendaStaff),
        )
    }  # fmt: skip


def test_the_promise_is_kept_on_every_day_when_staff_allow(run, tables):
    assert run.figures["unkept"] == []
    assert tables["agenda_days"]["within"].min() >= 0.8 - 1e-9
    assert tables["agenda_days"]["wait_q80"].max() <= 5


def test_places_with_times_add_up_to_the_places_of_the_day(tables):
    zone = "Europe/Amsterdam"
    day = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
    keys = ["location", "service", "step", "day"]
    timed = (
        tables["agenda"].group_by(*keys[:3], day).agg(pl.col("places", "kept").sum())
    )
    told = tables["agenda_days"].filter(pl.col("places") > 0)
    both = told.join(timed, on=keys, how="full", suffix="_timed")
    assert (both["places"] == both["places_timed"]).all()
    assert (both["kept"] == both["kept_timed"]).all()


def test_places_serve_what_is_asked_for_and_what_was_booked(tables):
    days = tables["agenda_days"].filter(service="passport")
    assert days["already"].sum() == 3
    weekly = days["requests"].sum() / 4
    assert weekly == pytest.approx(200, rel=0.05)
    assert days["places"].sum() <= days["requests"].sum() + days["already"].sum()


def test_no_place_lies_outside_the_opening_hours_on_either_side_of_the_clock_change(
    home, tables
):
    calendar = load_policy(CONFIG / "calendar.toml", Calendar)
    zoned = tables["agenda"].with_columns(
        pl.col("start").dt.convert_time_zone(calendar.zone)
    )
    clock = zoned["start"].dt.time()
    last = (
        zoned["start"] + pl.Series([timedelta(minutes=m) for m in zoned["minutes"]])
    ).dt.time()
    assert clock.min().hour == 9
    assert (last <= time(20)).all()
    offsets = set(
        (zoned["start"].dt.base_utc_offset() + zoned["start"].dt.dst_offset()).to_list()
    )
    assert offsets == {timedelta(hours=1), timedelta(hours=2)}
    for day in zoned["start"].dt.date().unique():
        assert not calendar.is_closed(day, "stadhuis")


def test_people_asked_for_stay_within_those_at_hand(tables):
    staff = tables["agenda_staff"]
    left = (staff["hours_at_hand"] - staff["walk_in_hours"]).clip(0)
    assert (staff["place_hours"] <= left + 1e-6).all()
    assert staff.filter(pl.col("hours_at_hand") > 0)["place_hours"].min() > 0


def most_at_once(workspace: Workspace) -> int:
    places = workspace.table(workspace.latest("agenda"), "agenda").collect()
    begun = [(row["start"], row["places"]) for row in places.iter_rows(named=True)]
    ended = [
        (row["start"] + timedelta(minutes=row["minutes"]), -row["places"])
        for row in places.iter_rows(named=True)
    ]
    busy = most = 0
    for _, change in sorted(begun + ended):
        busy += change
        most = max(most, busy)
    return most


@pytest.mark.parametrize(("what", "number"), [("desks", 2), ("applications", 15)])
def test_a_limit_that_binds_is_named_with_its_first_day(tmp_path, what, number):
    workspace = town(tmp_path, limit(what, number))
    figures = run_agenda(workspace, now=NOW, weeks=3).figures
    unkept = figures["unkept"]
    assert isinstance(unkept, list)
    rows = [row for row in unkept if row["service"] == "passport"]
    assert {row["limit"] for row in rows} == {what}
    assert rows[0]["short"] > 0
    assert rows[0]["since"] >= "2027-03-15"
    staff = workspace.table(workspace.latest("agenda"), "agenda_staff").collect()
    if what == "desks":
        assert most_at_once(workspace) <= 2
    else:
        assert (staff["ordered"] <= 15).all()


def test_a_limit_of_an_unknown_place_is_refused_and_nothing_is_stored(tmp_path):
    workspace = town(tmp_path, limit("desks", 3, location="nergens"))
    with pytest.raises(InputError, match="unknown location 'nergens'"):
        run_agenda(workspace, now=NOW)
    assert workspace.ledger.latest("agenda", {}) is None


def test_an_agenda_beyond_the_forecast_is_refused(home):
    with pytest.raises(InputError, match="fewer weeks"):
        run_agenda(home, now=NOW, weeks=20)


def test_no_forecast_yet_names_the_command(tmp_path):
    empty = open_home(Settings(home=tmp_path, config=CONFIG))
    with pytest.raises(MissingStepError, match="piekwijzer forecast"):
        run_agenda(empty, now=NOW)


def test_the_same_inputs_give_the_same_agenda(home, run, tables):
    again = run_agenda(home, now=NOW, weeks=4)
    assert (again.id, again.figures) == (run.id, run.figures)
    assert home.table(again, "agenda").collect().equals(tables["agenda"])


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def test_the_csv_tells_local_times_and_their_offset(home, run, tables, tmp_path):
    rows = rows_of(export_agenda(home, out=tmp_path))
    assert tuple(rows[0]) == AGENDA_HEADINGS
    assert len(rows) == tables["agenda"].height
    assert sum(int(row["plaatsen"]) for row in rows) == tables["agenda"]["places"].sum()
    offsets: dict[object, set[str]] = {}
    for row in rows:
        begin = datetime.fromisoformat(row["begin_iso"])
        assert (f"{begin:%Y-%m-%d}", f"{begin:%H:%M}") == (row["datum"], row["begin"])
        offsets.setdefault(begin.utcoffset(), set()).add(row["datum"])
    assert (
        max(offsets[timedelta(hours=1)])
        < "2027-03-28"
        < min(offsets[timedelta(hours=2)])
    )


def test_the_same_agenda_gives_the_same_bytes(home, run, tmp_path):
    files = [export_agenda(home, out=tmp_path / name) for name in ("one", "two")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_link_that_leaves_the_folder_is_refused(home, run, tmp_path):
    (tmp_path / "agenda-2027-03-15.csv").symlink_to(tmp_path.parent / "elsewhere.csv")
    with pytest.raises(InputError, match="leave the folder"):
        export_agenda(home, out=tmp_path)


def test_an_agenda_that_cannot_be_read_leaves_no_file(tmp_path):
    workspace = open_home(Settings(home=tmp_path / "home", config=CONFIG))
    key = workspace.key("agenda", [], {}, 0)
    workspace.store(key, {}, {"first": "2027-10-30"}, now=NOW)
    with pytest.raises(PiekwijzerError):
        export_agenda(workspace, out=tmp_path / "out")
    assert not list(tmp_path.rglob("*.csv"))


def test_a_cell_that_looks_like_a_formula_is_text(tmp_path):
    workspace = open_home(Settings(home=tmp_path, config=CONFIG))
    row = {
        "location": "=1+1", "service": "@x", "step": "-y", "skill": "counter", "minutes": 15,
        "start": datetime(2027, 10, 31, 9, tzinfo=UTC), "places": 2, "kept": 1,
        "opens": date(2027, 10, 29), "booked": 1.0,
    }  # fmt: skip
    table = Agenda.validate(pl.DataFrame([row]), cast=True)
    key = workspace.key("agenda", [], {}, 0)
    workspace.store(key, {"agenda": table}, {"first": "2027-10-30"}, now=NOW)
    (told,) = rows_of(export_agenda(workspace, out=tmp_path / "out"))
    assert (told["locatie"], told["product"], told["stap"]) == ("'=1+1", "'@x", "'-y")
    assert told["begin_iso"] == "2027-10-31T10:00+01:00"
    assert told["kort_vooraf_vanaf"] == "2027-10-29"


def test_the_command_says_in_one_line_what_is_missing(tmp_path):
    asked = ["agenda", "--home", str(tmp_path), "--config", str(CONFIG)]
    answer = CliRunner().invoke(app, asked)
    assert answer.exit_code == 2
    assert "piekwijzer forecast" in answer.output


def test_the_command_tells_the_places_and_the_promise(home, run):
    folders = ["--home", str(home.settings.home), "--config", str(CONFIG)]
    answer = CliRunner().invoke(app, ["agenda", "--weeks", "4", *folders])
    assert answer.exit_code == 0
    assert (
        f"{run.figures['places']} places from 2027-03-15 for 4 weeks" in answer.output
    )
    out = CliRunner().invoke(app, ["export", "agenda", *folders])
    assert out.output.strip().endswith("agenda-2027-03-15.csv")
