"""Staff and absence come in from one workbook, typed, and nothing more of them."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from forecasting.errors import InputError
from forecasting.ingest import import_file
from staffing import store
from staffing.staff_tables import Absence, People
from staffing.supply import SUPPLY_TARGETS

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

STAFF: list[list[object]] = [
    ["Code", "Weergavenaam", "Locatie", "Contracturen", "Werkdagen", "Bevoegdheden"],
    ["M1", "Anna B.", "Stadhuis", 36, "ma di wo do", "phone;counter"],
    ["M2", "Bo", "noord", 24.5, "ma  vr", "civil_status; back_office"],
]
AWAY: list[list[object]] = [
    ["Code", "Van", "Tot en met"],
    ["M1", date(2026, 12, 21), date(2027, 1, 3)],
]


DAYS = ["ma", "di", "wo", "do", "vr", "za", "zo"]
TICKS = ["Telefoon", "Balie", "Burgerlijke stand", "Back-office", "BABS",
         "Naturalisatie", "RAAS aanvragen", "RAAS uitgeven", "In opleiding"]  # fmt: skip


def write(file: Path, staff: list[list[object]], away: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(file, {"default_date_format": "dd-mm-yyyy"}) as book:
        for name, rows in (("Medewerkers", staff), ("Afwezigheid", away)):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file


def bring(workspace, file: Path, source: str):
    return import_file(workspace, file, source, targets=SUPPLY_TARGETS, now=NOW)


def test_one_workbook_gives_people_and_absence(workspace, tmp_path):
    file = write(tmp_path / "team.xlsx", STAFF, AWAY)
    assert bring(workspace, file, "people").rows_imported == 2
    assert bring(workspace, file, "absence").rows_imported == 1
    people = People.validate(store.people(workspace)).sort("code")
    told = people.select("code", "label", "location", "contract_hours")
    assert told.rows() == [
        ("M1", "Anna B.", "stadhuis", 36.0),
        ("M2", "Bo", "noord", 24.5),
    ]
    assert people["working_days"].to_list() == [
        ["mon", "tue", "wed", "thu"],
        ["mon", "fri"],
    ]
    assert people["skills"].to_list() == [
        ["counter", "phone"],
        ["back_office", "civil_status"],
    ]
    assert people["hours"].to_list() == [None, None]
    absence = Absence.validate(store.absence(workspace))
    assert absence.rows() == [("M1", date(2026, 12, 21), date(2027, 1, 3))]


@pytest.mark.parametrize(
    ("place", "value", "column", "reason"),
    [
        ((1, 4), "ma xx", "Werkdagen", "unknown value"),
        ((1, 3), 70, "Contracturen", "over 60"),
        ((1, 3), "veel", "Contracturen", "unreadable number"),
        ((2, 0), "M1", "Code", "the same row comes again"),
        ((1, 0), None, "Code", "missing value"),
        ((1, 4), None, "Contracturen", "no working day is told"),
    ],
)
def test_a_wrong_row_of_staff_is_named(
    workspace, tmp_path, place, value, column, reason
):
    staff = [list(row) for row in STAFF]
    staff[place[0]][place[1]] = value
    file = write(tmp_path / "team.xlsx", staff, AWAY)
    with pytest.raises(InputError, match=f"team.xlsx, line .* '{column}': {reason}"):
        bring(workspace, file, "people")
    assert not workspace.has_imported("people")


def test_absence_cannot_end_before_it_begins(workspace, tmp_path):
    away = [AWAY[0], ["M1", date(2026, 12, 21), date(2026, 12, 20)]]
    file = write(tmp_path / "team.xlsx", STAFF, away)
    with pytest.raises(InputError, match="'Tot en met': ends before it begins"):
        bring(workspace, file, "absence")


def test_a_name_column_beside_the_label_is_refused(workspace, tmp_path):
    staff = [
        [*row, extra]
        for row, extra in zip(STAFF, ("Achternaam", "B", "C"), strict=True)
    ]
    file = write(tmp_path / "team.xlsx", staff, AWAY)
    with pytest.raises(InputError, match=r"column 'Achternaam': .*a name"):
        bring(workspace, file, "people")


def test_staff_from_csv_reads_like_the_workbook(workspace, tmp_path):
    text = "\r\n".join(
        '"' + '";"'.join(str(cell).replace(".", ",") for cell in row) + '"'
        for row in STAFF
    )
    (tmp_path / "team.csv").write_bytes(text.encode("cp1252"))
    bring(workspace, tmp_path / "team.csv", "people")
    assert store.people(workspace)["contract_hours"].sort().to_list() == [24.5, 36.0]
    assert isinstance(store.people(workspace), pl.DataFrame)


def test_whoever_comes_from_two_sources_is_as_last_told(workspace, tmp_path):
    row = ["M1", "Anna", "noord", 24, 8, 8, 8]
    head = ["Code", "Weergavenaam", "Locatie", "Contracturen", *DAYS]
    odd = [f"{day} oneven" for day in DAYS]
    file = tmp_path / "new.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Medewerkers")
        sheet.write_row(0, 0, [*head, *odd, *TICKS, "In dienst vanaf", "In dienst t/m"])
        sheet.write_row(1, 0, row)
    import_file(workspace, file, "template_people", targets=SUPPLY_TARGETS, now=NOW)
    later = NOW.replace(hour=10)
    old = write(tmp_path / "team.xlsx", STAFF, AWAY)
    import_file(workspace, old, "people", targets=SUPPLY_TARGETS, now=later)
    people = store.people(workspace).sort("code")
    assert people["contract_hours"].to_list() == [36.0, 24.5]
