"""Forecasts of others: a file that is offered, and what was read in since a forecast."""

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from dashboard.queries.stored import stored
from forecasting.ingest import REGISTRY_TARGETS
from forecasting.ingest.mapping import read_mapping
from forecasting.ingest.preview import preview_file
from forecasting.insight_tables import Causes
from forecasting.outside import apply_outside, outside_forecasts
from forecasting.outside_tables import OutsideApplied
from forecasting.pipeline.trying_notes import added_by_notes, without_notes
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace
from staffing.store import catalogue

KIND = "outside_forecasts"
MOST_ROWS = 100_000
OUTSIDE = "outside"


@dataclass(frozen=True)
class Offered:
    """A file as it would be read in, before anything of it is kept.

    `said` holds its good rows, `refused` the `line, problem` of the others, and `beside`
    what we expect of the same periods (`OutsideApplied`).
    """

    read: int
    said: pl.DataFrame
    refused: pl.DataFrame
    beside: pl.DataFrame


def sources(settings: Settings) -> dict[str, str]:
    """The sources of forecasts of others that are configured, with what they are called."""
    names = sorted(file.stem for file in (settings.config / "sources").glob("*.toml"))
    mappings = {name: read_mapping(settings.config, name) for name in names}
    return {name: m.label for name, m in mappings.items() if m.kind == KIND}


def check(
    workspace: Workspace, run: RunRecord, name: str, content: bytes, source: str
) -> Offered:
    """Read a file of a source as an import would, beside a forecast; nothing is kept.

    Raises:
        InputError: the file cannot be used.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / (re.sub(r"[^\w.\- ]", "_", name).lstrip(".") or "upload")
        file.write_bytes(content)
        found = preview_file(
            workspace.settings, file, source, REGISTRY_TARGETS, MOST_ROWS
        )
    broken = pl.col("problem").is_not_null()
    refused = found.rows.filter(broken).select("line", "problem")
    good = found.rows.filter(~broken).unique(
        ["subject", "period"], keep="last", maintain_order=True
    )
    said = REGISTRY_TARGETS[KIND].table(good.lazy(), source).collect()
    from_here = said.with_columns(source=pl.lit(source), imported=pl.lit(0))
    return Offered(found.read, said, refused, _beside(workspace, run, from_here))


def waiting(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """What others said in imports since a forecast began (`OutsideApplied`).

    Beside what that forecast expects; the next one reckons with them.
    """
    imports = {record.id: record.at for record in workspace.ledger.imports()}
    known = sum(imports[owner] <= run.at for owner in workspace.holders(KIND))
    rows = outside_forecasts(workspace).filter(pl.col("imported") >= known)
    if rows.is_empty():
        return OutsideApplied.create_empty()
    return _beside(workspace, run, rows)


def _beside(workspace: Workspace, run: RunRecord, said: pl.DataFrame) -> pl.DataFrame:
    """What a forecast without notes and without others expects of the same periods."""
    causes = stored(workspace, run, "causes", Causes.create_empty())
    others = causes.filter(pl.col("cause") == OUTSIDE).select(
        pl.lit(0, pl.Int64).alias("note"), "series", "start", "count"
    )
    added = pl.concat([added_by_notes(causes), others]).collect()
    own = without_notes(workspace.table(run, "forecast").collect(), added)
    as_stored = own.with_columns(pl.col("mean").alias(name) for name in QUANTILE_NAMES)
    return apply_outside(
        as_stored,
        workspace.table(run, "demand").collect(),
        said,
        catalogue(workspace),
        load_tuning(workspace.settings.config).outside,
    ).said
