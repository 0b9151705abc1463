"""A rise of fees that is assumed: what earlier ones tell of it, and nothing else."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.calendar import Calendar, FeeChange
from forecasting.catalogue import Catalogue
from forecasting.insight_tables import Effects
from forecasting.outside import assumed_fees, with_assumed_fees
from forecasting.policy import load_policy
from forecasting.settings import Settings
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import load_tuning

LAST, RISE = date(2026, 11, 20), date(2027, 1, 1)
TUNING = load_tuning().effects
CATALOGUE = load_policy(Settings().config / "catalogue.toml", Catalogue)
APPLY = "hall/passport/application/appointment"
COLLECT = "hall/passport/collection/walk_in"
ASK = "hall/passport/question/phone"
MOVE = "hall/move/declaration/appointment"
LATER = 8


def change(name: str, service: str, day: date) -> FeeChange:
    return FeeChange(name=name, service=service, day=day, source="test")


EARLIER = change("rise of 2020", "passport", date(2020, 1, 1))


def measured(*phases: tuple[str, float], service: str = "passport") -> pl.DataFrame:
    rows = [
        ("fee", service, f"rise of 2020: {phase}", ratio, ratio * 0.98, ratio / 0.98)
        for phase, ratio in phases
    ]
    names = ["kind", "subject", "detail", "ratio", "low", "high"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        first=date(2019, 11, 6), last=date(2020, 4, 1), evidence=1
    )
    return Effects.validate(frame, cast=True)


def rise(effects: pl.DataFrame, *changes: FeeChange, services=("passport",)):
    calendar = Calendar(fee_changes=changes)
    return assumed_fees(services, RISE, LAST, calendar, effects, TUNING)


HURRY = measured(("weeks -4 to 0", 1.5), ("weeks 0 to 4", 0.6), ("net", 1.0))


def forecast() -> pl.DataFrame:
    days = [LAST + timedelta(days=i) for i in range(1, 120)]
    rows = [
        {"series": series, "start": day, "mean": 10.0, "cadence": "day"}
        | dict.fromkeys(QUANTILE_NAMES, 10.0)
        for series in (APPLY, COLLECT, ASK, MOVE)
        for day in days
    ]
    return pl.DataFrame(rows)


def of(frame: pl.DataFrame, series: str, first: date, days: int) -> list[float]:
    inside = pl.col("start").is_between(first, first + timedelta(days=days - 1))
    return frame.filter(inside, series=series)["mean"].to_list()


def moved(effects: pl.DataFrame = HURRY) -> pl.DataFrame:
    return with_assumed_fees(
        forecast(), rise(effects, EARLIER), CATALOGUE, TUNING, later_days=LATER
    )


def test_applications_hurry_before_a_rise_and_stay_away_after_it():
    """By the ratios of the one change that was measured."""
    after = moved()
    weeks = timedelta(weeks=4)
    assert of(after, APPLY, RISE - weeks, 28) == pytest.approx([15.0] * 28)
    assert of(after, APPLY, RISE, 28) == pytest.approx([6.0] * 28)
    assert of(after, APPLY, RISE + weeks, 7) == pytest.approx([10.0] * 7)


def test_collections_follow_and_calls_and_other_services_do_not():
    """A second visit moves as the first one some days before it."""
    after, later = moved(), timedelta(days=LATER)
    assert of(after, COLLECT, RISE, LATER) == pytest.approx([15.0] * LATER)
    assert of(after, COLLECT, RISE + later, 28) == pytest.approx([6.0] * 28)
    for series in (ASK, MOVE):
        assert of(after, series, LAST, 120) == pytest.approx([10.0] * 119)


def test_as_many_more_come_to_collect_as_applied():
    """Over the whole stretch both move alike."""
    after = moved()
    sums = [np.sum(of(after, series, LAST, 120)) for series in (APPLY, COLLECT)]
    assert sums[0] == pytest.approx(sums[1])


def test_quantiles_move_with_the_mean():
    """The forecast is no surer for it."""
    after = moved()
    for name in QUANTILE_NAMES:
        assert after[name].to_list() == after["mean"].to_list()


def test_where_no_change_was_measured_nothing_is_assumed():
    """It says so, and makes up no rise."""
    found = rise(Effects.create_empty())
    assert found.states == {"passport": "never measured"}
    assert not found.changes
    frame = with_assumed_fees(forecast(), found, CATALOGUE, TUNING, later_days=LATER)
    assert frame.equals(forecast())


def test_a_rise_that_the_calendar_names_is_in_the_forecast():
    """It is not laid over it twice; that of another service is assumed."""
    named = change("rise of 2027", "passport", RISE)
    found = rise(HURRY, EARLIER, named, services=("passport", "licence"))
    assert found.states == {"passport": "in the forecast", "licence": "assumed"}
    assert [one.service for one in found.changes] == ["licence"]


def test_what_is_expected_of_a_change_to_come_counts_as_no_measurement():
    """Else one guess would rest on another."""
    named = change("rise of 2020", "id_card", date(2026, 12, 1))
    guess = HURRY.with_columns(subject=pl.lit("id_card"))
    assert rise(guess, named).states == {"passport": "never measured"}
