"""What history tells of renewals online, for the scenario without letters to these."""

from datetime import date, timedelta

import polars as pl

from forecasting.outside.subjects import subject_of
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.plan_basis import PlanBasis
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders.scenarios import Scenario, online, online_shares

LOOKED_AT = timedelta(weeks=52)
MONTHS = 12
RENEWED = ("renewals", "echo")
PARTS = (*RENEWED, "lost", "first")


def online_scenarios(workspace: Workspace, basis: PlanBasis) -> list[Scenario]:
    """Letters to all and to those alone who come to the counter, by the last 52 weeks.

    Timing that a forecast measured counts renewals online; what is assumed of timing
    tells of visits to the counter.
    """
    shares = online_shares(_applications(workspace, basis), _renewing(workspace, basis))
    assumed = {one.source for one in reminder_settings(workspace).response.timing}
    counting = {one.source for one in basis.inputs.response.timing} - assumed
    return online(basis.inputs, shares, counting)


def _applications(workspace: Workspace, basis: PlanBasis) -> pl.DataFrame:
    """`service, channel, count` of the last 52 weeks of history."""
    schema = {"service": pl.String, "channel": pl.String, "count": pl.Float64}
    stored = workspace.lake.scan("demand", basis.forecast.id)
    if stored is None:
        return pl.DataFrame(schema=schema)
    last = date.fromisoformat(str(basis.forecast.figures["history_last"]))
    recent = stored.filter(pl.col("start").cast(pl.Date) > last - LOOKED_AT)
    sums = recent.group_by("series").agg(pl.col("count").sum()).collect()
    counts = dict(sums.sort("series").iter_rows())
    catalogue = store.catalogue(workspace)
    rows = [
        (service, name.split("/")[3], float(counts[name]))
        for service in basis.inputs.expiries["service"].unique().sort()
        for name in subject_of(service, list(counts), catalogue).counted
        if name.count("/") == 3
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _renewing(workspace: Workspace, basis: PlanBasis) -> dict[str, float]:
    """Per service what part of the applications of the coming year renews a document."""
    stored = workspace.lake.scan("outlook", basis.forecast.id)
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
