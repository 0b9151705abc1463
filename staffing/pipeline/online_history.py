"""What history tells of renewals online, which ask nothing of the counter but collection."""

from collections.abc import Collection
from datetime import date, timedelta

import polars as pl

from forecasting.outside.subjects import subject_of
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders.online import online_shares
from staffing.reminders.response import Response

LOOKED_AT = timedelta(weeks=52)
MONTHS = 12
RENEWED = ("renewals", "echo")
PARTS = (*RENEWED, "lost", "first")


def shares_online(
    workspace: Workspace, forecast: RunRecord, services: Collection[str]
) -> dict[str, float]:
    """Per service what part of the renewals of the last 52 weeks was made online."""
    applications = _applications(workspace, forecast, services)
    return online_shares(applications, _renewing(workspace, forecast))


def timing_with_online(workspace: Workspace, response: Response) -> set[str]:
    """Sources of timing that count renewals online: those that a forecast measured.

    What is assumed of timing tells of visits to the counter.
    """
    assumed = {one.source for one in reminder_settings(workspace).response.timing}
    return {one.source for one in response.timing} - assumed


def _applications(
    workspace: Workspace, forecast: RunRecord, services: Collection[str]
) -> pl.DataFrame:
    """`service, channel, count` of the last 52 weeks of history."""
    schema = {"service": pl.String, "channel": pl.String, "count": pl.Float64}
    stored = workspace.lake.scan("demand", forecast.id)
    if stored is None:
        return pl.DataFrame(schema=schema)
    last = date.fromisoformat(str(forecast.figures["history_last"]))
    recent = stored.filter(pl.col("start").cast(pl.Date) > last - LOOKED_AT)
    sums = recent.group_by("series").agg(pl.col("count").sum()).collect()
    counts = dict(sums.sort("series").iter_rows())
    catalogue = store.catalogue(workspace)
    rows = [
        (service, name.split("/")[3], float(counts[name]))
        for service in sorted(services)
        for name in subject_of(service, list(counts), catalogue).counted
        if name.count("/") == 3
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _renewing(workspace: Workspace, forecast: RunRecord) -> dict[str, float]:
    """Per service what part of the applications of the coming year renews a document."""
    stored = workspace.lake.scan("outlook", forecast.id)
    if stored is None:
        return {}
    year = stored.sort("start").group_by("series").head(MONTHS)
    of_each = year.group_by("series").agg(
        renewed=pl.sum_horizontal(RENEWED).sum(), every=pl.sum_horizontal(PARTS).sum()
    )
    return {
        service: renewed / every
        for service, renewed, every in of_each.collect().iter_rows()
        if renewed > 0
    }
