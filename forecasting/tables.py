"""The typed tables of this room: columns, units and rules, checked at every boundary.

Times are UTC; a `Date` is a day (or first day of a week or month) in the town's zone.
Durations are seconds. A *series* is `location/service/step/channel`.
"""

import itertools

import dataframely as dy
import polars as pl

CHANNELS = (
    "appointment",
    "walk_in",
    "phone",
    "chat",
    "video",
    "callback",
    "online",
    "assistant",
)
QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
QUANTILE_NAMES = tuple(f"q{round(100 * level):02d}" for level in QUANTILES)


def series_name() -> pl.Expr:
    """The series of a contact: `location/service/step/channel`."""
    return pl.concat_str("location", "service", "step", "channel", separator="/")


def split_series(column: str = "series") -> pl.Expr:
    """The parts of a series as a struct of location, service, step and channel."""
    return (
        pl.col(column)
        .str.split_exact("/", 3)
        .struct.rename_fields(["location", "service", "step", "channel"])
    )


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


class Forecast(dy.Schema):
    """A forecast per series and period: mean and quantiles, never negative or crossing."""

    series = dy.String(primary_key=True, min_length=1)
    start = dy.Date(primary_key=True)
    mean = dy.Float64(nullable=False, min=0)
    q05 = dy.Float64(nullable=False, min=0)
    q10 = dy.Float64(nullable=False)
    q25 = dy.Float64(nullable=False)
    q50 = dy.Float64(nullable=False)
    q75 = dy.Float64(nullable=False)
    q90 = dy.Float64(nullable=False)
    q95 = dy.Float64(nullable=False)

    @dy.rule()
    def quantiles_never_cross(cls) -> pl.Expr:
        """Each quantile is at least the one below it."""
        pairs = itertools.pairwise(QUANTILE_NAMES)
        return pl.all_horizontal(pl.col(low) <= pl.col(high) for low, high in pairs)


class StoredForecast(Forecast):
    """A forecast as kept by a run: with its cadence and the method chosen."""

    cadence = dy.String(nullable=False)
    method = dy.String(nullable=False)


class SlotForecast(dy.Schema):
    """Expected contacts per series and open quarter-hour: day forecast x profile.

    `cv` is the noise of the slot: the coefficient of variation of its rate about the
    day's level, beyond the chance of counting; null where no history tells it.
    """

    series = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    mean = dy.Float64(nullable=False, min=0)
    cv = dy.Float64(nullable=True, min=0)


class Accuracy(dy.Schema):
    """How a method did on held-back periods of a series, over all rolling origins."""

    series = dy.String(primary_key=True, min_length=1)
    method = dy.String(primary_key=True)
    horizon = dy.Int32(primary_key=True)
    chosen = dy.Bool(nullable=False)
    periods = dy.Int64(nullable=False, min=1)
    demand = dy.Float64(nullable=False, min=0)
    wape = dy.Float64(nullable=True, min=0)
    mase = dy.Float64(nullable=True, min=0)
    pinball = dy.Float64(nullable=True, min=0)
    coverage90 = dy.Float64(nullable=True, min=0, max=1)
