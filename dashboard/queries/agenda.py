"""The opened agenda as stored: days of a product, people of a location, broken promises."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard.queries import chain
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.agenda.by_product import by_product

PRODUCT = ["location", "service", "step"]


@dataclass(frozen=True)
class Unkept:
    """A promise that cannot be kept: of what, since when, because of what."""

    location: str
    service: str
    step: str
    limit: str
    since: str
    days: int
    wait_q80: int | None
    short: int


def products(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """The products of an agenda with their skill, most places first."""
    days = workspace.table(run, "agenda_days")
    sums = days.group_by(*PRODUCT, "skill").agg(pl.col("places").sum())
    order = ["location", "places", "service"]
    return sums.sort(order, descending=[False, True, False]).collect()


def days(
    workspace: Workspace, run: RunRecord, location: str, service: str, step: str
) -> pl.DataFrame:
    """The days of one product, in order."""
    here = workspace.table(run, "agenda_days").filter(
        pl.col("location") == location,
        pl.col("service") == service,
        pl.col("step") == step,
    )
    return here.sort("day").collect()


def staff(
    workspace: Workspace, run: RunRecord, location: str, skill: str
) -> pl.DataFrame:
    """Per open day the people that walk-ins and places ask for, beside those at hand."""
    here = workspace.table(run, "agenda_staff").filter(
        pl.col("location") == location, pl.col("skill") == skill
    )
    return here.sort("day").collect()


def told(
    workspace: Workspace, run: RunRecord, location: str, service: str, step: str
) -> dict[str, Any]:
    """The row of a product as `piekwijzer agenda --json` tells it."""
    days, people = (
        workspace.table(run, name).collect() for name in ("agenda_days", "agenda_staff")
    )
    rows = by_product(days, people, chain.figure(run, "weeks") or 1)
    own = rows.filter(location=location, service=service, step=step)
    return own.row(0, named=True)


def unkept(run: RunRecord, location: str) -> list[Unkept]:
    """The promises of a location that the limits do not allow."""
    return [one for one in every_unkept(run) if one.location == location]


def every_unkept(run: RunRecord) -> list[Unkept]:
    """The promises of all locations that the limits do not allow."""
    names = Unkept.__dataclass_fields__
    return [Unkept(**{name: row[name] for name in names}) for row in _unkept(run)]


def unkept_count(run: RunRecord) -> int:
    """Products of all locations whose promise cannot be kept on every day."""
    return len(_unkept(run))


def _unkept(run: RunRecord) -> list[dict[str, Any]]:
    rows = run.figures.get("unkept")
    return rows if isinstance(rows, list) else []
