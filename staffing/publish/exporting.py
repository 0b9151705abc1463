"""Hand out a stored roster as a file."""

from datetime import date
from pathlib import Path
from typing import Literal

from forecasting.errors import InputError
from forecasting.workspace import Workspace
from staffing.publish.folders import file_inside, written_whole
from staffing.publish.sheets import read_week
from staffing.publish.table import write_csv
from staffing.publish.workbook import write_workbook

RosterFormat = Literal["xlsx", "csv"]


def export_roster(
    workspace: Workspace, *, week: date, format: RosterFormat, out: Path
) -> list[Path]:
    """Write the stored roster of a week into a folder: `rooster-2027-W02.xlsx`.

    The same stored roster gives the same bytes.

    Raises:
        MissingStepError: no roster of that week was stored.
        InputError: the format is unknown, or the file would leave the folder.
    """
    if format not in ("xlsx", "csv"):
        raise InputError(f"expected the format xlsx or csv, came '{format}'")
    sheet = read_week(workspace, week)
    file = file_inside(out, f"rooster-{sheet.name}.{format}")
    write = write_workbook if format == "xlsx" else write_csv
    with written_whole(file) as draft:
        write(sheet, draft)
    return [file]
