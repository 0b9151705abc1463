"""One row per shift, for Excel and CSV: headings, cells, and cells made harmless."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from staffing.publish.duties import Duty
from staffing.publish.marks import skill_name
from staffing.publish.sheets import WeekSheet

HEADINGS = (
    "week",
    "versie",
    "status",
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
    "blokken",
    "begin_iso",
    "einde_iso",
)
"""ISO week; version; `gepubliceerd`, `concept` or `vervallen`; local date (ISO); staff
code; label; location; local begin and end (HH:MM); break (HH:MM-HH:MM or empty); hours
worked; activity of most hours; hours per activity; what is done from when to when, breaks
included; begin and end once more with their offset from UTC."""

FORMULA_MARKS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
"""First characters by which a spreadsheet takes a text for a formula, full-width too."""


def table_rows(week: WeekSheet) -> list[tuple[str | float, ...]]:
    """The cells of every shift, in order of day, location and code."""
    ordered = sorted(week.duties, key=lambda d: (d.day, d.location, d.person, d.begin))
    return [_cells(week, duty) for duty in ordered]


def _cells(week: WeekSheet, duty: Duty) -> tuple[str | float, ...]:
    parts = (f"{skill_name(skill)} {hours:g} u" for skill, hours in duty.activities)
    return (
        week.name,
        float(week.version.number),
        week.state,
        duty.day.isoformat(),
        duty.person,
        duty.label,
        duty.location,
        f"{duty.begin:%H:%M}",
        f"{duty.finish:%H:%M}",
        duty.pause,
        duty.hours,
        skill_name(duty.main_activity),
        ", ".join(parts).replace(".", ","),
        ", ".join(f"{b.times} {skill_name(b.what)}" for b in duty.blocks),
        duty.begin.isoformat(timespec="minutes"),
        duty.finish.isoformat(timespec="minutes"),
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
