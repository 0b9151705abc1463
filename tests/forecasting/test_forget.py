"""Retention: rows go, counts stay, and nothing of before the day comes in again."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path

import polars as pl
import pytest

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.history import daily_demand, imported_counts
from forecasting.ingest.importing import prepared
from forecasting.keeping import forget, forgetting, splitting
from forecasting.lake import Lake
from forecasting.policy import load_policy
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.conftest import Home
from tests.forecasting.small_home import (
    FIRST,
    NOW,
    TARGETS,
    bring,
    fill,
    write_bookings,
    write_references,
)

MARCH = date(2026, 3, 1)
AMID = date(2026, 3, 4)


def _demand(workspace: Workspace) -> pl.DataFrame:
    config = workspace.settings.config
    calendar = load_policy(config / "calendar.toml", Calendar)
    catalogue = load_policy(config / "catalogue.toml", Catalogue)
    counts = imported_counts(workspace)
    frames = [
        daily_demand(counts, calendar, catalogue, dated=dated).with_columns(
            pl.lit(dated).alias("dated")
        )
        for dated in ("visit", "request")
    ]
    return pl.concat(frames).sort("dated", "series", "start")


def _rows(workspace: Workspace, dataset: str) -> pl.DataFrame:
    frame = workspace.imported(dataset).collect()
    return frame.sort(frame.columns)


def _days(workspace: Workspace) -> pl.Series:
    day = pl.col("start").dt.convert_time_zone("Europe/Amsterdam").dt.date()
    return _rows(workspace, "contacts").select(day).to_series()


def _on_disk(workspace: Workspace) -> set[Path]:
    return set(workspace.lake.root.glob("**/source=*/**/*.parquet"))


@pytest.mark.parametrize("before", [MARCH, AMID, FIRST, date(2026, 11, 22)])
def test_rows_of_before_a_local_day_go_and_demand_stays_the_same(
    any_workspace: Workspace, tmp_path: Path, before: date
):
    fill(any_workspace, tmp_path)
    demand, slots = _demand(any_workspace), _rows(any_workspace, "slots")
    bookings, days = _rows(any_workspace, "bookings"), _days(any_workspace)
    done = forget(any_workspace, before, targets=TARGETS, now=NOW)
    assert done.rows.get("contacts", 0) == (days < before).sum()
    if any_workspace.has_imported("contacts"):
        assert _days(any_workspace).sort().equals(days.filter(days >= before).sort())
    else:
        assert (days < before).all()
    assert _rows(any_workspace, "slots").equals(slots)
    assert _rows(any_workspace, "bookings").equals(bookings)
    assert _demand(any_workspace).equals(demand)
    assert any_workspace.ledger.forgotten_before() == before
    assert any_workspace.ledger.prove().broken is None


def test_midnight_is_that_of_the_town(workspace: Workspace, tmp_path: Path):
    """A visit at half past midnight on the first of March is of February in UTC."""
    bring(workspace, write_bookings(tmp_path / "b.csv", MARCH, 1))
    months = _rows(workspace, "contacts")["start"].dt.month()
    assert sorted(months) == [2, 3, 3]
    forget(workspace, MARCH, targets=TARGETS, now=NOW)
    assert _rows(workspace, "contacts").height == 3
    forget(workspace, MARCH + timedelta(days=1), targets=TARGETS, now=NOW)
    assert not workspace.has_imported("contacts")


def test_references_go_by_their_day_and_rejects_by_that_of_their_import(
    workspace: Workspace, tmp_path: Path
):
    fill(workspace, tmp_path)
    done = forget(workspace, AMID, targets=TARGETS, now=NOW)
    left = _rows(workspace, "references")["expiry_date"]
    assert (left >= AMID).all()
    assert done.rows == {"contacts": 36, "references": 10 - left.len()}
    assert _rows(workspace, "rejects").height == 1
    later = NOW + timedelta(days=10)
    today = later.date()
    done = forget(workspace, today, targets=TARGETS, now=later)
    assert done.rows["rejects"] == 1
    assert _rows(workspace, "rejects").is_empty()


def test_what_is_forgotten_is_on_no_disk_even_if_it_had_made_way_before(
    workspace: Workspace, tmp_path: Path
):
    bring(workspace, write_bookings(tmp_path / "a.csv"))
    bring(workspace, write_bookings(tmp_path / "b.csv", status="noshow"))
    killed = workspace.lake.root / ".drafts" / "killed"
    killed.mkdir()
    (killed / "part.parquet").write_bytes(b"rows")
    forget(workspace, AMID, targets=TARGETS, now=NOW)
    named = {workspace.lake.part_path(part) for part in workspace.ledger.parts()}
    assert _on_disk(workspace) == named
    assert not killed.exists()
    for file in workspace.lake.root.glob("contacts/**/*.parquet"):
        days = pl.read_parquet(file)["start"].dt.date()
        assert (days >= AMID - timedelta(days=1)).all()


def test_an_old_file_that_comes_again_adds_nothing_and_doubles_nothing(
    any_workspace: Workspace, tmp_path: Path
):
    old = write_bookings(tmp_path / "old.csv")
    bring(any_workspace, old)
    demand = _demand(any_workspace)
    forget(any_workspace, AMID, targets=TARGETS, now=NOW)
    assert bring(any_workspace, old).already
    more = write_bookings(tmp_path / "more.csv", days=25)
    result = bring(any_workspace, more)
    assert result.rows_left_out == 36
    assert _days(any_workspace).min() == AMID
    seen = _demand(any_workspace)
    last = demand["start"].max()
    known = seen.filter(pl.col("start") <= last, pl.col("dated") == "visit")
    assert known.equals(demand.filter(pl.col("dated") == "visit"))
    assert _rows(any_workspace, "slots")["count"].sum() == 75


def test_a_correction_of_the_boundary_month_leaves_forgotten_counts_alone(
    any_workspace: Workspace, tmp_path: Path
):
    bring(any_workspace, write_bookings(tmp_path / "old.csv"))
    forget(any_workspace, AMID, targets=TARGETS, now=NOW)
    bring(any_workspace, write_bookings(tmp_path / "new.csv", status="noshow"))
    slots = _rows(any_workspace, "slots")
    assert slots["count"].sum() == 60
    assert slots["no_show"].sum() == 60 - 36
    assert _rows(any_workspace, "bookings")["no_show"].sum() == 60 - 36


def test_references_of_before_the_day_are_not_taken_in_again(
    workspace: Workspace, tmp_path: Path
):
    forget(workspace, AMID, targets=TARGETS, now=NOW)
    bring(workspace, write_references(tmp_path / "r.csv"), "registry_references")
    assert (_rows(workspace, "references")["expiry_date"] >= AMID).all()


def test_forgetting_twice_and_further_on_keeps_counting(
    workspace: Workspace, tmp_path: Path
):
    fill(workspace, tmp_path)
    demand = _demand(workspace)
    forget(workspace, AMID, targets=TARGETS, now=NOW)
    again = forget(workspace, AMID, targets=TARGETS, now=NOW)
    assert again.rows == {}
    further = forget(workspace, date(2026, 3, 8), targets=TARGETS, now=NOW)
    assert further.rows["contacts"] == 12
    assert _demand(workspace).equals(demand)
    acts = [entry.action for entry in workspace.ledger.trail()]
    assert acts[-3:] == ["forget"] * 3


def test_an_import_under_way_is_waited_for_and_its_old_rows_go_too(
    any_workspace: Workspace, tmp_path: Path
):
    fill(any_workspace, tmp_path)
    more = write_bookings(tmp_path / "more.csv", FIRST - timedelta(days=9), 9)
    with ThreadPoolExecutor(1) as pool:
        with prepared(any_workspace, more, "jcc", targets=TARGETS, now=NOW) as found:
            waiting = pool.submit(forget, any_workspace, AMID, targets=TARGETS, now=NOW)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            assert found.change is not None
            any_workspace.ledger.commit_imports([found.change], [found.deed])
        assert waiting.result(timeout=20).rows["contacts"] == 36 + 27
    assert _days(any_workspace).min() == AMID
    assert _rows(any_workspace, "slots")["count"].sum() == 60 + 27


def test_a_day_to_come_is_refused(workspace: Workspace, tmp_path: Path):
    fill(workspace, tmp_path)
    with pytest.raises(InputError, match="up to today"):
        forget(workspace, NOW.date() + timedelta(days=1), targets=TARGETS, now=NOW)
    assert workspace.ledger.forgotten_before() is None
    assert _rows(workspace, "contacts").height == 60


def test_the_trail_tells_counts_and_no_reference(workspace: Workspace, tmp_path: Path):
    fill(workspace, tmp_path)
    references = _rows(workspace, "references")["reference"].to_list()
    forget(workspace, AMID, targets=TARGETS, now=NOW)
    trail = workspace.ledger.trail()
    assert trail[-1].subject == f"before {AMID}"
    assert "36 of contacts" in trail[-1].detail
    told = "".join(f"{entry.subject} {entry.detail}" for entry in trail)
    assert "storm" not in told
    assert not any(reference in told for reference in references)


STEPS = {
    "lay": (splitting, "_lay"),
    "commit": (forgetting, "_commit"),
    "purge": (Lake, "purge"),
}


def forget_until(place: str, after: int, settings: Settings) -> None:
    """Forget in this process, and end it at once before the n-th call of a step."""
    module, name = STEPS[place]
    whole, calls = getattr(module, name), []

    def cut_short(*given, **named) -> object:
        calls.append(name)
        if len(calls) == after:
            os._exit(9)
        return whole(*given, **named)

    setattr(module, name, cut_short)
    forget(Workspace.open(settings), AMID, targets=TARGETS, now=NOW)


@pytest.mark.parametrize(("place", "after"), [("lay", 3), ("commit", 1), ("purge", 1)])
def test_killed_at_any_moment_it_leaves_all_or_nothing_and_can_be_done_again(
    place: str,
    after: int,
    new_home: Home,
    tmp_path: Path,
    forkserver: ForkServerContext,
):
    home = new_home("home")
    fill(home, tmp_path)
    demand = _demand(home)
    given = (place, after, home.settings)
    process = forkserver.Process(target=forget_until, args=given)
    process.start()
    process.join()
    assert process.exitcode == 9
    assert _rows(home, "contacts").height == (24 if place == "purge" else 60)
    assert _demand(home).equals(demand)
    forget(home, AMID, targets=TARGETS, now=NOW)
    assert _rows(home, "contacts").height == 24
    assert _demand(home).equals(demand)
    named = {home.lake.part_path(part) for part in home.ledger.parts()}
    assert _on_disk(home) == named
