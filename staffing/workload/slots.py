"""The work of each open quarter-hour: who walks in, who is planned, what can wait."""

from collections.abc import Mapping
from datetime import date, timedelta

import dataframely as dy
import polars as pl

from forecasting.calendar import SLOT, Calendar, local_day
from forecasting.errors import InputError
from staffing.workload.opening import open_slots
from staffing.workload.periods import days_of_periods
from staffing.workload.visits import Bookings, visits_by_slot

PAIR = ["location", "skill"]
WORK = ["handling_s", "handling_cv", "comes", "booked", "late_s", "late_sd_s"]
SLOT_S = SLOT.total_seconds()
SPAN_WITHOUT_SLOTS = timedelta(weeks=26, days=-1)


class SlotWorkload(dy.Schema):
    """Work per location, skill and open slot; a slot without work has zeros.

    `walk_ins` come at random, `booked` as planned (no-shows taken out). `handling_s` is
    the mean over both, 0 without contacts; `load` is work per slot in Erlang. Work that
    `waits` is spread evenly over the open slots of its day. `handling_cv` is the
    coefficient of variation of one contact's handling time, within steps and between
    them (1 without contacts), `noise_cv` that of the slot's rate of walk-ins about the
    level of the day, beyond the chance of counting. Of the planned visits the share
    `comes`, `late_s` seconds late in the mean (below 0: early), varying by `late_sd_s`.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    day = dy.Date(nullable=False)
    walk_ins = dy.Float64(nullable=False, min=0)
    booked = dy.Float64(nullable=False, min=0)
    handling_s = dy.Float64(nullable=False, min=0)
    handling_cv = dy.Float64(nullable=False, min=0)
    noise_cv = dy.Float64(nullable=False, min=0)
    comes = dy.Float64(nullable=False, min=0, max=1)
    late_s = dy.Float64(nullable=False)
    late_sd_s = dy.Float64(nullable=False, min=0)
    load = dy.Float64(nullable=False, min=0)
    waits = dy.Bool(nullable=False)


def slot_workload(
    slots: pl.DataFrame,
    forecast: pl.DataFrame,
    work: pl.DataFrame,
    calendar: Calendar,
    *,
    arrival_cv: Mapping[str, float] | None = None,
    bookings: Bookings | None = None,
) -> tuple[pl.DataFrame, list[str]]:
    """Work per slot, typed `SlotWorkload`, and the series that no open slot can hold.

    `slots` is a `SlotForecast`, `forecast` a `StoredForecast`, `work` a `SeriesWork`.
    Work that can wait, and series without a slot forecast, are spread evenly over the
    open slots of their period; what falls on a closed day moves to the next open one.
    The noise of walk-ins is that of `slots`; where it tells none, the `arrival_cv` of
    the skill (0 where that is not given either). `bookings` tells which visits are in
    the agenda already; those at closed times come in the nearest open slot.

    Raises:
        InputError: no series of the forecast has a step in the catalogue.
    """
    timed = slots.join(work.filter(~pl.col("waits")), on="series")
    whole = forecast.join(work, on="series").join(timed, on="series", how="anti")
    days = _span(timed, whole, calendar.zone)
    opening = open_slots(work.select(PAIR).unique().sort(PAIR), timed, days, calendar)
    spread = _spread(whole.filter(pl.col("start") <= days[1]), opening)
    contacts = pl.concat(
        [
            _contacts(timed.filter(~pl.col("booked"))),
            _contacts(spread),
            _contacts(_planned(timed, work, bookings or Bookings(), opening, calendar)),
        ]
    )
    summed = (
        contacts.sort(pl.all()).group_by(*PAIR, "start").agg(pl.exclude(PAIR).sum())
    )
    kinds = work.group_by(PAIR).agg(pl.col("waits").all())
    every = opening.join(summed, on=[*PAIR, "start"], how="left").join(kinds, on=PAIR)
    homeless = whole.join(opening, on=PAIR, how="anti")["series"].unique().sort()
    cv = _assumed_cv(arrival_cv or {})
    return SlotWorkload.validate(_finished(every, cv)), homeless.to_list()


def _assumed_cv(arrival_cv: Mapping[str, float]) -> pl.Expr:
    if not arrival_cv:
        return pl.lit(0.0)
    skill, number = pl.col("skill"), pl.Float64
    return skill.replace_strict(arrival_cv, default=0.0, return_dtype=number)


def _planned(
    timed: pl.DataFrame,
    work: pl.DataFrame,
    bookings: Bookings,
    opening: pl.DataFrame,
    calendar: Calendar,
) -> pl.DataFrame:
    """Visits by appointment in open slots, with their work."""
    slots = timed.select("series", "start", "mean")
    visits = visits_by_slot(slots, work, bookings, calendar.zone)
    return _opened(visits.join(work.drop("comes"), on="series"), opening)


def _opened(rows: pl.DataFrame, opening: pl.DataFrame) -> pl.DataFrame:
    """Rows at the open slot of their location and skill that is nearest."""
    slots = opening.select(*PAIR, "start").sort("start")
    nearest = rows.sort("start").join_asof(
        slots.with_columns(pl.col("start").alias("slot")),
        on="start",
        by=PAIR,
        strategy="nearest",
        check_sortedness=False,
    )
    return nearest.drop_nulls("slot").with_columns(pl.col("slot").alias("start"))


def _span(timed: pl.DataFrame, whole: pl.DataFrame, zone: str) -> tuple[date, date]:
    """First and last day of the slots; without slots the first weeks of the forecast."""
    days: list[date] = timed.select(local_day("start", zone)).to_series().to_list()
    if days:
        return min(days), max(days)
    days = days_of_periods(whole)["day"].to_list()
    if not days:
        raise InputError(
            "expected a forecast of at least one series with a step in the catalogue",
            remedy="Add its services and steps to catalogue.toml.",
        )
    return min(days), min(max(days), min(days) + SPAN_WITHOUT_SLOTS)


def _contacts(rows: pl.DataFrame) -> pl.DataFrame:
    """What of each series stands in each slot; every column but the keys adds up."""
    comes = pl.col("mean") * pl.col("comes")
    walks_in = pl.when(pl.col("booked")).then(0.0).otherwise(comes)
    visits = pl.when(pl.col("booked")).then(comes).otherwise(0.0)
    planned = pl.when(pl.col("booked")).then(pl.col("mean")).otherwise(0.0)
    late_square = pl.col("late_s") ** 2 + pl.col("late_sd_s") ** 2
    seconds = comes * pl.col("handling_s")
    second_moment = pl.col("handling_s") * (1 + pl.col("handling_cv") ** 2)
    cv = pl.col("cv") if "cv" in rows.columns else pl.lit(None, pl.Float64)
    return rows.select(
        *PAIR,
        "start",
        walks_in.alias("walk_ins"),
        visits.alias("booked"),
        planned.alias("planned"),
        (visits * pl.col("late_s")).alias("late"),
        (visits * late_square).alias("late_square"),
        seconds.alias("seconds"),
        (seconds * second_moment).alias("squares"),
        (walks_in * cv.fill_null(0.0)).pow(2).alias("noise"),
        pl.when(cv.is_null()).then(walks_in).otherwise(0.0).alias("untold"),
    )


VISITS = ["booked", "planned", "late", "late_square"]
SUMS = ["walk_ins", *VISITS, "seconds", "squares", "noise", "untold"]


def _finished(slots: pl.DataFrame, assumed_cv: pl.Expr) -> pl.DataFrame:
    filled = slots.with_columns(pl.col(SUMS).fill_null(0.0))
    contacts = pl.col("walk_ins") + pl.col("booked")
    mean = pl.col("seconds") / contacts
    variance = (pl.col("squares") / contacts / mean**2 - 1).clip(0.0)
    busy = pl.col("seconds") > 0
    noise = pl.col("noise") + (pl.col("untold") * assumed_cv) ** 2
    random = pl.col("walk_ins") > 0
    done = filled.with_columns(
        pl.when(contacts > 0).then(mean).otherwise(0.0).alias("handling_s"),
        pl.when(busy).then(variance.sqrt()).otherwise(1.0).alias("handling_cv"),
        pl.when(random).then(noise.sqrt() / pl.col("walk_ins")).otherwise(0.0)
        .alias("noise_cv"),
        *_arrivals(),
        (pl.col("seconds") / SLOT_S).alias("load"),
    )  # fmt: skip
    return done.select(SlotWorkload.column_names()).sort(*PAIR, "start")


def _arrivals() -> list[pl.Expr]:
    """Of the visits planned in a slot: the share that comes, and when."""
    visits, late = pl.col("booked"), pl.col("late") / pl.col("booked")
    variance = (pl.col("late_square") / visits - late**2).clip(0.0)
    told = [
        (visits / pl.col("planned"), 1.0, "comes"),
        (late, 0.0, "late_s"),
        (variance.sqrt(), 0.0, "late_sd_s"),
    ]
    return [
        pl.when(visits > 0).then(value).otherwise(none).alias(name)
        for value, none, name in told
    ]


def _spread(rows: pl.DataFrame, opening: pl.DataFrame) -> pl.DataFrame:
    """Give each period's contacts to its open slots, or to those of the next open day."""
    sizes = opening.group_by(*PAIR, "day").agg(pl.len().alias("size"))
    keyed = rows.with_row_index("row")
    days = days_of_periods(keyed).join(sizes, on=[*PAIR, "day"], how="inner")
    shares = days.with_columns(
        pl.col("mean") * pl.col("size") / pl.col("size").sum().over("row")
    )
    closed = keyed.join(days, on="row", how="anti").sort("start")
    moved = closed.join_asof(
        sizes.sort("day"),
        left_on="start",
        right_on="day",
        by=PAIR,
        strategy="forward",
        coalesce=False,
        check_sortedness=False,
    ).drop_nulls("day")
    columns = ["day", "mean", "size", *PAIR, *WORK]
    every = pl.concat([shares.select(columns), moved.select(columns)])
    even = every.with_columns(pl.col("mean") / pl.col("size"))
    return even.join(opening, on=[*PAIR, "day"])
