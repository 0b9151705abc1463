"""Opening hours and closures as imported, and the calendar that they and policy make."""

import dataframely as dy
import polars as pl

from forecasting.calendar import Calendar, Hours, Period
from forecasting.policy import load_policy
from forecasting.workspace import Workspace


class Opening(dy.Schema):
    """A span in which skills are open at a location on some weekdays.

    `skills` and `weekdays` are words parted by spaces, such as `phone back_office` and
    `mon tue wed`. `from_time` and `to_time` are on the town's clock, in whole
    quarter-hours; two rows of one day are two spans. The span holds from `first` to
    `last`, both included; without them always.
    """

    location = dy.String(nullable=False, min_length=1)
    skills = dy.String(nullable=False, min_length=1)
    weekdays = dy.String(nullable=False, min_length=3)
    from_time = dy.Time(nullable=False)
    to_time = dy.Time(nullable=False)
    first = dy.Date(nullable=True)
    last = dy.Date(nullable=True)

    @dy.rule()
    def closes_after_it_opens(cls) -> pl.Expr:
        """A span has a length."""
        return pl.col("to_time") > pl.col("from_time")


class Closures(dy.Schema):
    """Days on which a location, or all of them, is closed, both ends included."""

    location = dy.String(nullable=True, min_length=1)
    first = dy.Date(nullable=False)
    last = dy.Date(nullable=False)
    name = dy.String(nullable=False, min_length=1)

    @dy.rule()
    def ends_after_it_begins(cls) -> pl.Expr:
        """A closure lasts at least a day."""
        return pl.col("last") >= pl.col("first")


OPENING_TABLES = ("opening", "closures")


def load_calendar(workspace: Workspace) -> Calendar:
    """The calendar of the policy with what was imported.

    Imported hours of a location and skill stand in for those of the policy while they
    hold; imported closures come on top.

    Raises:
        PolicyError: the policy breaks a rule.
    """
    policy = load_policy(workspace.settings.config / "calendar.toml", Calendar)
    hours = tuple(_hours(row) for row in opening(workspace).iter_rows(named=True))
    closed = tuple(_period(row) for row in closures(workspace).iter_rows(named=True))
    return policy.model_copy(
        update={"imported_hours": hours, "closures": policy.closures + closed}
    )


def opening(workspace: Workspace) -> pl.DataFrame:
    """Opening hours as imported, typed `Opening`; empty when none were."""
    if not workspace.has_imported("opening"):
        return Opening.create_empty()
    return Opening.validate(workspace.imported("opening").collect())


def closures(workspace: Workspace) -> pl.DataFrame:
    """Closures as imported, typed `Closures`; empty when none were."""
    if not workspace.has_imported("closures"):
        return Closures.create_empty()
    return Closures.validate(workspace.imported("closures").collect())


def _hours(row: dict[str, object]) -> Hours:
    span = (row["from_time"], row["to_time"])
    return Hours.model_validate(
        {
            "location": row["location"],
            "skills": str(row["skills"]).split(),
            "first": row["first"],
            "last": row["last"],
            **dict.fromkeys(str(row["weekdays"]).split(), span),
        }
    )


def _period(row: dict[str, object]) -> Period:
    return Period.model_validate({**row, "source": "imported"})
