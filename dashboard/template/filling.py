"""One sheet to fill in: headings with hints, cells that refuse what cannot be read."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from dashboard.template.book import Book
from dashboard.template.layout import Column, Layout
from dashboard.template.texts import SheetText
from forecasting.errors import InputError

Row = Mapping[str, object]

READY = 1000
"""Rows whose cells are checked as they are typed."""

MOST_LISTED = 255
"""Signs that a list of choices may have in a workbook."""

LINED = 24
"""Rows drawn with lines, also when there is less to show."""

WIDTHS = {"text": 17, "choice": 23, "day": 14, "time": 11, "hours": 6, "number": 14}
ROW_HEIGHT = 18
WIDE = {"label": 20, "name": 34, "code": 10, "person": 10}
FIRST, LAST = date(1950, 1, 1), date(2149, 12, 31)


def fill_sheet(
    book: Book,
    layout: Layout,
    text: SheetText,
    rows: Sequence[Row],
    choices: Mapping[str, str | list[str]],
    zone: str,
) -> None:
    """Write a sheet with its rows; `choices` are usual values of fields, not the only.

    Raises:
        InputError: there are more rows than the template has room for.
    """
    if len(rows) > READY:
        raise InputError(
            f"expected at most {READY} rows on sheet '{layout.name}', came {len(rows)}"
        )
    sheet = book.sheet(layout.name)
    narrow = any(column.narrow for column in layout.columns)
    sheet.set_row(0, 118 if narrow else 34)
    sheet.freeze_panes(1, 2 if narrow else 1)
    sheet.repeat_rows(0)
    sheet.set_default_row(ROW_HEIGHT)
    for place, column in enumerate(layout.columns):
        begins = layout.begins_group(place)
        sheet.write_string(
            0, place, column.heading, book.heading(column, begins=begins)
        )
        _describe(sheet, place, column, text)
        _check(book, sheet, place, column, choices.get(column.name))
        cell = book.cell(column, begins=begins)
        for number in range(max(LINED, len(rows) + 10)):
            value = rows[number].get(column.name) if number < len(rows) else None
            _write(sheet, (number + 1, place), _shown(value, column, zone), cell)
        if column.narrow:
            filled = {"type": "no_blanks", "format": book.filled}
            sheet.conditional_format(1, place, READY, place, filled)
    sheet.print_area(0, 0, max(LINED, len(rows)), len(layout.columns) - 1)


def _describe(sheet: Worksheet, place: int, column: Column, text: SheetText) -> None:
    """A hint beside the heading, and a width that fits."""
    twice = column.field.type == "moment" and column.type == "day"
    hint = text.hint("day" if twice else column.name)
    size = {"x_scale": 1.9, "y_scale": 0.3 + 0.22 * (1 + len(hint) // 34)}
    sheet.write_comment(0, place, hint, {**size, "author": "Piekwijzer"})
    width = 5 if column.narrow else WIDE.get(column.name, WIDTHS[column.type])
    sheet.set_column(place, place, width)


def _check(
    book: Book,
    sheet: Worksheet,
    place: int,
    column: Column,
    usual: str | list[str] | None,
) -> None:
    """Let the sheet itself say what a cell may hold."""
    rule = _usual(book, usual) if usual else _rule(book, column, place)
    if rule:
        sheet.data_validation(1, place, READY, place, rule)


def _usual(book: Book, source: str | list[str]) -> dict[str, object]:
    """A list to choose from, in which something else is allowed after a question."""
    return {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_title": book.text.usual,
        "error_message": book.text.usual_text,
    }


def _rule(book: Book, column: Column, place: int) -> dict[str, object]:
    text = book.text
    if column.type == "choice":
        if len(",".join(column.choices)) > MOST_LISTED:
            return {}
        told = (text.choose, text.choose_text)
        return _only(told, validate="list", source=[*column.choices])
    if column.type == "day":
        span = {"minimum": FIRST, "maximum": LAST}
        return _only((text.day, text.day_text), validate="date", **_between, **span)
    if column.type == "time":
        span_of_day = {"minimum": time(0), "maximum": time(23, 59)}
        told = (text.time, text.time_text)
        return _only(told, validate="time", **_between, **span_of_day)
    if column.type == "hours":
        cell = xl_rowcol_to_cell(1, place)
        formula = f'=OR(LOWER({cell})="x",AND(ISNUMBER({cell}),{cell}>=0,{cell}<=12))'
        told = (text.hours, text.hours_text)
        return _only(told, validate="custom", value=formula)
    return _number(book, column) if column.type == "number" else {}


_between = {"criteria": "between"}


def _number(book: Book, column: Column) -> dict[str, object]:
    low, high = column.field.minimum or 0, column.field.maximum or 1_000_000
    told = book.text.number_text.format(low=f"{low:g}", high=f"{high:,.0f}")
    kind = "integer" if column.field.type == "whole" else "decimal"
    limits = {"minimum": low, "maximum": high}
    return _only((book.text.number, told), validate=kind, **_between, **limits)


def _only(told: tuple[str, str], **rule: object) -> dict[str, object]:
    return {**rule, "error_title": told[0], "error_message": told[1]}


def _shown(value: object, column: Column, zone: str) -> object:
    """A value of a field as it stands in a cell of one of its columns."""
    if column.type == "choice":
        said = {stands_for: word for word, stands_for in column.choices.items()}
        return said.get(str(value))
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(zone))
        return local.date() if column.type == "day" else local.time()
    if column.type == "hours" and isinstance(value, str):
        return value if value.isalpha() else float(value)
    return value


def _write(
    sheet: Worksheet, place: tuple[int, int], value: object, cell: Format
) -> None:
    row, column = place
    if value is None:
        sheet.write_blank(row, column, None, cell)
    elif isinstance(value, date | time):
        sheet.write_datetime(row, column, value, cell)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, cell)
    else:
        sheet.write_string(row, column, str(value), cell)
