"""The week of each person on a page of their own: begin, end, break, work in blocks."""

from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from staffing.publish.duties import Block, Duty
from staffing.publish.marks import PAUSE, PAUSE_MARK, Shown
from staffing.publish.naming import sheet_names
from staffing.publish.sheets import WeekSheet, day_name
from staffing.publish.workbook import ROW, Workbook

HEADINGS = ("Dag", "Van", "Tot", "Werk", "Locatie", "Uren")
WIDTHS = (12, 9, 9, 34, 20, 9)


def write_persons(week: WeekSheet, file: Path) -> Path:
    """Write a workbook with a sheet for each person, in order of their labels."""
    book = Workbook(file, week)
    names = sheet_names(week.people.values())
    for name, (code, label) in zip(names, week.people.items(), strict=True):
        _person(book, week, name, code, label)
    book.save()
    return file


def _person(book: Workbook, week: WeekSheet, name: str, code: str, label: str) -> None:
    sheet = book.sheet(name, f"Rooster {week.name}: {label}", len(HEADINGS))
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    book.headings(sheet, 3, HEADINGS)
    sheet.freeze_panes(4, 0)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    shown, by_day, row = week.shown(), week.shifts_of(code), 4
    for day in week.days:
        duties = by_day.get(day, [])
        if not duties:
            _day_row(book, sheet, row, (day_name(day), "", "", "geen dienst", ""))
            row += 1
        for duty in duties:
            row = _duty_rows(book, sheet, row, duty, shown)
    total = sum(duty.hours for duties in by_day.values() for duty in duties)
    _day_row(book, sheet, row, ("Week", "", "", "", ""), total)


def _duty_rows(
    book: Workbook, sheet: Worksheet, row: int, duty: Duty, shown: dict[str, Shown]
) -> int:
    """A day in one line and its blocks in the lines below; gives the next row."""
    begin, finish = f"{duty.begin:%H:%M}", f"{duty.finish:%H:%M}"
    pause = f"dienst, pauze {duty.pause}" if duty.pause else "dienst zonder pauze"
    cells = (day_name(duty.day), begin, finish, pause, duty.location)
    _day_row(book, sheet, row, cells, duty.hours)
    for place, block in enumerate(duty.blocks, row + 1):
        _block_row(book, sheet, place, block, shown)
    return row + 1 + len(duty.blocks)


def _day_row(
    book: Workbook,
    sheet: Worksheet,
    row: int,
    cells: tuple[str, ...],
    hours: float | None = None,
) -> None:
    sheet.set_row(row, ROW)
    for column, cell in enumerate(cells):
        sheet.write_string(row, column, cell, book.day)
    if hours is None:
        sheet.write_string(row, len(cells), "", book.day)
    else:
        sheet.write_number(row, len(cells), hours, book.day_hours)


def _block_row(
    book: Workbook, sheet: Worksheet, row: int, block: Block, shown: dict[str, Shown]
) -> None:
    how = shown.get(block.what) if block.is_skill else None
    mark = PAUSE_MARK if block.what == PAUSE else " "
    text = f"{how.mark}  {how.name}" if how else f"{mark}  {block.what}"
    line = book.line(how)
    sheet.set_row(row, ROW)
    sheet.write_string(row, 0, "", book.left)
    sheet.write_string(row, 1, f"{block.start:%H:%M}", line)
    sheet.write_string(row, 2, f"{block.end:%H:%M}", line)
    sheet.write_string(row, 3, text, line)
    sheet.write_string(row, 4, "", line)
    if block.what == PAUSE:
        sheet.write_string(row, 5, "", line)
    else:
        sheet.write_number(row, 5, block.hours, book.line_hours(how))
