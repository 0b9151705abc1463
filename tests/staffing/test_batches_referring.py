"""A registry's file of references: read whole or refused by line, and never repeated."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError
from staffing.reminders.batches.referring import read_references
from tests.staffing.batch_cases import documents, write

SERVICES = {"passport": "passport", "paspoort": "passport", "licence": "licence"}
HIDDEN = "zz-secret-77x"
GOOD = {
    "reference": "doc-000001xq",
    "service": "passport",
    "expiry_date": "2027-05-05",
    "age_band": "18-34",
    "district": "A",
    "reason": "",
}


FORMS = pytest.mark.parametrize("form", ["csv", "xlsx"])


def read(folder: Path, *rows: dict[str, str], form: str = "csv"):
    return read_references(write(folder / f"r.{form}", pl.DataFrame(rows)), SERVICES)


@FORMS
def test_documents_come_with_their_week_and_coded_reason(tmp_path: Path, form: str):
    objected = GOOD | {"reference": "doc-000002xq", "reason": "objected"}
    found = read(tmp_path, GOOD, objected, form=form).candidates
    assert found["expiry_week"].to_list() == [date(2027, 5, 3)] * 2
    assert found["reason"].to_list() == [None, "objected"]


def test_dutch_headings_days_and_names_are_read(tmp_path: Path):
    file = tmp_path / "r.csv"
    text = (
        "Referentie;Document;Geldig tot;Wijk\r\nabc-123-def;Paspoort;05-05-2027;Súd\r\n"
    )
    file.write_bytes(text.encode("windows-1252"))
    row = read_references(file, SERVICES).candidates.row(0, named=True)
    assert row["expiry_week"] == date(2027, 5, 3)
    assert (row["service"], row["district"]) == ("passport", "Súd")
    assert row["age_band"] is None


def test_a_row_that_breaks_off_is_refused_by_its_line(tmp_path: Path):
    """It would lose why no letter may go."""
    file = tmp_path / "r.csv"
    rows = ["reference;service;expiry_week;reason", "doc-000001xq;licence;2027-W18;"]
    file.write_text("\n".join([*rows, "doc-000002xq;licence;2027-W18"]))
    with pytest.raises(InputError, match="expected 4 fields in each row, came 3") as no:
        read_references(file, SERVICES)
    assert no.value.line == 3


def test_weeks_of_expiry_are_read_too(tmp_path: Path):
    row = {"reference": "doc-000001xq", "service": "licence", "expiry_week": "2027-W18"}
    assert read(tmp_path, row).candidates["expiry_week"].item() == date(2027, 5, 3)


@FORMS
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"reference": "123456782"},
            "column 'reference': expected a reference that is no",
        ),
        ({"reference": "12345672"}, "test of a BSN"),
        ({"reference": "123.456.782"}, "test of a BSN"),
        (
            {"reference": "Jansen, P."},
            "column 'reference': expected an opaque reference",
        ),
        ({"reference": ""}, "expected an opaque reference"),
        ({"service": HIDDEN}, "column 'service': expected a service of the catalogue"),
        ({"expiry_date": HIDDEN}, "column 'expiry_date': expected a day"),
        ({"expiry_date": "2027-02-30"}, "column 'expiry_date'"),
        ({"reason": "overleden"}, "column 'reason': expected a coded reason"),
        ({"reference": "doc-000001xq"}, "expected each document once, came one more"),
        ({"district": "111222333"}, "came a number that could be a BSN"),
        ({"age_band": "BSN 111.222.333"}, "came a number that could be a BSN"),
        ({"district": "jan@home.example"}, "came an e-mail address"),
    ],
)
def test_a_row_that_breaks_a_rule_is_named_by_line_and_not_repeated(
    tmp_path: Path, change: dict[str, str], says: str, form: str
):
    second = GOOD | {"reference": "doc-000002xq"} | change
    with pytest.raises(InputError) as refused:
        read(tmp_path, GOOD, second, form=form)
    line = str(refused.value)
    assert says in line
    first = 2 if "reference" in change and change["reference"] == "doc-000001xq" else 3
    assert f"line {first}," in line
    assert all(value not in line for value in change.values() if value)


def test_eight_digits_that_fail_the_test_of_a_bsn_may_be_a_reference(tmp_path: Path):
    found = read(tmp_path, GOOD | {"reference": "12345678"})
    assert found.candidates.height == 1


@FORMS
def test_a_column_that_is_not_asked_for_is_refused_by_place(tmp_path: Path, form: str):
    row = {name: value or "objected" for name, value in GOOD.items()}
    with pytest.raises(InputError, match="came another in column 7"):
        read(tmp_path, row | {"naam": HIDDEN}, form=form)


def test_a_file_without_headings_does_not_tell_its_first_row(tmp_path: Path):
    file = tmp_path / "r.csv"
    file.write_text(f"{HIDDEN};passport;2027-05-05\n")
    with pytest.raises(InputError, match="line 1") as refused:
        read_references(file, SERVICES)
    assert HIDDEN not in str(refused.value)


HEAD = "reference;service;expiry_date;age_band;district;reason"
ROW = "doc-{:06d}xq;passport;2027-05-05;18-34;A;"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("district", "naam", "line 1: expected a heading of the list, came another in"),
        ("district", "Straat en huisnummer", "came another in column 5"),
        ("district", "BSN", "came another in column 5"),
        ("age_band", "district", "heading once, came district again in column 5"),
        (
            "000002xq;passport",
            "000002xq",
            "line 3: expected 6 fields in each row, came 5",
        ),
        ("000002xq;", "000002xq;;", "line 3: expected 6 fields in each row, came 7"),
        ("expiry_date", "x" * 200_000, "came another in column 1"),
    ],
)
def test_a_wrong_list_is_told_in_one_line(
    tmp_path: Path, old: str, new: str, says: str
):
    """Expected, came, what to do; and nothing that stood there."""
    text = "\n".join([HEAD, *(ROW.format(n) for n in (1, 2, 3))])
    assert old in text
    file = tmp_path / "r.csv"
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as refused:
        read_references(file, SERVICES)
    line = str(refused.value)
    assert says in line
    assert "\n" not in line
    assert "doc-" not in line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_usual_way_to_write_a_list_is_read(
    tmp_path: Path, encoding: str, separator: str
):
    text = "\r\n".join([HEAD, *(ROW.format(n) for n in (1, 2, 3))])
    text = text.replace(";A;", ";Súd;").replace(";", separator)
    file = tmp_path / "r.csv"
    file.write_bytes(text.encode(encoding))
    found = read_references(file, SERVICES).candidates
    assert found["district"].to_list() == ["Súd"] * 3


def test_a_code_of_a_district_of_eight_digits_may_pass_the_test_of_a_bsn(
    tmp_path: Path,
):
    found = read(tmp_path, GOOD | {"district": "12345672"})
    assert found.candidates["district"].to_list() == ["12345672"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"%PDF-1.7" + bytes(600),
        b"x" * 300_000,
        "reference;service".encode("utf-16-le"),
        b"\xff\xfe\x00",
        b"reference;service;expiry_date\n",
        b"PK\x03\x04 no archive at all",
    ],
)
def test_what_is_no_table_of_documents_is_one_line(tmp_path: Path, content: bytes):
    file = tmp_path / "r.csv"
    file.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_references(file, SERVICES)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(InputError, match="found none"):
        read_references(tmp_path / "none.csv", SERVICES)


@FORMS
@pytest.mark.parametrize("lacking", ["reference", "service", "expiry_date"])
def test_a_column_that_is_needed_is_named(tmp_path: Path, lacking: str, form: str):
    row = {name: value for name, value in GOOD.items() if name != lacking}
    with pytest.raises(InputError, match=f"expected a column {lacking}"):
        read(tmp_path, row, form=form)


def test_two_columns_of_expiry_are_one_too_many(tmp_path: Path):
    with pytest.raises(InputError, match=r"one of them.*found both"):
        read(tmp_path, GOOD | {"expiry_week": "2027-W18"})


def test_every_row_is_read(tmp_path: Path):
    file = write(tmp_path / "r.csv", documents(3))
    names = {name: name for name in ("passport", "id_card", "licence")}
    assert read_references(file, names).candidates.height == documents(3).height


def test_a_workbook_tells_what_the_same_table_as_csv_tells(tmp_path: Path):
    names = {name: name for name in ("passport", "id_card", "licence")}
    table = documents(3, reason=lambda n: "objected" if n % 7 == 0 else "")
    plain = read_references(write(tmp_path / "r.csv", table), names)
    book = read_references(write(tmp_path / "r.xlsx", table), names)
    assert book.candidates.equals(plain.candidates)
    assert book.sha256 != plain.sha256


def test_days_of_a_workbook_are_days_and_rows_left_empty_keep_their_number(
    tmp_path: Path,
):
    """The third document stands on row 5: row 4 is empty."""
    days = [date(2027, 5, 5), date(2027, 5, 12), None, date(2027, 5, 6)]
    table = pl.DataFrame(
        {
            "Referentie": ["doc-1xq", "doc-2xq", None, "doc-3xq"],
            "Document": ["paspoort", "licence", None, "passport"],
            "Geldig tot": days,
        }
    )
    file = write(tmp_path / "r.xlsx", table)
    found = read_references(file, SERVICES).candidates["expiry_week"]
    assert found.to_list() == [date(2027, 5, 3), date(2027, 5, 10), date(2027, 5, 3)]
    bad = table.with_columns(Document=pl.Series(["paspoort", "licence", None, HIDDEN]))
    with pytest.raises(InputError, match="line 5, column 'service'"):
        read_references(write(file, bad), SERVICES)


def test_a_number_that_a_spreadsheet_has_rounded_is_no_reference(tmp_path: Path):
    numbers = pl.DataFrame([GOOD]).with_columns(reference=pl.lit(123456789012345678))
    file = write(tmp_path / "r.xlsx", numbers)
    with pytest.raises(InputError, match="Export such references as CSV") as refused:
        read_references(file, SERVICES)
    assert "123456" not in str(refused.value)


def test_a_workbook_under_another_name_is_still_one(tmp_path: Path):
    file = write(tmp_path / "r.xlsx", pl.DataFrame([GOOD]))
    other = file.rename(tmp_path / "r.csv")
    assert read_references(other, SERVICES).candidates.height == 1
