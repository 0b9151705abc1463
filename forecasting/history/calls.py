"""Calls per day and slot of each phone queue, as arrays, to measure redials on."""

import numpy as np
import polars as pl

from forecasting.calendar import local_day
from forecasting.counting import PLACE, Counts
from forecasting.history.redials import CallLog
from forecasting.tables import series_name

QUARTER_S, HALF_HOUR_S = 900, 1800


def call_logs(counts: Counts, zone: str, days: int) -> list[CallLog]:
    """The last `days` of every phone series counted at least per half-hour, by name.

    A day is open from the first to the last slot in which any queue of the location
    had a call.
    """
    slots = counts.slots.filter(
        (pl.col("channel") == "phone") & (pl.col("period_s") <= HALF_HOUR_S)
    )
    day = local_day("start", zone).alias("day")
    recent = day > day.max() - pl.duration(days=days)
    clock = pl.col("start").dt.convert_time_zone(zone)
    minute = clock.dt.hour().cast(pl.Int32) * 60 + clock.dt.minute()
    sums = (
        slots.filter(recent)
        .group_by(*PLACE, day, minute.alias("minute"))
        .agg(pl.col("count", "abandoned").sum(), pl.col("period_s").max())
        .with_columns(series_name().alias("series"))
        .sort("series", "day", "minute")
        .collect()
    )
    opened = sums.with_columns(
        pl.col("minute").min().over("location", "day").alias("opens"),
        pl.col("minute").max().over("location", "day").alias("ends"),
    )
    return [_log(rows) for rows in opened.partition_by("series", maintain_order=True)]


def _log(rows: pl.DataFrame) -> CallLog:
    longest = rows["period_s"].max()
    slot_s = HALF_HOUR_S if longest == HALF_HOUR_S else QUARTER_S
    minutes = slot_s // 60
    days, row = np.unique(rows["day"].to_numpy(), return_inverse=True)
    first, last = (rows[name].to_numpy() // minutes for name in ("opens", "ends"))
    column = rows["minute"].to_numpy() // minutes - first.min()
    width = int(last.max() - first.min()) + 1
    shape = (days.size, width)
    place = row * width + column
    offered, abandoned = np.zeros(shape), np.zeros(shape)
    np.add.at(offered.reshape(-1), place, rows["count"].to_numpy())
    np.add.at(abandoned.reshape(-1), place, rows["abandoned"].to_numpy())
    opens, ends = np.zeros(days.size, int), np.zeros(days.size, int)
    opens[row], ends[row] = first - first.min(), last - first.min()
    at = np.arange(width)
    is_open = (at >= opens[:, None]) & (at <= ends[:, None])
    weekday = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    return CallLog(offered, abandoned, is_open, weekday, float(slot_s))
