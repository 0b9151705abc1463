"""A location that prints only so many documents a day has no use for more hours."""

from datetime import date, timedelta

import polars as pl
import pytest

from forecasting.calendar import Period
from forecasting.catalogue import Catalogue, Service, Step, Validity
from staffing.staff_tables import Limits
from staffing.workload import cap_by_applications, expected_hours, match_series
from tests.staffing import forecast_cases as cases

MONDAY = cases.MONDAY
ORDERS = "hall/passport/application/appointment"
DECLARATIONS = "hall/birth/declaration/walk_in"
ELSEWHERE = "annex/passport/application/appointment"


def catalogue() -> Catalogue:
    """A passport takes 20 minutes to order, a birth 30 to declare."""
    validity = Validity(issued_from=date(2014, 3, 9), years=10, source="t")
    order = Step(
        id="application", skill="counter", channels=("appointment",), handling_s=1200,
        source="t",
    )  # fmt: skip
    tell = Step(
        id="declaration", skill="counter", channels=("walk_in",), handling_s=1800,
        source="t",
    )  # fmt: skip
    return Catalogue(
        service=(
            Service(id="passport", name_nl="P", name_en="P", step=(order,),
                    validity=(validity,)),
            Service(id="birth", name_nl="B", name_en="B", step=(tell,)),
        )
    )  # fmt: skip


def capped(*rows: tuple[object, ...], capacity: float | None = 100.0, closed=()):
    """Capacity per location of a week of 30 orders (10 hours) and 10 declarations a day."""
    means = {ORDERS: 30.0, DECLARATIONS: 10.0, ELSEWHERE: 30.0}
    forecast = cases.forecast(means)
    work, _ = match_series(forecast["series"], catalogue(), no_show=0.0)
    load = expected_hours(forecast, work)
    load = load.with_columns(pl.lit(capacity, pl.Float64).alias("capacity"))
    schema = Limits.create_empty().schema
    limits = pl.DataFrame(list(rows), schema=schema, orient="row")
    calendar = cases.calendar().model_copy(update={"closures": tuple(closed)})
    found = cap_by_applications(
        load, forecast, work, limits, calendar=calendar, catalogue=catalogue()
    )
    assert found.columns == load.columns
    return dict(found.select("location", "capacity").iter_rows())


def daily(number: int, weekdays: str | None = None, place: str = "hall"):
    return (place, "applications", number, "per_day", weekdays, None, None)


def test_capacity_is_the_other_work_and_the_applications_allowed():
    # Five open days of 12 orders of 20 minutes, and 25 hours of declarations.
    found = capped(daily(12))
    assert found == {"annex": 100.0, "hall": pytest.approx(25 + 5 * 12 / 3)}


def test_a_limit_beyond_the_staff_changes_nothing():
    assert capped(daily(500)) == {"annex": 100.0, "hall": 100.0}
    assert capped() == {"annex": 100.0, "hall": 100.0}
    assert capped(daily(12), capacity=None) == {"annex": None, "hall": None}


def test_closed_days_print_nothing_and_a_day_without_a_limit_any_number():
    day = MONDAY + timedelta(days=2)
    shut = Period(name="x", first=day, last=day, source="t", location="hall")
    assert capped(daily(12), closed=[shut])["hall"] == pytest.approx(25 + 4 * 12 / 3)
    assert capped(daily(12, "mon tue"))["hall"] == 100.0
    assert capped(daily(12), daily(6, "mon"))["hall"] == pytest.approx(
        25 + (4 * 12 + 6) / 3
    )
