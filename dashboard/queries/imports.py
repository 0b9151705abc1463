"""What was imported, what was refused and why, and how fresh it all is."""

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from forecasting.ingest.bundle_policy import load_bundle
from forecasting.records import ImportRecord, PartRecord, RunRecord
from forecasting.settings import Settings
from forecasting.tables import Gaps, Rejects
from forecasting.workspace import Workspace

KEEPERS = "kept."


def imports(workspace: Workspace) -> list[ImportRecord]:
    """Imports of files, newest first; not the keepers of counts of forgotten rows."""
    records = workspace.ledger.imports()[::-1]
    return [record for record in records if not record.id.startswith(KEEPERS)]


def sources(settings: Settings) -> list[str]:
    """What an export can be read with: mappings, and workbooks of several of them."""
    config = settings.config
    bundles = {file.stem for file in (config / "bundles").glob("*.toml")}
    parts = {s.source for name in bundles for s in load_bundle(config, name).sheet}
    mappings = {file.stem for file in (config / "sources").glob("*.toml")}
    return sorted(mappings - parts | bundles)


def rejects(workspace: Workspace) -> pl.DataFrame:
    """Rows that broke a rule, of all imports."""
    if not workspace.has_imported("rejects"):
        return Rejects.create_empty()
    return workspace.imported("rejects").collect()


def reject_reasons(rows: pl.DataFrame) -> pl.DataFrame:
    """Rejected rows per file, column and reason, with the first line as example."""
    reasons = rows.group_by("file", "column", "reason").agg(
        pl.len().alias("rows"), pl.col("line").min()
    )
    return reasons.sort("rows", "file", "column", descending=[True, False, False])


def newest_rows(workspace: Workspace) -> dict[str, datetime]:
    """The time of the last contact per import; none for imports without contacts.

    Parts are of a month each, so the last month of an import holds its last contact.
    """
    last: dict[str, list[PartRecord]] = {}
    for part in sorted(workspace.ledger.parts("slots"), key=lambda one: one.month):
        known = last.get(part.import_id, [])
        same = [one for one in known if one.month == part.month]
        last[part.import_id] = [*same, part]
    found = {name: workspace.lake.scan_parts(own) for name, own in last.items()}
    frames = [
        frame.select(pl.lit(name).alias("name"), pl.col("start").max())
        for name, frame in found.items()
        if frame is not None
    ]
    return dict(row for one in pl.collect_all(frames) for row in one.iter_rows())


def gaps(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """Gaps of the history by stretch, longest first.

    `first, last, periods, kind, covered_by`, with the number of `count` series that
    share it and one `series` as an example.
    """
    frame = workspace.lake.scan("gaps", run.id)
    rows = Gaps.create_empty().lazy() if frame is None else frame
    stretch = ("first", "last", "kind", "covered_by")
    grouped = rows.group_by(stretch).agg(
        pl.col("periods").max(),
        pl.len().alias("count"),
        pl.col("series").min(),
    )
    order = ["periods", "count", "first", "series"]
    return grouped.sort(order, descending=[True, True, True, False]).collect()


def synthetic_note(home: Path) -> str | None:
    """What the home folder says about being an invented town, if it does."""
    file = home / "SYNTHETIC.txt"
    return file.read_text("utf-8").strip() if file.exists() else None


def synthetic_day(workspace: Workspace) -> date | None:
    """The day after the history of an invented town; None for a real one."""
    run = workspace.ledger.latest("forecast", {})
    last = None if run is None else run.figures.get("history_last")
    if synthetic_note(workspace.settings.home) is None or not isinstance(last, str):
        return None
    return date.fromisoformat(last[:10]) + timedelta(days=1)
