"""Imports: every row accounted for, nothing twice, nothing half, time told truly."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError, PolicyError
from forecasting.ingest import check_file, import_file, strip_file
from forecasting.tables import Contacts, Rejects
from forecasting.workspace import Workspace
from tests.forecasting.sources_of_tests import (
    COUNTS,
    EVENTS,
    NOW,
    bring,
    contacts,
    home,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return home(tmp_path)


def test_a_good_file_becomes_typed_contacts(workspace, tmp_path):
    text = "id;at;minutes;\nx1;05-02-2026 09:15;12,5;\nx2;05-07-2026 09:15;7;\n"
    result = bring(workspace, tmp_path / "f.csv", text)
    assert (result.rows_read, result.rows_imported, result.rows_rejected) == (2, 2, 0)
    found = Contacts.validate(contacts(workspace))
    assert found["start"].to_list() == [
        datetime(2026, 2, 5, 8, 15, tzinfo=UTC),
        datetime(2026, 7, 5, 7, 15, tzinfo=UTC),
    ]
    assert found["handling_s"].to_list() == [750.0, 420.0]
    assert found["channel"].to_list() == ["walk_in", "walk_in"]


def test_the_same_content_again_is_a_no_op_that_says_so(workspace, tmp_path):
    text = "id;at;minutes\nx1;05-02-2026 09:15;12,5\n"
    first = bring(workspace, tmp_path / "f.csv", text)
    again = bring(workspace, tmp_path / "renamed.csv", text)
    assert again.already
    assert not first.already
    assert again.id == first.id
    assert len(workspace.ledger.imports()) == 1


def test_the_doubled_hour_in_october_is_taken_as_the_earliest(workspace, tmp_path):
    bring(workspace, tmp_path / "a.csv", "id;at;minutes\nx1;25-10-2026 02:30;10\n")
    assert contacts(workspace)["start"].to_list() == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    ]


def test_the_missing_hour_in_march_is_rejected(workspace, tmp_path):
    text = "id;at;minutes\nx1;29-03-2026 02:30;10\nx2;29-03-2026 03:00;10\n"
    result = bring(workspace, tmp_path / "a.csv", text, max_rejects=0.5)
    assert result.rows_rejected == 1
    assert contacts(workspace)["start"].to_list() == [
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    ]


def test_offsets_tell_both_hours_of_october_apart(tmp_path):
    mapping = EVENTS.replace('"Europe/Amsterdam"', '"offset"').replace(
        'formats = ["%d-%m-%Y %H:%M"]', ""
    )
    workspace = home(tmp_path, mapping)
    text = (
        "id;at;minutes\nx1;2026-10-25T02:30:00+02:00;1\n"
        "x2;2026-10-25T02:30:00+01:00;1\nx3;2026-10-25T02:30:00.250Z;1\n"
    )
    bring(workspace, tmp_path / "a.csv", text)
    assert contacts(workspace)["start"].dt.hour().to_list() == [0, 1, 2]


def test_shift_weeks_moves_dates_and_keeps_the_local_clock(tmp_path):
    workspace = home(tmp_path, "shift_weeks = 26\n" + EVENTS)
    bring(workspace, tmp_path / "a.csv", "id;at;minutes\nx;05-01-2026 09:15;1\n")
    assert contacts(workspace)["start"].to_list() == [
        datetime(2026, 7, 6, 7, 15, tzinfo=UTC)
    ]


def test_rejects_are_kept_with_line_column_and_reason(workspace, tmp_path):
    text = (
        "id;at;minutes\nx1;05-02-2026 09:15;10\nx2;32-13-2026;10\n"
        "x3;05-02-2026 09:15;-4\nx4;;5\nx5;05-02-2026 10:15;12.5\n"
        "x6;05-02-2026 10:15;jan@example.nl\n"
    )
    result = bring(workspace, tmp_path / "a.csv", text, max_rejects=1)
    assert (result.rows_imported, result.rows_rejected) == (1, 5)
    found = Rejects.validate(workspace.imported("rejects").collect())
    assert found.select("line", "column", "value").rows() == [
        (3, "at", "32-13-2026"),
        (4, "minutes", "-4"),
        (5, "at", None),
        (6, "minutes", "12.5"),
        (7, "minutes", "(masked)"),
    ]


def test_a_dropped_row_is_left_out_and_counted_apart(tmp_path):
    workspace = home(tmp_path, 'drop = [{ id = ["x2"], minutes = ["5"] }]\n' + EVENTS)
    text = (
        "id;at;minutes\nx1;05-02-2026 09:15;5\nx2;05-02-2026 09:30;5\n"
        "x3;05-02-2026 09:30;\n"
    )
    result = bring(workspace, tmp_path / "a.csv", text)
    assert (result.rows_read, result.rows_imported, result.rows_left_out) == (2, 2, 1)


def test_the_line_is_that_of_the_file_after_blank_lines(workspace, tmp_path):
    text = "id;at;minutes\nx1;05-02-2026 09:15;10\n\nx2;bad;10\n"
    bring(workspace, tmp_path / "a.csv", text, max_rejects=1)
    assert workspace.imported("rejects").collect()["line"].to_list() == [4]


def test_a_byte_order_mark_and_windows_text_are_understood(tmp_path):
    mapping = COUNTS.replace("a =", '"Café" =').replace(
        'separator = ";"', 'separator = ";"\nencoding = "windows-1252"'
    )
    workspace = home(tmp_path, mapping)
    text = "at;what;n\n05-02-2026 09:15;Café;10\n"
    bring(workspace, tmp_path / "a.csv", text.encode("windows-1252"))
    marked = text.replace("09:15", "09:30").encode("utf-8-sig")
    bring(workspace, tmp_path / "b.csv", marked)
    assert contacts(workspace)["count"].sum() == 20


def test_thousands_points_are_read_only_where_they_group(tmp_path):
    mapping = COUNTS.replace('separator = ";"', 'separator = ";"\ndecimal = ","')
    workspace = home(tmp_path, mapping)
    text = "at;what;n\n05-02-2026 09:15;a;1.250\n05-02-2026 09:30;a;1.250,5\n"
    bring(workspace, tmp_path / "a.csv", text)
    assert contacts(workspace)["count"].to_list() == [1250.0, 1250.5]


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".jsonl", ".csv"])
def test_every_format_reads_the_same(tmp_path, suffix):
    workspace = home(tmp_path, EVENTS.replace('decimal = ","', ""))
    frame = pl.DataFrame(
        {
            "id": ["x1", "x2"],
            "at": [
                datetime.fromisoformat("2026-02-05T09:15"),
                datetime.fromisoformat("2026-07-05T09:15"),
            ],
            "minutes": [12.5, 7.0],
        }
    )
    file = tmp_path / f"a{suffix}"
    if suffix == ".parquet":
        frame.write_parquet(file)
    elif suffix == ".xlsx":
        frame.write_excel(file)
    elif suffix == ".jsonl":
        frame.write_ndjson(file)
    else:
        frame.write_csv(file, separator=";", datetime_format="%Y-%m-%d %H:%M:%S")
    import_file(workspace, file, "test", now=NOW)
    found = contacts(workspace)
    assert found["start"].dt.hour().to_list() == [8, 7]
    assert found["handling_s"].to_list() == [750.0, 420.0]


def test_check_shows_the_first_rows_and_what_is_wrong(workspace, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("id;at;minutes\nx1;05-02-2026 09:15;10\nx2;bad;10\n")
    from forecasting.ingest import CONTACT_TARGETS

    seen = check_file(workspace.settings, file, "test", CONTACT_TARGETS)
    assert seen["line"].to_list() == [2, 3]
    assert str(seen["start"][0]) == "2026-02-05 09:15:00+01:00"
    assert seen["problem"].is_null().to_list() == [True, False]
    assert not workspace.ledger.imports()


def test_strip_keeps_only_the_mapped_columns_and_the_copy_imports(workspace, tmp_path):
    file, copy = tmp_path / "a.csv", tmp_path / "copy.csv"
    file.write_text("id;naam;at;minutes\nx1;Jansen;05-02-2026 09:15;10,5\n")
    with pytest.raises(InputError, match=r"piekwijzer strip .* --source test --out"):
        import_file(workspace, file, "test", now=NOW)
    assert strip_file(workspace.settings, file, "test", copy) == copy
    assert "Jansen" not in copy.read_text()
    assert import_file(workspace, copy, "test", now=NOW).rows_imported == 1


def test_a_mapping_that_names_an_unknown_field_is_refused(tmp_path):
    workspace = home(tmp_path, EVENTS + '\n[fields.colour]\ncolumn = "id"\n')
    with pytest.raises(PolicyError, match=r"expected fields of contacts.*'colour'"):
        bring(workspace, tmp_path / "a.csv", "id;at;minutes\n")


def test_a_mapping_to_a_product_outside_the_catalogue_is_refused(tmp_path):
    workspace = home(
        tmp_path, COUNTS.replace("move/question/phone", "move/question/chat")
    )
    with pytest.raises(PolicyError, match=r"test.toml: .*'move/question/chat'"):
        bring(workspace, tmp_path / "a.csv", "at;what;n\n")


def test_a_location_cannot_bear_a_slash(tmp_path):
    mapping = EVENTS.replace('location = "hall", ', "") + (
        '\n[fields.location]\ncolumn = "where"\n'
    )
    workspace = home(tmp_path, mapping)
    text = "id;at;minutes;where\nx;05-02-2026 09:15;1;../../etc\n"
    with pytest.raises(InputError, match="column 'where': expected a plain name"):
        bring(workspace, tmp_path / "a.csv", text)
