"""What bookings tell: how near the first free appointment was, and who did not come."""

from collections.abc import Callable

import polars as pl

from staffing.promises.tables import PromiseDays

BOOKED = "appointment"
PRODUCT = ("location", "service", "step")


def planned(bookings: pl.LazyFrame) -> pl.LazyFrame:
    """The `BookedDays` of visits by appointment, asked for before they were made."""
    return bookings.filter(
        pl.col("channel") == BOOKED, pl.col("visit") >= pl.col("requested")
    )


def telling(bookings: pl.LazyFrame) -> pl.LazyFrame:
    """The `BookedDays` of sources that say who did not come.

    A source that never told of a missed visit tells of none: it is left out.
    """
    booked = bookings.filter(pl.col("channel") == BOOKED)
    return booked.filter((pl.col("no_show").sum() > 0).over("source"))


def first_free_by_day(
    bookings: pl.LazyFrame,
    numbers: pl.DataFrame,
    *,
    within: Callable[[str], int],
    least: int,
) -> pl.DataFrame:
    """`PromiseDays` of askers by the day of asking; waits in working days.

    What was free is not in an export of bookings. Of those who asked for a product on one
    day somebody took the nearest visit: so far away, at most, the first free one was, and
    it counts for all of them. Days with fewer than `least` bookings of a product tell too
    little and are left out.

    Args:
        bookings: as `planned` gives them.
        numbers: `location, day, number`, as `OpenDays.numbered` gives it.
        within: the working days promised of a service.
        least: bookings of a day that tell something.
    """
    days = bookings.group_by(*PRODUCT, "requested").agg(
        pl.col("visit").min(), pl.col("count").sum().alias("asked")
    )
    told = days.filter(pl.col("asked") >= least).collect()
    services = told["service"].unique().sort().to_list()
    promised = pl.DataFrame(
        {"service": services, "within": [within(name) for name in services]},
        schema={"service": pl.String, "within": pl.Int64},
    )
    known = told.join(promised, on="service")
    for day in ("requested", "visit"):
        named = numbers.rename({"day": day, "number": f"{day}_number"})
        known = known.join(named, on=["location", day])
    wait = pl.col("visit_number") - pl.col("requested_number")
    asked = pl.col("asked")
    sums = known.group_by("location", pl.col("requested").alias("day")).agg(
        asked.sum(),
        asked.filter(wait <= pl.col("within")).sum().alias("hits"),
        asked.sum().alias("measured"),
        (asked * wait).sum().cast(pl.Float64).alias("amount"),
    )
    return PromiseDays.validate(sums.sort("location", "day"))


def missed_by_day(bookings: pl.LazyFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """`PromiseDays` of planned visits by their day; hits are those nobody came for.

    `bookings` are as `telling` gives them, `ends` is `source, last_day`: later visits are
    still to come.
    """
    past = bookings.join(ends.lazy().select("source", "last_day"), on="source").filter(
        pl.col("visit") <= pl.col("last_day")
    )
    sums = past.group_by("location", pl.col("visit").alias("day")).agg(
        pl.col("count").sum().alias("asked"), pl.col("no_show").sum().alias("hits")
    )
    none = {"measured": pl.lit(0.0), "amount": pl.lit(0.0)}
    return PromiseDays.validate(
        sums.with_columns(**none).collect().sort("location", "day")
    )
