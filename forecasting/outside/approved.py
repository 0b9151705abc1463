"""Letters of batches that were approved here: known to the forecast from that day on."""

import hashlib
from zoneinfo import ZoneInfo

import dataframely as dy
import polars as pl
from sqlalchemy import func, select

from forecasting.outside_tables import KnownLetters
from forecasting.records import BatchCountRecord, BatchStepRecord
from forecasting.records.batches import BatchRecord
from forecasting.workspace import Workspace

ZONE = ZoneInfo("Europe/Amsterdam")
BATCHES = "batches-"
"""How the name of what approved batches say begins, among the inputs of a run."""


def approved_letters(workspace: Workspace) -> dy.DataFrame[KnownLetters]:
    """The letters of approved batches per cohort, decided on the day of approval.

    Second letters count as first ones do; withdrawn batches have none. The one place
    where a forecast reads batches: what is not told here moves nothing.
    """
    of = BatchCountRecord
    week, cell = BatchRecord.mailing_week, (of.expiry_week, of.age_band, of.district)
    keys, decided = (of.batch, of.service, week, *cell), BatchStepRecord.at
    query = (
        select(*keys, func.sum(of.count), BatchRecord.channel, decided)
        .join(BatchRecord, BatchRecord.name == of.batch)
        .join(BatchStepRecord, BatchStepRecord.batch == of.batch)
        .where(of.arm != "held out", BatchStepRecord.state == "approved")
        .where(~BatchRecord.withdrawn)
        .group_by(*keys, BatchRecord.channel, decided)
    )
    with workspace.ledger.reading() as session:
        found = session.execute(query).all()
    rows = [
        (*row, int(count), at.astimezone(ZONE).date(), channel)
        for *row, count, channel, at in found
    ]
    schema = KnownLetters.create_empty().schema
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return KnownLetters.validate(frame.sort(KnownLetters.primary_key()))


def letters_fingerprint(workspace: Workspace) -> list[str]:
    """What approved batches say, as an input of a run; nothing where none was approved."""
    letters = approved_letters(workspace)
    if letters.is_empty():
        return []
    digest = hashlib.sha256(letters.write_csv().encode()).hexdigest()
    return [f"{BATCHES}{digest[:12]}"]
