"""What a mailing plan is made from, as a workspace holds it."""

from dataclasses import dataclass

import polars as pl

from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from forecasting.tables import Expiries
from forecasting.workspace import Workspace
from staffing.pipeline.already_mailed import after_batches, without_batches
from staffing.pipeline.counter_load import counter_load, forecast_of
from staffing.pipeline.response_inputs import reminder_settings, response_known
from staffing.reminders.scenarios import PlanInputs


@dataclass(frozen=True)
class PlanBasis:
    """The inputs of a plan, and where they come from.

    `known` is the newest stock, `due` what of it expires when the plan begins or later;
    `runs` are the runs and imports that the plan rests on, `sources` whether response
    is measured or assumed.
    """

    inputs: PlanInputs
    known: pl.DataFrame
    due: pl.DataFrame
    requirement: RunRecord
    forecast: RunRecord
    runs: list[str]
    capacity_known: bool
    sources: dict[str, dict[str, str]]


def plan_basis(workspace: Workspace, *, weeks: int, seed: int) -> PlanBasis:
    """All that a plan of the first full weeks after the history reads.

    Raises:
        MissingStepError: no stock of expiries, no requirement or no counter load.
    """
    known, owners = _stock(workspace)
    requirement = workspace.latest("requirement")
    load = counter_load(
        workspace, requirement, known.item(0, "as_of"), weeks=weeks, seed=seed
    )
    due = known.filter(pl.col("expiry_week") >= load.hours.item(0, "week"))
    coming, mailed = without_batches(workspace, due)
    forecast = forecast_of(workspace, requirement)
    response = response_known(workspace, forecast)
    policy = after_batches(workspace, reminder_settings(workspace).plan)
    return PlanBasis(
        PlanInputs(coming, load.hours, load.capacity, response.response, policy, seed),
        known,
        due,
        requirement,
        forecast,
        [requirement.id, *owners, *response.runs, *mailed],
        load.capacity_known,
        response.sources(),
    )


def _stock(workspace: Workspace) -> tuple[pl.DataFrame, list[str]]:
    """Outstanding documents on the newest `as_of`, and the imports they come from."""
    if not workspace.has_imported("expiries"):
        raise MissingStepError(
            "Expected imported expiries (documents by week of expiry), found none. "
            "Import the registry's selection first: piekwijzer import FILE --source NAME."
        )
    outstanding = workspace.imported("expiries").filter(
        pl.col("basis") == "outstanding"
    )
    newest = outstanding.select(pl.col("as_of").max()).collect().item()
    if newest is None:
        raise MissingStepError(
            "Expected imported expiries with basis 'outstanding', found none. "
            "Export documents not yet renewed by week of expiry, and import that file."
        )
    rows = outstanding.filter(pl.col("as_of") == newest).select(Expiries.column_names())
    frame = rows.collect().unique(
        Expiries.primary_key(), keep="last", maintain_order=True
    )
    return frame, workspace.holders("expiries")
