"""A series or a service that fails is named, and the rest of the run goes on."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

import forecasting.models.expiry.standing as standing
import forecasting.pipeline.documents as documents
import forecasting.rolling.fanout as fanout
from forecasting import forecast
from forecasting.errors import InputError
from forecasting.insight_tables import Outlook
from forecasting.models.seasonal import RecentMean, SameWeekLastYear
from forecasting.outside_tables import PlannedLetters
from forecasting.pipeline import run_backtest, run_forecast
from forecasting.pipeline.spoken import spoken
from forecasting.records import RunRecord
from forecasting.rolling.attempts import Attempts
from forecasting.rolling.tasks import Task
from forecasting.series.panel import Series
from forecasting.settings import Settings
from forecasting.tables import Expiries
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace
from tests.adopting import adopt, record_of
from tests.forecasting.pipeline_cases import LAST, NOW, contacts, workspace_with

TUNING = load_tuning()
PHONE = "stadhuis/general/question/phone"
PASSPORT = "stadhuis/passport/application/appointment"
FAULTS = [
    pl.exceptions.ComputeError("a column of\nno length"),
    OSError("no such worker"),
    np.linalg.LinAlgError("Singular matrix"),
    TypeError("unexpected None"),
    KeyError("left"),
]


@pytest.fixture(autouse=True)
def _few_methods(monkeypatch):
    monkeypatch.setattr(
        fanout, "methods", lambda _: (RecentMean(4), SameWeekLastYear())
    )


def break_for(
    monkeypatch, place, work: str, name: str, fault: BaseException, at: int = 0
) -> None:
    """Let the work of one stage fail where its argument `at` tells of that name."""
    real = getattr(place, work)

    def broken(*given, **named):
        if name in repr(given[at]):
            raise fault
        return real(*given, **named)

    monkeypatch.setattr(place, work, broken)


def task(name: str) -> Task:
    starts = np.datetime64("2025-01-06") + np.arange(90)
    series = Series(name, starts, np.full(90, 5.0))
    return Task(series, "day", 28, (starts[60],), starts[-1] + np.arange(1, 8), {})


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("stage", ["predict_series", "explained"])
def test_whatever_goes_wrong_with_a_series_stays_its_own(monkeypatch, stage, fault):
    break_for(monkeypatch, fanout, stage, "'bad'", fault)
    tasks = [task("a"), task("bad"), task("c")]
    found = fanout.predict_all(tasks, TUNING, Settings(executor="sequential"))
    assert list(found.failures) == ["bad"]
    assert found.failures["bad"].startswith(type(fault).__name__)
    assert "\n" not in found.failures["bad"]
    assert found.future["series"].unique().sort().to_list() == ["a", "c"]


def test_a_user_who_stops_the_work_is_not_a_failed_series(monkeypatch):
    break_for(monkeypatch, fanout, "explained", "'bad'", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        fanout.predict_all([task("bad")], TUNING, Settings(executor="sequential"))


def history(*names: str) -> pl.DataFrame:
    days = [date(2025, 1, 6) + timedelta(days=i) for i in range(120)]
    parts = [pl.DataFrame({"series": n, "start": days, "count": 4}) for n in names]
    return pl.concat(parts)


def test_the_library_warns_of_a_series_that_fails_and_gives_the_others(monkeypatch):
    break_for(monkeypatch, fanout, "predict_series", "'bad'", FAULTS[0])
    with pytest.warns(UserWarning, match="series 'bad' .* ComputeError"):
        found = forecast(history("a", "bad"), horizon=5)
    assert found["series"].unique().to_list() == ["a"]
    assert found.height == 5


def test_the_library_raises_only_when_every_series_fails(monkeypatch):
    break_for(monkeypatch, fanout, "predict_series", "", FAULTS[0])
    with pytest.raises(InputError, match="all 2 failed: 'a' by ComputeError"):
        forecast(history("a", "bad"), horizon=5)


def test_the_library_warns_of_documents_that_fail_and_forecasts_without(monkeypatch):
    name = "town/passport/application/appointment"
    plain = forecast(history(name), horizon=5)
    fault = np.linalg.LinAlgError("Singular matrix")
    break_for(monkeypatch, standing, "applications_of", "passport", fault, 1)
    with pytest.warns(UserWarning, match="documents of 'passport' .* LinAlgError"):
        found = forecast(history(name), horizon=5)
    assert found.equals(plain)


def home_with_stock(home):
    """The town, with an exported stock of passports."""
    workspace = workspace_with(home, contacts(), "sequential")
    weeks = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(300)]
    rows = pl.DataFrame(
        {
            "as_of": LAST - timedelta(days=7),
            "service": "passport",
            "expiry_week": weeks,
            "age_band": "18-64",
            "district": "",
            "basis": "outstanding",
            "count": 60,
        }
    )
    stock = Expiries.validate(rows.select(Expiries.column_names()), cast=True)
    record = record_of("stock", "expiries", stock.height, now=NOW)
    adopt(workspace, record, {"expiries": stock}, now=NOW)
    return workspace


def send_letters(workspace: Workspace) -> None:
    """Letters to holders of passports, in a week to come."""
    row = {
        "batch": "2027-W05",
        "service": "passport",
        "mailing_week": date(2027, 2, 1),
        "expiry_week": date(2027, 5, 3),
        "age_band": "",
        "district": "",
        "count": 100,
        "decided": date(2026, 11, 2),
    }
    frame = PlannedLetters.validate(pl.DataFrame([row]), cast=True)
    record = record_of("print-room", "planned_letters", 1, now=NOW)
    adopt(workspace, record, {"planned_letters": frame}, now=NOW)


def names(run: RunRecord, figure: str) -> list[str]:
    found = run.figures[figure]
    assert isinstance(found, dict)
    return list(found)


def test_a_run_names_a_series_and_documents_that_fail(tmp_path, monkeypatch):
    break_for(monkeypatch, fanout, "predict_series", "'stadhuis/general", FAULTS[0])
    break_for(monkeypatch, standing, "applications_of", "passport", FAULTS[2], 1)
    workspace = home_with_stock(tmp_path)
    run = run_forecast(workspace, now=NOW)
    assert names(run, "failures") == [PHONE]
    assert names(run, "documents_left_out") == ["passport"]
    told = spoken(run.figures)
    assert f"Not forecast: {PHONE} (ComputeError" in told
    assert "without its documents: passport (LinAlgError" in told
    assert PASSPORT in workspace.table(run, "forecast").collect()["series"]
    assert PHONE not in workspace.table(run, "notices").collect()["series"]
    assert names(run_backtest(workspace, now=NOW), "failures") == [PHONE]


def test_each_stage_of_the_documents_fails_alone(tmp_path, monkeypatch):
    workspace = home_with_stock(tmp_path)
    whole = run_forecast(workspace, now=NOW)
    assert whole.figures["documents_left_out"] == {}
    assert workspace.table(whole, "outlook").collect().height > 0
    send_letters(workspace)
    break_for(monkeypatch, documents, "exposures_with_letters", "passport", FAULTS[1])
    break_for(monkeypatch, documents, "outlook", "passport", FAULTS[2])
    run = run_forecast(workspace, now=NOW, seed=1)
    assert run.figures["documents_left_out"] == {"passport": "OSError: no such worker"}
    assert workspace.table(run, "outlook").collect().is_empty()
    assert workspace.table(run, "issued").collect().height > 0
    assert PASSPORT in workspace.table(run, "forecast").collect()["series"]


def test_a_table_of_services_lacks_only_the_one_that_fails():
    def rows(one: Mapping[str, object]) -> pl.DataFrame:
        if "b" in one:
            raise FAULTS[3]
        return pl.DataFrame({"service": list(one)})

    attempts = Attempts()
    some: dict[str, Any] = dict.fromkeys("cab")
    found = documents.of_each(some, rows, Outlook, attempts)
    assert found["service"].to_list() == ["a", "c"]
    assert attempts.failures == {"b": "TypeError: unexpected None"}


def test_what_was_handed_in_wrongly_is_still_refused():
    def refuse():
        raise InputError("expected a stock by week")

    with pytest.raises(InputError, match="by week"):
        Attempts().at("passport", refuse)
