"""Runs that cannot be: one line that says why and what to do, and nothing is stored."""

import resource
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

import forecasting.rolling.fanout as fanout
from forecasting.errors import InputError, StoreError
from forecasting.lake import Lake
from forecasting.models.seasonal import RecentMean, SameWeekLastYear
from forecasting.notes import Exclusion
from forecasting.pipeline import run_backtest, run_forecast
from forecasting.pipeline.spoken import spoken
from forecasting.planner import add
from forecasting.rolling.notices import notices
from forecasting.rolling.tasks import Task
from forecasting.series.panel import Series
from forecasting.settings import Settings
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace
from tests.forecasting.pipeline_cases import LAST, NOW, contacts, workspace_with

TUNING = load_tuning()
NOISE = pl.DataFrame({"x": np.random.default_rng(0).random(100_000)})


@pytest.fixture(autouse=True)
def _few_methods(monkeypatch):
    monkeypatch.setattr(
        fanout, "methods", lambda _: (RecentMean(4), SameWeekLastYear())
    )


@pytest.fixture
def town(tmp_path) -> Workspace:
    """A town of which some weeks of last winter and spring were very busy."""
    visits = contacts()
    busy = pl.any_horizontal(
        pl.col("start").dt.date().is_between(first, first + timedelta(days=25))
        for first in (date(2026, 1, 5), date(2026, 5, 4))
    )
    count = pl.when(busy).then(pl.lit(4.0)).otherwise(pl.col("count"))
    more = visits.with_columns(count.alias("count"))
    return workspace_with(tmp_path, more, "sequential")


def nothing_is_stored(workspace: Workspace) -> bool:
    tables = {file.parent.name for file in workspace.lake.root.glob("*/*.parquet")}
    return not workspace.ledger.runs() and not tables


def test_exclusions_of_the_whole_history_are_named_with_how_to_withdraw_them(town):
    for first, last in ((2020, 2025), (2026, 2026)):
        note = Exclusion(date(first, 1, 1), date(last, 12, 31), "rebuilt")
        add(town, note, now=NOW)
    for run in (run_forecast, run_backtest):
        with pytest.raises(InputError, match="exclusions withdraw NUMBER") as caught:
            run(town, now=NOW)
        assert "exclusion 1 (2020-01-01 to 2025-12-31)" in str(caught.value)
        assert "exclusion 2 (2026-01-01 to 2026-12-31)" in str(caught.value)
    assert nothing_is_stored(town)


def test_a_run_of_which_every_series_fails_is_not_stored(town, monkeypatch):
    def broken(*_):
        raise ValueError("no root")

    monkeypatch.setattr(fanout, "predict_series", broken)
    with pytest.raises(
        InputError, match=r"all 3 failed: 'stadhuis/extract.*ValueError"
    ):
        run_forecast(town, now=NOW)
    assert nothing_is_stored(town)


def test_a_horizon_that_has_passed_is_refused_unless_looked_at_from_then(town):
    late = NOW + timedelta(days=TUNING.horizon_days + 1)
    with pytest.raises(InputError, match=rf"ends {LAST}.*Import newer exports"):
        run_forecast(town, now=late)
    assert nothing_is_stored(town)
    assert run_forecast(town, now=late, today=LAST).figures["peaks"]


def test_a_history_that_ended_a_while_ago_announces_no_past_week(town):
    soon = run_forecast(town, now=NOW)
    early = town.table(soon, "peaks").collect()["week"]
    assert soon.figures["stale_history_days"] is None
    assert "Warning" not in spoken(soon.figures)
    today = early.sort()[0] + timedelta(days=8)
    later = run_forecast(town, now=NOW, today=today)
    age = (today - LAST).days
    assert f"newest data is of {LAST}, {age} days ago" in spoken(later.figures)
    shown = town.table(later, "peaks").collect()["week"]
    assert shown.sort().to_list() == [
        week for week in early.sort() if week + timedelta(days=7) > today
    ]
    assert shown.len() < early.len()


def test_the_day_of_a_run_is_that_of_the_towns_clock(town):
    midnight = datetime.combine(LAST, datetime.min.time(), UTC)
    last_hour = midnight + timedelta(days=TUNING.horizon_days, hours=23, minutes=30)
    with pytest.raises(InputError, match="would end"):
        run_forecast(town, now=last_hour)


def test_a_disk_that_is_full_leaves_no_table_of_the_run(tmp_path):
    lake = Lake(tmp_path / "lake")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(StoreError, match=r"too large.*make room") as caught:
            lake.write_all("run", {"a": NOISE.head(9), "b": NOISE})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "\n" not in str(caught.value)
    assert list(lake.root.rglob("*.parquet")) == []
    lake.write_all("run", {"a": NOISE.head(9), "b": NOISE})
    assert len(list(lake.root.rglob("*.parquet"))) == 2


def test_a_home_that_is_a_file_says_what_to_give_instead(tmp_path):
    file = tmp_path / "town"
    file.touch()
    for home in (file, file / "below"):
        with pytest.raises(StoreError, match=r"came a file\. Give another with --home"):
            Workspace.open(Settings(home=home))


def open_days(first: date, number: int) -> np.ndarray:
    every = np.datetime64(first) + np.arange(2 * number)
    return np.asarray(every[np.is_busday(every)][:number])


@pytest.mark.parametrize(
    ("cadence", "starts", "is_new"),
    [
        ("day", open_days(date(2026, 1, 5), 39), True),
        ("day", open_days(date(2026, 1, 5), 40), False),
        ("day", open_days(date(2026, 1, 7), 39), True),
        ("day", open_days(date(2026, 1, 7), 40), False),
        ("week", np.datetime64("2026-01-05") + 7 * np.arange(7), True),
        ("week", np.datetime64("2026-01-05") + 7 * np.arange(8), False),
    ],
)
def test_eight_weeks_are_not_under_eight_weeks(cadence, starts, is_new):
    series = Series("a", starts, np.ones(starts.size))
    task = Task(series, cadence, 7, (), starts[-1:] + 7, {})
    answers = fanout.predict_all([task], TUNING, Settings(executor="sequential"))
    kinds = notices([task], answers, TUNING)["kind"]
    assert ("new series" in kinds) == is_new
    assert ("short history" in kinds) != is_new
