"""Forecasts of others replace or bend ours: their counts come out, and who says so is kept."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from forecasting.ingest.kinds.outside_targets import first_day, last_day
from forecasting.outside import Applied, apply_outside
from forecasting.outside_tables import OutsideApplied
from forecasting.tables import QUANTILE_NAMES, Forecast
from forecasting.tuning import OutsideTuning
from tests.forecasting.reference_cases import CATALOGUE

HALF = OutsideTuning(bend=0.5, longest_days=1097, source="assumed")
APPLICATIONS = [f"{place}/passport/application/appointment" for place in ("a", "b")]
COLLECTION, QUESTION = "a/passport/collection/walk_in", "a/passport/question/phone"
NAMES = [*APPLICATIONS, COLLECTION, QUESTION, "a/move/declaration/appointment"]
END = date(2026, 11, 20)


def open_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def forecast(until: date = date(2027, 12, 31), level: float = 10.0) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    days = open_days(END + timedelta(days=1), until)
    parts = []
    for name in NAMES:
        mean = level * rng.uniform(0.5, 1.5, len(days))
        steps = {q: mean * (0.4 + 0.2 * i) for i, q in enumerate(QUANTILE_NAMES)}
        frame = {"series": [name] * len(days), "start": days, "mean": mean, **steps}
        parts.append(pl.DataFrame(frame))
    return pl.concat(parts).with_columns(
        pl.lit("day").alias("cadence"), pl.lit("blend").alias("method")
    )


def demand(level: float = 10.0, first: date = date(2024, 1, 1)) -> pl.DataFrame:
    days = open_days(first, END)
    parts = [
        pl.DataFrame({"series": [name] * len(days), "start": days, "count": level})
        for name in NAMES
    ]
    return pl.concat(parts).with_columns(pl.lit("day").alias("cadence"))


def said(*rows: dict[str, object]) -> pl.DataFrame:
    base: dict[str, object] = {
        "subject": "passport",
        "period": "2027-05",
        "percent": None,
        "base_year": None,
        "count": None,
        "mode": "replace",
        "said_by": "RvIG",
        "source": "rvig_outlook",
        "imported": 0,
    }
    types = {"percent": pl.Float64, "count": pl.Float64, "base_year": pl.Int64}
    frame = pl.DataFrame([base | row for row in rows], schema_overrides=types)
    return frame.with_columns(first_day().alias("first"), last_day().alias("last"))


def apply(*rows: dict[str, object], ours: pl.DataFrame | None = None) -> Applied:
    base = forecast() if ours is None else ours
    return apply_outside(base, demand(), said(*rows), CATALOGUE, HALF)


def total(frame: pl.DataFrame, first: date, last: date, names=APPLICATIONS) -> float:
    inside = pl.col("start").is_between(first, last) & pl.col("series").is_in(names)
    return float(frame.filter(inside)["mean"].sum())


def counted(first: date, last: date) -> float:
    inside = pl.col("start").is_between(first, last)
    mine = pl.col("series").is_in(APPLICATIONS)
    return float(demand().filter(inside & mine)["count"].sum())


MAY = date(2027, 5, 1), date(2027, 5, 31)


def test_the_forecast_of_the_period_adds_up_to_the_count_that_was_said():
    done = apply({"count": 777.0})
    assert total(done.forecast, *MAY) == pytest.approx(777)
    Forecast.validate(done.forecast.select(Forecast.column_names()))
    (row,) = OutsideApplied.validate(done.said).iter_rows(named=True)
    assert (row["said_by"], row["state"], row["place"]) == ("RvIG", "applied", 1)
    assert row["before"] == pytest.approx(total(forecast(), *MAY))
    assert row["after"] == pytest.approx(777)


def test_nothing_but_the_period_and_the_service_moves():
    done, before = apply({"count": 777.0}).forecast, forecast()
    assert done.columns == before.columns
    inside = pl.col("start").is_between(*MAY)
    moved = inside & pl.col("series").str.contains("/passport/(application|collection)")
    assert done.filter(~moved).equals(before.filter(~moved))
    ratio = done.filter(moved)["mean"] / before.filter(moved)["mean"]
    assert ratio.max() == pytest.approx(ratio.min())
    q90 = done.filter(moved)["q90"] / before.filter(moved)["q90"]
    assert q90.to_numpy() == pytest.approx(ratio.to_numpy())
    assert QUESTION in set(done.filter(~moved)["series"])


def test_bending_goes_part_of_the_way():
    before = total(forecast(), *MAY)
    after = total(apply({"count": 777.0, "mode": "bend"}).forecast, *MAY)
    assert after == pytest.approx((before + 777) / 2)


def test_a_percentage_changes_the_same_days_of_the_base_year():
    base = counted(date(2025, 5, 1), date(2025, 5, 31))
    done = apply({"percent": 12.5, "base_year": 2025})
    assert total(done.forecast, *MAY) == pytest.approx(1.125 * base)


def test_a_base_year_that_is_not_over_is_completed_by_what_we_expect():
    rest = total(forecast(), END, date(2026, 12, 31))
    past = counted(date(2026, 1, 1), END)
    done = apply({"percent": 20.0, "period": "2027"})
    year = date(2027, 1, 1), date(2027, 12, 31)
    expected = 1.2 * (past + rest)
    assert total(done.forecast, *year) == pytest.approx(expected)


def test_of_a_period_that_is_over_in_part_the_rest_moves_in_proportion():
    past = counted(date(2026, 1, 1), END)
    rest = total(forecast(), END, date(2026, 12, 31))
    whole = past + rest
    done = apply({"count": 1.5 * whole, "period": "2026"})
    after = total(done.forecast, END, date(2026, 12, 31))
    assert after == pytest.approx(1.5 * rest)


def test_of_a_period_beyond_the_forecast_the_covered_part_moves_in_proportion():
    ours = forecast(until=date(2027, 3, 31))
    quarter = total(ours, date(2027, 1, 1), date(2027, 3, 31))
    days = len(open_days(date(2027, 1, 1), date(2027, 3, 31)))
    year = len(open_days(date(2027, 1, 1), date(2027, 12, 31)))
    done = apply({"count": 2 * quarter / days * year, "period": "2027"}, ours=ours)
    after = total(done.forecast, date(2027, 1, 1), date(2027, 3, 31))
    assert after == pytest.approx(2 * quarter)


def test_weeks_that_lie_in_the_period_in_part_move_in_part():
    mondays = [date(2027, 4, 26) + timedelta(weeks=i) for i in range(8)]
    ours = pl.DataFrame(
        {"series": APPLICATIONS[0], "start": mondays, "mean": 70.0, "cadence": "week"}
    ).with_columns(pl.lit(70.0).alias(name) for name in QUANTILE_NAMES)
    weekly = demand().head(0).with_columns(pl.lit("week").alias("cadence"))
    done = apply_outside(ours, weekly, said({"count": 620.0}), CATALOGUE, HALF)
    assert done.forecast["mean"][0] == pytest.approx(70 + 2 * 10)
    assert done.forecast["mean"][1] == pytest.approx(140)
    assert done.forecast["mean"][7] == 70


def test_of_two_that_overlap_the_last_import_holds_and_it_is_said():
    first = {"count": 900.0, "imported": 1, "source": "own_outlook", "said_by": "team"}
    done = apply(first, {"count": 500.0, "imported": 2})
    assert total(done.forecast, *MAY) == pytest.approx(500)
    states = dict(done.said.select("said_by", "state").iter_rows())
    assert states == {"RvIG": "applied", "team": "overtaken"}


def test_within_one_import_a_month_goes_before_the_year_around_it():
    done = apply({"count": 12_000.0, "period": "2027"}, {"count": 500.0})
    assert total(done.forecast, *MAY) == pytest.approx(500)
    states = dict(done.said.select("period", "state").iter_rows())
    assert states == {"2027-05": "applied", "2027": "partly overtaken"}
    before = total(forecast(), date(2027, 1, 1), date(2027, 12, 31))
    june = date(2027, 6, 1), date(2027, 6, 30)
    ratio = total(done.forecast, *june) / total(forecast(), *june)
    assert ratio == pytest.approx(12_000 / before)


def test_a_pattern_means_its_series_alone():
    done = apply({"subject": "b/passport/*/appointment", "count": 99.0})
    assert total(done.forecast, *MAY, names=APPLICATIONS[1:]) == pytest.approx(99)
    others = pl.col("series") != APPLICATIONS[1]
    assert done.forecast.filter(others).equals(forecast().filter(others))


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"count": 5.0, "period": "2031"}, "outside the forecast"),
        ({"count": 5.0, "period": "2025"}, "outside the forecast"),
        ({"count": 5.0, "subject": "unicorn"}, "no such series"),
        ({"percent": 5.0, "base_year": 2019}, "no demand to compare with"),
    ],
)
def test_what_cannot_be_applied_changes_nothing_and_is_said(row, state):
    done = apply(row)
    assert done.forecast.equals(forecast())
    assert done.said["state"].to_list() == [state]


def test_a_count_where_we_expect_nothing_is_said_and_not_made_up():
    none = forecast().with_columns(pl.col("mean", *QUANTILE_NAMES) * 0.0)
    done = apply({"count": 50.0}, ours=none)
    assert done.forecast.equals(none)
    assert done.said["state"].to_list() == ["nothing expected"]


def test_without_anything_said_the_forecast_is_what_it_was():
    done = apply_outside(forecast(), demand(), said({}).clear(), CATALOGUE, HALF)
    assert done.forecast.equals(forecast())
    assert done.said.is_empty()


def test_a_forecast_without_rows_stays_empty():
    none = forecast().clear()
    done = apply({"count": 50.0}, ours=none)
    assert done.forecast.equals(none)
    assert done.said["state"].to_list() == ["outside the forecast"]


STATEMENT = st.fixed_dictionaries(
    {
        "subject": st.sampled_from(["passport", "move", "*", "a/*/*/*", NAMES[1]]),
        "period": st.sampled_from(
            ["2026", "2027", "2027-Q2", "2027-05", "2027-05-10..2027-06-03"]
        ),
        "mode": st.sampled_from(["replace", "bend"]),
        "imported": st.integers(0, 3),
        "count": st.floats(0, 1e5),
    }
)


@given(st.lists(STATEMENT, min_size=1, max_size=6, unique_by=lambda r: r["imported"]))
@limits(max_examples=40, deadline=None)
def test_whatever_is_said_quantiles_never_cross_and_the_last_import_comes_out(rows):
    named = [row | {"source": f"s{row['imported']}"} for row in rows]
    done = apply(*named)
    Forecast.validate(done.forecast.select(Forecast.column_names()))
    last = done.said.row(by_predicate=pl.col("place") == 1, named=True)
    if last["mode"] == "replace" and not last["period"].startswith("2026"):
        assert last["after"] == pytest.approx(last["said"], rel=1e-9)
    again = apply(*named[::-1])
    assert again.forecast.equals(done.forecast)
