"""What is handed out of a roster: which version, marked how, safe to open, fit to print."""

import csv
import os
import shutil
import subprocess
import zipfile
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from forecasting.errors import InputError, StoreError
from forecasting.workspace import Workspace
from staffing.publish import export_persons, export_roster
from staffing.publish.marks import FILLS, SKILL_NAMES, shown_skills
from staffing.publish.naming import LONGEST_SHEET, file_parts, sheet_names
from staffing.publish.table import HEADINGS
from tests.staffing.published_home import FORMULA, LABELS, published_home
from tests.staffing.roster_weeks import WEEK, village_week
from tests.staffing.stored_rosters import keep, solved, somebody, without

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    return published_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def wall(home, tmp_path_factory) -> Path:
    return one(home, "xlsx", tmp_path_factory.mktemp("wall"))


@pytest.fixture(scope="module")
def persons(home, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("persons")
    (file,) = export_persons(home, week=WEEK, out=out)
    return file


def one(home: Workspace, kind, folder: Path, **how) -> Path:
    (file,) = export_roster(home, week=WEEK, format=kind, out=folder, **how)
    return file


def csv_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def parts(file: Path, start: str) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(file) as book:
        return {
            name: ElementTree.fromstring(book.read(name))  # noqa: S314  (our own file)
            for name in sorted(book.namelist())
            if name.startswith(start) and name.endswith(".xml")
        }


def worksheets(file: Path) -> list[ElementTree.Element]:
    return list(parts(file, "xl/worksheets/sheet").values())


def texts(file: Path) -> str:
    (shared,) = parts(file, "xl/sharedStrings").values()
    return "\n".join(text.text or "" for text in shared.iter(f"{{{NS['m']}}}t"))


def marginals(file: Path) -> list[str]:
    found = [sheet.find("m:headerFooter", NS) for sheet in worksheets(file)]
    return ["".join(part.itertext()) for part in found if part is not None]


def drafted(folder: Path) -> Workspace:
    """A home in which version 3 is a draft beside the published version 2."""
    home = published_home(folder)
    keep(home, solved().model_copy(update={"bound": -2.0}))
    return home


# --- which version, and what it says of itself


def test_the_published_version_is_handed_out_unless_another_is_named(tmp_path):
    home = drafted(tmp_path / "home")
    found = {
        number: {
            (row["versie"], row["status"])
            for row in csv_rows(one(home, "csv", tmp_path, version=number))
        }
        for number in (None, 1, 2, 3)
    }
    assert found == {
        None: {("2", "gepubliceerd")},
        1: {("1", "vervallen")},
        2: {("2", "gepubliceerd")},
        3: {("3", "concept")},
    }


def test_a_draft_says_so_on_every_page(tmp_path):
    home = drafted(tmp_path / "home")
    file = one(home, "xlsx", tmp_path, version=3)
    assert all("CONCEPT" in text for text in marginals(file))
    assert "CONCEPT" in texts(file)
    (people,) = export_persons(home, week=WEEK, out=tmp_path, version=3)
    assert all("CONCEPT" in text for text in marginals(people))


def test_what_is_published_says_so_with_week_version_and_page(wall, persons):
    for file in (wall, persons):
        for text in marginals(file):
            assert "2027-W02, versie 2, gepubliceerd 22-12-2026" in text
            assert "Pagina &P van &N" in text
            assert "CONCEPT" not in text


def test_what_was_changed_since_it_was_stored_is_not_handed_out(tmp_path):
    home = published_home(tmp_path / "home")
    for file in (home.lake.root / "roster").glob("*.json"):
        file.write_text(file.read_text().replace("M001", "M002", 1))
    for kind in ("xlsx", "csv", "ics"):
        with pytest.raises(StoreError, match="found it changed"):
            one(home, kind, tmp_path / "out")


def test_nobody_in_the_roster_is_named(home, tmp_path):
    with pytest.raises(InputError, match="came 'M9'"):
        one(home, "csv", tmp_path, person="M9")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["xlsx", "csv", "ics"])
def test_the_same_roster_gives_the_same_bytes_also_of_one_person(home, tmp_path, kind):
    first = one(home, kind, tmp_path / "one", person="M002")
    again = one(home, kind, tmp_path / "two", person="M002")
    assert first.read_bytes() == again.read_bytes()
    assert first.name == f"rooster-2027-W02-M002.{kind}"


def test_the_pages_of_persons_are_the_same_bytes_again(home, persons, tmp_path):
    (again,) = export_persons(home, week=WEEK, out=tmp_path)
    assert again.read_bytes() == persons.read_bytes()


# --- CSV


def test_the_columns_of_the_csv_are_those_that_are_documented():
    guide = Path(__file__).parents[2] / "docs" / "roster.md"
    listed = [
        line.split("`")[1]
        for line in guide.read_text("utf-8").splitlines()
        if line.startswith("| `")
    ]
    assert tuple(listed) == HEADINGS


def test_a_row_has_the_moments_hours_and_blocks_of_the_store(home, tmp_path):
    rows = csv_rows(one(home, "csv", tmp_path))
    stored = {(s.person, f"{s.day}"): s for s in without(*somebody()).assignments}
    assert len(rows) == len(stored)
    for row in rows:
        shift = stored[row["code"], row["dag"]]
        assert datetime.fromisoformat(row["begin_iso"]) == shift.shift.start
        assert datetime.fromisoformat(row["einde_iso"]) == shift.shift.end
        assert float(row["uren"].replace(",", ".")) == shift.worked_hours
        spans = [block.split(" ")[0] for block in row["blokken"].split(", ")]
        ends = [span.split("-") for span in spans]
        assert (ends[0][0], ends[-1][1]) == (row["begin"], row["einde"])
        assert all(a[1] == b[0] for a, b in pairwise(ends))


def test_of_one_person_there_are_only_their_rows(home, tmp_path):
    rows = csv_rows(one(home, "csv", tmp_path, person="M003"))
    assert {row["code"] for row in rows} == {"M003"}


# --- cells, names of sheets and files


def test_what_looks_like_a_formula_is_text_everywhere(home, wall, persons, tmp_path):
    for file in (wall, persons):
        for sheet in worksheets(file):
            assert sheet.find(".//m:f", NS) is None
            assert sheet.find(".//m:hyperlink", NS) is None
        assert FORMULA in texts(file)
    labels = {row["medewerker"] for row in csv_rows(one(home, "csv", tmp_path))}
    assert {f"'{FORMULA}", f"'{LABELS['M005']}"} <= labels


def test_each_sheet_of_persons_has_a_name_that_excel_takes(persons):
    names = list(pl.read_excel(persons, sheet_id=0))
    assert len(names) == len(village_week().people)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= LONGEST_SHEET for name in names)
    assert not any(set(name) & set("[]:*?/\\'") for name in names)


def test_names_of_sheets_that_are_long_double_empty_or_odd_are_made_fit():
    long = "A" * 40
    smile = "\U0001f600" * 20  # two UTF-16 units each
    names = sheet_names([long, long.lower(), "", "  ", "History", smile, "a\nb"])
    assert names[0] == "A" * 31
    assert names[1] == "a" * 27 + " (2)"
    assert len(set(map(str.casefold, names))) == 7
    assert all(1 <= len(n.encode("utf-16-le")) // 2 <= 31 for n in names)
    assert names[4].casefold() != "history"
    assert names[6] == "a-b"


def test_no_two_codes_share_a_file_whatever_stands_in_them():
    codes = ["M1", "m1", "../x", "..-x", "ä", "a", "é" * 90, "é" * 91, "CON", "", "."]
    made = file_parts(codes)
    assert len({part.casefold() for part in made.values()}) == len(codes)
    assert all(
        set(p) <= set("-_") | set(map(chr, range(48, 123))) for p in made.values()
    )
    assert all(len(part) < 80 and "." not in part for part in made.values())
    assert (made["CON"], made["a"]) == ("CON", "a")


def test_an_ampersand_in_a_header_is_no_command():
    from staffing.publish.workbook import _header

    assert _header("Zuid & Co &P") == "Zuid && Co &&P"


# --- paper


def test_every_page_is_a4_fits_its_width_and_keeps_its_headings_in_sight(wall, persons):
    for sheet in [*worksheets(wall), *worksheets(persons)]:
        setup = sheet.find("m:pageSetup", NS)
        assert setup is not None
        assert setup.get("paperSize") == "9"
        assert sheet.find("m:sheetPr/m:pageSetUpPr", NS) is not None
        pane = sheet.find(".//m:pane", NS)
        assert pane is not None
        assert pane.get("state") == "frozen"
    (book,) = parts(wall, "xl/workbook").values()
    names = [name.get("name") for name in book.iter(f"{{{NS['m']}}}definedName")]
    assert names.count("_xlnm.Print_Titles") == len(worksheets(wall))


def lightness(fill: str) -> float:
    """CIE L* of a fill: what a grey printer makes of it."""
    parts = [int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def test_the_fills_differ_on_a_grey_printer_and_letters_stay_readable_on_them():
    light = [lightness(fill) for fill in FILLS]
    assert all(a - b >= 7 for a, b in pairwise(light))
    darkest = ((light[-1] + 16) / 116) ** 3
    assert (darkest + 0.05) / 0.05 >= 4.5  # WCAG contrast of black on it


def test_every_skill_has_a_mark_of_its_own_so_that_colour_is_never_alone():
    skills = [*SKILL_NAMES, "chat", "balie", "bbb", "bb", "b", "tt", "9", "été"]
    shown = shown_skills(skills)
    assert len({how.mark for how in shown.values()}) == len(skills)
    assert all(how.mark for how in shown.values())


def test_each_cell_of_a_shift_bears_the_marks_of_its_work(home, wall):
    sheet = pl.read_excel(wall, sheet_name="gemeentehuis", has_header=False)
    cells = [str(cell) for row in sheet.iter_rows() for cell in row if cell]
    shifts = [cell for cell in cells if "\n" in cell and cell[2] == ":"]
    assert len(shifts) == len(without(*somebody()).assignments)
    assert all(set("BTU") & set(cell.split("\n")[1]) for cell in shifts)


def test_the_page_of_a_person_adds_up_to_the_hours_of_the_store(home, persons):
    book = pl.read_excel(persons, sheet_id=0, has_header=False)
    totals = []
    for sheet in book.values():
        last = [cell for cell in sheet.row(-1) if cell is not None]
        assert last[0] == "Week"
        totals.append(float(last[-1]))
    hours = sum(shift.worked_hours for shift in without(*somebody()).assignments)
    assert sum(totals) == hours


OFFICE = shutil.which("soffice")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext (poppler)")
def test_libreoffice_prints_each_person_and_location_on_pages_of_a4(
    wall, persons, tmp_path
):
    """What an office program makes of it, not what we meant."""
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = ["--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run(
        [str(OFFICE), *words, str(wall), str(persons)],
        check=True,
        timeout=300,
        env={**os.environ, "HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    told = {}
    for name in (wall.stem, persons.stem):
        done = subprocess.run(
            ["pdftotext", "-layout", f"{tmp_path}/{name}.pdf", "-"],  # noqa: S607
            check=True,
            capture_output=True,
            text=True,
        )
        told[name] = done.stdout.split("\f")[:-1]
    pages = told[persons.stem]
    assert len(pages) == len(village_week().people)
    assert all("Pagina" in page and "versie 2, gepubliceerd" in page for page in pages)
    assert any(FORMULA in page for page in pages)
    assert "Rooster 2027-W02: gemeentehuis" in told[wall.stem][1]
    first = min(without(*somebody()).assignments, key=lambda s: (s.person, s.day))
    begin = first.shift.start + timedelta(hours=1)  # Amsterdam in January
    assert f"{begin:%H:%M}-" in told[wall.stem][1]
