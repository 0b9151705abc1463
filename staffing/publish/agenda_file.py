"""The places of an agenda as CSV for the booking system."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.agenda import Agenda
from staffing.publish.folders import file_inside, written_whole
from staffing.publish.table import write_rows

AGENDA_HEADINGS = (
    "locatie",
    "product",
    "stap",
    "upl",
    "datum",
    "begin",
    "einde",
    "minuten",
    "plaatsen",
    "plaatsen_kort_vooraf",
    "kort_vooraf_vanaf",
    "begin_iso",
)
"""Location, service, step and UPL name; local date (ISO), begin and end (HH:MM); length in
minutes; places; of those the number that opens only shortly before, and the date from which
(empty without any); the begin once more with its offset from UTC."""


def export_agenda(workspace: Workspace, *, out: Path) -> Path:
    """Write the newest agenda into a folder: `agenda-2027-01-11.csv`, by its first day.

    Semicolons, UTF-8 with its mark. The same stored agenda gives the same bytes.

    Raises:
        MissingStepError: no agenda was opened.
        InputError: the file would leave the folder.
    """
    run = workspace.latest("agenda")
    file = file_inside(out, f"agenda-{run.figures['first']}.csv")
    with written_whole(file) as draft:
        write_rows(draft, AGENDA_HEADINGS, _rows(workspace, run))
    return file


def _rows(workspace: Workspace, run: RunRecord) -> Iterator[tuple[str, ...]]:
    zone = store.calendar(workspace).zone
    services = store.catalogue(workspace).services
    table = workspace.table(run, "agenda").collect()
    places = Agenda.validate(table).sort("location", "start", "service", "step")
    local = places["start"].dt.convert_time_zone(zone).to_list()
    for begin, row in zip(local, places.iter_rows(named=True), strict=True):
        end = begin + timedelta(minutes=row["minutes"])
        service = services.get(row["service"])
        yield (
            row["location"],
            row["service"],
            row["step"],
            (service.upl if service else None) or "",
            f"{begin:%Y-%m-%d}",
            f"{begin:%H:%M}",
            f"{end:%H:%M}",
            str(row["minutes"]),
            str(row["places"]),
            str(row["kept"]),
            row["opens"].isoformat() if row["opens"] else "",
            begin.isoformat(timespec="minutes"),
        )
