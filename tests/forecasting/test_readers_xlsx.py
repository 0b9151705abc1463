"""Workbooks: real dates, true row numbers, formulas and errors, bombs and other archives."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import polars as pl
import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from forecasting.ingest import import_file
from forecasting.ingest.mapping import FieldMapping, Xlsx
from forecasting.ingest.readers.reading import LINE, read_file
from tests.forecasting.test_bad_input import NOW
from tests.forecasting.test_readers import mapping, read, refused

MOMENT = datetime.fromisoformat("2026-01-05T09:15")


def book(
    folder: Path, fill: Callable[[Workbook, Worksheet], None], name: str = "a.xlsx"
) -> Path:
    """A workbook with one sheet, filled by the caller."""
    file = folder / name
    with Workbook(file) as made:
        fill(made, made.add_worksheet("Blad1"))
    return file


def rows_of(*rows: Sequence[object]) -> Callable[[Workbook, Worksheet], None]:
    def fill(made: Workbook, sheet: Worksheet) -> None:
        dated = made.add_format({"num_format": "dd-mm-yyyy hh:mm"})
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime | date | time):
                    sheet.write_datetime(line, column, value, dated)
                elif value is not None:
                    sheet.write(line, column, value)

    return fill


def test_cells_come_as_what_they_show(tmp_path):
    row = [MOMENT, date(2026, 1, 5), time(9, 15), 12345678, 0.1, 2.0, True, " x "]
    names = ["moment", "dag", "tijd", "geheel", "deel", "twee", "ja", "tekst"]
    found = read(book(tmp_path, rows_of(names, row)), names)
    assert found.rows() == [
        (
            2,
            "2026-01-05 09:15:00",
            "2026-01-05",
            "09:15:00",
            "12345678",
            "0.1",
            "2",
            "true",
            " x ",
        )
    ]


def test_row_numbers_are_those_of_the_sheet(tmp_path):
    title: list[object] = ["Overzicht 2026"]
    file = book(
        tmp_path,
        rows_of([], title, [], ["dag", "aantal"], ["a", 1], [], ["b", 2], [None, 3]),
    )
    found = read(file, ["dag", "aantal"])
    assert found[LINE].to_list() == [5, 7, 8]
    assert found["aantal"].to_list() == ["1", "2", "3"]


def test_a_merged_title_above_the_heading_is_passed_over(tmp_path):
    def fill(made: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range(0, 0, 0, 1, "Tellingen per dag", made.add_format())
        sheet.write_row(1, 0, ["dag", "aantal"])
        sheet.write_row(2, 0, ["a", 1])

    assert read(book(tmp_path, fill), ["dag", "aantal"]).rows() == [(3, "a", "1")]


def test_a_column_that_came_twice_is_refused(tmp_path):
    file = book(tmp_path, rows_of(["dag", "dag"], ["a", "b"]))
    assert "column 'dag': expected this column once" in refused(file, ["dag"])


def with_xml(file: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of a workbook of which parts are changed."""
    out = file.with_name("changed.xlsx")
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(out, "w") as made:
        for part in good.namelist():
            changed = change(part, good.read(part))
            made.writestr(part, changed, zipfile.ZIP_DEFLATED)
    return out


def test_formulas_that_were_never_calculated_are_refused(tmp_path):
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["dag", "aantal"])
        sheet.write_formula(1, 1, "=1+1")

    file = book(tmp_path, fill)
    assert "formulas that were never calculated" in refused(file, ["dag", "aantal"])

    def uncached(part: str, xml: bytes) -> bytes:
        plain = xml.replace(b' fullCalcOnLoad="1"', b"")
        return plain.replace(b"</f><v>0</v>", b"</f>") if "sheet" in part else plain

    changed = with_xml(file, uncached)
    assert "formulas that were never calculated" in refused(changed, ["aantal"])


def saved(part: str, xml: bytes) -> bytes:
    """As a spreadsheet program writes it: calculated on saving."""
    return xml.replace(b' fullCalcOnLoad="1"', b"")


def test_formulas_that_were_calculated_are_read_by_their_value(tmp_path):
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["dag", "aantal"])
        sheet.write_formula(1, 0, '="a"&"b"', value="ab")
        sheet.write_formula(1, 1, "=1+1", value=2)

    file = with_xml(book(tmp_path, fill), saved)
    assert read(file, ["dag", "aantal"]).rows() == [(2, "ab", "2")]


def test_a_cell_that_is_an_error_is_a_reject_and_never_an_empty_field(
    workspace, tmp_path
):
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["Datum", "Product", "Aantal"])
        for i in range(60):
            sheet.write_row(i + 1, 0, [f"{date(2026, 1, 1 + i % 28)}", "Rijbewijs", i])
            sheet.write(i + 1, 1, ["Rijbewijs", "Uittreksel BRP"][i // 28 % 2])
        sheet.write_formula(29, 2, "=B99/0", value="#DIV/0!")

    file = with_xml(book(tmp_path, fill), saved)
    config = workspace.settings.config / "sources" / "online_daily.toml"
    assert "Aanvragen" in config.read_text()

    def renamed(part: str, xml: bytes) -> bytes:
        return saved(part, xml).replace(b'name="Blad1"', b'name="Aanvragen"')

    file = with_xml(file.with_name("a.xlsx"), renamed)
    result = import_file(workspace, file, "online_daily", now=NOW, max_rejects=0.9)
    assert result.reasons["Aantal: unreadable number"] == 1
    rejects = workspace.imported("rejects").collect()
    assert 30 in rejects["line"].to_list()


def test_a_real_date_in_a_workbook_is_the_moment_it_shows(workspace, tmp_path):
    names = ["Datum", "Product", "Aantal"]
    fill = rows_of(names, [date(2026, 7, 6), "Rijbewijs", 12345.0])

    def renamed(_: str, xml: bytes) -> bytes:
        return xml.replace(b'name="Blad1"', b'name="Aanvragen"')

    file = with_xml(book(tmp_path, fill), renamed)
    import_file(workspace, file, "online_daily", now=NOW)
    found = workspace.imported("contacts").collect()
    assert found["start"].to_list() == [datetime(2026, 7, 5, 22, tzinfo=UTC)]
    assert found["count"].to_list() == [12345.0]


def test_days_as_bare_numbers_are_read_where_formats_are_given(tmp_path):
    file = book(tmp_path, rows_of(["dag", "aantal"], [46027.375, 46027], [46027, 1]))
    given = {"start": FieldMapping(column="dag", formats=("%d-%m-%Y",))}
    fields = {**given, "count": FieldMapping(column="aantal")}
    wanted = mapping(["dag"]).model_copy(update={"fields": fields})
    assert read_file(file, wanted).collect().rows() == [
        (2, "2026-01-05 09:00:00", "46027"),
        (3, "2026-01-05", "1"),
    ]


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


GOOD = {"dag": ["a"], "aantal": ["1"]}


def good_parts(folder: Path) -> dict[str, bytes]:
    file = folder / "good.xlsx"
    pl.DataFrame(GOOD).write_excel(file)
    with zipfile.ZipFile(file) as made:
        return {name: made.read(name) for name in made.namelist()}


def test_another_archive_is_no_workbook(tmp_path):
    nested = archive({"inner.zip": archive({"a.csv": b"dag\n1"})})
    (tmp_path / "a.xlsx").write_bytes(nested)
    assert "came another archive. Unpack it" in refused(tmp_path / "a.xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    parts = good_parts(tmp_path)
    bomb = {**parts, "xl/media/image1.png": bytes(300 << 20)}
    (tmp_path / "a.xlsx").write_bytes(archive(bomb))
    assert "unpacks to far more" in refused(tmp_path / "a.xlsx", ["dag"])


def test_a_bomb_that_lies_about_its_size_is_refused_too(tmp_path):
    parts = good_parts(tmp_path)
    name, size = "xl/sharedStrings.xml", 64 << 20
    content = archive({**parts, name: bytes(size)})
    lying = content.replace(struct.pack("<I", size), struct.pack("<I", 1000))
    assert lying != content
    (tmp_path / "a.xlsx").write_bytes(lying)
    assert "unpacks to far more" in refused(tmp_path / "a.xlsx", ["dag"])


def test_xml_that_defines_entities_is_refused(tmp_path):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'

    def change(part: str, xml: bytes) -> bytes:
        return xml.replace(b"<sst", bomb + b"<sst") if "Strings" in part else xml

    file = tmp_path / "a.xlsx"
    pl.DataFrame(GOOD).write_excel(file)
    assert "defines XML entities" in refused(with_xml(file, change), ["dag"])


def test_a_cell_at_the_far_end_of_the_sheet_is_refused(tmp_path):
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["dag", "aantal"])
        sheet.write(1_048_575, 16_383, "x")

    assert "a cell far away" in refused(book(tmp_path, fill), ["dag"])


@pytest.mark.parametrize(
    ("was", "said"),
    [
        (b' r="A2"', b' r="A99999999"'),
        (b' r="A2"', b' r = "a99999999"'),
        (b' r="A2"', b' r="AAAAAAAA2"'),
        (b'<row r="2"', b'<row r="99999999"'),
    ],
)
def test_a_place_that_no_sheet_has_is_refused_before_there_is_room_made_for_it(
    tmp_path, was, said
):
    """A kilobyte of a file would take all memory otherwise."""
    file = tmp_path / "a.xlsx"
    pl.DataFrame(GOOD).write_excel(file)
    changed = with_xml(file, lambda _, xml: xml.replace(was, said))
    assert "a cell far away" in refused(changed, ["dag"])


def test_an_empty_sheet_has_no_heading(tmp_path):
    file = book(tmp_path, lambda _, __: None)
    assert "expected a heading" in refused(file)


def test_only_the_sheet_that_is_read_is_judged(tmp_path):
    file = tmp_path / "a.xlsx"
    with Workbook(file) as made:
        made.add_worksheet("Som").write_formula(0, 0, "=1+1")
        made.add_worksheet("Data").write_row(0, 0, ["dag"])
        made.get_worksheet_by_name("Data").write(1, 0, "a")
    wanted = mapping(["dag"]).model_copy(update={"xlsx": Xlsx(sheet="Data")})
    assert read_file(file, wanted).collect().rows() == [(2, "a")]
