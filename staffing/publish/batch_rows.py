"""What the files of a batch hold, row by row: quotas of cohorts, or references."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from forecasting.calendar import week_name
from staffing.reminders.batches.shown import Shown
from staffing.reminders.batches.stored import Batch
from staffing.reminders.batches.tables import stratum_of
from staffing.reminders.batches.terms import BatchTerms

Row = dict[str, str | int]

REST = "rest"
"""Stands for all cohorts, or all weeks of expiry, that have no row of their own."""

HEADINGS = {
    "batch": "zending",
    "mailing_week": "verzendweek",
    "channel": "kanaal",
    "service": "document",
    "upl": "upl",
    "expiry_week": "vervalweek",
    "stratum": "stratum",
    "arm": "groep",
    "age_band": "leeftijdsklasse",
    "district": "wijk",
    "count": "aantal",
    "reference": "referentie",
}
"""The columns as JSON names them, and as people read them in CSV and Excel."""

OF_BATCH = ("batch", "mailing_week", "channel")
OF_QUOTA = (*OF_BATCH, "service", "upl", "expiry_week", "stratum", "arm")
QUOTA_COLUMNS = (*OF_QUOTA, "age_band", "district", "count")
REFERENCE_COLUMNS = (*OF_QUOTA, "reference")


@dataclass(frozen=True)
class Handout:
    """All that the files of a batch are made of.

    `references` are `reference, service, expiry_week, arm`, None for quotas; `upl` the
    UPL name per service.
    """

    batch: Batch
    terms: BatchTerms
    shown: Shown
    references: pl.DataFrame | None
    last_expiry: date
    upl: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its rows."""
        return QUOTA_COLUMNS if self.references is None else REFERENCE_COLUMNS


def rows_of(handout: Handout, arm: str) -> list[Row]:
    """The rows of an arm, in a fixed order."""
    if handout.references is not None:
        found = handout.references.filter(arm=arm).iter_rows(named=True)
        return [
            {**_start(handout, row, arm), "reference": row["reference"]}
            for row in found
        ]
    quotas = handout.shown.of(arm)
    return [
        {**_start(handout, row, arm), **_cohort(row), "count": row["count"]}
        for row in quotas.iter_rows(named=True)
    ]


def _start(handout: Handout, row: Mapping[str, object], arm: str) -> Row:
    batch, service, week = handout.batch, str(row["service"]), row["expiry_week"]
    known = week if isinstance(week, date) else None
    return {
        "batch": batch.name,
        "mailing_week": week_name(batch.mailing_week),
        "channel": batch.channel,
        "service": service,
        "upl": handout.upl.get(service, ""),
        "expiry_week": REST if known is None else week_name(known),
        "stratum": REST if known is None else stratum_of(service, known),
        "arm": arm,
    }


def _cohort(row: Mapping[str, object]) -> Row:
    """Age band and district; of a row for all others both are told as the rest."""
    names = ("age_band", "district")
    return {name: REST if row[name] is None else str(row[name]) for name in names}
