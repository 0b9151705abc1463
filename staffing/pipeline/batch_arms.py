"""The arms of stored batches: who got a letter, and who was held out."""

from collections.abc import Callable

import polars as pl

from forecasting.errors import MissingStepError
from forecasting.workspace import Workspace
from staffing.reminders.effect_tables import BatchReferences
from staffing.reminders.outcomes import checked_arms

ARMS, REFERENCES = "batch_arms", "batch_references"


def batch_arms(workspace: Workspace) -> tuple[pl.DataFrame, list[str]]:
    """The arms of all batches, typed `BatchArms`, and the runs that stored them.

    Raises:
        MissingStepError: no batch was stored yet.
    """
    frame, runs = _newest(workspace, ARMS)
    if frame is None:
        raise MissingStepError(
            "Expected stored batches with a hold-out, found none. "
            "Approve a week of the mailing plan first: piekwijzer reminders approve."
        )
    return checked_arms(frame), runs


def batch_references(workspace: Workspace) -> pl.DataFrame:
    """What the references of batches stand for, typed `BatchReferences`."""
    frame, _ = _newest(workspace, REFERENCES)
    return (
        BatchReferences.create_empty()
        if frame is None
        else BatchReferences.validate(frame)
    )


def _newest(
    workspace: Workspace, dataset: str
) -> tuple[pl.DataFrame | None, list[str]]:
    """The rows of each batch as the newest run stored them."""
    scan: Callable[[str, str], pl.LazyFrame | None] = workspace.lake.scan
    found = [(run, scan(dataset, run.id)) for run in workspace.ledger.runs()]
    held = [(run, frame) for run, frame in found if frame is not None]
    if not held:
        return None, []
    dated = [frame.collect().with_columns(stored=pl.lit(run.at)) for run, frame in held]
    whole = pl.concat(dated).filter(
        pl.col("stored") == pl.col("stored").max().over("batch")
    )
    return whole.drop("stored"), [run.id for run, _ in held]
