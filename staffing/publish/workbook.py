"""An Excel workbook on A4 with the formats of a roster; text is always written as text."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from staffing.publish.marks import FILLS, PAUSE, PAUSE_MARK, Shown
from staffing.publish.sheets import WeekSheet

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A fixed creation date: the same roster gives the same bytes."""

A4 = 9
EDGE = {"border": 1, "border_color": "#595959", "valign": "vcenter"}
ROW = 18
"""Height of a row in points, to read on paper."""

SHORT_FILL = "#F2B8A8"
SHORT_MARK = "!"


class Workbook:
    """A workbook of a week, with its formats and a page set-up for each sheet."""

    def __init__(self, file: Path, week: WeekSheet) -> None:
        self.week, self._file = week, file
        self._whole = (
            BytesIO()
        )  # a full disk is an error of the disk, not of the library
        options = {"strings_to_formulas": False, "in_memory": True}
        self.book = xlsxwriter.Workbook(self._whole, options)
        about = {"title": f"Rooster {week.name}", "comments": week.stamp}
        self.book.set_properties({**about, "created": CREATED})
        add = self.book.add_format
        self.title = add({"bold": True, "font_size": 16})
        self.stamp = add({"font_size": 10})
        self.warning = add(
            {"bold": True, "font_size": 16, "align": "right", "font_color": "#9C0006"}
        )
        dark = {"bold": True, "bg_color": "#1F3A4D", "font_color": "#FFFFFF"}
        self.heading = add({**EDGE, **dark, "align": "center", "text_wrap": True})
        self.name = add({**EDGE, "bold": True, "text_wrap": True, "indent": 1})
        self.hours = add({**EDGE, "num_format": "0.0##", "align": "center"})
        self.plain = add({**EDGE, "align": "center"})
        self.left = add({**EDGE, "text_wrap": True, "indent": 1})
        self.away = add({**EDGE, "align": "center", "text_wrap": True, "italic": True})
        grey = {**EDGE, "bold": True, "bg_color": "#E4E4E4"}
        self.day = add({**grey, "indent": 1})
        self.day_hours = add({**grey, "align": "center", "num_format": "0.0##"})
        self.short = add(
            {
                **EDGE,
                "num_format": '0.0## "!"',
                "bg_color": SHORT_FILL,
                "bold": True,
                "align": "center",
            }
        )
        self.bold = add({"bold": True, "font_size": 11})
        self.small = add({"font_size": 9})
        wrapped = {**EDGE, "text_wrap": True, "font_size": 9, "align": "center"}
        self.cells = {fill: add({**wrapped, "bg_color": fill}) for fill in FILLS}
        line = {**EDGE, "indent": 1}
        self.lines = {fill: add({**line, "bg_color": fill}) for fill in FILLS}
        counted = {**EDGE, "align": "center", "num_format": "0.0##"}
        self.line_numbers = {fill: add({**counted, "bg_color": fill}) for fill in FILLS}

    def save(self) -> None:
        """Write the file; nothing can be added after that."""
        self.book.close()
        self._file.write_bytes(self._whole.getvalue())

    def sheet(self, name: str, title: str, columns: int) -> Worksheet:
        """A new sheet with its title and state above `columns` columns; row 3 is next."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(A4)
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        self.marginals(sheet)
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, self.week.stamp, self.stamp)
        if self.week.warning:
            sheet.write_string(0, columns - 1, self.week.warning, self.warning)
        return sheet

    def marginals(self, sheet: Worksheet) -> None:
        """Week, version and state on every page; what is no text for a header doubled."""
        week = self.week
        sheet.set_footer(
            f"&L&9Rooster {week.name}, {_header(week.stamp)}&C&9&A&R&9Pagina &P van &N"
        )
        if week.warning:
            loud = f"{week.warning}: hier kan nog niemand op rekenen"
            if week.version.state == "superseded":
                loud = f"{week.warning}: er is een nieuwer rooster"
            sheet.set_header(f"&C&B&11{_header(loud)}")

    def headings(self, sheet: Worksheet, row: int, names: Sequence[str]) -> None:
        """A row of headings, repeated on every page with what stands above it."""
        for column, name in enumerate(names):
            sheet.write_string(row, column, name, self.heading)
        sheet.set_row(row, ROW)
        sheet.repeat_rows(0, row)

    def legend(
        self, sheet: Worksheet, row: int, shown: dict[str, Shown], first: int = 0
    ) -> None:
        """What marks and fills stand for, one a cell."""
        sheet.set_row(row, ROW)
        for column, how in enumerate(shown.values(), first):
            text = f"{how.mark}  {how.name}"
            sheet.write_string(row, column, text, self.lines[how.fill])
        text = f"{PAUSE_MARK}  {PAUSE}"
        sheet.write_string(row, first + len(shown), text, self.left)

    def cell(self, shown: Shown | None) -> Format:
        """The format of a cell in a grid, by its main activity."""
        return self.cells[shown.fill if shown else FILLS[0]]

    def line(self, shown: Shown | None) -> Format:
        """The format of a line of one activity."""
        return self.lines[shown.fill if shown else FILLS[0]]

    def line_hours(self, shown: Shown | None) -> Format:
        """The same, for a number of hours."""
        return self.line_numbers[shown.fill if shown else FILLS[0]]


def _header(text: str) -> str:
    """A text in a header or footer, where `&` begins a command."""
    return text.replace("&", "&&")


def number(value: float, digits: int = 2) -> str:
    """A number as the Dutch write it."""
    return f"{round(value, digits):g}".replace(".", ",")
