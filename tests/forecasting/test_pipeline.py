from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.errors import MissingStepError
from forecasting.pipeline import run_backtest, run_forecast
from forecasting.pipeline.town import Town
from forecasting.policy import load_policy
from forecasting.runs import ImportRecord, RunRecord
from forecasting.settings import Settings
from forecasting.tables import (
    Accuracy,
    Contacts,
    Demand,
    SlotDemand,
    SlotForecast,
    StoredForecast,
)
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
CALENDAR = load_policy(Path(__file__).parents[2] / "config" / "calendar.toml", Calendar)
LAST = date(2026, 11, 20)


def contacts() -> pl.DataFrame:
    """Visits and calls of 18 months, and a service that stopped a year ago."""
    rng = np.random.default_rng(0)
    rows = [
        ("stadhuis", service, step, channel, opening + timedelta(minutes=int(minute)))
        for service, step, channel, skill, mean, days, end in (
            ("passport", "application", "appointment", "counter", 12.0, 550, LAST),
            ("general", "question", "phone", "phone", 20.0, 550, LAST),
            (
                "extract",
                "application",
                "walk_in",
                "counter",
                5.0,
                100,
                date(2025, 11, 21),
            ),
        )
        for back in range(days)
        if (span := CALENDAR.opening("stadhuis", skill, end - timedelta(days=back)))
        for opening in span[:1]
        for minute in rng.integers(0, 450, rng.poisson(mean))
    ]
    place = ["location", "service", "step", "channel", "start"]
    frame = pl.DataFrame(rows, schema=place, orient="row").with_columns(
        pl.col("start").dt.cast_time_unit("us"),
        row_id=pl.int_range(pl.len(), dtype=pl.UInt64),
        source=pl.lit("test"),
        requested=None,
        period_s=0,
        count=1.0,
        abandoned=0.0,
        no_show=0.0,
        in_time=None,
        handling_s=600.0,
        wait_s=None,
    )
    return Contacts.validate(frame.select(Contacts.column_names()), cast=True)


def workspace_with(home: Path, frame: pl.DataFrame, executor: str) -> Workspace:
    settings = Settings.model_validate({"home": home, "executor": executor})
    workspace = Workspace.open(settings)
    workspace.lake.write("contacts", "import-1", frame)
    record = ImportRecord(
        id="import-1",
        source="test",
        kind="contacts",
        file="test.csv",
        sha256="0",
        rows_imported=frame.height,
        rows_rejected=0,
        at=NOW,
    )
    workspace.ledger.record(record)
    return workspace


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
        ("requests", Demand),
        ("slot_demand", SlotDemand),
        ("forecast", StoredForecast),
        ("forecast_slots", SlotForecast),
        ("accuracy", Accuracy),
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
    town = Town(CALENDAR, Catalogue(service=()), load_tuning(), demand)
    (panel,) = town.panels
    kept = panel.series[0].starts.astype("datetime64[D]")
    left_out = np.arange(np.datetime64("2023-06-05"), np.datetime64("2023-06-17"))
    assert not np.isin(kept, left_out).any()
    assert kept.size == 28 - left_out.size


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
