"""What the verifier and the explanation say of a stored version."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from dashboard.queries.people import about_people
from dashboard.queries.roster import staff
from forecasting.calendar import parse_week
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.publish.notice import LateChange, late_changes
from staffing.publish.versions import (
    Version,
    choose_version,
    published_version,
    read_version,
)
from staffing.roster.explaining.unreachable import unpreventable
from staffing.roster.instance import Instance
from staffing.roster.result import Roster, Shortfall
from staffing.roster.verifying import verify
from staffing.roster.violation import Violation


@dataclass(frozen=True)
class Explained:
    """A shortfall, and its person-quarters that nobody could have prevented."""

    shortfall: Shortfall
    unpreventable: int

    @property
    def kind(self) -> Literal["avoidable", "partly", "unavoidable"]:
        """Whether another roster could have served all, some or none of it."""
        if not self.unpreventable:
            return "avoidable"
        whole = self.unpreventable >= self.shortfall.quarters
        return "unavoidable" if whole else "partly"


@about_people
def shortfalls(workspace: Workspace, run: RunRecord, number: int) -> list[Explained]:
    """Every shortfall of the version of a number, largest first."""
    instance, roster = _stored(workspace, run, number)
    beyond = unpreventable(instance, roster)
    return [
        Explained(found, beyond.get((found.location, found.skill, found.start), 0))
        for found in roster.shortfalls
    ]


@about_people
def violations(workspace: Workspace, run: RunRecord, number: int) -> list[Violation]:
    """The verifier's word on a version as it is stored, hard rules first."""
    return verify(*_stored(workspace, run, number))


@about_people
def team(workspace: Workspace, run: RunRecord, number: int) -> pl.DataFrame:
    """Everybody who can be rostered: `code, location, label`, by label."""
    instance, _ = _stored(workspace, run, number)
    rows = [(p.code, p.location) for p in instance.people]
    schema = {"code": pl.String, "location": pl.String}
    everybody = pl.DataFrame(rows, schema=schema, orient="row")
    labels = staff(workspace).select("code", "label")
    named = everybody.join(labels, on="code", how="left")
    label = pl.col("label").fill_null(pl.col("code"))
    return named.with_columns(label).sort("label", "code")


def late(workspace: Workspace, version: Version, today: date) -> list[LateChange]:
    """Days that publishing a version today would tell people too late.

    Asked anew each time: it hangs on what is published now.
    """
    public = published_version(workspace, version.week)
    instance, roster = read_version(workspace, version)
    known = None if public is None else read_version(workspace, public)[1]
    return late_changes(instance.rules, known, roster, today)


def _stored(
    workspace: Workspace, run: RunRecord, number: int
) -> tuple[Instance, Roster]:
    week = parse_week(run.parameters["week"])
    return read_version(workspace, choose_version(workspace, week, number))
