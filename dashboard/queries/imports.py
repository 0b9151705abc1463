"""What was imported, what was refused and why, and how fresh it all is."""

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from forecasting.runs import ImportRecord, RunRecord
from forecasting.settings import Settings
from forecasting.tables import Rejects
from forecasting.workspace import Workspace

LONG_GAP = timedelta(days=10)
"""Days without a row beyond which a series is shown to have a gap."""


def imports(workspace: Workspace) -> list[ImportRecord]:
    """Imports, newest first."""
    return workspace.ledger.imports()[::-1]


def sources(settings: Settings) -> list[str]:
    """Names of the mappings an export can be read with."""
    return sorted(file.stem for file in (settings.config / "sources").glob("*.toml"))


def rejects(workspace: Workspace) -> pl.DataFrame:
    """Rows that broke a rule, of all imports."""
    owners = [record.id for record in workspace.ledger.imports()]
    frame = workspace.lake.scan("rejects", owners)
    return Rejects.create_empty() if frame is None else frame.collect()


def reject_reasons(rows: pl.DataFrame) -> pl.DataFrame:
    """Rejected rows per file, column and reason, with the first line as example."""
    reasons = rows.group_by("file", "column", "reason").agg(
        pl.len().alias("rows"), pl.col("line").min()
    )
    return reasons.sort("rows", "file", "column", descending=[True, False, False])


def newest_row(workspace: Workspace, record: ImportRecord) -> datetime | None:
    """The time of the last contact in an import; None for imports without contacts."""
    frame = workspace.lake.scan("contacts", [record.id])
    if frame is None:
        return None
    found: datetime | None = frame.select(pl.col("start").max()).collect().item()
    return found


def gaps(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """Stretches without any demand row in a daily series: `series, after, days`."""
    rows = workspace.table(run, "demand").filter(pl.col("cadence") == "day")
    apart = pl.col("start") - pl.col("start").shift().over("series")
    after = pl.col("start").shift().over("series").alias("after")
    found = (
        rows.sort("series", "start")
        .with_columns(apart.alias("apart"), after)
        .filter(pl.col("apart") > LONG_GAP)
    )
    days = (pl.col("apart").dt.total_days() - 1).alias("days")
    return found.select("series", "after", days).sort("days", descending=True).collect()


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
