"""Files of one source that overlap, correct each other, or come again."""

import os

import pytest

from forecasting.errors import InputError
from forecasting.ingest import import_file
from tests.forecasting.sources_of_tests import (
    COUNTS,
    EVENTS,
    NOW,
    bring,
    contacts,
    home,
)

ROW_IDS = [3592636987452369503, 10827726489838018469]
HEAD = "id;at;minutes\n"
JANUARY, FEBRUARY = "05-01-2026 09:15", "05-02-2026 09:15"


@pytest.fixture
def workspace(tmp_path):
    return home(tmp_path)


def ids(workspace) -> list[int]:
    return contacts(workspace)["row_id"].to_list()


def handled(workspace) -> list[float]:
    return contacts(workspace)["handling_s"].to_list()


def test_of_overlapping_files_the_later_rows_hold(workspace, tmp_path):
    early = f"{HEAD}x1;{JANUARY};10\nx2;{FEBRUARY};10\n"
    bring(workspace, tmp_path / "a.csv", early)
    later = f"{HEAD}x2;{FEBRUARY};20\nx3;{FEBRUARY};30\n"
    result = bring(workspace, tmp_path / "b.csv", later)
    assert result.rows_replaced == 1
    assert sorted(handled(workspace)) == [600.0, 1200.0, 1800.0]


def test_a_row_that_moved_to_another_month_counts_once(workspace, tmp_path):
    bring(workspace, tmp_path / "a.csv", f"{HEAD}x1;{JANUARY};10\n")
    bring(workspace, tmp_path / "b.csv", f"{HEAD}x1;{FEBRUARY};10\n")
    assert contacts(workspace)["start"].dt.month().to_list() == [2]
    slots = workspace.imported("slots").collect()
    assert (slots["start"].dt.month().to_list(), slots["count"].sum()) == ([2], 1)


def test_a_corrected_count_replaces_the_earlier_one(tmp_path):
    workspace = home(tmp_path, COUNTS)
    bring(workspace, tmp_path / "a.csv", "at;what;n\n05-02-2026 09:15;a;10\n")
    bring(workspace, tmp_path / "b.csv", "at;what;n\n05-02-2026 09:15;a;12\n")
    assert contacts(workspace)["count"].to_list() == [12.0]
    assert workspace.imported("slots").collect()["count"].to_list() == [12.0]


def test_a_correction_takes_its_whole_period_when_asked(workspace, tmp_path):
    days = "".join(f"d{day};{day:02d}-02-2026 09:15;10\n" for day in range(2, 7))
    bring(workspace, tmp_path / "a.csv", HEAD + days)
    text = f"{HEAD}d3;03-02-2026 10:00;5\nd5;05-02-2026 10:00;5\n"
    result = bring(workspace, tmp_path / "b.csv", text, instead=True)
    assert result.rows_replaced == 3
    assert contacts(workspace)["start"].dt.day().to_list() == [2, 3, 5, 6]


def test_a_correction_leaves_other_places_alone(tmp_path):
    mapping = EVENTS.replace('location = "hall", ', "")
    workspace = home(tmp_path, mapping + '[fields.location]\ncolumn = "where"\n')
    head = "id;at;minutes;where\n"
    both = f"{head}n1;{JANUARY};10;noord\nz1;{JANUARY};10;zuid\n"
    bring(workspace, tmp_path / "a.csv", both)
    text = f"{head}n2;{JANUARY};10;noord\n"
    bring(workspace, tmp_path / "b.csv", text, instead=True)
    assert sorted(contacts(workspace)["location"]) == ["noord", "zuid"]
    assert len(ids(workspace)) == 2


def test_only_the_months_that_change_are_written_anew(workspace, tmp_path):
    early = f"{HEAD}x1;{JANUARY};10\nx2;{FEBRUARY};10\n"
    bring(workspace, tmp_path / "a.csv", early)
    before = {p.month: p.file for p in workspace.ledger.parts("contacts")}
    bring(workspace, tmp_path / "b.csv", f"{HEAD}x2;{FEBRUARY};20\n")
    after = {p.file for p in workspace.ledger.parts("contacts")}
    assert before["2026-01"] in after
    assert before["2026-02"] not in after


def test_rows_alike_in_every_column_are_one_and_the_message_says_what_helps(tmp_path):
    workspace = home(tmp_path, EVENTS.replace('identity = ["id"]', ""))
    text = HEAD + 3 * f"x;{FEBRUARY};10\n"
    with pytest.raises(InputError, match=r"comes again .* as 'identity'"):
        bring(workspace, tmp_path / "a.csv", text)
    result = bring(workspace, tmp_path / "a.csv", text, max_rejects=0.7)
    assert (result.rows_imported, result.rows_rejected) == (1, 2)
    assert workspace.imported("rejects").collect()["line"].to_list() == [2, 3]


def test_of_rows_with_one_identity_the_last_of_the_file_holds(workspace, tmp_path):
    text = f"{HEAD}x1;{JANUARY};10\nx1;{FEBRUARY};20\nx2;{FEBRUARY};5\n"
    result = bring(workspace, tmp_path / "a.csv", text, max_rejects=0.5)
    assert result.reasons == {"id: the same row comes again further on in this file": 1}
    assert sorted(handled(workspace)) == [300.0, 1200.0]


def test_a_row_id_stays_what_it_was(workspace, tmp_path):
    """Hashes of another kind would tear overlapping imports apart."""
    bring(workspace, tmp_path / "a.csv", f"{HEAD}a;{JANUARY};1\nb;{FEBRUARY};1\n")
    assert ids(workspace) == ROW_IDS


def test_a_file_read_anew_does_not_undo_a_later_correction(tmp_path):
    workspace = home(tmp_path, EVENTS)
    early = f"{HEAD}x1;{JANUARY};10\nx2;{FEBRUARY};10\n"
    bring(workspace, tmp_path / "a.csv", early)
    bring(workspace, tmp_path / "b.csv", f"{HEAD}x2;{FEBRUARY};20\n")
    again = home(tmp_path, EVENTS.replace("multiply = 60", "multiply = 6"))
    result = import_file(again, tmp_path / "a.csv", "test", now=NOW)
    assert not result.already
    assert sorted(handled(again)) == [60.0, 1200.0]
    assert len(again.ledger.imports()) == 2


def test_a_lost_part_of_one_file_does_not_hinder_another(workspace, tmp_path):
    bring(workspace, tmp_path / "a.csv", f"{HEAD}x1;{JANUARY};10\n")
    lost = workspace.lake.part_path(workspace.ledger.parts("contacts")[0])
    lost.unlink()
    bring(workspace, tmp_path / "b.csv", f"{HEAD}x1;{JANUARY};20\n")
    import_file(workspace, tmp_path / "a.csv", "test", now=NOW)
    assert handled(workspace) == [1200.0]


def test_files_nobody_names_are_swept_after_a_day(workspace, tmp_path):
    bring(workspace, tmp_path / "a.csv", f"{HEAD}x1;{JANUARY};10\n")
    bring(workspace, tmp_path / "b.csv", f"{HEAD}x1;{JANUARY};20\n")
    files = set(workspace.lake.root.rglob("*.parquet"))
    named = {workspace.lake.part_path(part) for part in workspace.ledger.parts()}
    assert named < files
    yesterday = NOW.timestamp() - 90_000
    for file in files:
        os.utime(file, (yesterday, yesterday))
    bring(workspace, tmp_path / "c.csv", f"{HEAD}x9;{JANUARY};20\n")
    left = set(workspace.lake.root.rglob("*.parquet"))
    assert left & files == named
