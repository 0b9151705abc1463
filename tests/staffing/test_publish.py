import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError, MissingStepError
from forecasting.workspace import Workspace
from staffing.pipeline.rostering import run_roster
from staffing.publish import export_roster
from staffing.publish.folders import written_whole
from staffing.publish.sheets import _cover
from staffing.publish.table import HEADINGS, write_rows
from tests.staffing.roster_home import NOW, village_home
from tests.staffing.roster_weeks import WEEK, moment, staff


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    label = pl.when(code="M001").then(pl.lit("=1+1")).otherwise("label")
    people = staff({"gemeentehuis": 6}).with_columns(label=label)
    workspace = village_home(tmp_path_factory.mktemp("home"), people)
    run_roster(workspace, week=WEEK, now=NOW)
    return workspace


def exported(home: Workspace, kind, folder: Path) -> Path:
    (file,) = export_roster(home, week=WEEK, format=kind, out=folder)
    return file


def csv_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def test_the_file_name_holds_the_week(home, tmp_path):
    assert exported(home, "csv", tmp_path / "out").name == "rooster-2027-W02.csv"


def test_the_csv_has_a_row_per_shift_in_local_time(home, tmp_path):
    rows = csv_rows(exported(home, "csv", tmp_path))
    shifts = home.table(home.latest("roster"), "shifts").collect()
    assert len(rows) == shifts.height
    assert tuple(rows[0]) == HEADINGS
    first = shifts.filter(person=rows[0]["code"], day=WEEK)
    local = first["start"].dt.convert_time_zone("Europe/Amsterdam")
    assert rows[0]["begin"] == local[0].strftime("%H:%M")


def test_a_label_that_looks_like_a_formula_is_text_in_csv(home, tmp_path):
    labels = {row["medewerker"] for row in csv_rows(exported(home, "csv", tmp_path))}
    assert "'=1+1" in labels
    assert "=1+1" not in labels


def test_a_label_that_looks_like_a_formula_is_text_in_excel(home, tmp_path):
    file = exported(home, "xlsx", tmp_path)
    sheet = pl.read_excel(file, sheet_name="Diensten")
    assert "=1+1" in sheet["medewerker"].to_list()


def test_the_workbook_has_an_overview_a_sheet_per_location_and_all_shifts(
    home, tmp_path
):
    sheets = pl.read_excel(exported(home, "xlsx", tmp_path), sheet_id=0)
    assert list(sheets) == ["Overzicht", "gemeentehuis", "Diensten"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_same_roster_gives_the_same_bytes(home, tmp_path, kind):
    one = exported(home, kind, tmp_path / "one").read_bytes()
    assert exported(home, kind, tmp_path / "two").read_bytes() == one


def test_a_link_that_leaves_the_folder_is_refused(home, tmp_path):
    inside = tmp_path / "out"
    inside.mkdir()
    (inside / "rooster-2027-W02.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(InputError, match="leave the folder"):
        exported(home, "csv", inside)


def test_a_folder_in_the_place_of_the_file_is_named(home, tmp_path):
    (tmp_path / "rooster-2027-W02.xlsx").mkdir()
    with pytest.raises(InputError, match="a folder stands there"):
        export_roster(home, week=WEEK, format="xlsx", out=tmp_path)


def test_an_unknown_format_is_named(home, tmp_path):
    with pytest.raises(InputError, match="came 'pdf'"):
        exported(home, "pdf", tmp_path)


def test_a_week_without_roster_names_the_command(home, tmp_path):
    with pytest.raises(MissingStepError, match="piekwijzer roster --week 2027-W10"):
        export_roster(home, week=date(2027, 3, 8), format="csv", out=tmp_path)


def test_work_that_can_wait_is_short_only_when_its_day_is():
    slots = {
        "location": ["hall"] * 4,
        "skill": ["back_office", "back_office", "phone", "phone"],
        "start": [moment(WEEK, 9), moment(WEEK, 9.25)] * 2,
        "required": [2, 2] * 2,
        "rostered": [3, 1] * 2,
    }
    cover = _cover(pl.DataFrame(slots), "Europe/Amsterdam", frozenset({"back_office"}))
    assert [(day.skill, day.short) for day in cover] == [
        ("back_office", 0.0),
        ("phone", 0.25),
    ]


def test_a_write_that_stops_in_the_middle_leaves_the_earlier_file(tmp_path):
    def rows():
        yield ["first"]
        raise OSError("the disk is full")

    file = tmp_path / "places.csv"
    file.write_text("as it was", "utf-8")
    with pytest.raises(OSError, match="full"), written_whole(file) as draft:
        write_rows(draft, ["place"], rows())
    assert file.read_text("utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [file]
