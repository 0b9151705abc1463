"""Make the template: the instructions and a sheet for each table, empty or filled."""

from io import BytesIO
from pathlib import Path

from dashboard.intake import TARGETS
from dashboard.labels.words import Language
from dashboard.template.book import Book
from dashboard.template.current import Row, current_rows
from dashboard.template.filling import MOST_LISTED, READY, fill_sheet
from dashboard.template.guide import write_guide
from dashboard.template.layout import Layout, layouts
from dashboard.template.texts import template_text
from forecasting.errors import InputError
from forecasting.workspace import Workspace
from staffing import store

CODES = {
    "availability": "code",
    "wishes": "code",
    "protected_time": "code",
    "published_shifts": "person",
}
"""The field of a sheet that holds a code of the sheet of people."""


def make_template(
    workspace: Workspace, out: Path, *, language: Language, filled: bool
) -> Path:
    """Write the workbook; with `filled`, what is known now stands in it.

    Raises:
        InputError: the file exists, or cannot be written there.
        PolicyError: a mapping of the template breaks a rule.
    """
    _check(out)
    bundle, sheets = layouts(workspace.settings.config, TARGETS, language)
    text = template_text(language)
    rows = {
        layout.kind: current_rows(workspace, layout) if filled else []
        for layout in sheets
    }
    content = BytesIO()
    book = Book(content, text)
    words = bundle.words_in(language)
    write_guide(book, words.get(bundle.ignored[0], bundle.ignored[0]), sheets)
    zone = store.calendar(workspace).zone
    locations = _locations(workspace, rows)
    for layout in sheets:
        choices: dict[str, str | list[str]] = (
            {"location": locations} if locations else {}
        )
        if layout.kind in CODES:
            choices[CODES[layout.kind]] = _codes(sheets)
        fill_sheet(
            book, layout, text.sheet[layout.kind], rows[layout.kind], choices, zone
        )
    book.book.close()
    _write(content.getvalue(), out)
    return out


def _write(content: bytes, out: Path) -> None:
    """Write the file, whole or not at all."""
    try:
        with out.open("xb") as file:
            file.write(content)
    except OSError as error:
        if not isinstance(error, FileExistsError):
            out.unlink(missing_ok=True)
        reason = error.strerror or "it failed"
        raise InputError(f"expected to write a workbook; {reason}", file=out) from None


def _check(out: Path) -> None:
    if out.suffix.lower() != ".xlsx":
        raise InputError(f"expected a name ending in .xlsx, came '{out.name}'")
    if out.exists():
        raise InputError("expected a new file, found one; name another", file=out)
    if not out.parent.is_dir():
        raise InputError("expected a folder to write to, found none", file=out.parent)


def _locations(workspace: Workspace, rows: dict[str, list[Row]]) -> list[str]:
    """The known locations, as far as they fit a list of choices."""
    used = {str(row["location"]) for row in rows["people"]}
    known = sorted(used or store.calendar(workspace).locations)
    return known if len(",".join(known)) <= MOST_LISTED else []


def _codes(sheets: tuple[Layout, ...]) -> str:
    """Where the codes of people stand."""
    people = next(layout for layout in sheets if layout.kind == "people")
    return f"='{people.name}'!$A$2:$A${READY + 1}"
