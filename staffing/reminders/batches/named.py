"""The references that stand in batches; personal data, kept as long as a batch stands."""

import polars as pl
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from forecasting.records import BatchRecord, BatchReferenceRecord

SCHEMA = {
    "reference": pl.String,
    "service": pl.String,
    "expiry_week": pl.Date,
    "arm": pl.String,
    "mailing_week": pl.Date,
}


def references_of(session: Session, name: str) -> pl.DataFrame:
    """The references of a batch: `reference, service, expiry_week, arm`, in order."""
    return _references(session, BatchReferenceRecord.batch == name).drop("mailing_week")


def references_elsewhere(session: Session, name: str) -> pl.DataFrame:
    """The same of every other batch, with its `mailing_week`."""
    return _references(session, BatchReferenceRecord.batch != name)


def _references(session: Session, which: ColumnElement[bool]) -> pl.DataFrame:
    of, week = BatchReferenceRecord, BatchRecord.mailing_week
    query = (
        select(of.reference, of.service, of.expiry_week, of.arm, week)
        .join(BatchRecord, BatchRecord.name == of.batch)
        .where(which)
    )
    rows = [tuple(row) for row in session.execute(query)]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return frame.sort("service", "expiry_week", "reference")
