"""The open data that forecasts are measured on, cut at rolling origins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
OFFICES = SHARED / "counter" / "bookings_daily_4_offices.csv"
REGIONS = SHARED / "registry" / "cbs_37230ned_monthly_2012_2017.csv"
PLACES = {
    "essen": ("DE", "NW"),
    "frankfurtba": ("DE", "HE"),
    "graz": ("AT", "6"),
    "schwaebischhallkfz": ("DE", "BW"),
}
EVENTS = ("births", "deaths", "im_gm", "em_gm", "im_nl", "em_nl")
WHOLE_DAY = 90
"""Days seen in fewer than this many of the 96 snapshots are left out."""
JUDGED_DAYS = 182


@dataclass(frozen=True)
class Cut:
    """A history as it was known at one origin, and what came (`series, start, count`)."""

    set: str
    name: str
    cadence: str
    country: str
    subdiv: str | None
    history: pl.DataFrame
    outcome: pl.DataFrame

    @property
    def key(self) -> str:
        """Names the cut in a cache."""
        last: date = self.history["start"].sort().to_list()[-1]
        return f"{self.set}-{self.name}-{last}"


@dataclass(frozen=True)
class Daily:
    """Rolling origins over days, the last one a horizon before the end of the series."""

    name: str
    horizon: int
    origins: int
    spacing: int

    def cuts(
        self, history: pl.DataFrame, place: tuple[str, str | None]
    ) -> Iterator[Cut]:
        """The cuts of one series; only weekdays that were mostly open are judged."""
        last: date = history["start"].to_list()[-1]
        for number in reversed(range(self.origins)):
            back = self.horizon + number * self.spacing
            origin = last - timedelta(days=back)
            known = history.filter(pl.col("start") <= origin)
            end = origin + timedelta(days=self.horizon)
            came = history.filter(pl.col("start").is_between(origin, end, "right"))
            weekday = pl.col("start").dt.weekday()
            judged = came.filter(weekday.is_in(open_weekdays(known, origin).implode()))
            name = str(history["series"][0])
            yield Cut(self.name, name, "day", *place, known, judged)


def open_weekdays(known: pl.DataFrame, origin: date) -> pl.Series:
    """The weekdays with a count on at least half of the last half year."""
    recent = known.filter(pl.col("start") > origin - timedelta(days=JUDGED_DAYS))
    weekday = pl.col("start").dt.weekday().alias("weekday")
    share = recent.group_by(weekday).agg((pl.col("count") > 0).mean().alias("share"))
    return share.filter(pl.col("share") >= 0.5)["weekday"].sort()


DAILY = (Daily("offices 28 days", 28, 6, 28), Daily("offices 182 days", 182, 2, 182))
MONTHLY = ("months", 12, 3, 12)
"""Name, horizon, origins, spacing."""


def cuts() -> Iterator[Cut]:
    """Every cut of every set."""
    for rolling in DAILY:
        for name, place in PLACES.items():
            yield from rolling.cuts(office(name), place)
    yield from monthly_cuts(regions(), *MONTHLY)


def office(name: str, column: str = "booked") -> pl.DataFrame:
    """Appointments per day at an office, without the days that were seen in part."""
    rows = pl.read_csv(OFFICES, try_parse_dates=True)
    kept = rows.filter((pl.col("source") == name) & (pl.col("snapshots") >= WHOLE_DAY))
    shaped = kept.select(
        pl.col("source").alias("series"),
        pl.col("date").alias("start"),
        pl.col(column).cast(pl.Float64).alias("count"),
    )
    return shaped.sort("start")


def regions() -> pl.DataFrame:
    """Births, deaths and moves per month and region."""
    rows = pl.read_csv(REGIONS, try_parse_dates=True)
    long = rows.unpivot(EVENTS, index=["region", "period_start"])
    shaped = long.select(
        pl.concat_str("region", "variable", separator="/").alias("series"),
        pl.col("period_start").cast(pl.Date).alias("start"),
        pl.col("value").cast(pl.Float64).alias("count"),
    )
    return shaped.sort("series", "start")


def monthly_cuts(
    history: pl.DataFrame,
    name: str,
    horizon: int,
    origins: int,
    spacing: int,
    country: str = "NL",
) -> Iterator[Cut]:
    """Cuts of monthly series that all end in the same month, together."""
    months = history["start"].unique().sort()
    for number in reversed(range(origins)):
        known = months.len() - horizon - number * spacing
        past = pl.col("start") <= months[known - 1]
        within = pl.col("start") <= months[known + horizon - 1]
        came = history.filter(within & ~past)
        label = "all" if history["series"].n_unique() > 1 else str(history["series"][0])
        yield Cut(name, label, "month", country, None, history.filter(past), came)
