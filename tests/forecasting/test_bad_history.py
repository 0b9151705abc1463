"""Histories as they come: a sensible answer or one clear line, never NaN or a traceback."""

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

import forecasting
from forecasting.errors import InputError
from forecasting.tables import QUANTILE_NAMES

FIRST = date(2026, 3, 2)
NUMBERS = ("mean", *QUANTILE_NAMES)


def days(number: int, name: str = "a", mean: float = 20.0) -> pl.DataFrame:
    every = (FIRST + timedelta(days=i) for i in range(2 * number))
    found = [day for day in every if day.weekday() < 5][:number]
    counts = np.random.default_rng(0).poisson(mean, number)
    return pl.DataFrame({"series": name, "start": found, "count": counts})


def every(months: int, number: int, first: date = date(2020, 1, 1)) -> pl.DataFrame:
    begin = pl.Series([first])
    starts = [begin.dt.offset_by(f"{i * months}mo")[0] for i in range(number)]
    return pl.DataFrame({"series": "a", "start": starts, "count": range(number)})


def slots(number: int, minutes: int = 15, seconds: int = 0) -> pl.DataFrame:
    nine = datetime.combine(FIRST, time(9, 0, seconds))
    starts = [
        nine + timedelta(days=day, minutes=minutes * i)
        for day in range(number)
        if day % 7 < 5
        for i in range(8)
    ]
    counts = np.random.default_rng(0).poisson(5, len(starts))
    return pl.DataFrame({"series": "s", "start": starts, "count": counts})


def put(frame: pl.DataFrame, column: str, value: object) -> pl.DataFrame:
    """The frame with one cell of its fifth row replaced."""
    fifth = pl.int_range(pl.len()) == 4
    new = pl.when(fifth).then(pl.lit(value)).otherwise(pl.col(column))
    return frame.with_columns(new.alias(column))


GOOD = days(40)
AFTER = [GOOD["start"].to_list()[-1] + timedelta(days=i) for i in (3, 4)]
ASKED = pl.DataFrame({"series": "a", "start": AFTER})
STOCK = pl.DataFrame(
    {
        "as_of": [FIRST],
        "service": ["passport"],
        "expiry_week": [FIRST],
        "age_band": ["18-64"],
        "basis": ["outstanding"],
        "count": [10.0],
    }
)
EVENT = pl.DataFrame({"name": ["x"], "start": [FIRST], "end": [FIRST]})


def is_sound(answer: pl.DataFrame) -> bool:
    numbers = answer.select(NUMBERS).to_numpy()
    ordered = (np.diff(numbers[:, 1:], axis=1) >= 0).all()
    return bool(np.isfinite(numbers).all() and (numbers >= 0).all() and ordered)


def spiked(number: int) -> pl.DataFrame:
    return put(days(number, mean=0.0), "count", 1000)


USABLE = {
    "zeros": days(60, mean=0.0),
    "one zero": days(1, mean=0.0),
    "one point": days(1),
    "two points": days(2),
    "one point beside a long series": pl.concat([GOOD, days(1, "b")]),
    "zeros beside a long series": pl.concat([GOOD, days(40, "b", 0.0)]),
    "a gap of a year": pl.concat(
        [GOOD, GOOD.with_columns(pl.col("start").dt.offset_by("56w"))]
    ),
    "a series that ended": pl.concat(
        [GOOD, days(40, "b").with_columns(pl.col("start").dt.offset_by("-60w"))]
    ),
    "one spike among zeros": spiked(40),
    "always the same": days(60).with_columns(pl.lit(7).alias("count")),
    "parts of a contact": GOOD.with_columns(pl.col("count") * 0.001),
    "large counts": GOOD.with_columns(pl.col("count") * 1e9),
    "small integers": GOOD.with_columns(pl.col("count").cast(pl.UInt8)),
    "decimals": GOOD.with_columns(pl.col("count").cast(pl.Decimal(9, 2))),
    "odd names": GOOD.with_columns(pl.lit("één/\n/ß/d/e").alias("series")),
    "columns with our own names": GOOD.with_columns(
        pl.lit("x").alias("clock"), pl.lit(1).alias("mean"), pl.lit(2).alias("origin")
    ),
    "weeks beside days": pl.concat(
        [
            GOOD,
            GOOD.filter(pl.col("start").dt.weekday() == 1).with_columns(
                series=pl.lit("w")
            ),
        ]
    ),
    "two weeks": days(10).filter(pl.col("start").dt.weekday() == 1),
    "three months": every(1, 3),
    "zero months": every(1, 30).with_columns(pl.lit(0).alias("count")),
    "one slot": slots(1).head(1),
    "slots of zero": slots(9).with_columns(pl.lit(0).alias("count")),
    "slots of another zone": slots(9).with_columns(
        pl.col("start").dt.replace_time_zone("America/New_York")
    ),
    "nanoseconds": slots(9).with_columns(pl.col("start").cast(pl.Datetime("ns"))),
    "holidays without a name": GOOD.with_columns(pl.lit(None).alias("holiday")),
}


@pytest.mark.parametrize("name", USABLE)
def test_a_strange_history_gets_a_sensible_answer(name, capfd):
    history = USABLE[name]
    answer = forecasting.forecast(history, horizon=12)
    assert is_sound(answer)
    top = history["count"].cast(pl.Float64).to_numpy().max()
    assert (answer["mean"] <= max(3 * top, 1)).all()
    assert capfd.readouterr() == ("", "")


def test_who_knows_under_a_week_is_forecast_for_the_next_open_day():
    after = forecasting.forecast(days(1), horizon=3)
    assert after["start"].to_list() == [FIRST + timedelta(days=7)]
    assert forecasting.forecast(slots(9), horizon=5).is_empty()
    week_on = forecasting.forecast(slots(1), horizon=10)
    assert week_on["start"][0] == datetime.combine(FIRST + timedelta(days=7), time(9))
    assert week_on.height == 8


def test_a_lazy_frame_is_a_frame():
    expected = forecasting.forecast(GOOD, horizon=5)
    lazy: Any = GOOD.lazy()
    assert forecasting.forecast(lazy, horizon=5).equals(expected)


REFUSED: dict[str, tuple[object, dict[str, Any], str]] = {
    "no frame": (None, {}, "polars frame as history, came NoneType"),
    "a list": ([1], {}, "polars frame as history, came list"),
    "duplicates": (pl.concat([GOOD, GOOD.head(1)]), {}, "'a' at 2026-03-02"),
    "not a number": (put(GOOD, "count", float("nan")), {}, "came nan for 'a'"),
    "infinite": (put(GOOD, "count", float("inf")), {}, "came inf for 'a'"),
    "negative": (put(GOOD, "count", -1), {}, "at least 0, came -1.0"),
    "beyond any town": (put(GOOD, "count", 1e300), {}, "at most 1,000,000,000,000"),
    "no count": (put(GOOD, "count", None), {}, "a number, came None"),
    "no start": (put(GOOD, "start", None), {}, "a start in every row"),
    "no name": (put(GOOD, "series", None), {}, "a series and a start"),
    "an empty name": (put(GOOD, "series", ""), {}, "a series and a start"),
    "a blank name": (put(GOOD, "series", " "), {}, "a series and a start"),
    "numbers as text": (GOOD.cast({"count": pl.String}), {}, "numeric column"),
    "numbers as names": (GOOD.with_columns(series=3), {}, "String, came Int32"),
    "another age": (put(GOOD, "start", date(205, 3, 6)), {}, "came 0205-03-06"),
    "holidays as numbers": (GOOD.with_columns(holiday=1), {}, "column 'holiday'"),
    "calls one by one": (slots(9, 7), {}, "came a start at 2026-03-02 09:07:00"),
    "seconds": (slots(9, 15, 17), {}, "came a start at 2026-03-02 09:00:17"),
    "quarters": (every(3, 9), {}, "at least 90 days apart"),
    "last days of months": (
        every(1, 9, date(2020, 1, 28)), {}, "months by their first day",
    ),
    "no horizon": (GOOD, {"horizon": 0}, "at least 1 period, came 0"),
    "half a horizon": (GOOD, {"horizon": 2.5}, "whole periods, came 2.5"),
    "a horizon in words": (GOOD, {"horizon": "5"}, "whole periods, came '5'"),
    "a truth": (GOOD, {"horizon": True}, "whole periods, came True"),
    "a century": (GOOD, {"horizon": 36_525}, "(30 years), came 3.65e+04"),
    "beyond time": (GOOD, {"horizon": 10**30}, "(30 years), came 1e+30"),
    "no country": (GOOD, {"country": None}, "two letters, came None"),
    "no such region": (GOOD, {"subdiv": "ZZ"}, "known holidays"),
    "no future": (GOOD, {"future": AFTER}, "polars frame as future, came list"),
    "a future without starts": (
        GOOD, {"future": ASKED.drop("start")}, "column 'start'",
    ),
    "a future asked twice": (
        GOOD, {"future": pl.concat([ASKED, ASKED])}, "4 rows that repeat",
    ),
    "a future before": (
        GOOD, {"future": ASKED.head(1).with_columns(start=FIRST)}, "'a' ends 2026-04-24",
    ),
    "a future of another age": (
        GOOD, {"future": ASKED.head(1).with_columns(start=date(9999, 12, 31))}, "30 years after",
    ),
    "no events": (GOOD, {"events": [("x", FIRST)]}, "polars frame as events"),
    "a nameless event": (
        GOOD, {"events": EVENT.with_columns(name=pl.lit(None, pl.String))}, "a name,",
    ),
    "an event without a start": (
        GOOD, {"events": EVENT.with_columns(start=None)}, "from None to 2026-03-02",
    ),
    "an event that ends before": (
        GOOD, {"events": EVENT.with_columns(end=date(2026, 1, 1))}, "to 2026-01-01",
    ),
    "an event of text": (
        GOOD, {"events": EVENT.with_columns(start=pl.lit("soon"))}, "expected events with",
    ),
    "expiries of text": (GOOD, {"expiries": "many"}, "polars frame as expiries"),
    "more documents than people": (
        GOOD, {"expiries": STOCK.with_columns(count=1e13)}, "from 0 to 1,000,000,000,000",
    ),
    "boundless documents": (
        GOOD, {"expiries": STOCK.with_columns(count=1e300)}, "from 0 to 1,000,000,000,000",
    ),
    "expiries without a column": (
        GOOD, {"expiries": pl.DataFrame({"service": ["passport"]})}, "column 'as_of'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_named_in_one_line(name):
    history, asked, expected = REFUSED[name]
    with pytest.raises(InputError) as caught:
        forecasting.forecast(history, **{"horizon": 5, **asked})  # type: ignore[arg-type]  # wrong on purpose
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_event_of_centuries_costs_no_more_than_one_of_years():
    long = EVENT.with_columns(start=date(1000, 1, 1), end=date(9000, 1, 1))
    short = EVENT.with_columns(start=date(2026, 1, 1), end=date(2027, 12, 31))
    answers = [forecasting.forecast(GOOD, horizon=5, events=e) for e in (long, short)]
    assert answers[0].equals(answers[1])


@pytest.mark.parametrize("origins", [0, -1, 2.5, "2", True])
def test_a_backtest_of_no_origins_is_named_in_one_line(origins):
    with pytest.raises(InputError, match="expected origins as a number from 1"):
        forecasting.backtest(GOOD, horizon=5, origins=origins)


def test_a_history_too_short_for_a_backtest_is_named_in_one_line():
    with pytest.raises(InputError, match="leaves room for a backtest"):
        forecasting.backtest(days(20), horizon=5, origins=1)
