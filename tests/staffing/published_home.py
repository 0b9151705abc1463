"""A home whose roster was published twice, with people of awkward names."""

from pathlib import Path

import polars as pl

from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.publishing import publish_roster
from tests.empty_home import open_home
from tests.staffing.roster_weeks import CONFIG, WEEK, staff
from tests.staffing.stored_rosters import (
    IN_TIME,
    bring_staff,
    days_ahead,
    keep,
    solved,
    somebody,
    without,
)

FORMULA = "=HYPERLINK(1)"
LABELS = {
    "M001": FORMULA,
    "M002": "../../etc/O'Neill [x]: *?",
    "M003": "Zoë Ünlü-Özdemir van den Boogaard-Hoogenboom",
    "M004": "Zoë Ünlü-Özdemir van den Boogaard-van Dijk",
    "M005": "@Bram\tde & Co",
}


def published_home(folder: Path) -> Workspace:
    """Version 1 was published, then version 2 without a day of somebody."""
    workspace = open_home(Settings(home=folder, config=CONFIG, actor="planner"))
    label = pl.col("code").replace_strict(LABELS, default=pl.col("label"))
    bring_staff(workspace, staff({"gemeentehuis": 6}).with_columns(label=label))
    keep(workspace, solved())
    publish_roster(workspace, week=WEEK, now=IN_TIME)
    keep(workspace, without(*somebody()))
    publish_roster(workspace, week=WEEK, now=days_ahead(20), agreed=True)
    return workspace
