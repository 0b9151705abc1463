"""Workbooks as a planner fills them in, and the way to bring them in."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from dashboard.intake import TARGETS
from forecasting.ingest.bundles import import_bundle

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def bring(workspace, file: Path, now: datetime = NOW, max_rejects: float = 0.02):
    return import_bundle(
        workspace, file, "template", targets=TARGETS, now=now, max_rejects=max_rejects
    )


def book(file: Path, sheets: Mapping[str, list[list[object]]]) -> Path:
    """A workbook filled in by hand."""
    with xlsxwriter.Workbook(file, {"default_date_format": "dd-mm-yyyy"}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file


def line(*cells: object) -> list[object]:
    return [*cells]


STAY: list[object] = ["Code", "Van dag", "T/m dag", "Van tijd", "Tot tijd", "Soort"]
SHUT: list[object] = ["Locatie", "Van dag", "T/m dag", "Omschrijving"]
