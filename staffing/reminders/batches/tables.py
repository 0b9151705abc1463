"""The tables of batches: cohorts to write to, references to choose from, both arms."""

from datetime import date

import dataframely as dy
import polars as pl

from forecasting.registry_tables import ARMS, SUPPRESSION_REASONS

MAILED, HELD_OUT = ARMS
AGAIN = "mailed again"
"""A second letter for one document; in no comparison, for who reacted to the first is gone."""

QUOTA_ARMS = (*ARMS, AGAIN)
SUPPRESSED, NOT_CHOSEN, OTHER_COHORT, SMALL = (
    "suppressed",
    "not chosen",
    "other cohort",
    "small",
)
HELD_OUT_BEFORE = "held out"
"""Reason of a document that an earlier batch keeps without a letter."""

FATES = (MAILED, HELD_OUT, AGAIN, SUPPRESSED, NOT_CHOSEN, OTHER_COHORT, SMALL)
REASONS = (*SUPPRESSION_REASONS, HELD_OUT_BEFORE)


class BatchCounts(dy.Schema):
    """Documents of a batch per cohort and arm; of what is not told the text is empty."""

    service = dy.String(primary_key=True, min_length=1)
    expiry_week = dy.Date(primary_key=True)
    age_band = dy.String(primary_key=True)
    district = dy.String(primary_key=True)
    arm = dy.String(primary_key=True)
    count = dy.Int64(nullable=False, min=1)

    @dy.rule()
    def arm_is_known(cls) -> pl.Expr:
        """A document gets a letter, a second one, or is kept without to compare with."""
        return pl.col("arm").is_in(QUOTA_ARMS)


class BatchFates(dy.Schema):
    """What became of documents, counted per service; `reason` of those suppressed."""

    service = dy.String(primary_key=True, min_length=1)
    fate = dy.String(primary_key=True)
    reason = dy.String(primary_key=True)
    count = dy.Int64(nullable=False, min=0)

    @dy.rule()
    def fate_is_known(cls) -> pl.Expr:
        """Each document went one way."""
        return pl.col("fate").is_in(FATES)

    @dy.rule()
    def suppressed_for_a_reason(cls) -> pl.Expr:
        """Who is suppressed is so for a coded reason, and nobody else has one."""
        coded = pl.col("reason").is_in(REASONS)
        return pl.when(fate="suppressed").then(coded).otherwise(pl.col("reason") == "")


class Candidates(dy.Schema):
    """Documents under opaque references to choose from, as a registry told them.

    `expiry_week` is a Monday; `reason` is why no letter may go, coded, or null. Personal
    data: read from a file, never shown.
    """

    reference = dy.String(primary_key=True, min_length=1)
    service = dy.String(primary_key=True, min_length=1)
    expiry_week = dy.Date(nullable=False)
    age_band = dy.String(nullable=True)
    district = dy.String(nullable=True)
    reason = dy.String(nullable=True)


class BatchArms(dy.Schema):
    """How many documents of each batch got a letter, and how many were held out.

    What measures the effect divides by these. `stratum` is the service and the quarter
    of expiry, such as `passport 2027-Q2`, within which the arms were drawn; weeks are
    Mondays. `channel` of those held out is the one they would have got.
    """

    batch = dy.String(primary_key=True, min_length=1)
    service = dy.String(primary_key=True, min_length=1)
    expiry_week = dy.Date(primary_key=True)
    stratum = dy.String(primary_key=True, min_length=1)
    arm = dy.String(primary_key=True)
    channel = dy.String(nullable=False, min_length=1)
    mailing_week = dy.Date(nullable=False)
    count = dy.Int64(nullable=False, min=0)

    @dy.rule()
    def arm_is_known(cls) -> pl.Expr:
        """Who got a letter is set beside who got none."""
        return pl.col("arm").is_in(ARMS)

    @dy.rule()
    def weeks_are_mondays(cls) -> pl.Expr:
        """A week is named by its Monday."""
        days = (pl.col(name).dt.weekday() == 1 for name in WEEKS)
        return pl.all_horizontal(days)

    @dy.rule()
    def mailed_before_expiry(cls) -> pl.Expr:
        """A reminder goes out before the document expires."""
        return pl.col("mailing_week") < pl.col("expiry_week")

    @dy.rule()
    def mailed_at_once(cls) -> pl.Expr:
        """A batch goes out in one week and one channel: outcomes name no other."""
        return pl.struct("mailing_week", "channel").n_unique().over("batch") == 1


WEEKS = ("mailing_week", "expiry_week")


def stratum_of(service: str, expiry_week: date) -> str:
    """The stratum within which documents are held out."""
    return f"{service} {expiry_week.year}-Q{(expiry_week.month - 1) // 3 + 1}"


def strata() -> pl.Expr:
    """The same, of the columns `service` and `expiry_week`."""
    year = pl.col("expiry_week").dt.year().cast(pl.String)
    quarter = pl.col("expiry_week").dt.quarter().cast(pl.String)
    return pl.concat_str("service", pl.lit(" "), year, pl.lit("-Q"), quarter)
