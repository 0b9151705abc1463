"""What earlier steps stored, read as this room's typed tables."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from forecasting import opening
from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.errors import MissingStepError
from forecasting.policy import load_policy
from forecasting.records import KeptStandardRecord, RunRecord
from forecasting.workspace import Workspace
from staffing.rules import LabourRules, RosterPolicy
from staffing.staff_tables import (
    Absence,
    Availability,
    Limits,
    People,
    ProtectedTime,
    PublishedShifts,
    Wishes,
    completed,
)
from staffing.standards import Standards
from staffing.supply.sites import Sites

SUPPLY_TABLES = (
    "people",
    "absence",
    "availability",
    *opening.OPENING_TABLES,
    "limits",
    "wishes",
    "protected_time",
)
"""What was imported of the supply side; every run on it has these among its inputs."""


def calendar(workspace: Workspace) -> Calendar:
    """The town's calendar: policy, and hours and closures as imported."""
    return opening.load_calendar(workspace)


def catalogue(workspace: Workspace) -> Catalogue:
    """The catalogue of services."""
    return load_policy(workspace.settings.config / "catalogue.toml", Catalogue)


def standards(workspace: Workspace) -> Standards:
    """Service standards per skill: those of the settings, or kept in their place."""
    policy = standards_of_settings(workspace)
    return with_kept(policy, workspace.ledger.kept_standards())


def standards_of_settings(workspace: Workspace) -> Standards:
    """Service standards per skill as `standards.toml` has them."""
    return load_policy(workspace.settings.config / "standards.toml", Standards)


def with_kept(policy: Standards, kept: Sequence[KeptStandardRecord]) -> Standards:
    """Standards with the share and the time that somebody keeps for some skills."""
    skills = dict(policy.skill)
    for one in kept:
        if one.skill in skills:
            told = {"target": one.target, "threshold_s": one.threshold_s}
            source = f"kept by {one.by} on {one.at:%Y-%m-%d}: {one.reason}"
            own = skills[one.skill].model_copy(update={**told, "source": source})
            skills[one.skill] = own
    return policy.model_copy(update={"skill": skills})


def labour_rules(workspace: Workspace) -> LabourRules:
    """Labour rules."""
    return load_policy(workspace.settings.config / "labour.toml", LabourRules)


def roster_policy(workspace: Workspace) -> RosterPolicy:
    """Shift templates and prices."""
    return load_policy(workspace.settings.config / "roster.toml", RosterPolicy)


def sites(workspace: Workspace) -> Sites:
    """Who must be there at least, and what holds between locations; none told: nothing."""
    file = workspace.settings.config / "sites.toml"
    return load_policy(file, Sites) if file.exists() else Sites()


def supply_imports(workspace: Workspace) -> list[str]:
    """The imports that hold people, their availability, opening hours or limits."""
    held = [workspace.holders(table) for table in SUPPLY_TABLES]
    return sorted(set().union(*held))


def people(workspace: Workspace) -> pl.DataFrame:
    """The staff as last imported, typed `People`; whoever came twice, as last told.

    Raises:
        MissingStepError: no staff was imported.
    """
    at = {record.id: record.at for record in workspace.ledger.imports()}
    parts = workspace.ledger.parts("people")
    told = workspace.lake.scan_parts(sorted(parts, key=lambda p: at[p.import_id]))
    found = workspace.imported("people") if told is None else told
    frame = completed(People, found.collect())
    frame = frame.unique("code", keep="last", maintain_order=True)
    return People.validate(frame.select(People.column_names()))


def availability(workspace: Workspace) -> pl.DataFrame:
    """Leave and extra days as imported, of days and parts of days, typed `Availability`."""
    whole = absence(workspace).with_columns(pl.lit("absent").alias("kind"))
    parts = [completed(Availability, whole).select(Availability.column_names())]
    if workspace.has_imported("availability"):
        parts.append(workspace.imported("availability").collect())
    frame = pl.concat(parts).unique(maintain_order=True)
    return Availability.validate(frame.sort("code", "first", "kind", "from_time"))


def absence(workspace: Workspace) -> pl.DataFrame:
    """Days of absence as imported, typed `Absence`; empty when none were."""
    if not workspace.has_imported("absence"):
        return Absence.create_empty()
    frame = workspace.imported("absence").select(Absence.column_names()).unique()
    return Absence.validate(frame.sort("code", "first").collect())


def limits(workspace: Workspace) -> pl.DataFrame:
    """Desks and other limits as imported, typed `Limits`; empty when none were."""
    if not workspace.has_imported("limits"):
        return Limits.create_empty()
    frame = workspace.imported("limits").unique(maintain_order=True)
    return Limits.validate(frame.collect())


def wishes(workspace: Workspace) -> pl.DataFrame:
    """Wishes as imported, typed `Wishes`; empty when none were."""
    if not workspace.has_imported("wishes"):
        return Wishes.create_empty()
    frame = workspace.imported("wishes").unique(maintain_order=True)
    return Wishes.validate(frame.collect())


def protected_time(workspace: Workspace) -> pl.DataFrame:
    """Protected time as imported, typed `ProtectedTime`; empty when none was."""
    if not workspace.has_imported("protected_time"):
        return ProtectedTime.create_empty()
    frame = workspace.imported("protected_time").unique(maintain_order=True)
    return ProtectedTime.validate(frame.collect())


def published_shifts(
    workspace: Workspace, *, before: date | None = None, weeks: int = 16
) -> pl.DataFrame:
    """Shifts of rosters published elsewhere, typed `PublishedShifts`, in order of time.

    With `before`, a Monday, those that began in the `weeks` weeks ahead of it: what rules
    on rest and on hours over 4 and 16 weeks look back on.
    """
    if not workspace.has_imported("published_shifts"):
        return PublishedShifts.create_empty()
    frame = workspace.imported("published_shifts").unique(
        PublishedShifts.primary_key(), keep="last", maintain_order=True
    )
    if before is not None:
        zone = calendar(workspace).zone
        day = pl.col("start").dt.convert_time_zone(zone).dt.date()
        frame = frame.filter(day < before, day >= before - timedelta(weeks=weeks))
    return PublishedShifts.validate(frame.sort("start", "person").collect())


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
