"""The first sheet: what to do, and for each sheet what it is for with an example."""

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.template.book import Book
from dashboard.template.layout import Column, Layout
from dashboard.template.texts import SheetText

COLUMNS = 12
WIDTH = 14
SIGNS_A_LINE = 145
LINE_HEIGHT = 15.5


def write_guide(book: Book, name: str, layouts: Sequence[Layout]) -> None:
    """Write the instructions; examples are grey and stand nowhere else."""
    sheet = book.sheet(name)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, COLUMNS, WIDTH)
    sheet.fit_to_pages(1, 1)
    sheet.set_row(0, 32)
    sheet.write_string(0, 1, book.text.title, book.title)
    row = 1
    for line in book.text.lead:
        row = _prose(book, sheet, row, f"\N{BULLET}  {line}")
    for place, (word, given) in enumerate(_legend(book), 1):
        sheet.write_string(row, place, word, given)
    row += 1
    for layout in layouts:
        text = book.text.sheet[layout.kind]
        sheet.write_url(
            row + 1, 1, f"internal:'{layout.name}'!A2", book.subtitle, layout.name
        )
        row = _prose(book, sheet, row + 2, text.intro)
        row = _example(book, sheet, row, text, layout)


def _legend(book: Book) -> list[tuple[str, Format]]:
    """What the colours of headings mean."""
    return [
        (book.text.required, book.legend(required=True)),
        (book.text.optional, book.legend()),
        (book.text.odd_weeks, book.legend(odd=True)),
    ]


def _prose(book: Book, sheet: Worksheet, row: int, line: str) -> int:
    sheet.merge_range(row, 1, row, COLUMNS, line, book.prose)
    sheet.set_row(row, LINE_HEIGHT * (1 + len(line) // SIGNS_A_LINE))
    return row + 1


def _example(
    book: Book, sheet: Worksheet, row: int, text: SheetText, layout: Layout
) -> int:
    """Headings and rows in grey; the next free row."""
    for place, column in enumerate(example_columns(layout, text), 1):
        sheet.write_string(row, place, column.heading, book.grey_heading)
    for line in text.example:
        row += 1
        for place, value in enumerate(line, 1):
            sheet.write_string(row, place, value, book.grey)
    sheet.write_string(row + 1, 1, book.text.example, book.note)
    return row + 2


def example_columns(layout: Layout, text: SheetText) -> list[Column]:
    """The columns of a sheet that its example shows."""
    wanted = set(text.example_fields)
    return [column for column in layout.columns if column.name in wanted]
