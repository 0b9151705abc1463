"""The references that stand in batches; personal data, kept as long as a batch stands."""

import polars as pl
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from forecasting.records import BatchReferenceRecord


def references_of(session: Session, name: str) -> pl.DataFrame:
    """The references of a batch: `reference, service, expiry_week, arm`, in order."""
    of = BatchReferenceRecord
    return _references(session, of.batch == name)


def references_elsewhere(session: Session, name: str) -> pl.DataFrame:
    """The same, of every other batch."""
    of = BatchReferenceRecord
    return _references(session, of.batch != name)


def _references(session: Session, which: ColumnElement[bool]) -> pl.DataFrame:
    of = BatchReferenceRecord
    query = select(of.reference, of.service, of.expiry_week, of.arm).where(which)
    schema = {
        "reference": pl.String,
        "service": pl.String,
        "expiry_week": pl.Date,
        "arm": pl.String,
    }
    rows = [tuple(row) for row in session.execute(query)]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort("service", "expiry_week", "reference")
