"""The tables by which letters are held to account: who was mailed, and what came of it.

Weeks are named by their Monday. Shares lie between 0 and 1, differences between -1 and 1;
`low` and `high` bound 95%.
"""

import dataframely as dy
import polars as pl

from forecasting.registry_tables import ARMS

ALL_LEADS = "all"


class BatchReferences(dy.Schema):
    """What an opaque reference of a batch stands for: its arm and stratum.

    Documents of two services under one reference cannot be told apart in outcomes by
    reference: each counts as applied for.
    """

    reference = dy.String(primary_key=True, min_length=1)
    batch = dy.String(primary_key=True, min_length=1)
    stratum = dy.String(primary_key=True, min_length=1)
    arm = dy.String(nullable=False)

    @dy.rule()
    def arm_is_known(cls) -> pl.Expr:
        """Who got a letter is set beside who got none."""
        return pl.col("arm").is_in(ARMS)


class Watched(dy.Schema):
    """Both arms of a stratum of a batch, `week` weeks after mailing (0: the week of it).

    `mailed` and `held_out` are documents, `mailed_came` and `held_out_came` those of them
    applied for by the end of that week. `lead` is the mean number of weeks from mailing
    to expiry.
    """

    batch = dy.String(primary_key=True, min_length=1)
    stratum = dy.String(primary_key=True, min_length=1)
    week = dy.Int32(primary_key=True, min=0)
    service = dy.String(nullable=False, min_length=1)
    channel = dy.String(nullable=False, min_length=1)
    mailing_week = dy.Date(nullable=False)
    lead = dy.Float64(nullable=False, min=0)
    mailed = dy.Int64(nullable=False, min=1)
    held_out = dy.Int64(nullable=False, min=1)
    mailed_came = dy.Int64(nullable=False, min=0)
    held_out_came = dy.Int64(nullable=False, min=0)

    @dy.rule()
    def no_more_come_than_there_are(cls) -> pl.Expr:
        """A document is applied for once."""
        mailed = pl.col("mailed_came") <= pl.col("mailed")
        return mailed & (pl.col("held_out_came") <= pl.col("held_out"))


class LetterEffects(dy.Schema):
    """Share applied for by week since mailing: of those mailed, of those held out.

    Per channel, and per weeks of `lead` ("all", or such as "9-13"). `mailed` and
    `held_out` are documents that were watched so long; `difference` is what the letters
    added to the share, in points of 1, alike strata compared with alike.
    """

    channel = dy.String(primary_key=True, min_length=1)
    lead = dy.String(primary_key=True, min_length=1)
    week = dy.Int32(primary_key=True, min=0)
    batches = dy.Int64(nullable=False, min=1)
    mailed = dy.Int64(nullable=False, min=1)
    held_out = dy.Int64(nullable=False, min=1)
    mailed_came = dy.Int64(nullable=False, min=0)
    held_out_came = dy.Int64(nullable=False, min=0)
    mailed_share = dy.Float64(nullable=False, min=0, max=1)
    held_out_share = dy.Float64(nullable=False, min=0, max=1)
    difference = dy.Float64(nullable=False, min=-1, max=1)
    low = dy.Float64(nullable=False, min=-1, max=1)
    high = dy.Float64(nullable=False, min=-1, max=1)


class LettersDid(dy.Schema):
    """What the letters did, as a page says it: one row per channel and weeks of lead.

    By `week` weeks after mailing, the week that was fixed beforehand. `shown` is a 95%
    interval without zero. `weeks_needed` is how many weeks of mailing with a hold-out
    it would take in all to show what is expected (`expected`, a difference in share)
    with the stated power; null where nothing is expected. Shares are null where fewer
    documents than are shown came in an arm, and where nothing was watched so long yet.
    """

    channel = dy.String(primary_key=True, min_length=1)
    lead = dy.String(primary_key=True, min_length=1)
    week = dy.Int32(nullable=False, min=0)
    batches = dy.Int64(nullable=False, min=0)
    mailed = dy.Int64(nullable=False, min=0)
    held_out = dy.Int64(nullable=False, min=0)
    mailed_share = dy.Float64(nullable=True, min=0, max=1)
    held_out_share = dy.Float64(nullable=True, min=0, max=1)
    difference = dy.Float64(nullable=True, min=-1, max=1)
    low = dy.Float64(nullable=True, min=-1, max=1)
    high = dy.Float64(nullable=True, min=-1, max=1)
    shown = dy.Bool(nullable=False)
    expected = dy.Float64(nullable=False, min=0, max=1)
    weeks_needed = dy.Int64(nullable=True, min=1)
    text_nl = dy.String(nullable=False)
    text_en = dy.String(nullable=False)
