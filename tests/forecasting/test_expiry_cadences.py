"""Documents told by week, month and quarter side by side."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.models.expiry.applications import applications_of
from forecasting.models.expiry.periods import by_week
from forecasting.models.expiry.standing import standing_at
from forecasting.models.expiry.stocks import checked_expiries, stocks_of
from forecasting.models.expiry.weeks import week_of
from forecasting.series.panel import first_and_last
from tests.forecasting.expiry_cases import CATALOGUE, PASSPORT, TUNING, town

TOLD = date(2015, 12, 31)


def listed(days, counts=10.0, basis="outstanding", as_of=TOLD) -> pl.DataFrame:
    return pl.DataFrame({"expiry_week": days}).with_columns(
        as_of=pl.lit(as_of),
        service=pl.lit("passport"),
        age_band=pl.lit("18-64"),
        basis=pl.lit(basis),
        count=pl.Series("count", np.broadcast_to(counts, len(days)).astype(float)),
    )


def firsts(number: int, months: int = 1) -> pl.Series:
    first, last = date(2016, 1, 1), date(2040, 1, 1)
    return pl.date_range(first, last, f"{months}mo", eager=True).head(number)


MONDAYS = pl.date_range(date(2016, 1, 4), date(2017, 12, 31), "1w", eager=True)


def per_week(rows: pl.DataFrame) -> dict[date, float]:
    sums = by_week(rows).group_by("expiry_week").agg(pl.col("count").sum())
    return dict(sums.sort("expiry_week").iter_rows())


def test_a_stock_by_week_stays_as_it_is():
    rows = listed(MONDAYS, np.arange(MONDAYS.len()))
    assert by_week(rows).equals(rows)


@pytest.mark.parametrize("months", [1, 3])
def test_each_week_gets_the_documents_of_its_days(months):
    days = firsts(8, months)
    found = per_week(listed(days, np.arange(1, 9)))
    per_day: dict[date, float] = {}
    for start, count in zip(days, range(1, 9), strict=True):
        end = (start + timedelta(days=31 * months)).replace(day=1)
        span = [start + timedelta(days=i) for i in range((end - start).days)]
        for day in span:
            monday = day - timedelta(days=day.weekday())
            per_day[monday] = per_day.get(monday, 0.0) + count / len(span)
    assert found == pytest.approx(per_day)
    assert sum(found.values()) == pytest.approx(36)


def test_months_named_by_the_monday_of_their_first_day_are_months_too():
    by_first = per_week(listed(firsts(12)))
    mondays = firsts(12).dt.truncate("1w")
    assert per_week(listed(mondays)) == pytest.approx(by_first)
    few = listed(mondays.head(5))
    assert by_week(few).equals(few)


def test_a_stock_by_week_and_one_by_month_stand_side_by_side():
    weekly = listed(MONDAYS, as_of=date(2015, 9, 30), basis="issued")
    monthly = listed(firsts(24), 10.0 * 366 / 12 / 7)
    stocks = stocks_of(checked_expiries(pl.concat([weekly, monthly])), "passport")
    one, two = (stock.cells(np.arange(2410, 2460)).sum() for stock in stocks.stocks)
    assert [stock.outstanding for stock in stocks.stocks] == [False, True]
    assert two == pytest.approx(one, rel=0.05)


def test_weeks_and_months_in_one_stock_and_longer_periods_are_refused():
    both = listed(pl.concat([MONDAYS.head(20), firsts(24).tail(10)]))
    with pytest.raises(InputError, match=r"weeks and months in one.*of 2015-12-31"):
        checked_expiries(both)
    with pytest.raises(InputError, match="periods of 12 months"):
        checked_expiries(listed(firsts(10, 12)))


def test_stocks_by_month_or_quarter_say_nearly_what_stocks_by_week_say():
    """The same town told both ways: the renewals ahead, over a year, hardly differ."""
    demand, stocks = town(weeks=157)
    _, day = first_and_last(stocks["as_of"])
    every = pl.col("as_of").rank("dense")
    mixed = []
    for months in (1, 3):
        period = pl.col("expiry_week").dt.truncate(f"{months}mo")
        rest = pl.exclude("expiry_week", "count").first()
        keys = ["as_of", "age_band"]
        longer = stocks.filter(every % 3 == months - 1)
        coarse = longer.group_by(*keys, period, maintain_order=True).agg(
            rest, pl.col("count").sum()
        )
        mixed.append(coarse.select(stocks.columns))
    told = pl.concat([stocks.filter(every % 3 == 1), *mixed])
    assert told.height < stocks.height
    ahead = []
    for expiries in (stocks, told):
        known = standing_at(
            demand, checked_expiries(expiries), PASSPORT, CATALOGUE, day, TUNING.expiry
        )
        assert known is not None
        weeks = known.now + np.arange(52)
        ahead.append(known.stocks.stocks[-1].cells(weeks).sum())
    assert ahead[1] == pytest.approx(ahead[0], rel=0.03)


def applications(demand: pl.DataFrame, day: date):
    services = ("passport",)
    return applications_of(demand, "passport", services, TUNING.expiry.steps, day)


def counted(name: str, starts, count: float) -> pl.DataFrame:
    return pl.DataFrame({"start": starts}).select(
        pl.lit(f"{name}/passport").alias("series"),
        "start",
        pl.lit(count).alias("count"),
    )


DAYS = pl.date_range(date(2016, 1, 1), date(2017, 12, 31), "1d", eager=True)
WORKING = DAYS.filter(DAYS.dt.weekday() < 6)


def test_a_place_that_counts_by_month_joins_one_that_counts_by_day():
    """Months of 21 a working day beside days of 10 are weeks of 155, without spikes."""
    starts = firsts(24)
    number = np.busday_count(
        starts.to_numpy().astype("datetime64[D]"),
        starts.dt.offset_by("1mo").to_numpy().astype("datetime64[D]"),
    )
    months = counted("village", starts, 0.0).with_columns(
        pl.Series("count", 21.0 * number)
    )
    both = pl.concat([months, counted("city", WORKING, 10.0)])
    found = applications(both, date(2017, 12, 31))
    assert found is not None
    assert found.weekly[1:-1] == pytest.approx(np.full(found.weekly.size - 2, 155.0))


def test_a_month_that_has_not_ended_is_not_known_yet():
    months = counted("village", firsts(24), 2100.0)
    both = pl.concat([months, counted("city", WORKING, 10.0)])
    middle = date(2017, 6, 14)
    shocked = both.with_columns(
        pl.when(
            pl.col("start") >= date(2017, 6, 1), pl.col("series") == months["series"][0]
        )
        .then(9999.0)
        .otherwise("count")
        .alias("count")
    )
    one, two = (applications(rows, middle) for rows in (both, shocked))
    assert one is not None
    assert two is not None
    assert one.weekly.tolist() == two.weekly.tolist()
    assert one.weeks[-1] == week_of(middle)


def test_places_that_all_count_by_month_are_read_as_months():
    months = counted("village", firsts(24), 2100.0)
    found = applications(months, date(2017, 12, 31))
    assert found is not None
    assert found.counts.tolist() == [2100.0] * 24
