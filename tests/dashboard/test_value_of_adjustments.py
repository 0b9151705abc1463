"""Whether adjustments helped: what the page Demand shows is what the command prints."""

import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.labels.words import LANGUAGES, Language, Words
from forecasting.explaining.planner_value import PlannerValue, judged
from forecasting.insight_tables import Causes
from forecasting.notes import Adjustment
from forecasting.planner import add, withdraw
from forecasting.workspace import Workspace
from tests.dashboard.conftest import Open
from tests.dashboard.filled import fill
from tests.dashboard.flat_weeks import PHONE, said
from tests.dashboard.made_up_demand import NOW
from tests.dashboard.made_up_demand import demand as came
from tests.dashboard.test_pages import _said as said_on

WEEK, BEFORE = date(2026, 11, 16), date(2026, 11, 13)
FRIDAY = WEEK + timedelta(days=4)


def _asked(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["adjustments", *words, "--home", str(home)])


def _adjust(workspace: Workspace, level: float, more: float) -> int:
    """An adjustment that an earlier forecast of the phone reckoned with."""
    note = Adjustment(WEEK, FRIDAY, "a fair", PHONE, factor=1.1)
    number = add(workspace, note, now=NOW - timedelta(days=9))
    told = said(level, WEEK, 12)
    part = told.filter(pl.col("start") <= FRIDAY).select(
        "series",
        "start",
        pl.lit(f"planner {number}").alias("cause"),
        pl.lit(more).alias("count"),
    )
    tables = {
        "demand": came().filter(pl.col("start") <= BEFORE),
        "forecast": told,
        "causes": Causes.validate(part, cast=True),
    }
    key = workspace.key("forecast", ["a week before"], {}, 0)
    figures = {"history_last": BEFORE.isoformat()}
    workspace.store(key, tables, figures, now=NOW - timedelta(days=8))
    return number


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_adjustments_did_is_on_the_page_what_the_command_prints(
    open_page: Open, tmp_path: Path, language: Language
):
    """Also of a note that was withdrawn since: its weeks were."""
    workspace = fill(tmp_path)
    number = _adjust(workspace, 40.0, 8.0)
    withdraw(workspace, "adjustment", number, now=NOW)
    done = _asked(tmp_path, "value", "--json")
    assert done.exit_code == 0, done.output
    (row,) = json.loads(done.stdout)["adjustments"]
    actual = came().filter(pl.col("series") == PHONE, pl.col("start") >= WEEK)
    total = float(actual["count"].sum())
    assert row["note"] == number
    assert row["demand"] == pytest.approx(total)
    assert row["share_with"] == pytest.approx(abs(200 - total) / total, abs=0.0005)
    assert row["share_without"] == pytest.approx(abs(160 - total) / total, abs=0.0005)
    words = Words(language)
    said = said_on(open_page(tmp_path, "demand", lang=language, show="trust"))
    told = said.split(words("value.heading"))[-1]
    for text in (
        words.number(row["demand"]),
        words.share(row["share_with"], 1),
        words.share(row["share_without"], 1),
        words(f"value.{row['verdict']}"),
    ):
        assert f">{text}<" in told, text


def test_without_a_forecast_the_command_says_what_to_do(tmp_path: Path):
    refused = _asked(tmp_path, "value")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    assert "piekwijzer forecast" in refused.stderr


def test_before_a_week_has_passed_there_is_nothing_to_tell(tmp_path: Path):
    workspace = fill(tmp_path)
    add(workspace, Adjustment(WEEK, FRIDAY, "a fair", PHONE, factor=1.1), now=NOW)
    done = _asked(tmp_path, "value", "--json")
    assert json.loads(done.stdout)["adjustments"] == []


def _value(with_: float, without: float, demand: float = 1000.0) -> pl.DataFrame:
    row = {
        "note": 1,
        "series": 1,
        "weeks": 1,
        "first": WEEK,
        "last": WEEK,
        "demand": demand,
        "error_with": with_,
        "error_without": without,
    }
    return PlannerValue.validate(pl.DataFrame([row]), cast=True)


@pytest.mark.parametrize(
    ("with_", "without", "verdict"),
    [(50.0, 60.0, "better"), (60.0, 50.0, "worse"), (50.1, 50.2, "same")],
)
def test_the_verdict_goes_by_the_shares_that_are_shown(with_, without, verdict):
    assert judged(_value(with_, without))["verdict"].to_list() == [verdict]


def test_of_no_demand_there_is_no_share_and_no_verdict():
    (row,) = judged(_value(5.0, 6.0, demand=0.0)).to_dicts()
    assert (row["share_with"], row["verdict"]) == (None, None)
