"""The files of a batch: letters, the group to compare with, and a manifest of both."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Literal, get_args

import xlsxwriter

from forecasting.errors import InputError
from staffing.publish.batch_manifest import manifest_of
from staffing.publish.batch_rows import HEADINGS, Handout, Row, rows_of
from staffing.publish.folders import (
    file_inside,
    remove_drafts,
    remove_old_drafts,
    written_whole,
)
from staffing.publish.table import write_rows
from staffing.publish.workbook import CREATED
from staffing.reminders.batches.stored import Batch
from staffing.reminders.batches.tables import AGAIN, HELD_OUT, MAILED

BatchFormat = Literal["csv", "xlsx", "json"]

STEMS = {MAILED: "brieven", HELD_OUT: "controlegroep"}
"""Letters and the group without stand in files of their own, so that nobody mixes them."""

MANIFEST = "manifest"


def places_of(batch: Batch, folder: Path, format: BatchFormat) -> dict[str, Path]:
    """Where the files of a batch go: by arm, and the manifest.

    Raises:
        InputError: the format is unknown, or a file would leave the folder.
    """
    if format not in get_args(BatchFormat):
        known = ", ".join(get_args(BatchFormat))
        raise InputError(f"expected one of the formats {known}; came '{format:.20}'")
    names = {arm: f"{stem}-{batch.name}.{format}" for arm, stem in STEMS.items()}
    names[MANIFEST] = f"{STEMS[MAILED]}-{batch.name}-manifest.json"
    return {what: file_inside(folder, name) for what, name in names.items()}


def remove_handout(name: str, folder: Path) -> None:
    """Take away the files of a batch of a name, in every format, half-written ones too."""
    stems = [f"{stem}-{name}" for stem in STEMS.values()]
    files = [f"{stem}.{format}" for stem in stems for format in get_args(BatchFormat)]
    for file in (*files, f"{STEMS[MAILED]}-{name}-{MANIFEST}.json"):
        (folder / file).unlink(missing_ok=True)
        remove_drafts(folder / file)


def write_handout(
    handout: Handout, places: Mapping[str, Path], format: BatchFormat
) -> list[Path]:
    """Write both arms and the manifest with their hashes; the same batch, the same bytes.

    None of the three takes its place before all are written. The manifest comes last:
    where it stands, the files it names are whole. Drafts of an export that was killed go.
    """
    write = {"csv": _write_csv, "xlsx": _write_xlsx, "json": _write_json}[format]
    hashes = {}
    with ExitStack() as drafts:
        manifest = drafts.enter_context(written_whole(places[MANIFEST]))
        for arm in STEMS:
            draft = drafts.enter_context(written_whole(places[arm]))
            arms = (MAILED, AGAIN) if arm == MAILED else (arm,)
            rows = [row for one in arms for row in rows_of(handout, one)]
            write(draft, handout.columns, rows)
            hashes[places[arm].name] = hashlib.sha256(draft.read_bytes()).hexdigest()
        manifest.write_text(_json(manifest_of(handout, hashes)), "utf-8")
    for file in places.values():
        remove_old_drafts(file)
    return [places[what] for what in (*STEMS, MANIFEST)]


def _write_csv(file: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    headings = [HEADINGS[name] for name in columns]
    write_rows(file, headings, ([str(row[name]) for name in columns] for row in rows))


def _write_json(file: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    file.write_text(_json([{n: row[n] for n in columns} for row in rows]), "utf-8")


def _write_xlsx(file: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    whole = BytesIO()  # a full disk is an error of the disk, not of the library
    book = xlsxwriter.Workbook(whole, {"strings_to_formulas": False, "in_memory": True})
    book.set_properties({"title": "Zending", "created": CREATED})
    sheet = book.add_worksheet("Zending")
    bold = book.add_format({"bold": True})
    for column, name in enumerate(columns):
        sheet.write_string(0, column, HEADINGS[name], bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 16)
    for place, row in enumerate(rows, 1):
        for column, name in enumerate(columns):
            cell = row[name]
            if isinstance(cell, int):
                sheet.write_number(place, column, cell)
            else:
                sheet.write_string(place, column, cell)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    book.close()
    file.write_bytes(whole.getvalue())


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
