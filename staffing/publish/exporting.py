"""Hand out a stored roster as files."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from forecasting.errors import InputError
from forecasting.workspace import Workspace
from staffing.publish.calendar_file import Told, calendar_of, days_told_before
from staffing.publish.folders import file_inside, folder_inside, written_whole
from staffing.publish.naming import file_parts
from staffing.publish.personal_sheets import write_persons
from staffing.publish.sheets import WeekSheet, read_week
from staffing.publish.table import write_csv
from staffing.publish.wall import write_wall

RosterFormat = Literal["xlsx", "csv", "ics"]


def export_roster(
    workspace: Workspace,
    *,
    week: date,
    format: RosterFormat,
    out: Path,
    version: int | None = None,
    person: str | None = None,
) -> list[Path]:
    """Write a roster of a week into a folder: `rooster-2027-W02.xlsx`.

    The published version unless another is named; where none is, the newest, which says
    in every file that it is a draft. As `ics` a file per person in a folder of its own,
    `rooster-2027-W02-ics`. Of one person alone: `rooster-2027-W02-CODE.xlsx`, their own
    page. The same stored roster gives the same bytes.

    Raises:
        MissingStepError: no roster of that week was stored.
        InputError: the format, the version or the person is unknown, or a file would
            leave the folder.
        StoreError: what was stored is gone or was changed.
    """
    if format not in get_args(RosterFormat):
        known = ", ".join(get_args(RosterFormat))
        raise InputError(f"expected one of the formats {known}; came '{format:.20}'")
    sheet = read_week(workspace, week, version, person=person)
    if format == "ics":
        return _calendars(workspace, sheet, out, alone=person is not None)
    tail = "" if person is None else f"-{file_parts(sheet.codes)[person]}"
    file = file_inside(out, f"rooster-{sheet.name}{tail}.{format}")
    on_paper = write_wall if person is None else write_persons
    write = on_paper if format == "xlsx" else write_csv
    with written_whole(file) as draft:
        write(sheet, draft)
    return [file]


def export_persons(
    workspace: Workspace, *, week: date, out: Path, version: int | None = None
) -> list[Path]:
    """Write a page for each person into one workbook: `rooster-2027-W02-personen.xlsx`.

    Raises:
        MissingStepError, InputError, StoreError: as `export_roster`.
    """
    sheet = read_week(workspace, week, version)
    file = file_inside(out, f"rooster-{sheet.name}-personen.xlsx")
    with written_whole(file) as draft:
        write_persons(sheet, draft)
    return [file]


def _calendars(
    workspace: Workspace, sheet: WeekSheet, out: Path, *, alone: bool
) -> list[Path]:
    """A calendar per person; in their folder no other one of that week is left."""
    told = days_told_before(workspace, sheet.version)
    folder = out if alone else folder_inside(out, f"rooster-{sheet.name}-ics")
    names = file_parts(sheet.codes)
    files = []
    for code in _owners(sheet, told, alone=alone):
        part = names.get(code) or file_parts([*sheet.codes, code])[code]
        file = file_inside(folder, f"rooster-{sheet.name}-{part}.ics")
        with written_whole(file) as draft:
            draft.write_bytes(calendar_of(sheet, code, told))
        files.append(file)
    if not alone:
        for stale in set(folder.glob("rooster-*.ics")) - set(files):
            stale.unlink()
    return files


def _owners(sheet: WeekSheet, told: Told, *, alone: bool) -> Iterator[str]:
    """Everybody in the roster, and who had shifts in a published one before it."""
    yield from sorted(sheet.people)
    if not alone:
        yield from sorted({code for code, _ in told} - set(sheet.codes))
