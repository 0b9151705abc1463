"""Batches as they are stored: who made and approved them, and their counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import dataframely as dy
import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from forecasting.calendar import week_name
from forecasting.errors import MissingStepError
from forecasting.records import (
    BatchCountRecord,
    BatchFateRecord,
    BatchRecord,
    BatchStepRecord,
)
from forecasting.registry_tables import ARMS
from forecasting.workspace import Workspace
from staffing.reminders.batches.tables import (
    BatchArms,
    BatchCounts,
    BatchFates,
    strata,
)
from staffing.reminders.batches.terms import BatchTerms

MADE, APPROVED, EXPORTED, WITHDRAWN = "made", "approved", "exported", "withdrawn"
STATES = (MADE, APPROVED, EXPORTED, WITHDRAWN)
QUOTA, REFERENCES = "quota", "references"


@dataclass(frozen=True)
class BatchStep:
    """When a batch came so far, and by whom; whether a login stands behind the name.

    `reason` is why it was withdrawn.
    """

    at: datetime
    by: str
    verified: bool
    reason: str = ""

    @property
    def who(self) -> str:
        """The name, and that nothing proves it where nothing does."""
        return self.by if self.verified else f"{self.by} (unverified)"


@dataclass(frozen=True)
class Batch:
    """The letters of one mailing week, and how far they came.

    `letters` were approved. `content` is what was handed out, `quota` or `references`; None: nothing yet. `source`
    is the SHA-256 of the file of references, `terms` what it was approved with, unknown of
    the earliest. One that was `withdrawn` was not sent: nothing reckons with it.
    """

    name: str
    mailing_week: date
    run: str
    channel: str
    letters: int
    seed: int
    held_out: float
    content: str | None
    source: str | None
    terms: BatchTerms | None
    withdrawn: bool
    steps: Mapping[str, BatchStep]

    @property
    def state(self) -> str:
        """How far it came: the last of `STATES` that it reached."""
        return list(self.steps)[-1]

    @property
    def last(self) -> BatchStep:
        """The step that brought it there."""
        return self.steps[self.state]


def batches(workspace: Workspace) -> list[Batch]:
    """Every batch that was approved, withdrawn ones too, in order of mailing week."""
    order = (BatchRecord.mailing_week, BatchRecord.name)
    with workspace.ledger.snapshot() as session:
        records = session.scalars(select(BatchRecord).order_by(*order)).all()
        steps = session.scalars(select(BatchStepRecord)).all()
    return [_batch(record, steps) for record in records]


def standing_batches(workspace: Workspace) -> list[Batch]:
    """The batches that were not withdrawn: one of a week at most."""
    return [batch for batch in batches(workspace) if not batch.withdrawn]


def _batch(record: BatchRecord, steps: Sequence[BatchStepRecord]) -> Batch:
    return Batch(
        name=record.name,
        mailing_week=record.mailing_week,
        run=record.run,
        channel=record.channel,
        letters=record.letters,
        seed=record.seed,
        held_out=record.held_out,
        content=record.content,
        source=record.source,
        terms=_terms(record),
        withdrawn=record.withdrawn,
        steps={
            step.state: BatchStep(step.at, step.by, step.verified, step.reason)
            for step in sorted(steps, key=lambda step: STATES.index(step.state))
            if step.batch == record.name
        },
    )


def _terms(record: BatchRecord) -> BatchTerms | None:
    text = record.terms
    return None if text is None else BatchTerms.model_validate_json(text)


def batch_of(workspace: Workspace, week: date) -> Batch:
    """The batch of the week of a Monday that stands.

    Raises:
        MissingStepError: none was approved, or it was withdrawn.
    """
    for batch in standing_batches(workspace):
        if batch.mailing_week == week:
            return batch
    name = week_name(week)
    raise MissingStepError(
        f"Expected an approved batch of {name}, found none. "
        f"Let a second person approve it: piekwijzer reminders approve --week {name}."
    )


def counts_of(session: Session, name: str) -> dy.DataFrame[BatchCounts]:
    """The documents of a batch per cohort and arm."""
    of = BatchCountRecord
    columns = (of.service, of.expiry_week, of.age_band, of.district, of.arm, of.count)
    rows = session.execute(select(*columns).where(of.batch == name)).all()
    return BatchCounts.validate(_frame(rows, BatchCounts))


def fates_of(session: Session, name: str) -> dy.DataFrame[BatchFates]:
    """What became of the documents of a batch."""
    of = BatchFateRecord
    columns = (of.service, of.fate, of.reason, of.count)
    rows = session.execute(select(*columns).where(of.batch == name)).all()
    return BatchFates.validate(_frame(rows, BatchFates))


def batch_arms(workspace: Workspace) -> dy.DataFrame[BatchArms]:
    """Documents per batch, expiry week and arm: what a measured effect divides by.

    No rows where no batch was approved, and none of withdrawn ones, nor of second letters.
    """
    of = BatchCountRecord
    columns = (of.batch, of.service, of.expiry_week, of.arm)
    of_batch = (BatchRecord.channel, BatchRecord.mailing_week)
    query = (
        select(*columns, *of_batch, of.count)
        .join(BatchRecord, BatchRecord.name == of.batch)
        .where(~BatchRecord.withdrawn, of.arm.in_(ARMS))
    )
    with workspace.ledger.reading() as session:
        rows = session.execute(query).all()
    schema = BatchArms.create_empty().drop("stratum").schema
    frame = pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
    keys = [name for name in schema if name != "count"]
    sums = frame.group_by(keys).agg(pl.col("count").sum())
    arms = sums.with_columns(strata().alias("stratum"))
    return BatchArms.validate(
        arms.select(BatchArms.column_names()).sort(BatchArms.primary_key())
    )


def _frame(rows: Sequence[object], schema: type[dy.Schema]) -> pl.DataFrame:
    key = schema.primary_key()
    empty = schema.create_empty()
    frame = pl.DataFrame(
        [tuple(row) for row in rows],  # type: ignore[arg-type]
        schema=empty.schema,
        orient="row",
    )
    return frame.sort(key)
