"""Hours that nobody can work off: a location handles only so many applications a day."""

import math
from collections import defaultdict
from datetime import date, timedelta

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.tables import split_series
from staffing.supply.limits import limits_on
from staffing.workload.weeks import SECONDS_PER_HOUR, expected_hours

APPLICATION = "application"
"""The step of a service with documents at which one is ordered."""


def cap_by_applications(
    load: pl.DataFrame,
    forecast: pl.DataFrame,
    work: pl.DataFrame,
    limits: pl.DataFrame,
    *,
    calendar: Calendar,
    catalogue: Catalogue,
) -> pl.DataFrame:
    """`load` with a capacity no larger than the limits on applications allow.

    In a week a location works off at most its other work, and as many applications for
    documents as its open days together allow, at their mean handling time. A week with
    an open day without a limit has none.
    """
    weeks: list[date] = load["week"].unique().sort().to_list()
    allowed = _allowed(limits, weeks, calendar)
    if allowed.is_empty():
        return load
    ordered = work.filter(_orders_document(catalogue))
    hours = expected_hours(forecast, ordered)
    one_hour_each = ordered.with_columns(
        pl.lit(float(SECONDS_PER_HOUR)).alias("handling_s")
    )
    number = expected_hours(forecast, one_hour_each)
    keys = ["location", "skill", "week"]
    applications = hours.select(*keys, pl.col("hours").alias("ordering")).join(
        number.select(*keys, pl.col("hours").alias("number")), on=keys
    )
    mean = pl.col("ordering") / pl.col("number")
    most = pl.col("hours") - pl.col("ordering") + pl.col("allowed") * mean
    capped = load.join(applications, on=keys, how="left").join(
        allowed, on=["location", "week"], how="left"
    )
    known = pl.col("capacity").is_not_null()
    smaller = pl.when(known & (most < pl.col("capacity"))).then(most.clip(0.0))
    return capped.with_columns(smaller.otherwise("capacity").alias("capacity")).select(
        load.columns
    )


def _orders_document(catalogue: Catalogue) -> pl.Expr:
    with_documents = [s.id for s in catalogue.service if s.expires]
    part = split_series().struct
    service, step = part.field("service"), part.field("step")
    return service.is_in(with_documents) & (step == APPLICATION)


def _allowed(
    limits: pl.DataFrame, weeks: list[date], calendar: Calendar
) -> pl.DataFrame:
    """Applications allowed per location and week: `location, week, allowed`."""
    days = [week + timedelta(days=i) for week in weeks for i in range(7)]
    on_day = limits_on(limits, "applications", days)
    sums: dict[tuple[str, date], float] = defaultdict(float)
    for location in {place for place, _ in on_day}:
        for day in days:
            if not calendar.is_closed(day, location) and _is_open(
                location, day, calendar
            ):
                week = day - timedelta(days=day.weekday())
                sums[location, week] += on_day.get((location, day), math.inf)
    rows = [(*key, number) for key, number in sums.items() if number < math.inf]
    schema = {"location": pl.String, "week": pl.Date, "allowed": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _is_open(location: str, day: date, calendar: Calendar) -> bool:
    """Whether anything at a location is open; days of unknown places count."""
    skills = calendar.skills_at(location)
    return not skills or any(calendar.spans(location, s, day) for s in skills)
