"""What is known of every day, past and to come: holidays and events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from forecasting.calendar import public_holidays, school_holidays
from forecasting.errors import InputError
from forecasting.series.checking import as_frame
from forecasting.series.panel import first_and_last


@dataclass(frozen=True)
class Known:
    """What is known of every day, past and to come."""

    holidays: Mapping[date, str]
    events: tuple[tuple[str, date, date], ...] = ()
    school: Mapping[date, str] = field(default_factory=dict)


def known_days(
    country: str,
    subdiv: str | None,
    years: tuple[int, int],
    *,
    named: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
    school_region: str | None = None,
) -> Known:
    """Holidays of a country, or those that the frames name, school holidays and events.

    School holidays are those of `school_region`, or of `subdiv` where that is one.

    Raises:
        InputError: the country or subdivision has no known holidays; the events are none.
    """
    if not isinstance(country, str):
        raise InputError(f"expected a country as two letters, came {country!r:.60}")
    try:
        book = public_holidays(country, subdiv)
    except NotImplementedError as error:
        raise InputError(f"expected a country with known holidays; {error}") from None
    found = _within(book, years)
    if named is not None and "holiday" in named.columns:
        rows = named.select("start", pl.col("holiday").cast(pl.String))
        rows = rows.unique().sort("start", "holiday")
        first, last = first_and_last(rows["start"])
        found = {d: n for d, n in found.items() if not first <= d <= last}
        found |= dict(rows.filter(pl.col("holiday").str.len_chars() > 0).iter_rows())
    school = school_holidays(country, school_region or subdiv, years)
    return Known(found, _event_rows(events, years), school)


def _within(book: Mapping[date, str], years: tuple[int, int]) -> dict[date, str]:
    """The holidays of the years; the book fills a year when one of its days is asked."""
    for year in range(years[0], years[1] + 1):
        book.get(date(year, 1, 1))
    inside = sorted(day for day in book if years[0] <= day.year <= years[1])
    return {day: book[day] for day in inside}


def _event_rows(
    events: pl.DataFrame | None, years: tuple[int, int]
) -> tuple[tuple[str, date, date], ...]:
    """Name, first and last day of each event, as far as it lies in the years."""
    if events is None:
        return ()
    frame = as_frame(events, "events")
    if frame.is_empty():
        return ()
    rows = _events(frame)
    wrong = rows.filter(
        pl.any_horizontal(pl.all().is_null()) | (pl.col("end") < pl.col("start"))
    )
    if wrong.height:
        name, first, last = wrong.row(0)
        raise InputError(
            "expected a name, a start and an end no earlier for every event, came "
            f"'{name}' from {first} to {last}"
        )
    begin, close = date(years[0], 1, 1), date(years[1], 12, 31)
    inside = rows.filter((pl.col("start") <= close) & (pl.col("end") >= begin))
    bounded = pl.col("start", "end").clip(begin, close)
    return tuple(inside.with_columns(bounded).sort("start", "name").iter_rows())


def _events(frame: pl.DataFrame) -> pl.DataFrame:
    """`name, start, end` of events; one without an end lasts a day."""
    start = pl.col("start").cast(pl.Date)
    end = pl.col("end").cast(pl.Date) if "end" in frame.columns else start
    try:
        return frame.select(
            pl.col("name").cast(pl.String),
            start.alias("start"),
            end.fill_null(start).alias("end"),
        )
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"expected events with columns name, start and (optional) end; {reason}"
        ) from None
