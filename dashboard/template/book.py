"""The workbook under construction: its formats, and a sheet ready for A4."""

from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.template.layout import CellType, Column
from dashboard.template.texts import TemplateText

INK, PAPER = "#1F3A4D", "#FFFFFF"
LIGHT, ODD_WEEKS, LINE = "#D5E3EC", "#F3E4C8", "#B8C4CC"
MUTED, PALE = "#5B6770", "#E8ECEE"
EDGE = {"left": 2, "left_color": INK}
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A fixed creation date: the same data gives the same bytes."""

NUMBER_FORMATS: dict[CellType, str] = {
    "text": "@",
    "choice": "@",
    "day": "dd-mm-yyyy",
    "time": "hh:mm",
    "hours": "0.##",
    "number": "0.##",
}


class Book:
    """A workbook with the formats of the template; text is always written as text."""

    def __init__(self, file: BytesIO, text: TemplateText) -> None:
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self.book = xlsxwriter.Workbook(file, options)
        self.book.set_properties({"title": text.title, "created": CREATED})
        self.text = text
        self.title = self._format(bold=True, font_size=18, font_color=INK)
        self.subtitle = self._format(bold=True, font_size=12, font_color=INK)
        self.prose = self._format(text_wrap=True, valign="top")
        pale = {"font_size": 9, "font_color": MUTED, "border": 1, "border_color": PALE}
        self.grey_heading = self._format(**pale, bold=True, bg_color=PALE)
        self.grey = self._format(**pale, italic=True)
        self.filled = self.book.add_format({"bg_color": "#E6F0F5"})
        self.note = self._format(font_size=9, font_color=MUTED)

    def _format(self, **values: object) -> Format:
        return self.book.add_format({"font_name": "Calibri", **values})

    def cell(self, column: Column, *, begins: bool) -> Format:
        """How the cells of a column look; a column that begins a group has an edge."""
        centred = column.type not in ("text", "choice") or column.narrow
        number = "General" if column.type == "hours" else NUMBER_FORMATS[column.type]
        return self._format(
            border=1,
            border_color=LINE,
            num_format=number,
            align="center" if centred else "left",
            indent=0 if centred else 1,
            valign="vcenter",
            **(EDGE if begins else {}),
        )

    def heading(self, column: Column, *, begins: bool) -> Format:
        """How a heading looks: dark when every row has a value there."""
        flat = column.narrow or column.type not in ("text", "choice")
        return self._format(
            border=1,
            border_color=LINE,
            bold=True,
            rotation=90 if column.narrow else 0,
            align="center" if flat else "left",
            indent=0 if flat else 1,
            valign="bottom" if column.narrow else "vcenter",
            text_wrap=not column.narrow,
            **(EDGE if begins else {}),
            **self._fill(required=column.required, odd=column.odd),
        )

    def legend(self, *, required: bool = False, odd: bool = False) -> Format:
        """A cell that shows what a colour of headings means."""
        fill = self._fill(required=required, odd=odd)
        return self._format(font_size=9, bold=True, align="center", **fill)

    def _fill(self, *, required: bool, odd: bool) -> dict[str, str]:
        if required:
            return {"bg_color": INK, "font_color": PAPER}
        return {"bg_color": ODD_WEEKS if odd else LIGHT, "font_color": INK}

    def sheet(self, name: str) -> Worksheet:
        """A new sheet on landscape A4, one page wide."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        sheet.hide_gridlines(2)
        sheet.set_footer(f"&L&9{self.text.title}&C&9&A&R&9{self.text.page}")
        return sheet
