"""A home folder with the steps that come before a roster, for the invented village."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from forecasting.records import ImportRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.adopting import adopt
from tests.empty_home import open_home
from tests.staffing.roster_weeks import CONFIG, VILLAGE, requirement, staff

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def village_home(folder: Path, people: pl.DataFrame | None = None) -> Workspace:
    """Requirement, forecast and people of the village in a fresh home."""
    workspace = open_home(Settings(home=folder, config=CONFIG))
    team = staff({"gemeentehuis": 6}) if people is None else people
    record = ImportRecord(
        id="people-1",
        source="people",
        kind="people",
        file="team.xlsx",
        sha256="0" * 64,
        rows_imported=team.height,
        rows_rejected=0,
        at=NOW,
    )
    adopt(workspace, record, {"people": team}, now=NOW)
    forecast = workspace.key("forecast", [], {}, 0)
    workspace.store(forecast, {}, {"history_last": "2026-12-14"}, now=NOW)
    key = workspace.key("requirement", [forecast.id], {}, 0)
    table = {"requirement": requirement(VILLAGE)}
    workspace.store(key, table, {}, now=NOW)
    return workspace
