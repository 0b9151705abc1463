"""Visits by appointment: those in the agenda already, and those still to be booked.

A forecast of visits is dated by visit and knows nothing of the agenda. What is booked is
known; of the rest of the day's visits so many are still to come as are booked that late.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from forecasting.calendar import local_day
from forecasting.errors import InputError
from forecasting.tables import BookedAhead, series_name
from staffing.standards import NoShow
from staffing.workload.measuring import Evidence, coming

BOOKED = "appointment"
PLACES = {"series", "start", "places"}
SLOT_KEYS = ["series", "start"]
DAY_KEYS = ["series", "day"]
NO_PLANNED = pl.DataFrame(
    schema={
        "series": pl.String,
        "start": pl.Datetime("us", "UTC"),
        "count": pl.Float64,
        "comes": pl.Float64,
    }
)


@dataclass(frozen=True)
class Bookings:
    """What the agenda tells: `planned` visits (with `comes`), `ahead` (`BookedAhead`).

    An opened `agenda` (`start, places` of a `series`, or of a `location, service, step`)
    holds the places open beside the visits planned. Visits still to come are fitted into
    them: who finds a day full comes on the next with a free place, and beyond the last
    day of the agenda as forecast. Without an agenda they come at the usual times.
    """

    planned: pl.DataFrame = field(default_factory=lambda: NO_PLANNED)
    ahead: pl.DataFrame = field(default_factory=BookedAhead.create_empty)
    agenda: pl.DataFrame | None = None

    @classmethod
    def of(
        cls, evidence: Evidence, rule: NoShow, agenda: pl.DataFrame | None = None
    ) -> "Bookings":
        """Those that a forecast run knows of, missed visits by the weeks of lead."""
        planned = coming(evidence.planned, evidence.missed, rule)
        return cls(planned, evidence.ahead, None if agenda is None else _named(agenda))

    def __post_init__(self) -> None:
        if self.agenda is None:
            return
        if lacking := PLACES - set(self.agenda.columns):
            raise InputError(
                f"expected an agenda with columns {', '.join(sorted(PLACES))}, "
                f"came one without {', '.join(sorted(lacking))}"
            )
        wrong = self.agenda.filter((pl.col("places") < 0).fill_null(value=True))
        if not wrong.is_empty():
            series, start, places = wrong.select(*SLOT_KEYS, "places").row(0)
            raise InputError(
                f"expected places of 0 or more, came {places} for {series} at {start}"
            )


def _named(agenda: pl.DataFrame) -> pl.DataFrame:
    """The agenda with its series: a place is for an appointment."""
    if not {"location", "service", "step"} <= set(agenda.columns):
        return agenda
    channel = pl.lit(BOOKED).alias("channel")
    return agenda.with_columns(channel).with_columns(series_name().alias("series"))


def with_bookings(
    forecast: pl.DataFrame, ahead: pl.DataFrame, *columns: str
) -> pl.DataFrame:
    """Counts of days (`series, start`) in `columns`, given what is booked of those days.

    `ahead` is a `BookedAhead`; rows of other series and days stay as they are, and the
    quantiles of a day in order. The rows of series that are booked come last.
    """
    if ahead.is_empty():
        return forecast
    booked = pl.col("series").is_in(ahead["series"].unique().implode())
    touched = booked & (pl.col("start") <= ahead["day"].max())
    days = ahead.rename({"day": "start"})
    joined = forecast.filter(touched).join(
        days, on=SLOT_KEYS, how="left", maintain_order="left"
    )
    known = pl.col("to_come").is_not_null()
    settled = [
        pl.when(known).then(_settled(pl.col(name))).otherwise(name).alias(name)
        for name in columns
    ]
    moved = joined.with_columns(settled).select(forecast.columns)
    return pl.concat([forecast.filter(~touched), moved])


def _settled(count: pl.Expr) -> pl.Expr:
    return pl.col("known") + _to_come(count)


def _to_come(count: pl.Expr) -> pl.Expr:
    return (count * pl.col("to_come") - pl.col("last")).clip(0.0)


def visits_by_slot(
    slots: pl.DataFrame, work: pl.DataFrame, bookings: Bookings, zone: str
) -> pl.DataFrame:
    """Planned slots (`series, start, mean, comes`) of the booked series of a forecast.

    `slots` is a `SlotForecast`, `work` a `SeriesWork`. Visits planned for a day of which
    `ahead` tells nothing are among those forecast.
    """
    booked = slots.join(work.filter("booked").select("series", "comes"), on="series")
    rest = _not_yet_booked(booked, bookings.ahead, zone)
    if bookings.agenda is not None:
        rest = _into_agenda(rest, bookings.agenda, zone)
    last = booked.group_by("series").agg(pl.col("start").max().alias("last_slot"))
    day = local_day("start", zone).alias("day")
    near = (
        bookings.planned.join(last, on="series")
        .filter(pl.col("start") <= pl.col("last_slot"))
        .with_columns(day)
        .join(bookings.ahead, on=DAY_KEYS, how="semi")
        .select(*SLOT_KEYS, pl.col("count").alias("mean"), "comes")
    )
    return pl.concat([rest, near])


def _not_yet_booked(
    slots: pl.DataFrame, ahead: pl.DataFrame, zone: str
) -> pl.DataFrame:
    """The slots of a forecast with the part of their day that is not booked yet."""
    day = local_day("start", zone).alias("day")
    joined = slots.with_columns(day).join(ahead, on=DAY_KEYS, how="left")
    whole = pl.col("mean").sum().over(DAY_KEYS)
    share = pl.when(whole > 0).then(_to_come(whole) / whole).otherwise(0.0)
    known = pl.col("to_come").is_not_null()
    rest = pl.when(known).then(pl.col("mean") * share).otherwise("mean")
    return joined.with_columns(rest.alias("mean")).select(*SLOT_KEYS, "mean", "comes")


def _into_agenda(rest: pl.DataFrame, agenda: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Visits not booked yet in the open places of the agenda, from day to day."""
    day = local_day("start", zone).alias("day")
    slot = pl.col("start").dt.truncate("15m")
    places = agenda.group_by("series", slot).agg(pl.col("places").sum().alias("free"))
    free = places.with_columns(day)
    asked = rest.with_columns(day).group_by(DAY_KEYS).agg(pl.col("mean").sum())
    on_day = free.group_by(DAY_KEYS).agg(pl.col("free").sum().alias("room"))
    days = asked.join(on_day, on=DAY_KEYS, how="full", coalesce=True)
    served = _fifo(days.sort(DAY_KEYS))
    comes = rest.unique("series").select("series", "comes")
    of_day = pl.col("served") * pl.col("free") / pl.col("room")
    inside = free.join(served.filter(pl.col("room") > 0), on=DAY_KEYS).join(
        comes, on="series"
    )
    beyond = rest.with_columns(day).join(served.filter(~pl.col("inside")), on=DAY_KEYS)
    later = pl.col("mean") / pl.col("mean").sum().over(DAY_KEYS) * pl.col("served")
    columns = [*SLOT_KEYS, "mean", "comes"]
    return pl.concat(
        [
            inside.with_columns(of_day.alias("mean")).select(columns),
            beyond.with_columns(later.fill_nan(0.0).alias("mean")).select(columns),
        ]
    )


def _fifo(days: pl.DataFrame) -> pl.DataFrame:
    """Visits `served` per day: first asked, first placed; `inside` the agenda or after."""
    ends: Mapping[str, date] = dict(
        days.filter(pl.col("room").is_not_null())
        .group_by("series")
        .agg(pl.col("day").max())
        .iter_rows()
    )
    served, inside, waiting, before = [], [], 0.0, None
    for series, day, asked, room in days.select(*DAY_KEYS, "mean", "room").iter_rows():
        waiting = (waiting if series == before else 0.0) + (asked or 0.0)
        within = series in ends and day <= ends[series]
        placed = min(waiting, room or 0.0) if within or not asked else waiting
        served.append(placed)
        inside.append(within)
        waiting, before = waiting - placed, series
    return days.select(*DAY_KEYS, pl.col("room").fill_null(0.0)).with_columns(
        pl.Series("served", served, dtype=pl.Float64),
        pl.Series("inside", inside, dtype=pl.Boolean),
    )
