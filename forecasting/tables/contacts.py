"""What is imported: contacts, what they add up to, rows rejected, expiring documents."""

import dataframely as dy
import polars as pl


class Contacts(dy.Schema):
    """What happened or was asked for: one event, or counted events of one period.

    `start` is when it happened or was planned, `requested` when it was asked for
    (the creation of a booking). `period_s` is 0 for a single event, else the length of
    the period counted. `abandoned` and `no_show` are parts of `count`; `in_time` is the
    part answered within the threshold of the export, null when unknown.
    """

    row_id = dy.UInt64(nullable=False)
    source = dy.String(nullable=False)
    start = dy.Datetime(time_zone="UTC", time_unit="us", nullable=False)
    requested = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    period_s = dy.Int32(nullable=False, min=0)
    location = dy.String(nullable=False, min_length=1)
    service = dy.String(nullable=False, min_length=1)
    step = dy.String(nullable=False, min_length=1)
    channel = dy.String(nullable=False)
    count = dy.Float64(nullable=False, min=0)
    abandoned = dy.Float64(nullable=False, min=0)
    no_show = dy.Float64(nullable=False, min=0)
    in_time = dy.Float64(nullable=True, min=0)
    handling_s = dy.Float64(nullable=True, min=0)
    wait_s = dy.Float64(nullable=True, min=0)


class SlotContacts(dy.Schema):
    """Contacts counted per quarter-hour: what history is made of, kept when rows go.

    One row per source, period, series and import. `start` is the quarter-hour in which
    events fell (`period_s` 0), or the start of the period counted. Of `count`, `judged`
    are those of whom it is known whether they were answered in time, `timed` those served
    whose handling time is known (together `work_s` seconds), `waited` those whose wait is
    known (`wait_s` together). `requested` is the latest moment one of them was asked for.
    """

    source = dy.String(nullable=False)
    start = dy.Datetime(time_zone="UTC", time_unit="us", nullable=False)
    period_s = dy.Int32(nullable=False, min=0)
    location = dy.String(nullable=False, min_length=1)
    service = dy.String(nullable=False, min_length=1)
    step = dy.String(nullable=False, min_length=1)
    channel = dy.String(nullable=False)
    count = dy.Float64(nullable=False, min=0)
    abandoned = dy.Float64(nullable=False, min=0)
    no_show = dy.Float64(nullable=False, min=0)
    judged = dy.Float64(nullable=False, min=0)
    in_time = dy.Float64(nullable=False, min=0)
    timed = dy.Float64(nullable=False, min=0)
    work_s = dy.Float64(nullable=False, min=0)
    waited = dy.Float64(nullable=False, min=0)
    wait_s = dy.Float64(nullable=False, min=0)
    requested = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)


class BookedDays(dy.Schema):
    """Contacts that were asked for ahead, by the local day of asking and of the visit.

    One row per source, pair of days, series and import; the days are in the town's zone.
    """

    source = dy.String(nullable=False)
    requested = dy.Date(nullable=False)
    visit = dy.Date(nullable=False)
    location = dy.String(nullable=False, min_length=1)
    service = dy.String(nullable=False, min_length=1)
    step = dy.String(nullable=False, min_length=1)
    channel = dy.String(nullable=False)
    count = dy.Float64(nullable=False, min=0)
    no_show = dy.Float64(nullable=False, min=0)


class Rejects(dy.Schema):
    """Rows of an import that broke a rule, with the place in the file they came from."""

    source = dy.String(nullable=False)
    file = dy.String(nullable=False)
    line = dy.Int64(nullable=False, min=1)
    column = dy.String(nullable=False)
    value = dy.String(nullable=True)
    reason = dy.String(nullable=False)


class Expiries(dy.Schema):
    """Documents by week of expiry, as known on `as_of`.

    `issued` counts all that expire then; `outstanding` only those not yet renewed.
    """

    as_of = dy.Date(primary_key=True)
    service = dy.String(primary_key=True, min_length=1)
    expiry_week = dy.Date(primary_key=True)
    age_band = dy.String(primary_key=True)
    district = dy.String(primary_key=True)
    basis = dy.String(primary_key=True)
    count = dy.Int64(nullable=False, min=0)

    @dy.rule()
    def expiry_week_is_a_monday(cls) -> pl.Expr:
        """A week is named by its Monday."""
        return pl.col("expiry_week").dt.weekday() == 1

    @dy.rule()
    def basis_is_known(cls) -> pl.Expr:
        """The basis decides which renewal weights hold."""
        return pl.col("basis").is_in(["issued", "outstanding"])
