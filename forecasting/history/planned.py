"""Which contacts of other days fall in the hours that are planned for one day."""

from datetime import datetime

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.history.opening import places


def open_then(
    rows: pl.DataFrame, calendar: Calendar, catalogue: Catalogue
) -> pl.DataFrame:
    """The rows with whether the place is `planned` to be open on the edge's day, then."""
    where = places(rows["series"].unique(), calendar, catalogue).filter("known")
    placed = rows.join(
        where.select("series", "location", "skill"), on="series", how="left"
    )
    keys = ["location", "skill", "edge"]
    days = placed.drop_nulls("location").select(keys).unique().sort(keys)
    slots = [
        (*key, *_clock(moment, calendar))
        for key in days.iter_rows()
        for moment in calendar.slots(*key)
    ]
    schema = {"location": pl.String, "skill": pl.String, "edge": pl.Date}
    plan = pl.DataFrame(
        slots,
        schema={**schema, "quarter": pl.Int32, "planned_then": pl.Boolean},
        orient="row",
    ).unique()
    quarter = (pl.col("minute") // 15).alias("quarter")
    joined = placed.with_columns(quarter).join(plan, on=[*keys, "quarter"], how="left")
    planned = pl.col("location").is_not_null().alias("planned")
    held = pl.col("planned_then").fill_null(value=False)
    return joined.with_columns(planned, (held | ~planned).alias("open"))


def _clock(moment: datetime, calendar: Calendar) -> tuple[int, bool]:
    local = moment.astimezone(calendar.tz)
    return local.hour * 4 + local.minute // 15, True
