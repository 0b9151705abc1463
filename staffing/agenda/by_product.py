"""What an agenda says of each product, in one row: places, demand, the promise, people."""

import dataframely as dy
import polars as pl

PRODUCT = ["location", "service", "step", "skill"]


class AgendaProducts(dy.Schema):
    """A product of an agenda over all its days.

    Places and requests are per week of the agenda, `already` in all. `wait_q80` is the
    furthest off that the first free place is on any day, null where that is beyond the
    agenda. `people` is the most of its skill at once at the location, other products and
    walk-ins included.
    """

    location = dy.String(primary_key=True, min_length=1)
    service = dy.String(primary_key=True, min_length=1)
    step = dy.String(primary_key=True, min_length=1)
    skill = dy.String(nullable=False)
    places_per_week = dy.Float64(nullable=False, min=0)
    requests_per_week = dy.Float64(nullable=False, min=0)
    already = dy.Int64(nullable=False, min=0)
    days = dy.Int64(nullable=False, min=1)
    days_kept = dy.Int64(nullable=False, min=0)
    within_days = dy.Int64(nullable=False, min=0)
    wait_q80 = dy.Int64(nullable=True, min=0)
    people = dy.Int64(nullable=True, min=0)


def by_product(days: pl.DataFrame, staff: pl.DataFrame, weeks: float) -> pl.DataFrame:
    """An `AgendaProducts` table of `AgendaDays` and `AgendaStaff` of so many weeks."""
    beyond = pl.col("wait_q80").is_null().any()
    rows = days.group_by(PRODUCT).agg(
        (pl.col("places").sum() / weeks).alias("places_per_week"),
        (pl.col("requests").sum() / weeks).alias("requests_per_week"),
        pl.col("already").sum(),
        pl.len().cast(pl.Int64).alias("days"),
        pl.col("limit").is_null().sum().cast(pl.Int64).alias("days_kept"),
        pl.col("within_days").first(),
        pl.when(~beyond).then(pl.col("wait_q80").max()).alias("wait_q80"),
    )
    most = staff.group_by("location", "skill").agg(pl.col("people").max())
    both = rows.join(most, on=["location", "skill"], how="left")
    return AgendaProducts.validate(both.sort(PRODUCT), cast=True)
