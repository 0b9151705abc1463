from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forecasting.catalogue import Catalogue
from forecasting.errors import MissingStepError
from forecasting.history import imported_counts
from forecasting.history.leaving import LeftOut
from forecasting.insight_tables import Causes, Dependence
from forecasting.notes import Exclusion
from forecasting.pipeline import run_backtest, run_forecast
from forecasting.pipeline.town import Town
from forecasting.planner import add, withdraw
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.tables import (
    Accuracy,
    Demand,
    Gaps,
    HandlingTimes,
    SlotDemand,
    SlotForecast,
    StoredForecast,
    Unmet,
)
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace
from tests.forecasting.pipeline_cases import (
    AWAY,
    CALENDAR,
    LAST,
    NOW,
    contacts,
    workspace_with,
)


@pytest.fixture(scope="module")
def stored(tmp_path_factory) -> tuple[Workspace, RunRecord]:
    home = tmp_path_factory.mktemp("home")
    workspace = workspace_with(home, contacts(), "sequential")
    return workspace, run_forecast(workspace, now=NOW)


def read(stored: tuple[Workspace, RunRecord], dataset: str) -> pl.DataFrame:
    workspace, run = stored
    return workspace.table(run, dataset).collect()


def test_every_table_of_the_run_is_stored_and_typed(stored):
    for dataset, schema in (
        ("demand", Demand),
        ("unmet", Unmet),
        ("requests", Demand),
        ("slot_demand", SlotDemand),
        ("handling_times", HandlingTimes),
        ("forecast", StoredForecast),
        ("forecast_slots", SlotForecast),
        ("accuracy", Accuracy),
        ("causes", Causes),
        ("dependence", Dependence),
    ):
        assert schema.validate(read(stored, dataset)).height > 0


def test_closed_days_are_never_forecast(stored):
    days = read(stored, "forecast")["start"].unique()
    assert not [day for day in days if CALENDAR.is_closed(day)]
    assert days.dt.weekday().max() == 5


def test_the_forecast_reaches_sixty_weeks_beyond_the_history(stored):
    alive = read(stored, "forecast").filter(pl.col("series").str.contains("phone"))
    assert alive["start"].max() == LAST + timedelta(days=420)
    assert alive["start"].min() == date(2026, 11, 23)


def test_a_series_that_ended_long_ago_is_named(stored):
    name = "stadhuis/extract/application/walk_in"
    assert stored[1].figures["stale_series"] == [name]
    own = read(stored, "forecast").filter(pl.col("series") == name)
    assert own["start"].min() == date(2025, 11, 24)


def test_the_quarter_hours_of_a_day_add_up_to_the_day(stored):
    slots, days = read(stored, "forecast_slots"), read(stored, "forecast")
    local = pl.col("start").dt.convert_time_zone("Europe/Amsterdam").dt.date()
    sums = slots.group_by("series", local.alias("start")).agg(pl.col("mean").sum())
    both = sums.join(days, on=["series", "start"], suffix="_day")
    assert both.height == sums.height
    assert ((both["mean"] - both["mean_day"]).abs() < 1e-9).all()


def test_the_headline_error_compares_both_methods_on_the_same_held_back_days(stored):
    figures = stored[1].figures
    assert figures["wape"] < figures["wape_last_year"]
    assert figures["held_back_from"] > "2026-05-20"
    assert figures["history_last"] == "2026-11-20"
    assert figures["failures"] == {}


def test_the_weights_of_the_methods_are_told_per_series(stored):
    weights = stored[1].figures["weights"]
    assert set(weights) == set(read(stored, "forecast")["series"])
    for text in weights.values():
        shares = [float(part.split()[1]) for part in text.split(", ")]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1.0, abs=0.03)


def run_of(home: Path, frame: pl.DataFrame) -> tuple[Workspace, RunRecord]:
    workspace = workspace_with(home, frame, "sequential")
    return workspace, run_forecast(workspace, now=NOW)


def test_a_history_too_short_to_hold_back_is_forecast_without_an_error(tmp_path):
    soon = pl.col("start") > datetime(2026, 11, 1, tzinfo=UTC)
    workspace, run = run_of(tmp_path, contacts().filter(soon))
    assert run.figures["wape"] is None
    assert workspace.table(run, "accuracy").collect().is_empty()
    assert workspace.table(run, "forecast").collect().height > 500


@pytest.mark.parametrize(("period", "cadence"), [(0, "day"), (7 * 86_400, "week")])
def test_a_series_that_ended_years_before_the_others_stops_no_run(
    tmp_path, period, cadence
):
    """Its place is unknown to calendar and catalogue: nothing but its past tells it."""
    alive = contacts().filter(pl.col("service") == "general")
    monday = pl.col("start").dt.truncate("1w" if period else "1d")
    ended = alive.with_columns(
        (monday - pl.duration(weeks=104)).alias("start"),
        pl.lit("elsewhere").alias("location"),
        pl.lit("old").alias("source"),
        pl.lit(period, pl.Int32).alias("period_s"),
    )
    stored = run_of(tmp_path, pl.concat([alive, ended]))
    name = "elsewhere/general/question/phone"
    assert stored[1].figures["stale_series"] == [name]
    assert stored[1].figures["history_last"] == "2026-11-20"
    assert str(stored[1].figures["history_first"]) < "2024"
    own = read(stored, "forecast").filter(pl.col("series") == name)
    last = (
        read(stored, "demand").filter(pl.col("series") == name)["start"].to_list()[-1]
    )
    assert own["cadence"].unique().to_list() == [cadence]
    assert (
        own["start"].is_between(last, last + timedelta(days=420), closed="right").all()
    )


def test_weekly_counts_are_known_to_the_end_of_their_week(tmp_path):
    weekly = (
        contacts()
        .filter(pl.col("service") == "general")
        .with_columns(
            pl.col("start").dt.truncate("1w"),
            pl.lit(7 * 86_400, pl.Int32).alias("period_s"),
        )
    )
    _, run = run_of(tmp_path, weekly)
    assert run.figures["history_last"] == "2026-11-22"


def test_the_same_run_over_processes_stores_the_same_figures(stored, tmp_path):
    workspace = workspace_with(tmp_path, contacts(), "processes")
    told: list[tuple[int, int]] = []
    again = run_forecast(workspace, now=NOW, progress=lambda i, n: told.append((i, n)))
    assert again.id == stored[1].id
    assert again.figures == stored[1].figures
    assert workspace.table(again, "forecast").collect().equals(read(stored, "forecast"))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_the_calendar_excludes_does_not_train():
    days = [date(2023, 6, 1) + timedelta(days=i) for i in range(28)]
    demand = pl.DataFrame(
        {"series": "a", "start": days, "cadence": "day", "count": 1.0}
    )
    left_out = tuple(LeftOut(p.first, p.last) for p in CALENDAR.excluded)
    town = Town(CALENDAR, Catalogue(service=()), load_tuning(), demand, left_out)
    (panel,) = town.panels
    kept = panel.series[0].starts.astype("datetime64[D]")
    failed = np.arange(np.datetime64("2023-06-05"), np.datetime64("2023-06-17"))
    assert not np.isin(kept, failed).any()
    assert kept.size == 28 - failed.size


PASSPORT = "stadhuis/passport/application/appointment"


def test_missing_weeks_are_stored_counted_and_no_demand(stored):
    gaps = Gaps.validate(read(stored, "gaps"))
    assert gaps.select("series", "first", "last", "periods", "kind").rows() == [
        (PASSPORT, AWAY[0], AWAY[11], 10, "source")
    ]
    assert stored[1].figures["gaps"] == 1
    assert stored[1].figures["unknown_periods"] == 10
    own = read(stored, "demand").filter(pl.col("series") == PASSPORT)
    assert not set(own["start"]) & set(AWAY)


def test_callers_who_gave_up_are_told_with_the_share_that_calls_again(stored):
    share, redial = (stored[1].figures[f"{name}_share"] for name in ("unmet", "redial"))
    assert 0 < share["low"] < share["mean"] < share["high"] < 0.11
    assert redial["known"] == "assumed"
    unmet = read(stored, "unmet")
    demand = read(stored, "demand").filter(pl.col("series").str.ends_with("phone"))
    assert unmet["unmet"].sum() == pytest.approx(
        demand["unmet"].sum() * (1 - redial["mean"])
    )


def test_what_the_planner_leaves_out_does_not_train_and_makes_another_run(tmp_path):
    soon = pl.col("start") > datetime(2026, 10, 1, tzinfo=UTC)
    workspace = workspace_with(tmp_path, contacts().filter(soon), "sequential")
    before = run_forecast(workspace, now=NOW)
    note = Exclusion(date(2026, 11, 9), date(2026, 11, 13), "strike", "*/*/*/phone")
    number = add(workspace, note, now=NOW)
    assert run_forecast(workspace, now=NOW).id != before.id
    counts = imported_counts(workspace)
    (panel,) = Town.read(workspace, counts).panels
    strike = np.arange(np.datetime64(note.first), np.datetime64(note.last) + 1)
    trained = {
        series.name: np.isin(series.starts.astype("datetime64[D]"), strike).sum()
        for series in panel.series
    }
    assert trained == {PASSPORT: 5, "stadhuis/general/question/phone": 0}
    withdraw(workspace, "exclusion", number, now=NOW)
    assert run_forecast(workspace, now=NOW).id == before.id


def test_a_backtest_names_every_method(stored):
    workspace, _ = stored
    run = run_backtest(workspace, now=NOW, horizon_days=28, origins=1)
    table = workspace.table(run, "accuracy").collect()
    assert table["horizon"].unique().to_list() == [28]
    methods = run.figures["wape_by_method"]
    assert isinstance(methods, dict)
    assert {"blend", "last_year", "nb_glm"} <= methods.keys()


def test_without_imports_the_forecast_names_the_command_to_run_first(tmp_path):
    with pytest.raises(MissingStepError, match="piekwijzer import"):
        run_forecast(Workspace.open(Settings(home=tmp_path)), now=NOW)
