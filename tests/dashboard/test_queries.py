from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from dashboard.queries import (
    chain,
    demand,
    imports,
    load,
    reckoning,
    roster,
    slots,
    work,
)
from dashboard.queries.trail import trail
from forecasting.keeping import forget
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.empty_home import open_home
from tests.forecasting.small_home import FIRST, TARGETS, bring, write_bookings

ZONE, MONDAY = "Europe/Amsterdam", date(2027, 1, 11)
BOTH = ["stadhuis/general/question/phone", "stadhuis/move/question/phone"]


@pytest.fixture(scope="module")
def workspace(full_home: Path) -> Workspace:
    return Workspace.open(Settings(home=full_home))


def _run(workspace: Workspace, kind: str) -> RunRecord:
    return workspace.latest(kind)


def test_the_sum_of_two_series_is_the_sum_of_their_days(workspace: Workspace):
    run = _run(workspace, "forecast")
    one, other = (demand.history(workspace, run, [name], "day") for name in BOTH)
    both = demand.history(workspace, run, BOTH, "day")
    assert both["count"].to_list() == (one["count"] + other["count"]).to_list()


def test_weeks_that_are_cut_short_are_left_out(workspace: Workspace):
    run = _run(workspace, "forecast")
    days = demand.outlook(workspace, run, BOTH, "day")
    weeks = demand.outlook(workspace, run, BOTH, "week")
    last: date = days["start"].to_list()[-1]
    assert last.weekday() < 4
    assert weeks["start"].to_list()[-1] == last - timedelta(days=last.weekday() + 7)
    assert weeks["mean"].to_list()[0] == pytest.approx(days["mean"].head(5).sum())


def test_last_year_is_52_weeks_before_and_missing_where_unknown():
    past = pl.DataFrame({"start": [date(2026, 1, 5)], "count": [7.0]})
    ahead = pl.DataFrame({"start": [date(2027, 1, 4), date(2027, 1, 5)]})
    found = demand.last_year(past, ahead)
    assert found.rows() == [(date(2027, 1, 4), 7.0)]


def test_pooled_error_is_the_sum_of_errors_over_the_sum_of_demand(workspace: Workspace):
    run = _run(workspace, "forecast")
    rows = (
        workspace.table(run, "accuracy").filter(pl.col("series").is_in(BOTH)).collect()
    )
    ours = rows.filter(pl.col("method") == "prophet")
    by_hand = (
        sum(w * d for w, d in ours.select("wape", "demand").rows())
        / ours["demand"].sum()
    )
    pooled = reckoning.accuracy(workspace, run, BOTH).filter(
        pl.col("method") == "prophet"
    )
    assert pooled["wape"].item() == pytest.approx(by_hand)


def test_a_method_without_an_interval_has_no_coverage(workspace: Workspace):
    pooled = reckoning.accuracy(workspace, _run(workspace, "forecast"), BOTH)
    assert pooled.filter(pl.col("method") == "last_year")["coverage90"].item() is None


def test_peaks_are_those_the_requirement_stored_in_order_of_time(workspace: Workspace):
    run = _run(workspace, "requirement")
    found = load.peaks(workspace, run, first=date(2026, 11, 23))
    stored = run.figures["peak_weeks"]
    assert isinstance(stored, dict)
    assert len(found) == sum(len(weeks) for weeks in stored.values())
    assert [peak.week for peak in found] == sorted(peak.week for peak in found)


def test_a_peak_without_known_capacity_is_not_over_by_any_number(workspace: Workspace):
    found = load.peaks(
        workspace, _run(workspace, "requirement"), first=date(2027, 3, 8)
    )
    assert next(p.over for p in found if p.location == "noord") is None


def test_slots_stand_in_local_time(workspace: Workspace):
    run = _run(workspace, "requirement")
    rows = slots.required(workspace, run, "stadhuis", "phone", MONDAY, ZONE)
    assert (rows["local"].dt.hour().min(), rows["local"].dt.hour().max()) == (9, 16)


def test_blocks_of_a_day_hold_every_quarter_once_and_no_break(workspace: Workspace):
    run = _run(workspace, "roster")
    blocks = roster.blocks(workspace, run, MONDAY, ZONE)
    quarters = ((blocks["to"] - blocks["from"]).dt.total_minutes() / 15).sum()
    day = pl.col("start").dt.convert_time_zone(ZONE).dt.date() == MONDAY
    stored = workspace.table(run, "activities").filter(day).collect()
    assert quarters == stored.height


def test_hours_of_a_shift_leave_the_break_out(workspace: Workspace):
    shifts = roster.shifts(workspace, _run(workspace, "roster"), ZONE)
    assert shifts["hours"].unique().to_list() == [6.5]


def test_gaps_of_several_series_stand_once_longest_first(workspace: Workspace):
    found = imports.gaps(workspace, _run(workspace, "forecast"))
    assert found.select("first", "periods", "kind", "count").rows() == [
        (date(2025, 7, 7), 15, "location", 2),
        (date(2024, 5, 13), 2, "series", 1),
    ]


def test_what_was_asked_in_vain_adds_up_with_its_bounds(workspace: Workspace):
    run = _run(workspace, "forecast")
    days = demand.unmet(workspace, run, BOTH, "day")
    assert days.row(0, named=True) | {"served": 0} == {
        "start": date(2024, 1, 1),
        "served": 0,
        "unmet": pytest.approx(1.2),
        "low": pytest.approx(0.6),
        "high": pytest.approx(1.8),
    }
    weeks = demand.unmet(workspace, run, BOTH, "week")
    assert weeks["unmet"][0] == pytest.approx(days["unmet"].head(5).sum())


def test_a_series_without_an_estimate_has_no_unmet_demand(workspace: Workspace):
    run = _run(workspace, "forecast")
    counter = ["noord/extract/application/walk_in"]
    assert demand.unmet(workspace, run, counter, "week").is_empty()


def test_rejects_are_counted_per_reason_with_their_first_line(workspace: Workspace):
    rows = imports.reject_reasons(imports.rejects(workspace))
    assert rows.select("reason", "rows", "line").rows() == [
        ("negative count", 2, 7),
        ("unreadable date", 1, 230),
    ]


def test_nothing_is_stale_right_after_the_whole_chain_ran(workspace: Workspace):
    assert [step.is_stale for step in chain.steps(workspace)] == [False] * 8


def test_the_trail_is_told_newest_first_and_an_import_by_its_file(workspace: Workspace):
    found = trail(workspace, shown=20)
    entries = workspace.ledger.trail()
    assert found is not None
    assert (found.entries, found.head) == (len(entries), workspace.ledger.prove().head)
    assert [act.action for act in found.acts] == [e.action for e in entries[::-1]]
    record = found.acts[-1].record
    assert record is not None
    assert record.file == "telefonie_2026.csv"
    last = trail(workspace, shown=2)
    assert last is not None
    assert (last.acts, last.entries) == (found.acts[:2], found.entries)


def test_of_an_empty_home_there_is_no_trail(tmp_path: Path):
    assert trail(open_home(Settings(home=tmp_path)), shown=20) is None


def test_the_keeper_of_counts_of_forgotten_rows_is_no_file_that_was_read(
    tmp_path: Path, now: datetime
):
    workspace = open_home(Settings(home=tmp_path / "home"))
    bring(workspace, write_bookings(tmp_path / "bookings.csv"))
    forget(workspace, FIRST + timedelta(days=9), targets=TARGETS, now=now)
    assert len(workspace.ledger.imports()) == 2
    assert [record.file for record in imports.imports(workspace)] == ["bookings.csv"]


def test_a_figure_that_was_not_stored_is_missing(workspace: Workspace):
    assert chain.figure(_run(workspace, "roster"), "no", "such") is None
    assert chain.figure(None, "wape") is None


def test_work_that_can_wait_is_short_by_the_day_and_a_queue_by_the_quarter(
    tmp_path: Path, now: datetime
):
    workspace = open_home(Settings(home=tmp_path / "home"))
    quarters = [datetime(2027, 1, 11, 9, minute, tzinfo=UTC) for minute in (0, 15)]
    rows = pl.DataFrame(
        {
            "location": "stadhuis",
            "skill": ["phone", "phone", "back_office", "back_office"],
            "start": quarters * 2,
            "required": [2, 2, 2, 2],
            "rostered": [1, 3, 1, 3],
        }
    )
    key = workspace.key("roster", [], {"week": "2027-W02"}, 0)
    run = workspace.store(key, {"coverage": rows}, {}, now=now)
    shown = slots.coverage(workspace, run, MONDAY, ZONE)
    assert slots.only(shown, "stadhuis", "phone")["spare"].to_list() == [-1, 1]
    assert slots.only(shown, "stadhuis", "back_office")["spare"].to_list() == [0, 1]


def test_handling_times_are_told_per_step_with_whether_they_were_measured(
    workspace: Workspace,
):
    run = _run(workspace, "requirement")
    found = work.handling_by_step(workspace, run)
    told = {row[:2]: row[2:] for row in found.iter_rows()}
    assert told["general", "question"] == (233.0, 233.0, 0.6, True)
    assert told["passport", "application"] == (600.0, 600.0, 0.6, False)
    older = _run(workspace, "forecast")
    assert work.handling_by_step(workspace, older).is_empty()
