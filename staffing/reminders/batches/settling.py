"""Settle once what a batch holds: quotas as approved, or references drawn from a file."""

from datetime import timedelta

import polars as pl
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forecasting.errors import InputError
from forecasting.workspace import Workspace
from staffing.reminders.batches.choosing import DIMENSIONS, Draw, choose
from staffing.reminders.batches.named import references_elsewhere
from staffing.reminders.batches.quotas import fates_of as fates_of_counts
from staffing.reminders.batches.quotas import without_few_held_out
from staffing.reminders.batches.referring import ReferenceFile
from staffing.reminders.batches.stored import (
    EXPORTED,
    QUOTA,
    REFERENCES,
    Batch,
    BatchStep,
    counts_of,
    fates_of,
)
from staffing.reminders.batches.storing import (
    add_step,
    put_counts,
    put_references,
    standing_record,
)
from staffing.reminders.batches.tables import HELD_OUT, SMALL
from staffing.reminders.batches.terms import BatchTerms


def settle(
    workspace: Workspace,
    batch: Batch,
    told: ReferenceFile | None,
    terms: BatchTerms,
    step: BatchStep,
) -> None:
    """Let a batch hold quotas, or the references drawn of a file, from this step on.

    The draw is made while no other writer is at work, so that of two planners who export
    at the same moment the second knows whom the first wrote to; the database refuses a
    reference in two batches whoever asks.

    Raises:
        InputError: somebody settled it otherwise or withdrew it meanwhile, or no document
            of the file belongs to the batch.
    """
    try:
        with workspace.ledger.writing() as session:
            record = standing_record(session, batch.name)
            if record.content is not None:
                return
            if told is None:
                record.content = QUOTA
                _settle_quota(session, batch.name, terms.small_cell)
            else:
                record.content, record.source = REFERENCES, told.sha256
                candidates = _suppressed(told.candidates, terms)
                draw = _draw_of(batch, terms)
                _settle_references(session, batch, candidates, draw)
            add_step(session, batch.name, EXPORTED, step)
    except IntegrityError:
        raise InputError(
            f"batch {batch.name}: expected references that are in no other batch for "
            "the same expiry, came one that is; nothing was changed",
            remedy="Export again: the draw leaves such references out.",
        ) from None


def refuse_other(batch: Batch, told: ReferenceFile | None) -> None:
    """Refuse references of another file than the batch was settled with.

    Raises:
        InputError: it was.
    """
    if told is not None and batch.source != told.sha256:
        what = "quotas" if batch.content == QUOTA else "references of another file"
        raise InputError(
            f"batch {batch.name} was handed out already with {what}; nothing was changed",
            remedy="Without --references it is written again as it was.",
        )


def _settle_quota(session: Session, name: str, small_cell: int) -> None:
    before, counts = fates_of(session, name), counts_of(session, name)
    kept = without_few_held_out(counts, small_cell)
    small = before.filter(pl.col("fate") == SMALL)
    put_counts(session, name, kept, pl.concat([fates_of_counts(kept), small]))


def _settle_references(
    session: Session, batch: Batch, candidates: pl.DataFrame, draw: Draw
) -> None:
    quotas = counts_of(session, batch.name)
    _refuse_half_told(candidates, quotas)
    choice = choose(
        candidates,
        quotas,
        references_elsewhere(session, batch.name),
        draw,
    )
    if choice.counts.filter(pl.col("arm") != HELD_OUT).is_empty():
        raise InputError(
            f"expected documents of the cohorts of batch {batch.name} that may get a "
            "letter, came none; nothing was changed",
            remedy="See that its services, weeks of expiry, age bands and districts are "
            "those of the stock.",
        )
    put_counts(session, batch.name, choice.counts, choice.fates)
    put_references(session, batch.name, choice.chosen)


def _refuse_half_told(candidates: pl.DataFrame, quotas: pl.DataFrame) -> None:
    """Documents whose age band or district is blank, where others tell it, have no cohort."""
    letters = quotas.filter(pl.col("arm") != HELD_OUT)
    for name in DIMENSIONS:
        blank, cohorts = candidates[name].null_count(), letters[name].unique()
        if 0 < blank < len(candidates) and "" not in cohorts:
            raise InputError(
                f"expected {name} in each row or in none, came {blank} rows without it "
                f"of {len(candidates)}; nothing was changed",
                remedy="Fill it in, or leave the column out: then its cohorts are one.",
            )


def _draw_of(batch: Batch, terms: BatchTerms) -> Draw:
    """The draw of a batch; only where the town allows it does anybody get two letters."""
    between = timedelta(weeks=terms.weeks_between_letters)
    since = batch.mailing_week - between
    twice = terms.letters_per_document > 1
    return Draw(batch.seed, batch.held_out, since if twice else None)


def _suppressed(candidates: pl.DataFrame, terms: BatchTerms) -> pl.DataFrame:
    """The candidates with the reasons that the town lets count."""
    if terms.skip_elsewhere:
        return candidates
    counts = pl.col("reason") != "elsewhere"
    return candidates.with_columns(pl.when(counts).then("reason").alias("reason"))
