"""What came: demand by day and slot, what is missing of it, what was asked in vain."""

import dataframely as dy
import polars as pl


class Demand(dy.Schema):
    """Demand per series and period of its cadence; a closed period has no row.

    `unmet` is the part of `count` that was turned away or gave up, as far as known.
    """

    series = dy.String(primary_key=True, min_length=1)
    start = dy.Date(primary_key=True)
    cadence = dy.String(nullable=False)
    count = dy.Float64(nullable=False, min=0)
    unmet = dy.Float64(nullable=False, min=0)
    handling_s = dy.Float64(nullable=True, min=0)


class SlotDemand(dy.Schema):
    """Demand per series and quarter-hour, as far as exports tell the time of day."""

    series = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    count = dy.Float64(nullable=False, min=0)


class Gaps(dy.Schema):
    """Stretches of open periods without contacts that are no accident, per series.

    `kind` tells what is silent: "source" (nothing at all came from it) and "location"
    (nothing of that place) are unknown and have no row in the demand; where only the
    "series" is silent, zeros stand. `first` and `last` are days, both included;
    `periods` counts the open days (weeks, months) between. `covered_by` tells what
    explains all of them: "excluded" (left out of training), "closure" (the town hall
    was shut) or "none".
    """

    series = dy.String(primary_key=True, min_length=1)
    first = dy.Date(primary_key=True)
    last = dy.Date(nullable=False)
    periods = dy.Int64(nullable=False, min=1)
    kind = dy.String(nullable=False)
    covered_by = dy.String(nullable=False)


class Unmet(dy.Schema):
    """What was asked for in vain, estimated per series and day beside what was served.

    `kind` "gave up": `served` are calls answered, `unmet` callers who gave up and did
    not call again. `kind` "calendar full": `served` are bookings made that day,
    `unmet` those not made because the first free place was far away. `low` and `high`
    are a 90% interval of what is estimated once for the whole series, so sums over days
    of one series are intervals too.
    """

    series = dy.String(primary_key=True, min_length=1)
    start = dy.Date(primary_key=True)
    kind = dy.String(nullable=False)
    served = dy.Float64(nullable=False, min=0)
    unmet = dy.Float64(nullable=False, min=0)
    low = dy.Float64(nullable=False, min=0)
    high = dy.Float64(nullable=False, min=0)

    @dy.rule()
    def estimate_lies_in_its_interval(cls) -> pl.Expr:
        """The interval holds its estimate."""
        unmet = pl.col("unmet")
        return (pl.col("low") <= unmet) & (unmet <= pl.col("high"))
