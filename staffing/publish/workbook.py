"""The weekly roster as an Excel workbook that can be hung on a wall."""

from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from staffing.publish.sheets import Duty, WeekSheet, day_name, skill_name
from staffing.publish.table import HEADINGS, table_rows

# Light to dark, so that activities differ on a grey printer as well.
FILLS = {
    "phone": "#DCEBFA",
    "counter": "#FFFFFF",
    "civil_status": "#EFC27A",
    "back_office": "#A9B7A0",
}
OTHER_FILL = "#EEEEEE"
SHORT_FILL = "#F2B8A8"
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A fixed creation date: the same roster gives the same bytes."""


class Workbook:
    """A workbook with the formats of a roster; text is always written as text."""

    def __init__(self, file: Path) -> None:
        self.book = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False})
        self.book.set_properties({"title": "Rooster", "created": CREATED})
        edge = {"border": 1, "border_color": "#808080", "valign": "vcenter"}
        self.title = self.book.add_format({"bold": True, "font_size": 14})
        self.note = self.book.add_format({"font_size": 9, "font_color": "#404040"})
        self.heading = self.book.add_format(
            {**edge, "bold": True, "bg_color": "#1F3A4D", "font_color": "#FFFFFF"}
        )
        self.name = self.book.add_format({**edge, "bold": True})
        self.hours = self.book.add_format({**edge, "num_format": "0.0"})
        self.plain = self.book.add_format({**edge, "align": "center"})
        self.free = self.book.add_format({**edge, "font_color": "#808080"})
        self.short = self.book.add_format(
            {
                **edge,
                "num_format": "0.0",
                "bg_color": SHORT_FILL,
                "bold": True,
                "align": "center",
            }
        )
        cell = {**edge, "text_wrap": True, "font_size": 9, "align": "center"}
        self.duties = {
            skill: self.book.add_format({**cell, "bg_color": fill})
            for skill, fill in FILLS.items()
        }
        self.other = self.book.add_format({**cell, "bg_color": OTHER_FILL})

    def sheet(self, name: str, landscape: bool = True) -> Worksheet:
        """A new sheet on A4, one page wide."""
        sheet = self.book.add_worksheet(_sheet_name(name))
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.hide_gridlines(2)
        return sheet

    def duty_format(self, skill: str) -> Format:
        """The fill of an activity."""
        return self.duties.get(skill, self.other)


def write_workbook(week: WeekSheet, file: Path) -> Path:
    """Write the overview, a sheet per location, and all shifts row by row."""
    book = Workbook(file)
    _overview(book, week)
    for location in week.locations:
        _location(book, week, location)
    _table(book, week)
    book.book.close()
    return file


def _sheet_name(name: str) -> str:
    """Excel allows 31 characters, without these."""
    return "".join("-" if mark in "[]:*?/\\'" else mark for mark in name)[:31]


def _overview(book: Workbook, week: WeekSheet) -> None:
    sheet = book.sheet("Overzicht")
    sheet.write_string(0, 0, f"Rooster {week.name}: bezetting per dag", book.title)
    note = "Uren ingeroosterd / nodig; gekleurd waar kwartieren tekortkomen."
    sheet.write_string(1, 0, note, book.note)
    headings = ["Locatie", "Werk", *(day_name(day) for day in week.days)]
    _headings(book, sheet, 3, [*headings, "Nodig", "Ingeroosterd", "Tekort (uur)"])
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, len(headings) + 2, 13)
    sheet.freeze_panes(4, 2)
    sheet.repeat_rows(3)
    pairs = sorted({(cover.location, cover.skill) for cover in week.cover})
    for row, (location, skill) in enumerate(pairs, 4):
        _cover_row(book, sheet, row, week, (location, skill))


def _cover_row(
    book: Workbook,
    sheet: Worksheet,
    row: int,
    week: WeekSheet,
    place: tuple[str, str],
) -> None:
    sheet.write_string(row, 0, place[0], book.name)
    sheet.write_string(row, 1, skill_name(place[1]), book.name)
    own = [c for c in week.cover if (c.location, c.skill) == place]
    by_day = {cover.day: cover for cover in own}
    for column, day in enumerate(week.days, 2):
        cover = by_day.get(day)
        text = f"{cover.rostered:.1f} / {cover.required:.1f}" if cover else "-"
        short = cover is not None and cover.short > 0
        text = text.replace(".", ",")
        sheet.write_string(row, column, text, book.short if short else book.plain)
    last = 2 + len(week.days)
    sheet.write_number(row, last, sum(c.required for c in own), book.hours)
    sheet.write_number(row, last + 1, sum(c.rostered for c in own), book.hours)
    missing = sum(cover.short for cover in own)
    sheet.write_number(row, last + 2, missing, book.short if missing else book.hours)


def _location(book: Workbook, week: WeekSheet, location: str) -> None:
    sheet = book.sheet(location)
    sheet.write_string(0, 0, f"Rooster {week.name}: {location}", book.title)
    _legend(book, sheet, location, week)
    headings = ["Medewerker", *(day_name(day) for day in week.days), "Uren"]
    _headings(book, sheet, 3, headings)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(week.days), 21)
    sheet.set_column(len(week.days) + 1, len(week.days) + 1, 7)
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)
    sheet.set_footer(f"&L{week.name}  &C&A&RPagina &P van &N")
    by_person: dict[str, dict[date, Duty]] = {}
    for duty in week.duties:
        by_person.setdefault(duty.person, {})[duty.day] = duty
    for row, (code, label) in enumerate(sorted(week.labels[location].items()), 4):
        sheet.set_row(row, 26)
        sheet.write_string(row, 0, label, book.name)
        _person_row(book, sheet, row, week, by_person.get(code, {}))


def _legend(book: Workbook, sheet: Worksheet, location: str, week: WeekSheet) -> None:
    sheet.write_string(1, 0, "Kleur: werk van de meeste uren", book.note)
    skills = sorted({c.skill for c in week.cover if c.location == location})
    for column, skill in enumerate(skills, 1):
        sheet.write_string(1, column, skill_name(skill), book.duty_format(skill))


def _person_row(
    book: Workbook,
    sheet: Worksheet,
    row: int,
    week: WeekSheet,
    duties: dict[date, Duty],
) -> None:
    for column, day in enumerate(week.days, 1):
        duty = duties.get(day)
        if duty is None:
            sheet.write_string(row, column, "", book.free)
            continue
        rest = f"p {duty.pause}" if duty.pause else "geen pauze"
        second = f"{skill_name(duty.main_activity)}, {rest}"
        text = f"{duty.start}-{duty.end}\n{second}"
        sheet.write_string(row, column, text, book.duty_format(duty.main_activity))
    total = sum(duty.hours for duty in duties.values())
    sheet.write_number(row, len(week.days) + 1, total, book.hours)


def _table(book: Workbook, week: WeekSheet) -> None:
    sheet = book.sheet("Diensten")
    _headings(book, sheet, 0, list(HEADINGS))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_column(0, len(HEADINGS) - 1, 13)
    sheet.set_column(len(HEADINGS) - 1, len(HEADINGS) - 1, 46)
    rows = table_rows(week)
    for number, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, float):
                sheet.write_number(number, column, cell)
            else:
                sheet.write_string(number, column, cell)
    sheet.autofilter(0, 0, max(len(rows), 1), len(HEADINGS) - 1)


def _headings(book: Workbook, sheet: Worksheet, row: int, names: list[str]) -> None:
    for column, name in enumerate(names):
        sheet.write_string(row, column, name, book.heading)
