"""One row per shift, for Excel and CSV: headings, cells, and cells made harmless."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from staffing.publish.sheets import Duty, WeekSheet, skill_name

HEADINGS = (
    "week",
    "dag",
    "code",
    "medewerker",
    "locatie",
    "begin",
    "einde",
    "pauze",
    "uren",
    "hoofdactiviteit",
    "activiteiten",
)
"""Week, local date, staff code, label, location, local begin and end (HH:MM), break
(HH:MM-HH:MM or empty), hours worked, main activity, hours per activity."""

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which a spreadsheet takes a text for a formula."""


def table_rows(week: WeekSheet) -> list[tuple[str | float, ...]]:
    """The cells of every shift, in order of day, location and code."""
    ordered = sorted(week.duties, key=lambda d: (d.day, d.location, d.person))
    return [_cells(week.name, duty) for duty in ordered]


def _cells(week: str, duty: Duty) -> tuple[str | float, ...]:
    parts = (f"{skill_name(skill)} {hours:g} u" for skill, hours in duty.activities)
    return (
        week,
        duty.day.isoformat(),
        duty.person,
        duty.label,
        duty.location,
        duty.start,
        duty.end,
        duty.pause,
        duty.hours,
        skill_name(duty.main_activity),
        ", ".join(parts).replace(".", ","),
    )


def write_csv(week: WeekSheet, file: Path) -> Path:
    """The shifts of a week, row by row."""
    return write_rows(file, HEADINGS, table_rows(week))


def write_rows(
    file: Path, headings: Sequence[str], rows: Iterable[Sequence[str | float]]
) -> Path:
    """Semicolons, decimal commas, UTF-8 with its mark: what Dutch Excel opens."""
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, delimiter=";", lineterminator="\r\n")
        writer.writerow(headings)
        writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return file


def safe_cell(cell: str | float) -> str:
    """A cell as Dutch spreadsheets read it; what looks like a formula stays a text."""
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", ",")
    return f"'{cell}" if cell.startswith(FORMULA_MARKS) else cell
