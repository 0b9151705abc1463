"""Hand out an approved batch: settle once what it holds, then write its files."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from forecasting.errors import InputError, OvertakenError, StoreError
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.approving import refuse_past
from staffing.pipeline.response_inputs import reminder_settings
from staffing.pipeline.second_person import person
from staffing.pipeline.telling_batch import counts_told, services_named
from staffing.publish.batch_files import (
    BatchFormat,
    places_of,
    remove_handout,
    write_handout,
)
from staffing.publish.batch_rows import Handout
from staffing.publish.folders import refuse_unwritable
from staffing.reminders.batches.named import references_of
from staffing.reminders.batches.referring import read_references
from staffing.reminders.batches.settling import refuse_other, settle
from staffing.reminders.batches.shown import Shown
from staffing.reminders.batches.stored import (
    EXPORTED,
    QUOTA,
    REFERENCES,
    Batch,
    BatchStep,
    batch_of,
    batches,
    counts_of,
    fates_of,
    standing_batches,
)
from staffing.reminders.batches.storing import standing_record, tell
from staffing.reminders.batches.terms import BatchTerms, terms_of


@dataclass(frozen=True)
class Handed:
    """A batch that was handed out: its counts as they may be told, and its files."""

    batch: Batch
    shown: Shown
    files: list[Path]


def export_batch(
    workspace: Workspace,
    *,
    week: date,
    now: datetime,
    out: Path,
    format: BatchFormat = "csv",
    references: Path | None = None,
    by: str | None = None,
    verified: bool = False,
    name: str | None = None,
) -> Handed:
    """Write the batch of the week of a Monday into a folder, with its manifest.

    The first export settles what the batch holds: quotas for a registry that draws by
    itself, or the references drawn here from a file. Later ones write the same bytes.
    `by` is who hands it out, the actor of the settings unless said otherwise; `verified`
    tells whether a login stands behind that name, which is then what the login gave.
    `name` is that of the batch that was looked at; any other of the week is refused.

    Raises:
        MissingStepError: no batch of that week was approved.
        OvertakenError: the week has another batch than the one that was looked at.
        InputError: the file of references breaks a rule (told by line), other content
            was handed out before, a file would leave the folder, the folder takes none, the
            mailing week is past at the first export, the batch was withdrawn meanwhile,
            or nobody is logged in where people log in.
        StoreError: references of the batch were forgotten.
    """
    step = BatchStep(now, person(workspace, by, verified=verified), verified)
    batch = batch_of(workspace, week)
    if name is not None and batch.name != name:
        raise OvertakenError(f"batch {name}", by=batch.last.by, at=batch.last.at)
    names = services_named(workspace)
    told = None if references is None else read_references(references, names)
    places = places_of(batch, out, format)
    refuse_unwritable(out)
    if batch.content is None:
        refuse_past(workspace, week, now)
        settle(workspace, batch, told, _terms(workspace, batch), step)
        batch = batch_of(workspace, week)
    refuse_other(batch, told)
    handout = _handout(workspace, batch)
    _tell_export(workspace, batch, format, step)
    files = write_handout(handout, places, format)
    if all(one.name != batch.name for one in standing_batches(workspace)):
        remove_handout(batch.name, out)
        raise InputError(f"batch {batch.name} was withdrawn meanwhile; no file is left")
    return Handed(batch, handout.shown, files)


def _tell_export(
    workspace: Workspace, batch: Batch, format: BatchFormat, step: BatchStep
) -> None:
    """Add to the audit trail that the files of a batch leave, before the first one does.

    Raises:
        InputError: somebody withdrew it.
    """
    detail = f"{batch.content} as {format}"
    with workspace.ledger.writing() as session:
        standing_record(session, batch.name)
        tell(workspace, session, batch.name, EXPORTED, step, now=step.at, detail=detail)


def known_batches(workspace: Workspace) -> list[tuple[Batch, Shown]]:
    """Every batch that was approved, with its counts as they may be told."""
    return [(batch, told_of(workspace, batch)) for batch in batches(workspace)]


def not_sent(workspace: Workspace, batch: Batch) -> dict[str, int | None]:
    """Letters that the registry says it did not send, per coded reason, as imported.

    Few are None; no sum is told, so none follows.
    """
    if not workspace.has_imported("suppressions"):
        return {}
    rows = workspace.imported("suppressions").filter(pl.col("batch") == batch.name)
    few = _terms(workspace, batch).small_cell
    sums = rows.group_by("reason").agg(pl.col("count").sum()).sort("reason").collect()
    counts = pl.when(pl.col("count") >= few).then("count")
    return dict(sums.select("reason", counts.alias("count")).iter_rows())


def _terms(workspace: Workspace, batch: Batch) -> BatchTerms:
    """What a batch was approved with; of the earliest that is not known: as set today."""
    return batch.terms or terms_of(reminder_settings(workspace), batch.channel)


def told_of(workspace: Workspace, batch: Batch) -> Shown:
    """The counts of a batch as they may be told, with its quotas where it has these."""
    with workspace.ledger.snapshot() as session:
        fates = fates_of(session, batch.name)
        counts = counts_of(session, batch.name)
    few = _terms(workspace, batch).small_cell
    quotas = None if batch.content == REFERENCES else counts
    return counts_told(workspace, fates, quotas, few)


def _handout(workspace: Workspace, batch: Batch) -> Handout:
    with workspace.ledger.snapshot() as session:
        chosen = references_of(session, batch.name)
        counts = counts_of(session, batch.name)
    if batch.content == REFERENCES and chosen.height != counts["count"].sum():
        raise StoreError(
            f"Batch {batch.name}: expected its references as they were drawn, found them "
            "forgotten. Its counts are kept (piekwijzer reminders batches); what was "
            "handed out cannot be written again."
        )
    last = counts["expiry_week"].max()
    return Handout(
        batch=batch,
        terms=_terms(workspace, batch),
        shown=told_of(workspace, batch),
        references=None if batch.content == QUOTA else chosen,
        last_expiry=last if isinstance(last, date) else batch.mailing_week,
        upl={s.id: s.upl or "" for s in store.catalogue(workspace).service},
    )
