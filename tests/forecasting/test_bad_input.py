"""Bad input: one clear line that names file, line and column; nothing is stored."""

import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.ingest import import_file, strip_file
from forecasting.workspace import Workspace

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

HEAD = (
    "Interval start;Wachtrij;Aangeboden;Beantwoord;Afgehaakt;Beantwoord binnen 25 s;"
    "Gem. gesprekstijd (s);Gem. nawerktijd (s)\r\n"
)
GOOD = "05-01-2026 09:00;Rijbewijs;10;9;1;8;200,5;30,0\r\n"


def refused(workspace: Workspace, file: Path, source: str = "telephony") -> str:
    """The one line with which an import is refused; nothing may be left of it."""
    with pytest.raises(InputError) as caught:
        import_file(workspace, file, source, now=NOW)
    line = str(caught.value)
    assert "\n" not in line
    assert str(file.name) in line or "source" in line
    assert not workspace.ledger.imports()
    assert not list(workspace.lake.root.rglob("*.parquet"))
    return line


def wrong(workspace: Workspace, tmp_path: Path, text: str | bytes, name="calls.csv"):
    file = tmp_path / name
    file.write_bytes(text.encode("cp1252") if isinstance(text, str) else text)
    return refused(workspace, file)


def test_the_good_file_is_good(workspace, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_bytes((HEAD + GOOD).encode("cp1252"))
    assert import_file(workspace, file, "telephony", now=NOW).rows_imported == 1


def test_a_missing_file_is_named(workspace, tmp_path):
    assert "expected a file, found none" in refused(workspace, tmp_path / "no.csv")


def test_a_folder_is_no_file(workspace, tmp_path):
    assert "found a folder" in refused(workspace, tmp_path)


def test_an_empty_file_is_refused(workspace, tmp_path):
    assert "empty file" in wrong(workspace, tmp_path, b"")


def test_a_heading_without_rows_is_refused(workspace, tmp_path):
    assert "expected rows, found none" in wrong(workspace, tmp_path, HEAD)


def test_an_unknown_suffix_is_refused(workspace, tmp_path):
    assert "expected a file ending in" in wrong(workspace, tmp_path, HEAD, "calls.pdf")


def test_a_renamed_column_gives_the_nearest_name(workspace, tmp_path):
    text = (HEAD + GOOD).replace("Wachtrij", "Wachtrijen")
    line = wrong(workspace, tmp_path, text)
    assert "line 1, column 'Wachtrij'" in line
    assert "rename it to 'Wachtrijen'" in line


def test_an_unreadable_date_names_line_and_column(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD + GOOD.replace("05-01-2026", "2026"))
    assert "calls.csv, line 3, column 'Interval start': unreadable date" in line
    assert "came '2026 09:00'" in line


def test_a_negative_count_names_line_and_column(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace(";10;", ";-10;"))
    assert "line 2, column 'Aangeboden': negative, came '-10'" in line


def test_an_unknown_queue_names_its_value(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace("Rijbewijs", "Vuilnis"))
    assert "column 'Wachtrij': unknown value, came 'Vuilnis'" in line


def test_more_abandoned_than_offered_is_wrong(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace(";9;1;", ";9;11;"))
    assert "column 'Afgehaakt': more gave up than came" in line


def test_a_row_with_too_many_fields_names_its_line(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD + GOOD.replace(";1;", ";1;1;1;"))
    assert "line 3: expected 8 fields, came 10" in line


def test_a_row_cut_off_is_rejected(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD + "05-01-2026 09:15;Rijbewijs;3")
    assert "line 3, column 'Afgehaakt': missing value" in line


def test_a_stray_quote_does_not_swallow_the_rest(workspace, tmp_path):
    text = HEAD + GOOD + GOOD.replace("Rijbewijs", '"Rijbewijs') + 200 * GOOD
    assert "unclosed quote" in wrong(workspace, tmp_path, text)
    paired = text + GOOD.replace("Rijbewijs", 'Rijbewijs"')
    assert "calls.csv" in wrong(workspace, tmp_path, paired)


def test_binary_content_is_no_csv(workspace, tmp_path):
    assert "binary" in wrong(workspace, tmp_path, HEAD.encode() + b"\0\1\2")
    unmarked = (HEAD + GOOD).encode("utf-16-le")
    assert "UTF-16" in wrong(workspace, tmp_path, unmarked)


def test_another_encoding_names_the_line(workspace, tmp_path):
    head = "uuid,kanaal,plaatsgevondenOp\n"
    text = head + "a1,e-mail,2026-01-05T09:00:00+01:00\na2,één,2026-01-05T09:00:00Z\n"
    file = tmp_path / "klantcontact.csv"
    file.write_bytes(text.encode("cp1252"))
    line = refused(workspace, file, "open_klant")
    assert "line 3: expected utf-8 text, came byte 0xe9" in line


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".jsonl", ".csv"])
@pytest.mark.parametrize("content", [b"PK\3\4rubbish", bytes(range(256)), b'{"a": 1'])
def test_damaged_files_of_every_format_give_one_line(
    workspace, tmp_path, suffix, content
):
    wrong(workspace, tmp_path, content, f"calls{suffix}")


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
def test_files_cut_off_give_one_line(workspace, tmp_path, suffix, part):
    frame = pl.DataFrame({"publicId": [f"x{i}" for i in range(5000)]})
    file = tmp_path / f"whole{suffix}"
    if suffix == ".parquet":
        frame.write_parquet(file)
    else:
        frame.write_excel(file)
    content = file.read_bytes()
    wrong(workspace, tmp_path, content[: int(len(content) * part)], f"cut{suffix}")


def test_a_damaged_page_inside_a_parquet_file_gives_one_line(workspace, tmp_path):
    now = datetime.fromisoformat("2026-01-05T09:00")
    frame = pl.DataFrame(
        {
            "publicId": [f"x{i}" for i in range(5000)],
            "service": "Uittreksel BRP",
            "location": "Noord",
            "created": [now + timedelta(minutes=i) for i in range(5000)],
            "waitingTime": 10,
            "duration": 100,
            "additionalCustomerDuration": 0,
            "left": False,
        }
    )
    file = tmp_path / "visits.parquet"
    frame.write_parquet(file)
    content = bytearray(file.read_bytes())
    content[50:4000] = bytes(3950)
    file.write_bytes(content)
    assert "damaged" in refused(workspace, file, "qmatic")


def test_a_zip_that_is_no_workbook_is_refused(workspace, tmp_path):
    file = tmp_path / "online.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner.zip", b"PK\3\4")
    assert "XLSX" in refused(workspace, file, "online_daily")


def test_a_missing_sheet_names_those_that_came(workspace, tmp_path):
    file = tmp_path / "online.xlsx"
    pl.DataFrame({"Datum": [date(2026, 1, 5)]}).write_excel(file, worksheet="Blad1")
    line = refused(workspace, file, "online_daily")
    assert "expected a sheet 'Aanvragen', came Blad1" in line


@pytest.mark.parametrize("source", ["../people", "a/b", "..", "", "no_such", "a\\b"])
def test_a_source_cannot_leave_its_folder(workspace, tmp_path, source):
    with pytest.raises(InputError, match="source"):
        import_file(workspace, tmp_path / "a.csv", source, now=NOW)


def test_a_column_that_came_twice_is_refused_when_it_is_read(workspace, tmp_path):
    head, row = HEAD.strip() + ";Aangeboden\r\n", GOOD.strip() + ";99\r\n"
    line = wrong(workspace, tmp_path, head + row)
    assert "line 1, column 'Aangeboden': expected this column once" in line
    file = tmp_path / "calls.csv"
    file.write_bytes((HEAD.strip() + ";Q;Q\r\n" + GOOD.strip() + ";1;2\r\n").encode())
    assert import_file(workspace, file, "telephony", now=NOW).rows_imported == 1


def test_a_heading_without_an_end_is_refused_at_once(workspace, tmp_path):
    line = wrong(workspace, tmp_path, b"x;" * 2_000_000)
    assert "line 1: expected lines, came one of more than" in line
    line = wrong(workspace, tmp_path, b"x;" * 50_000)
    assert "line 1: expected a heading" in line


@pytest.mark.parametrize("day", ["05-01-9999", "05-01-0000", "05-01-26", "05-01-1899"])
def test_a_date_of_another_age_names_line_and_column(workspace, tmp_path, day):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace("05-01-2026", day))
    assert "line 2, column 'Interval start': outside the years" in line


@pytest.mark.parametrize("count", ["1e308", "99999999999999999999"])
def test_a_count_beyond_any_town_is_refused(workspace, tmp_path, count):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace(";10;", f";{count};"))
    assert "line 2, column 'Aangeboden': over" in line


def test_a_device_is_no_file(workspace):
    line = refused(workspace, Path("/dev/zero"))
    assert "expected a file, found a device" in line


def test_a_copy_keeps_signs_that_its_declared_encoding_lacks(workspace, tmp_path):
    file, out = tmp_path / "calls.csv", tmp_path / "copy.csv"
    file.write_text(HEAD + GOOD.replace("Rijbewijs", "Řijbewijs"), encoding="utf-8")
    strip_file(workspace.settings, file, "telephony", out)
    assert "Řijbewijs" in out.read_text("utf-8")


def test_a_copy_cannot_take_the_place_of_its_original(workspace, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(HEAD + GOOD)
    with pytest.raises(InputError, match="expected a new file"):
        strip_file(workspace.settings, file, "telephony", file)
    with pytest.raises(InputError, match="expected a folder to write to"):
        strip_file(workspace.settings, file, "telephony", tmp_path / "no" / "c.csv")
    assert file.read_text() == (HEAD + GOOD).replace("\r\n", "\n")
