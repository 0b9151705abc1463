"""The arms of stored batches: who got a letter, and who was held out."""

import hashlib

import polars as pl
from sqlalchemy import select

from forecasting.errors import InputError, MissingStepError
from forecasting.records import BatchReferenceRecord
from forecasting.registry_tables import ARMS
from forecasting.workspace import Workspace
from staffing.reminders.batches import stored
from staffing.reminders.batches.tables import strata
from staffing.reminders.effect_tables import BatchReferences
from staffing.reminders.outcomes import checked_arms


def batch_arms(workspace: Workspace) -> tuple[pl.DataFrame, list[str]]:
    """The arms of all batches that stand, typed `BatchArms`, and a fingerprint of them.

    Raises:
        MissingStepError: no batch was approved yet.
    """
    frame = stored.batch_arms(workspace)
    if frame.is_empty():
        raise MissingStepError(
            "Expected stored batches with a hold-out, found none. "
            "Approve a week of the mailing plan first: piekwijzer reminders approve."
        )
    text = frame.write_csv().encode()
    return checked_arms(frame), [f"arms-{hashlib.sha256(text).hexdigest()[:12]}"]


def refuse_withdrawn(workspace: Workspace, outcomes: pl.DataFrame) -> None:
    """Refuse outcomes (typed `Outcomes`) of a batch that was withdrawn: it was not sent.

    Raises:
        InputError: there are some; the batch is named, and who withdrew it.
    """
    told = set(outcomes["batch"])
    for batch in stored.batches(workspace):
        if batch.withdrawn and batch.name in told:
            step = batch.steps[stored.WITHDRAWN]
            raise InputError(
                f"batch {batch.name}: expected no outcomes, it was withdrawn on "
                f"{step.at:%Y-%m-%d} by {step.who}; came some",
                remedy="Import the outcomes without it: piekwijzer import --replace.",
            )


def batch_references(workspace: Workspace) -> pl.DataFrame:
    """What the references of batches stand for, typed `BatchReferences`.

    A second letter is no arm of a comparison: the document stays in that of its first.
    """
    of = BatchReferenceRecord
    columns = (of.reference, of.service, of.expiry_week, of.batch, of.arm)
    query = select(*columns).where(of.arm.in_(ARMS))
    schema = {
        "reference": pl.String,
        "service": pl.String,
        "expiry_week": pl.Date,
        "batch": pl.String,
        "arm": pl.String,
    }
    with workspace.ledger.reading() as session:
        rows = [tuple(row) for row in session.execute(query)]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    named = frame.with_columns(strata().alias("stratum"))
    return BatchReferences.validate(named.select(BatchReferences.column_names()))
