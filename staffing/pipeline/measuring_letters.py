"""The step `effect`: from stored batches and imported outcomes to what letters did."""

from datetime import datetime

import polars as pl

from forecasting.errors import MissingStepError
from forecasting.reactions.measured import with_measured
from forecasting.records import RunRecord
from forecasting.registry_tables import OutcomeReferences, Outcomes
from forecasting.workspace import Workspace
from staffing.pipeline.batch_arms import (
    batch_arms,
    batch_references,
    refuse_withdrawn,
)
from staffing.pipeline.response_inputs import (
    EFFECT,
    reminder_settings,
    response_before,
)
from staffing.reminders.effect import effects
from staffing.reminders.effect_learning import measure_response
from staffing.reminders.effect_tables import ALL_LEADS
from staffing.reminders.effect_telling import letters_did
from staffing.reminders.outcomes import outcomes_of, unknown_batches, watch

COUNTED, BY_REFERENCE = "outcomes", "outcome_references"


def run_effect(workspace: Workspace, *, now: datetime, seed: int = 0) -> RunRecord:
    """Compare who was mailed with who was held out, and store what letters did.

    Stores `letter_effects` (by week since mailing), `letters_did` (as a page says it)
    and `measured_response` (which the next plan and forecast read).

    Raises:
        MissingStepError: no batches or no outcomes are stored, or none that belong
            together.
        InputError: outcomes do not fit their batches, or are of a withdrawn one.
    """
    outcomes, imports = _outcomes(workspace)
    refuse_withdrawn(workspace, outcomes)
    arms, batches = batch_arms(workspace)
    watched = watch(arms, outcomes)
    if watched.is_empty():
        raise MissingStepError(
            "Expected outcomes of a batch with both arms, found none that belong to a "
            "stored batch. Export them by the product's names of batches and strata."
        )
    forecast = workspace.ledger.latest("forecast", {})
    inputs = [*batches, *imports, *([forecast.id] if forecast else [])]
    tables = _tables(workspace, watched, forecast, seed)
    figures = {
        "channels": _headlines(tables["letters_did"]),
        "unknown_batches": unknown_batches(arms, outcomes),
    }
    key = workspace.key(EFFECT, inputs, {}, seed)
    return workspace.store(key, tables, figures, now=now)


def _tables(
    workspace: Workspace,
    watched: pl.DataFrame,
    forecast: RunRecord | None,
    seed: int,
) -> dict[str, pl.DataFrame]:
    """The difference by week, what is learnt from it, and how a page says it."""
    settings = reminder_settings(workspace)
    policy, small_cell = settings.effect, settings.plan.small_cell
    before = response_before(workspace, forecast)
    curve = effects(watched, policy.lead_bounds, seed=seed)
    measured = measure_response(watched, before, policy.week)
    after = with_measured(before, measured)
    did = letters_did(watched, curve, after, policy, small_cell=small_cell)
    return {"letter_effects": curve, "letters_did": did, "measured_response": measured}


def letters_did_of(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """The table of a run as a page says it, typed `LettersDid`."""
    return workspace.table(run, "letters_did").collect()


def _outcomes(workspace: Workspace) -> tuple[pl.DataFrame, list[str]]:
    """Outcomes as the registry counted them; of other batches, as counted by reference."""
    counted = Outcomes.create_empty()
    if workspace.has_imported(COUNTED):
        names = Outcomes.column_names()
        counted = Outcomes.validate(_last(workspace.imported(COUNTED).select(names)))
    referred = Outcomes.create_empty()
    if workspace.has_imported(BY_REFERENCE):
        names = OutcomeReferences.column_names()
        requests = _last(workspace.imported(BY_REFERENCE).select(names))
        referred = outcomes_of(requests, batch_references(workspace))
    other = referred.join(counted.select("batch").unique(), on="batch", how="anti")
    whole = pl.concat([counted, other])
    if whole.is_empty():
        raise MissingStepError(
            "Expected imported outcomes of batches, found none. Import what the registry "
            "counted first: piekwijzer import FILE --source batch_outcomes."
        )
    holders = workspace.holders(COUNTED) + workspace.holders(BY_REFERENCE)
    return whole, holders


def _last(rows: pl.LazyFrame) -> pl.DataFrame:
    """Each row once, as it was told last."""
    frame = rows.collect()
    keys = [name for name in frame.columns if name != "count"]
    return frame.unique(keys, keep="last", maintain_order=True)


def _headlines(did: pl.DataFrame) -> dict[str, dict[str, object]]:
    """Per channel, all leads together."""
    names = ("week", "difference", "low", "high", "shown", "weeks_needed", "batches")
    rows = did.filter(lead=ALL_LEADS).iter_rows(named=True)
    return {row["channel"]: {name: row[name] for name in names} for row in rows}
