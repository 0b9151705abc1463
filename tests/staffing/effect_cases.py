"""Small batches with outcomes, for the tests of what letters did."""

from datetime import date, timedelta

import polars as pl

from forecasting.registry_tables import Outcomes
from staffing.reminders.effect_tables import BatchArms

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
