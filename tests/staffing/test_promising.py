"""The step `promises`, in homes with calls, visits, callbacks and bookings of some weeks."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from dashboard.queries.promises import promises as promises_of
from forecasting.calendar import monday, week_name
from forecasting.errors import MissingStepError, PolicyError
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.cli import app
from staffing.pipeline.promising import run_promises
from staffing.promises import PromiseExpected, PromiseWeeks
from staffing.promises.sampling import wilson
from staffing.promises.tables import PROMISES
from tests.adopting import adopt, record_of
from tests.empty_home import open_home
from tests.staffing.promise_cases import (
    TOWN,
    booking,
    bookings,
    call,
    callback,
    contacts,
    days,
    moment,
    slots,
    visit,
)
from tests.staffing.roster_weeks import CONFIG

Rows = list[dict[str, Any]]
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
FIRST, WEEKS = date(2026, 2, 2), 20
LAST = FIRST + timedelta(weeks=WEEKS) - timedelta(days=1)
LAST_MONDAY = monday(LAST)
CLOSED = date(2026, 4, 27)
"""King's Day, a Monday."""


def is_open(day: date) -> bool:
    closed = {date(2026, 4, 6), CLOSED, date(2026, 5, 5), date(2026, 5, 14)}
    closed |= {date(2026, 5, 15), date(2026, 5, 25)}
    return day.isoweekday() <= 5 and day not in closed


OPEN = [day for day in days(FIRST, 7 * WEEKS) if is_open(day)]


def calls(last: date = LAST, **more: object) -> Rows:
    """Mondays are bad, and every third week."""
    return [
        call(day, clock, 30, 20 + (day.isoweekday() > 1) * 5 - (week % 3), 2, **more)
        for day in OPEN
        if day <= last
        for week in [(day - FIRST).days // 7]
        for clock in ("09:00", "11:30", "16:45")
    ]


def visits(location: str) -> Rows:
    return [
        visit(
            day, "16:30" if day.isoweekday() < 5 else "12:30", wait, location=location
        )
        for day in OPEN
        for wait in (30.0, 300.0, 800.0, 1000.0 if day.isoweekday() == 2 else 700.0)
    ]


def callbacks() -> Rows:
    """Done the next day at noon, on Fridays (and the last days) never."""
    rows = []
    for day in OPEN:
        later = day + timedelta(days=1)
        done = moment(later, "12:00") if day.isoweekday() < 5 else None
        rows += [callback(moment(day, "10:00"), done)] * 3
    return rows


def booked() -> Rows:
    rows = [booking(day, day + timedelta(days=3), 6.0, 0.0) for day in OPEN]
    return rows + [booking(day, day + timedelta(days=7), 4.0, 1.0) for day in OPEN]


def bring(workspace: Workspace, source: str, rows: Rows) -> None:
    frame = contacts(*({**row, "source": source} for row in rows))
    tables = {"contacts": frame, "slots": slots(frame)}
    if frame["requested"].is_not_null().any():
        tables["bookings"] = bookings(frame)
    adopt(workspace, record_of(source, "contacts", len(rows), now=NOW), tables, now=NOW)


def town(folder: Path, config: Path = CONFIG, **brought: Rows) -> Workspace:
    workspace = open_home(Settings(home=folder, config=config))
    for source, rows in brought.items():
        bring(workspace, source, rows)
    return workspace


def told(workspace: Workspace, weeks: int = 52) -> pl.DataFrame:
    run = run_promises(workspace, now=NOW, weeks=weeks)
    return PromiseWeeks.validate(workspace.table(run, "promise_weeks").collect())


def of(frame: pl.DataFrame, promise: str, location: str = "stadhuis") -> pl.DataFrame:
    return frame.filter(promise=promise, location=location)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    return town(
        tmp_path_factory.mktemp("home"),
        telephony=calls(),
        qmatic=visits("stadhuis") + visits("noord"),
        open_klant_tasks=callbacks(),
        jcc=booked(),
    )


@pytest.fixture(scope="module")
def weeks(home) -> pl.DataFrame:
    return told(home)


def test_every_promise_is_told_of_every_whole_week(home, weeks):
    assert home.latest("promises").figures["missing"] == []
    assert set(weeks["promise"]) == set(PROMISES)
    assert of(weeks, "answered")["week"].max() == LAST_MONDAY
    assert of(weeks, "answered").height == WEEKS
    assert set(weeks["location"]) == {"stadhuis", "noord"}


def test_calls_of_a_week_add_up_as_they_were_counted(weeks):
    for row in of(weeks, "answered").iter_rows(named=True):
        own = [c for c in calls() if monday(local(c["start"])) == row["week"]]
        asked, hits = (sum(c[name] for c in own) for name in ("count", "in_time"))
        assert (row["asked"], row["hits"]) == (asked, hits)
        assert row["share"] == pytest.approx(hits / asked)
        assert row["low"] < row["share"] < row["high"]


def local(at: datetime) -> date:
    return at.astimezone(TOWN).date()


def test_a_callback_that_is_never_made_is_missed_and_a_week_waits_for_its_last_due_day(
    weeks,
):
    found = of(weeks, "callback")
    assert found["week"].max() == LAST_MONDAY - timedelta(days=7)
    usual = found.filter(week=date(2026, 3, 2)).row(0, named=True)
    assert (usual["asked"], usual["hits"], usual["mean"]) == (15, 12, 1)


def test_waits_at_the_counter_are_told_with_their_mean(weeks):
    row = of(weeks, "counter", "noord").filter(week=date(2026, 3, 2)).row(0, named=True)
    assert (row["asked"], row["hits"]) == (20, 19)
    assert row["mean"] == pytest.approx((4 * 4 * 457.5 + 30 + 300 + 800 + 1000) / 20)
    assert row["mean_low"] <= row["mean"] <= row["mean_high"]


def test_a_week_with_a_closing_day_has_fewer_open_days_and_all_of_them_told(weeks):
    row = of(weeks, "answered").filter(week=CLOSED).row(0, named=True)
    assert (row["days"], row["open_days"]) == (4, 4)


def test_the_first_free_place_is_three_days_off_at_most(weeks):
    row = of(weeks, "first_free").filter(week=date(2026, 3, 2)).row(0, named=True)
    assert (row["asked"], row["hits"], row["verdict"]) == (50, 50, "kept")
    assert row["mean"] == pytest.approx((3 + 3 + 2 + 1 + 1) / 5)


def test_no_shows_are_missed_where_all_of_the_interval_lies_above_the_aim(weeks):
    row = of(weeks, "no_show").filter(week=date(2026, 3, 2)).row(0, named=True)
    assert (row["asked"], row["hits"], row["share"]) == (50, 5, 0.1)
    assert row["verdict"] == ("missed" if row["low"] > 0.05 else "unclear")


def test_a_verdict_needs_the_whole_interval_on_one_side(weeks):
    for row in weeks.filter(pl.col("low").is_not_null()).iter_rows(named=True):
        low, high, aim = row["low"], row["high"], row["target"]
        if row["promise"] == "no_show":
            low, high, aim = -high, -low, -aim
        expected = "kept" if low >= aim else "missed" if high < aim else "unclear"
        assert row["verdict"] == expected


def test_a_week_that_a_source_tells_in_part_is_left_out(tmp_path):
    midweek = town(tmp_path, telephony=calls(last=LAST_MONDAY + timedelta(days=2)))
    assert of(told(midweek), "answered")["week"].max() == LAST_MONDAY - timedelta(
        days=7
    )


def test_only_the_weeks_asked_for_are_told_and_with_the_same_intervals(home, weeks):
    few = told(home, weeks=3)
    answered = of(few, "answered")
    assert answered["week"].to_list() == of(weeks, "answered")["week"].to_list()[-3:]
    assert answered.equals(of(weeks, "answered").tail(3))


def test_a_single_week_has_an_interval_from_its_own_days(tmp_path):
    one = town(
        tmp_path, telephony=[c for c in calls() if local(c["start"]) >= LAST_MONDAY]
    )
    row = of(told(one), "answered").row(0, named=True)
    plain = wilson(row["share"], row["asked"], 1.96)
    assert row["high"] - row["low"] > plain[1] - plain[0]


def test_a_week_with_few_contacts_is_not_told(tmp_path):
    rows = [call(day, "09:00", 1, 1) for day in OPEN[:4]]
    rows += [call(day, "16:45", 1, 1) for day in OPEN[5:10]]
    found = of(told(town(tmp_path, telephony=rows)), "answered")
    few, enough = found.iter_rows(named=True)
    hidden = ("asked", "hits", "share", "low", "high", "mean")
    assert [few[name] for name in hidden] == [None] * 6
    assert (few["verdict"], enough["asked"]) == ("few", 5)


def test_a_promise_that_no_import_tells_is_missing(tmp_path):
    only_calls = town(tmp_path, telephony=calls())
    run = run_promises(only_calls, now=NOW)
    assert run.figures["missing"] == [p for p in PROMISES if p != "answered"]


def test_a_spreadsheet_of_weekly_counts_tells_of_no_promise(tmp_path):
    week = {"period_s": 604800, "channel": "walk_in", "count": 300.0}
    rows = [{"start": moment(d, "00:00"), **week} for d in OPEN if d.isoweekday() == 1]
    run = run_promises(town(tmp_path, weekly_counts=rows), now=NOW)
    assert run.figures["missing"] == list(PROMISES)
    assert run.figures["newest"] is None


def test_when_rows_are_forgotten_calls_are_still_told_from_their_counts(tmp_path):
    workspace = open_home(Settings(home=tmp_path, config=CONFIG))
    frame = contacts(*calls())
    record = record_of("telephony", "contacts", frame.height, now=NOW)
    adopt(workspace, record, {"slots": slots(frame)}, now=NOW)
    assert of(told(workspace), "answered").height == WEEKS


def test_messages_without_an_end_are_no_callbacks(tmp_path):
    """Klantcontact does not say when anything was done: nothing of it is open or late."""
    never = [{**row, "wait_s": None} for row in callbacks()]
    run = run_promises(town(tmp_path, open_klant=never), now=NOW)
    assert "callback" in str(run.figures["missing"])


def test_callbacks_that_are_all_open_are_all_missed(tmp_path):
    never = [{**row, "wait_s": None} for row in callbacks()]
    found = of(told(town(tmp_path, open_klant_tasks=never)), "callback")
    assert set(found["hits"]) == {0}
    assert set(found["verdict"]) == {"missed"}


def test_nothing_imported_is_said_in_one_line(tmp_path):
    with pytest.raises(MissingStepError, match="piekwijzer import"):
        run_promises(town(tmp_path), now=NOW)


def changed(folder: Path, old: str, new: str, file: str = "standards.toml") -> Path:
    config = shutil.copytree(CONFIG, folder / "config")
    text = (config / file).read_text("utf-8")
    assert old in text
    (config / file).write_text(text.replace(old, new), "utf-8")
    return config


def test_an_export_with_another_threshold_gets_no_verdict(tmp_path):
    config = changed(tmp_path, "threshold_s = 25\n", "threshold_s = 20\n")
    home = town(tmp_path / "home", config, telephony=calls())
    found = of(told(home), "answered")
    assert set(found["note"]) == {"threshold_differs"}
    assert set(found["verdict"]) == {"unjudged"}
    asked = promises_of(home.latest("promises"))["answered"]
    assert (asked.within, asked.told_s) == (20, (25,))


def test_an_export_that_does_not_say_its_threshold_gets_no_verdict_until_it_does(
    tmp_path,
):
    config = changed(
        tmp_path, '"Beantwoord binnen 25 s"', '"Op tijd"', "sources/telephony.toml"
    )
    home = town(tmp_path / "home", config, telephony=calls())
    assert set(of(told(home), "answered")["note"]) == {"threshold_untold"}
    file = config / "sources" / "telephony.toml"
    file.write_text(f"in_time_s = 25\n{file.read_text('utf-8')}", "utf-8")
    again = Workspace.open(home.settings)
    assert of(told(again), "answered")["note"].null_count() == WEEKS


@pytest.mark.parametrize(
    ("old", "new", "told_as"),
    [
        ("at_most = 0.05", "at_most = 1.5", "promise.no_show.at_most"),
        ("within_days = 2\n", "within_days = 0\n", "promise.callback.within_days"),
        ('counter = "counter"', 'counter = "desk"', "promise.counter"),
        ("least = 5", "least = 1", "promise.least"),
    ],
)
def test_a_promise_that_cannot_be_is_refused_by_name(tmp_path, old, new, told_as):
    home = town(tmp_path / "home", changed(tmp_path, old, new), telephony=calls())
    with pytest.raises(PolicyError, match=told_as):
        run_promises(home, now=NOW)


def test_a_location_that_was_closed_for_a_week_has_no_row(tmp_path):
    shut = date(2026, 3, 2)
    rows = [v for v in visits("noord") if monday(local(v["start"])) != shut]
    found = of(told(town(tmp_path, qmatic=rows)), "counter", "noord")
    assert shut not in found["week"].to_list()
    assert found.height == WEEKS - 1


def simulated(location: str, skill: str, offered: float, within: float):
    return {
        "location": location, "skill": skill, "start": moment(date(2026, 6, 29), "09:00"),
        "agents": 3.0, "offered": offered, "within": within, "within_low": within,
        "within_high": within, "abandoned": 0.0, "mean_wait_s": 10.0,
    }  # fmt: skip


def agenda_day(day: date, within: float) -> dict[str, object]:
    return {
        "location": "stadhuis", "service": "passport", "step": "application",
        "skill": "counter", "day": day, "places": 9, "kept": 0, "already": 0,
        "booked": 5.0, "requests": 10.0, "within_days": 5, "within": within,
        "wait_q50": 1, "wait_q80": 2, "short": 0, "limit": None,
    }  # fmt: skip


def test_what_was_simulated_and_opened_is_told_beside(tmp_path):
    home = town(tmp_path, telephony=calls())
    table = pl.DataFrame(
        [
            simulated("stadhuis", "phone", 100.0, 80.0),
            simulated("stadhuis", "counter", 50.0, 45.0),
            simulated("noord", "counter", 40.0, 20.0),
        ]
    )
    skills = {
        name: {"weeks": {"q10": 0.7, "q90": 0.9}} for name in ("phone", "counter")
    }
    key = home.key("simulate", [], {"week": "2026-W27"}, 0)
    home.store(key, {"simulated_slots": table}, {"skills": skills}, now=NOW)
    ahead = [d for d in days(date(2026, 6, 22), 28) if d.isoweekday() <= 5]
    rows = [agenda_day(d, 0.9 if d < ahead[-5] else 0.1) for d in ahead]
    home.store(
        home.key("agenda", [], {}, 0), {"agenda_days": pl.DataFrame(rows)}, {}, now=NOW
    )
    run = run_promises(home, now=NOW)
    found = PromiseExpected.validate(home.table(run, "promise_expected").collect())
    keys = ["promise", "location", "share", "low", "high"]
    coming = found.filter(week=date(2026, 6, 29)).select(keys).rows()
    assert coming == [
        ("answered", "stadhuis", 0.8, 0.7, 0.9),
        ("counter", "noord", 0.5, None, None),
        ("counter", "stadhuis", 0.9, None, None),
        ("first_free", "stadhuis", pytest.approx(0.9), None, None),
    ]
    opened = found.filter(promise="first_free")["week"].to_list()
    assert opened == [date(2026, 6, 22) + timedelta(weeks=i) for i in range(3)]


def test_the_command_prints_what_it_stored(home, weeks):
    where = ["--home", str(home.settings.home), "--config", str(CONFIG)]
    done = CliRunner().invoke(app, ["promises", "--json", *where])
    printed = json.loads(done.stdout)
    rows = [{**row, "week": week_name(row["week"])} for row in weeks.to_dicts()]
    assert printed["promise_weeks"] == rows
    said = CliRunner().invoke(app, ["promises", "--weeks", "4", *where])
    assert "2026-W25 stadhuis: calls answered in time" in said.stdout
    assert CliRunner().invoke(app, ["promises", "--weeks", "0", *where]).exit_code == 2


def test_the_same_imports_give_the_same_run(home):
    first, again = (run_promises(home, now=NOW) for _ in range(2))
    assert first.id == again.id
    assert first.id != run_promises(home, now=NOW, weeks=8).id
