"""The tables of the service promises: days counted, weeks judged, weeks expected."""

import dataframely as dy
import polars as pl

PROMISES = ("answered", "callback", "counter", "first_free", "no_show")
"""Calls answered in time, callbacks in time, the wait at the counter, how far away the
first free appointment is, and visits that nobody came for."""
VERDICTS = ("kept", "missed", "unclear", "few", "unjudged")
NOTES = ("threshold_differs", "threshold_untold", "short_untold")
"""Why a share is no measure of the promise: the export counts within other seconds, does
not say within how many, or does not tell who gave up within them."""


class PromiseDays(dy.Schema):
    """Contacts of a day that count for a promise, and how many of them are `hits`.

    A hit was in time; of `no_show` it is a visit that nobody came for. `amount` is the
    sum of the waits of the `measured` (seconds at the counter, else working days).
    """

    location = dy.String(primary_key=True, min_length=1)
    day = dy.Date(primary_key=True)
    asked = dy.Float64(nullable=False, min=0)
    hits = dy.Float64(nullable=False, min=0)
    measured = dy.Float64(nullable=False, min=0)
    amount = dy.Float64(nullable=False, min=0)

    @dy.rule()
    def no_more_hits_than_contacts(cls) -> pl.Expr:
        """What is kept is part of what was asked."""
        return pl.col("hits") <= pl.col("asked") + 1e-9


class PromiseWeeks(dy.Schema):
    """A promise at a location in a whole week: the share of hits with its interval.

    `mean` is the mean wait with its interval, where waits are known. Null where fewer
    contacts came than may be told, or days are too few for an interval. `days` had
    contacts, of `open_days`. `verdict`: "kept" and "missed" where the whole interval lies
    on one side of the `target`, else "unclear"; "few" contacts; "unjudged" where `note`
    says why the export measures something else.
    """

    promise = dy.String(primary_key=True, min_length=1)
    location = dy.String(primary_key=True, min_length=1)
    week = dy.Date(primary_key=True)
    asked = dy.Float64(nullable=True, min=0)
    hits = dy.Float64(nullable=True, min=0)
    share = dy.Float64(nullable=True, min=0, max=1)
    low = dy.Float64(nullable=True, min=0, max=1)
    high = dy.Float64(nullable=True, min=0, max=1)
    mean = dy.Float64(nullable=True, min=0)
    mean_low = dy.Float64(nullable=True, min=0)
    mean_high = dy.Float64(nullable=True, min=0)
    days = dy.Int64(nullable=False, min=0)
    open_days = dy.Int64(nullable=False, min=0)
    target = dy.Float64(nullable=False, min=0, max=1)
    verdict = dy.String(nullable=False)
    note = dy.String(nullable=True)

    @dy.rule()
    def verdict_is_known(cls) -> pl.Expr:
        """A reader has words for these."""
        return pl.col("verdict").is_in(VERDICTS)

    @dy.rule()
    def note_is_known(cls) -> pl.Expr:
        """A reader has words for these."""
        return pl.col("note").is_null() | pl.col("note").is_in(NOTES)


class PromiseExpected(dy.Schema):
    """What a simulated roster or the opened agenda has a promise come to in a week.

    `low` and `high` hold single weeks in 8 of 10, where they were simulated apart.
    """

    promise = dy.String(primary_key=True, min_length=1)
    location = dy.String(primary_key=True, min_length=1)
    week = dy.Date(primary_key=True)
    share = dy.Float64(nullable=False, min=0, max=1)
    low = dy.Float64(nullable=True, min=0, max=1)
    high = dy.Float64(nullable=True, min=0, max=1)
    run = dy.String(nullable=False)
