"""A home with a little of everything: imports of small files, a run, notes."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl

from forecasting.ingest import (
    CONTACT_TARGETS,
    REGISTRY_TARGETS,
    ImportResult,
    import_file,
)
from forecasting.notes import Event, Exclusion
from forecasting.planner import add, withdraw
from forecasting.workspace import Workspace

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TARGETS = {**CONTACT_TARGETS, **REGISTRY_TARGETS}
FIRST = date(2026, 2, 20)
DAYS = 20


def write_bookings(
    file: Path, first: date = FIRST, days: int = DAYS, status: str = "kept"
) -> Path:
    """Three visits a day, at half past midnight, ten and eleven; asked for a week ahead."""
    rows = []
    for place in range(days):
        day = first + timedelta(days=place)
        rows += [
            {
                "publicId": f"{day:%Y%m%d}-{hour}",
                "startDateTime": f"{datetime.combine(day, time(hour, 30)):%d-%m-%Y %H:%M}",
                "creationDateTime": f"{day - timedelta(days=7):%d-%m-%Y} 12:00",
                "appointmentDuration": 15,
                "location": "Stadhuis",
                "status": status,
                "acitivityList": "Paspoort" if hour else "Rijbewijs",
            }
            for hour in (0, 10, 11)
        ]
    pl.DataFrame(rows).write_csv(file, separator=";")
    return file


def bring(
    workspace: Workspace, file: Path, source: str = "jcc", *, now: datetime = NOW
) -> ImportResult:
    """Import a file of any kind of this room."""
    return import_file(
        workspace, file, source, targets=TARGETS, now=now, max_rejects=0.5
    )


def write_references(file: Path) -> Path:
    """Documents that expire around `FIRST`, and one row that is rejected."""
    days = [FIRST + timedelta(days=5 * place) for place in range(10)]
    rows = [
        {
            "Referentie": f"ref{place:03d}xyzabc",
            "Document": "Paspoort",
            "Geldig tot": f"{day}",
            "Wijk": "Noord",
            "Leeftijdsklasse": "18-64",
        }
        for place, day in enumerate(days)
    ]
    rows.append({**rows[0], "Referentie": "ref999xyzabc", "Geldig tot": "soon"})
    pl.DataFrame(rows).write_csv(file, separator=";")
    return file


def fill(workspace: Workspace, folder: Path) -> None:
    """Two imports, a run with a table, an exclusion that stands and one withdrawn."""
    bring(workspace, write_bookings(folder / "bookings.csv"))
    bring(workspace, write_references(folder / "refs.csv"), "registry_references")
    table = pl.DataFrame({"series": ["a/b/c/d"], "mean": [1 / 3]})
    key = workspace.key("forecast", workspace.holders("slots"), {}, seed=0)
    figures = {"wape": 0.1 + 0.2, "weeks": {"2027-W02": None}}
    workspace.store(key, {"forecast": table}, figures, now=NOW)
    note = Exclusion(
        FIRST, FIRST, 'storm; "code rood", één dag', series="stadhuis/*/*/*"
    )
    add(workspace, note, now=NOW)
    other = add(workspace, Event(FIRST, FIRST, "holiday", name="carnival"), now=NOW)
    withdraw(workspace, "event", other, now=NOW)


def lake_files(workspace: Workspace) -> dict[str, bytes]:
    """Every table of the lake, by its path."""
    root = workspace.lake.root
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in root.rglob("*.parquet")
    }
