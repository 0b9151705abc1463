"""A day that closes early: its forecast is what the open hours bring, causes and slots too."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.calendar import Calendar, Hours
from forecasting.catalogue import Catalogue
from forecasting.insight_tables import Effects, RenewalTiming
from forecasting.intraday.dayparts import DayParts
from forecasting.notes import Adjustment
from forecasting.pipeline.documents import Papers
from forecasting.pipeline.lettering import LettersToCome
from forecasting.pipeline.settling import settled_forecast
from forecasting.pipeline.town import Town
from forecasting.planner import add
from forecasting.policy import load_policy
from forecasting.rolling.explained import EFFECTS
from forecasting.rolling.fanout import Predictions
from forecasting.settings import Settings
from forecasting.tuning import load_tuning
from tests.empty_home import open_home
from tests.forecasting.pipeline_cases import CALENDAR

NAME = "stadhuis/passport/application/appointment"
MONDAY = date(2026, 6, 8)
NOON = Hours.model_validate(
    {"location": "stadhuis", "skills": ["counter"], "first": MONDAY, "last": MONDAY,
     "mon": ["09:00:00", "12:00:00"]}
)  # fmt: skip
SHORT = Calendar.model_validate(CALENDAR.model_dump() | {"imported_hours": (NOON,)})
CATALOGUE = load_policy(Settings().config / "catalogue.toml", Catalogue)
TUNING = load_tuning()


def history(days: int = 120) -> pl.DataFrame:
    """Two contacts in every open quarter-hour."""
    starts = [
        slot
        for i in range(days, 0, -1)
        for slot in CALENDAR.slots(
            "stadhuis", "counter", MONDAY - timedelta(days=i + 2)
        )
    ]
    return pl.DataFrame({"series": NAME, "start": starts, "count": 2.0}).with_columns(
        pl.col("start").dt.cast_time_unit("us")
    )


def said(origin: date, first: date, actual: float | None) -> pl.DataFrame:
    """What one method says of five days from one on: 64 a day, off by a little."""
    days = [first + timedelta(days=i) for i in range(5)]
    off = np.array([1.0, -2.0, 0.5, 2.0, -1.5])
    return pl.DataFrame(
        {
            "series": NAME,
            "origin": origin,
            "start": days,
            "ahead": [(day - origin).days for day in days],
            "actual": None if actual is None else actual + off,
            "holiday": False,
            "method": "nb_glm",
            "mean": 64.0,
        },
        schema_overrides={"ahead": pl.Int32, "actual": pl.Float64},
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The settled forecast of a week with a Monday that closes at noon, and its slots."""
    home = tmp_path_factory.mktemp("short")
    workspace = open_home(Settings.model_validate({"home": home}))
    note = Adjustment(
        first=MONDAY, last=MONDAY, factor=1.25, plus=0.0, reason="a fair", series=""
    )
    add(workspace, note, now=datetime(2026, 6, 1, tzinfo=UTC))
    slots = history()
    demand = slots.group_by("series", pl.col("start").dt.date()).agg(
        pl.col("count").sum()
    )
    town = Town(SHORT, CATALOGUE, TUNING, demand.with_columns(cadence=pl.lit("day")))
    weeks = [MONDAY - timedelta(weeks=week) for week in (4, 3, 2)]
    past = pl.concat(said(day - timedelta(days=3), day, 64.0) for day in weeks)
    future = said(MONDAY - timedelta(days=3), MONDAY, None)
    answers = Predictions(past, future, {}, pl.DataFrame(schema=EFFECTS))
    places = {NAME: ("stadhuis", "counter")}
    parts = DayParts.fitted(slots, places, SHORT, TUNING, MONDAY)
    none = LettersToCome(town, Papers({}, RenewalTiming.create_empty()), ())
    found, _ = settled_forecast(
        workspace, answers, town, Effects.create_empty(), parts, none
    )
    return found, parts.slots(found.forecast)


def test_the_slots_of_a_short_day_add_up_to_its_stored_mean(run):
    found, slots = run
    local = pl.col("start").dt.convert_time_zone("Europe/Amsterdam").dt.date()
    sums = dict(slots.group_by(local).agg(pl.col("mean").sum()).iter_rows())
    days = dict(found.forecast.select("start", "mean").iter_rows())
    assert sums == pytest.approx(days)
    usual = found.blend["mean"][0]
    kept = TUNING.intraday.kept_share
    assert days[MONDAY] == pytest.approx(
        1.25 * usual * (12 / 32 + kept * 20 / 32), rel=0.02
    )
    assert days[MONDAY + timedelta(days=1)] == pytest.approx(usual, rel=0.02)


def test_what_a_short_day_loses_is_a_cause_of_its_own(run):
    found, _ = run
    causes = found.causes.filter(pl.col("start") == MONDAY)
    of = dict(causes.select("cause", "count").iter_rows())
    assert of["hours"] < -0.3 * found.blend["mean"][0]
    mean = found.forecast.filter(pl.col("start") == MONDAY)["mean"].item()
    assert sum(of.values()) == pytest.approx(mean)
    assert "hours" in set(found.parts["cause"])


def test_the_interval_of_a_short_day_moves_with_its_mean(run):
    found, _ = run
    before, after = (
        table.filter(pl.col("start") == MONDAY)
        for table in (found.blend, found.forecast)
    )
    ratio = after["mean"].item() / before["mean"].item()
    for name in ("q05", "q50", "q95"):
        assert after[name].item() == pytest.approx(ratio * before[name].item())
