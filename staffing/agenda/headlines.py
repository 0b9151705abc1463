"""What an agenda comes down to: places, promises kept, what stands in the way, people."""

from datetime import date

import polars as pl

from forecasting.calendar import week_name
from forecasting.runs import Figures
from staffing.agenda.reporting import Opened

PRODUCT = ["location", "service", "step"]


def headlines(opened: Opened, *, first: date, weeks: int) -> Figures:
    """Figures of a run: sums, the broken promises one by one, hours per week.

    `unkept` has a row per product and limit: the days on which the promise fails, the
    first of them, the worst wait of 80% of the futures (null: beyond the agenda), and
    how many places would be missing without the limit.
    """
    days = opened.days
    return {
        "first": first.isoformat(),
        "weeks": weeks,
        "places": int(days["places"].sum()),
        "booked_already": int(days["already"].sum()),
        "requests": round(float(days["requests"].sum()), 1),
        "days_promised": days.height,
        "days_kept": int(days["limit"].is_null().sum()),
        "unkept": _unkept(days),
        "hours": _hours(opened.staff),
    }


def _unkept(days: pl.DataFrame) -> list[dict[str, object]]:
    fails = days.filter(pl.col("limit").is_not_null())
    beyond = pl.col("wait_q80").is_null().any()
    rows = (
        fails.group_by(*PRODUCT, "limit")
        .agg(
            pl.col("day").min().cast(pl.String).alias("since"),
            pl.len().alias("days"),
            pl.when(~beyond).then(pl.col("wait_q80").max()).alias("wait_q80"),
            pl.col("within").min(),
            pl.col("short").sum(),
        )
        .sort(*PRODUCT, "limit")
    )
    return rows.to_dicts()


def _hours(staff: pl.DataFrame) -> list[dict[str, object]]:
    """Hours per location, skill and week, for walk-ins and places, beside those at hand."""
    week = pl.col("day").dt.truncate("1w").alias("week")
    known = pl.col("hours_at_hand").is_not_null().all()
    rows = (
        staff.group_by("location", "skill", week)
        .agg(
            pl.col("walk_in_hours", "place_hours").sum().round(1),
            pl.when(known).then(pl.col("hours_at_hand").sum().round(1)),
            pl.col("people").max(),
        )
        .sort("location", "skill", "week")
    )
    return [
        {**row, "week": week_name(row["week"])} for row in rows.iter_rows(named=True)
    ]
