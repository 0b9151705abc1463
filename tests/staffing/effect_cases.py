"""Small batches with outcomes, for the tests of what letters did."""

from datetime import date, datetime, timedelta

import polars as pl

from forecasting.records import BatchRecord
from forecasting.registry_tables import Outcomes
from forecasting.workspace import Workspace
from staffing.reminders.batches.storing import put_counts, put_references
from staffing.reminders.batches.tables import BatchArms

MAILED_ON = date(2027, 2, 1)
STRATUM = "passport 2027-Q2"


def arms(
    mailed: int = 900,
    held_out: int = 100,
    *,
    batch: str = "2027-W05",
    stratum: str = STRATUM,
    lead: int = 12,
    channel: str = "letter",
    mailing: date = MAILED_ON,
) -> pl.DataFrame:
    rows = [
        {
            "batch": batch,
            "service": "passport",
            "expiry_week": mailing + timedelta(weeks=lead),
            "stratum": stratum,
            "arm": arm,
            "channel": channel,
            "mailing_week": mailing,
            "count": count,
        }
        for arm, count in (("mailed", mailed), ("held out", held_out))
    ]
    return BatchArms.validate(pl.DataFrame(rows), cast=True)


def store_arms(
    workspace: Workspace,
    arms: pl.DataFrame,
    references: pl.DataFrame | None = None,
    *,
    now: datetime,
) -> None:
    """Store the arms of one batch as approved, with its references (`reference, arm`)."""
    key = workspace.key("reminders", [], {}, 0)
    run = workspace.store(key, {}, {}, now=now)
    first = arms.row(0, named=True)
    record = BatchRecord(
        name=first["batch"], mailing_week=first["mailing_week"], run=run.id,
        channel=first["channel"], letters=int(arms["count"].sum()), seed=1, held_out=0.1,
    )  # fmt: skip
    cells = {"age_band": "", "district": ""}
    counts = arms.select("service", "expiry_week", "arm", "count")
    none = pl.DataFrame(schema=["service", "fate", "reason", "count"])
    what = {"service": first["service"], "expiry_week": first["expiry_week"]}
    told = [pl.lit(value).alias(name) for name, value in what.items()]
    with workspace.ledger.writing() as session:
        session.add(record)
        session.flush()
        cells_of = [pl.lit(value).alias(name) for name, value in cells.items()]
        put_counts(session, record.name, counts.with_columns(*cells_of), none)
        if references is not None:
            put_references(session, record.name, references.with_columns(*told))


def outcomes(
    mailed: dict[int, int],
    held_out: dict[int, int],
    *,
    batch: str = "2027-W05",
    stratum: str = STRATUM,
    mailing: date = MAILED_ON,
) -> pl.DataFrame:
    """Applications by week since mailing."""
    rows = [
        {
            "batch": batch,
            "arm": arm,
            "stratum": stratum,
            "request_week": mailing + timedelta(weeks=week),
            "count": count,
        }
        for arm, counts in (("mailed", mailed), ("held out", held_out))
        for week, count in counts.items()
    ]
    return Outcomes.validate(pl.DataFrame(rows), cast=True)
