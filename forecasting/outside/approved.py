"""Letters of batches that were approved here: known to the forecast from that day on."""

import hashlib
from zoneinfo import ZoneInfo

import dataframely as dy
import polars as pl
from sqlalchemy import func, select

from forecasting.outside_tables import PlannedLetters
from forecasting.records import BatchCountRecord, BatchStepRecord
from forecasting.records.batches import BatchRecord
from forecasting.workspace import Workspace

ZONE = ZoneInfo("Europe/Amsterdam")


def approved_letters(workspace: Workspace) -> dy.DataFrame[PlannedLetters]:
    """The letters of approved batches per cohort, decided on the day of approval.

    Second letters count as first ones do; withdrawn batches have none.
    """
    of = BatchCountRecord
    week, cell = BatchRecord.mailing_week, (of.expiry_week, of.age_band, of.district)
    keys = (of.batch, of.service, week, *cell)
    query = (
        select(*keys, func.sum(of.count), BatchStepRecord.at)
        .join(BatchRecord, BatchRecord.name == of.batch)
        .join(BatchStepRecord, BatchStepRecord.batch == of.batch)
        .where(of.arm != "held out", BatchStepRecord.state == "approved")
        .where(~BatchRecord.withdrawn)
        .group_by(*keys, BatchStepRecord.at)
    )
    with workspace.ledger.reading() as session:
        found = session.execute(query).all()
    rows = [(*row[:-2], int(row[-2]), row[-1].astimezone(ZONE).date()) for row in found]
    schema = PlannedLetters.create_empty().schema
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return PlannedLetters.validate(frame.sort(PlannedLetters.primary_key()))


def letters_fingerprint(workspace: Workspace) -> list[str]:
    """What approved batches say, as an input of a run; nothing where none was approved."""
    letters = approved_letters(workspace)
    if letters.is_empty():
        return []
    digest = hashlib.sha256(letters.write_csv().encode()).hexdigest()
    return [f"batches-{digest[:12]}"]
