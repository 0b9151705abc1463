"""What history tells of the work: how long contacts take, which visits are planned."""

import dataframely as dy
import polars as pl


class HandlingTimes(dy.Schema):
    """Handling time per series, as timed in the last year it has times of.

    `mean_s` over the `timed` contacts; `cv` is the coefficient of variation of a single
    one, told by `pairs` of quarter-hours that follow each other, null without a pair.
    `kind` "planned": the times are lengths of places in an agenda, and measure nothing.
    """

    series = dy.String(primary_key=True, min_length=1)
    mean_s = dy.Float64(nullable=False, min=0)
    cv = dy.Float64(nullable=True, min=0)
    timed = dy.Float64(nullable=False, min=0)
    pairs = dy.Int64(nullable=False, min=0)
    kind = dy.String(nullable=False)

    @dy.rule()
    def kind_is_known(cls) -> pl.Expr:
        """A time was measured, or only planned."""
        return pl.col("kind").is_in(["measured", "planned"])


class NoShows(dy.Schema):
    """Planned visits and those `missed`, by whole weeks between asking and visit."""

    series = dy.String(primary_key=True, min_length=1)
    weeks = dy.Int64(primary_key=True, min=0)
    visits = dy.Float64(nullable=False, min=0)
    missed = dy.Float64(nullable=False, min=0)


class PlannedVisits(dy.Schema):
    """Visits after the last day known that were already asked for, per quarter-hour.

    `weeks` is the mean time between asking and visit.
    """

    series = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    count = dy.Float64(nullable=False, min=0)
    weeks = dy.Float64(nullable=False, min=0)


class BookedAhead(dy.Schema):
    """Which part of the visits of a coming day is still to be asked for.

    `known` visits were asked for by the end of the history, of which `last` on its last
    day, which is told in part. `to_come` is the share of a day's visits that is usually
    asked for on that last day or later. So a forecast of `f` visits becomes
    `known + max(f * to_come - last, 0)`.
    """

    series = dy.String(primary_key=True, min_length=1)
    day = dy.Date(primary_key=True)
    known = dy.Float64(nullable=False, min=0)
    last = dy.Float64(nullable=False, min=0)
    to_come = dy.Float64(nullable=False, min=0, max=1)
