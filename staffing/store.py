"""What earlier steps stored, read as this room's typed tables."""

from datetime import date, timedelta

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.errors import MissingStepError
from forecasting.policy import load_policy
from forecasting.runs import RunRecord
from forecasting.workspace import Workspace
from staffing.rules import LabourRules, RosterPolicy, Standards
from staffing.tables import Absence, People


def calendar(workspace: Workspace) -> Calendar:
    """The town's calendar."""
    return load_policy(workspace.settings.config / "calendar.toml", Calendar)


def catalogue(workspace: Workspace) -> Catalogue:
    """The catalogue of services."""
    return load_policy(workspace.settings.config / "catalogue.toml", Catalogue)


def standards(workspace: Workspace) -> Standards:
    """Service standards per skill."""
    return load_policy(workspace.settings.config / "standards.toml", Standards)


def labour_rules(workspace: Workspace) -> LabourRules:
    """Labour rules."""
    return load_policy(workspace.settings.config / "labour.toml", LabourRules)


def roster_policy(workspace: Workspace) -> RosterPolicy:
    """Shift templates and prices."""
    return load_policy(workspace.settings.config / "roster.toml", RosterPolicy)


def people(workspace: Workspace) -> pl.DataFrame:
    """The staff as last imported, typed `People`."""
    frame = workspace.imported("people").unique(
        "code", keep="last", maintain_order=True
    )
    return People.validate(frame.select(People.column_names()).collect())


def absence(workspace: Workspace) -> pl.DataFrame:
    """Absence as imported, typed `Absence`; empty when none was imported."""
    if not workspace.has_imported("absence"):
        return Absence.create_empty()
    frame = workspace.imported("absence").select(Absence.column_names()).unique()
    return Absence.validate(frame.sort("code", "first").collect())


def forecast_run(workspace: Workspace) -> RunRecord:
    """The newest forecast."""
    return workspace.latest("forecast")


def of_week(frame: pl.LazyFrame, week: date, zone: str) -> pl.DataFrame:
    """The rows of a slot table that fall in the local week of a Monday.

    Raises:
        MissingStepError: the table does not reach that week.
    """
    day = pl.col("start").dt.convert_time_zone(zone).dt.date()
    rows = frame.filter(day >= week, day < week + timedelta(days=7)).collect()
    if rows.is_empty():
        raise MissingStepError(
            f"Expected slots in the week of {week}, found none. "
            "Forecast again, or choose a week within the horizon (piekwijzer status)."
        )
    return rows
