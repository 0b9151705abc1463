"""Approved letters reach the next forecast: known at once, and moved once."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.history import imported_counts
from forecasting.outside import known_by_now, letters_fingerprint, planned_letters
from forecasting.outside_tables import PlannedLetters
from forecasting.pipeline.documents import papers_of
from forecasting.pipeline.running import _key as key_of_forecast
from forecasting.pipeline.town import Town
from forecasting.tables import Expiries
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.tables import Letters
from tests.adopting import adopt, record_of
from tests.forecasting.pipeline_cases import LAST, NOW, contacts, workspace_with
from tests.staffing.batch_cases import plan_of

MONDAY = LAST - timedelta(days=LAST.weekday())
MAILING = MONDAY + timedelta(weeks=6)
EXPIRY = MAILING + timedelta(weeks=14)
LETTERS = 60


def stock() -> pl.DataFrame:
    weeks = [MONDAY + timedelta(weeks=i) for i in range(-20, 80)]
    rows = [
        (LAST, "passport", week, band, "", "outstanding", 40)
        for week in weeks
        for band in ("0-17", "18+")
    ]
    schema = Expiries.create_empty().schema
    return Expiries.validate(pl.DataFrame(rows, schema=schema, orient="row"), cast=True)


@pytest.fixture
def home(tmp_path) -> Workspace:
    """A town with a stock, and a plan to write to some who expire in spring."""
    workspace = workspace_with(tmp_path / "home", contacts(), "sequential")
    frame = stock()
    record = record_of("registry", "expiries", frame.height, now=NOW)
    adopt(workspace, record, {"expiries": frame}, now=NOW)
    table = pl.DataFrame(
        [("passport", EXPIRY, "18+", "", MAILING, LETTERS)],
        schema=Letters.create_empty().schema,
        orient="row",
    )
    plan_of(workspace, Letters.validate(table), now=NOW)
    return workspace


def approve(home: Workspace) -> None:
    approve_batch(home, week=MAILING, now=NOW, by="Anna")


def exposed(home: Workspace) -> tuple[date, np.ndarray]:
    """What documents call for, as the forecast of now sees it; and its first week."""
    town = Town.read(home, imported_counts(home), seed=0)
    tasks = town.tasks(future=True, horizon_days=400, origins=1)
    papers = papers_of(home, town, tasks, 0)
    name = next(one for one in papers.exposures if "passport/application" in one)
    task = next(t for t in papers.behind(tasks) if t.series.name == name)
    seen = task.beside.exposure_at(task.series.starts[-1])
    assert seen is not None
    return seen.first.astype(object), seen.weekly


def test_an_approved_batch_moves_what_the_next_forecast_expects(home):
    first, before = exposed(home)
    approve(home)
    _, after = exposed(home)
    mailing = (MAILING - first).days // 7
    expiry = (EXPIRY - first).days // 7
    moved = after - before
    assert (moved[: mailing + 1] == 0).all()
    assert moved[mailing : expiry - 4].sum() > 1
    assert moved[expiry - 4 :].sum() < -1
    came = moved[moved > 0].sum()
    assert 0.02 * LETTERS < came < 0.6 * LETTERS
    assert abs(moved.sum()) < 0.1 * came  # the last ones lie beyond the horizon


def test_the_next_forecast_is_another_run_and_without_batches_the_same(home):
    def key() -> str:
        return key_of_forecast(home, "forecast", 0).id

    before = key()
    assert letters_fingerprint(home) == []
    approve(home)
    assert key() != before
    assert len(letters_fingerprint(home)) == 1


def test_the_letters_known_are_those_of_the_batch_from_the_day_of_approval(home):
    assert planned_letters(home).is_empty()
    approve(home)
    (row,) = planned_letters(home).to_dicts()
    assert row == {
        "batch": f"{MAILING:%G-W%V}",
        "service": "passport",
        "mailing_week": MAILING,
        "expiry_week": EXPIRY,
        "age_band": "18+",
        "district": "",
        "count": LETTERS,
        "decided": NOW.date(),
    }


def test_what_was_imported_of_the_same_batch_holds_instead(home):
    approve(home)
    sent = planned_letters(home).with_columns(count=pl.lit(41, pl.Int64))
    other = sent.with_columns(batch=pl.lit("by hand"))
    frame = PlannedLetters.validate(pl.concat([sent, other]))
    record = record_of("print-room", "planned_letters", 2, now=NOW)
    adopt(home, record, {"planned_letters": frame}, now=NOW)
    found = planned_letters(home)
    assert sorted(found["batch"]) == [f"{MAILING:%G-W%V}", "by hand"]
    assert found["count"].to_list() == [41, 41]


def test_letters_decided_after_the_history_are_known_only_where_none_looks_back():
    def letter(mailing: date, decided: date) -> dict[str, object]:
        week = {"mailing_week": mailing, "expiry_week": mailing + timedelta(weeks=9)}
        place = {"batch": f"{mailing}{decided}", "age_band": "", "district": ""}
        return {"service": "passport", "count": 9, "decided": decided, **week, **place}

    later, sunday = date(2026, 11, 24), date(2026, 11, 22)
    rows = [
        letter(date(2026, 11, 30), later),
        letter(date(2026, 11, 16), later),
        letter(date(2026, 11, 30), sunday),
    ]
    columns = PlannedLetters.column_names()
    frame = PlannedLetters.validate(pl.DataFrame(rows).select(columns), cast=True)
    known = known_by_now(frame, sunday)["decided"].to_list()
    assert known[0] < date(1990, 1, 1)
    assert known[1:] == [later, sunday]
