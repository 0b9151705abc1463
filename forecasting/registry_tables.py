"""The tables that a registry hands over for reminders: references and what came of them.

Stocks of expiring documents, counted, stand in `forecasting.tables.Expiries`.
"""

import dataframely as dy
import polars as pl

ARMS = ("mailed", "held out")
SUPPRESSION_REASONS = (
    "blocked",
    "applied",
    "appointment",
    "objected",
    "mailed",
    "elsewhere",
)
"""Why no letter went out. `blocked` is all that the registry keeps to itself; `applied`
and `appointment`: the resident came already; `mailed` by another batch, `elsewhere` by
another authority.
"""

OPAQUE = r"^[A-Za-z0-9_+/=.:-]{6,128}$"
"""What a reference looks like."""

NINE_DIGITS = r"^0*\d{8,9}$"
DRESS = r"(?i)^bsn|[^\dA-Za-z]"
"""What a number may be written with: signs between its digits, or its name before it."""


def passes_eleven_test(column: str) -> pl.Expr:
    """Whether a text is a number of nine (or eight) digits that could be a BSN.

    Whatever signs stand between or before its digits, and however many noughts.

    Digits weigh 9, 8, ... 2 and the last -1; their sum is a multiple of 11.
    """
    text = pl.col(column).str.replace_all(DRESS, "")
    digits = text.str.slice(-9).str.zfill(9)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = pl.sum_horizontal(
        digits.str.slice(place, 1).cast(pl.Int64, strict=False) * weight
        for place, weight in enumerate(weights)
    )
    return text.str.contains(NINE_DIGITS) & (total % 11 == 0)


class References(dy.Schema):
    """Documents that expire, each under a reference that only the registry understands.

    A reference is random, or keyed per batch: never a number of a person or a hash of
    one. It is personal data all the same: kept no longer than needed, and never shown.
    """

    reference = dy.String(primary_key=True, min_length=1)
    service = dy.String(primary_key=True, min_length=1)
    expiry_date = dy.Date(nullable=False)
    district = dy.String(nullable=True)
    age_band = dy.String(nullable=True)


class Outcomes(dy.Schema):
    """Requests after a batch of letters, counted per arm, stratum and week of asking."""

    batch = dy.String(primary_key=True, min_length=1)
    arm = dy.String(primary_key=True)
    stratum = dy.String(primary_key=True)
    request_week = dy.Date(primary_key=True)
    count = dy.Int64(nullable=False, min=0)

    @dy.rule()
    def request_week_is_a_monday(cls) -> pl.Expr:
        """A week is named by its Monday."""
        return pl.col("request_week").dt.weekday() == 1

    @dy.rule()
    def arm_is_known(cls) -> pl.Expr:
        """Who got a letter is set beside who got none."""
        return pl.col("arm").is_in(ARMS)


class OutcomeReferences(dy.Schema):
    """The day on which what a reference stands for was asked for, after a batch."""

    reference = dy.String(primary_key=True, min_length=1)
    request_date = dy.Date(primary_key=True)


class Suppressions(dy.Schema):
    """Letters of a batch that were not sent, counted per coded reason; no details."""

    batch = dy.String(primary_key=True, min_length=1)
    reason = dy.String(primary_key=True)
    count = dy.Int64(nullable=False, min=0)

    @dy.rule()
    def reason_is_coded(cls) -> pl.Expr:
        """Details of a resident stay in the registry."""
        return pl.col("reason").is_in(SUPPRESSION_REASONS)
