"""Fees to come, polling days: each by its own name."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.calendar import FeeChange
from forecasting.catalogue import Catalogue
from forecasting.insight_tables import Effects
from forecasting.pipeline.fees import with_fees
from forecasting.pipeline.happenings import known_of, with_events
from forecasting.pipeline.letters_told import letters_by_week
from forecasting.pipeline.town import Town
from forecasting.policy import load_policy
from forecasting.records import EventRecord
from forecasting.rolling.tasks import Task
from forecasting.series.panel import Panel, Series
from forecasting.settings import Settings
from forecasting.tables import QUANTILE_NAMES, StoredForecast
from forecasting.tuning import load_tuning
from tests.forecasting.pipeline_cases import CALENDAR

PASSPORT = "town/passport/application/appointment"
COLLECTED = "town/passport/collection/walk_in"
CALLED = "town/passport/question/phone"
FIRST = date(2026, 11, 23)
CATALOGUE = load_policy(Settings().config / "catalogue.toml", Catalogue)


def test_what_letters_change_is_told_by_week_and_kind():
    series = (PASSPORT, PASSPORT, COLLECTED, CALLED, CALLED)
    days = [FIRST + timedelta(days=day) for day in (0, 3, 7, 4, 4)]
    causes = pl.DataFrame(
        {
            "series": series,
            "start": days,
            "cause": ["letters"] * 4 + ["season"],
            "count": [2.0, -0.5, 1.25, 3.0, 9.0],
        }
    )
    none = {"applications": 0.0, "collections": 0.0, "calls": 0.0}
    assert letters_by_week(causes, CATALOGUE) == [
        none | {"week": "2026-W48", "applications": 1.5, "calls": 3.0},
        none | {"week": "2026-W49", "collections": 1.25},
    ]
    assert letters_by_week(causes.clear(), CATALOGUE) == []


def town_with(change: FeeChange) -> Town:
    days = [FIRST - timedelta(days=i) for i in range(1, 60)]
    demand = pl.DataFrame(
        {"series": PASSPORT, "start": days, "cadence": "day", "count": 1.0}
    )
    calendar = CALENDAR.model_copy(update={"fee_changes": (change,)})
    return Town(calendar, CATALOGUE, load_tuning(), demand)


def test_a_fee_to_come_moves_first_visits_and_neither_calls_nor_collections():
    change = FeeChange(
        name="2027",
        service="passport",
        day=date(2027, 1, 1),
        old=80.0,
        new=90.0,
        source="made up",
    )
    measured = Effects.validate(
        pl.DataFrame(
            {
                "kind": "fee",
                "subject": "passport",
                "detail": ["2027: weeks -4 to 0"],
                "ratio": 1.5,
                "low": 1.2,
                "high": 1.8,
                "first": date(2026, 12, 4),
                "last": date(2026, 12, 31),
                "evidence": 2,
            }
        ),
        cast=True,
    )
    starts = [FIRST + timedelta(days=i) for i in range(60)]
    frame = pl.DataFrame({"series": [CALLED, PASSPORT, COLLECTED]}).join(
        pl.DataFrame({"start": starts}), how="cross"
    )
    bounds = (pl.lit(10.0).alias(name) for name in ("mean", *QUANTILE_NAMES))
    told = frame.with_columns(*bounds, cadence=pl.lit("day"), method=pl.lit("blend"))
    before = StoredForecast.validate(told.sort("series", "start"), cast=True)
    after, parts = with_fees(before, town_with(change), measured)
    mine = after.filter(series=PASSPORT)
    near = mine.filter(pl.col("start") == date(2026, 12, 20))
    assert near.select("mean", "q05", "q95").row(0) == (15.0, 15.0, 15.0)
    assert mine.filter(pl.col("start") == FIRST)["mean"].item() == 10.0
    assert after.filter(series=CALLED).equals(before.filter(series=CALLED))
    assert after.filter(series=COLLECTED).equals(before.filter(series=COLLECTED))
    assert set(parts["cause"]) == {"fee"}
    added = parts["count"].sum()
    assert added > 0
    assert added == pytest.approx((after["mean"] - before["mean"]).sum())


def test_polling_day_stands_apart_from_the_days_before_an_election():
    vote = date(2026, 3, 18)
    calendar = CALENDAR.model_copy(update={"elections": (vote,)})
    starts = np.datetime64("2026-01-05") + np.arange(300)
    series = Series(PASSPORT, starts, np.ones(300))
    known = known_of(calendar, Panel("day", (series,)), 60)
    assert known.events == (("election", date(2026, 3, 4), vote),)
    task = Task(series, "day", 60, (), starts[:0], known.holidays, known.events)
    noted = EventRecord(name="fair", first=FIRST, last=FIRST, series="*/*/*/phone")
    assert with_events(task, [noted]).events == (
        ("election", date(2026, 3, 4), date(2026, 3, 17)),
        ("polling day", vote, vote),
    )
