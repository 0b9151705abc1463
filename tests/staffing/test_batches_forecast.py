"""Approved letters reach the next forecast: known at once, and moved once."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.history import imported_counts
from forecasting.outside import (
    known_by_now,
    letters_fingerprint,
    planned_letters,
    reactions_of,
)
from forecasting.outside_tables import PlannedLetters
from forecasting.pipeline.documents import papers_of
from forecasting.pipeline.lettering import LettersToCome
from forecasting.pipeline.running import _key as key_of_forecast
from forecasting.pipeline.town import Town
from forecasting.reactions import MeasuredResponse
from forecasting.tables import QUANTILE_NAMES, Expiries, StoredForecast
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.response_inputs import reminder_settings as settings_of
from staffing.pipeline.response_inputs import response_known
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


WEEKS = 57
PLACE = "stadhuis/passport/"
SERIES = {
    f"{PLACE}application/appointment": 12.0,
    f"{PLACE}collection/walk_in": 10.0,
    f"{PLACE}question/phone": 20.0,
}


def forecast() -> pl.DataFrame:
    """The same on every weekday, of applications, collections and calls."""
    first = MONDAY + timedelta(weeks=1)
    days = [
        first + timedelta(weeks=week, days=day)
        for week in range(WEEKS)
        for day in range(5)
    ]
    parts = [
        pl.DataFrame({"series": name, "start": days, "mean": mean})
        for name, mean in sorted(SERIES.items())
    ]
    quantiles = [pl.col("mean").alias(name) for name in QUANTILE_NAMES]
    told = {"cadence": pl.lit("day"), "method": pl.lit("blend")}
    frame = pl.concat(parts).with_columns(*quantiles, **told)
    return StoredForecast.validate(frame.select(StoredForecast.column_names()))


def changes(home: Workspace) -> tuple[np.ndarray, ...]:
    """What letters change per day, of applications, collections and calls."""
    town = Town.read(home, imported_counts(home), seed=0)
    tasks = town.tasks(future=True, horizon_days=400, origins=1)
    papers = papers_of(home, town, tasks, 0)
    before = forecast()
    after, parts = LettersToCome(town, papers, tasks).laid_over(before)
    more = before.with_columns(count=after["mean"] - pl.col("mean"))
    said = parts.group_by("series", "start").agg(pl.col("count").sum().alias("said"))
    both = more.join(said, on=["series", "start"], how="left").fill_null(0.0)
    assert both["count"].to_numpy() == pytest.approx(both["said"].to_numpy())
    return tuple(both.sort("series", "start")["count"].to_numpy().reshape(3, -1))


def weekly(days: np.ndarray) -> np.ndarray:
    return np.asarray(days.reshape(WEEKS, 5).sum(axis=1))


def weeks_on(day: date) -> int:
    """The number of a week of the forecast."""
    return (day - MONDAY).days // 7 - 1


def test_an_approved_batch_moves_what_the_next_forecast_expects(home):
    assert all((change == 0).all() for change in changes(home))
    approve(home)
    moved = weekly(changes(home)[0])
    mailing, expiry = weeks_on(MAILING), weeks_on(EXPIRY)
    assert (moved[: mailing + 1] == 0).all()
    assert moved[mailing : expiry - 4].sum() > 1
    assert moved[expiry - 4 :].sum() < -1
    came = moved[moved > 0].sum()
    assert 0.02 * LETTERS < came < 0.6 * LETTERS
    assert abs(moved.sum()) < 0.05 * came  # the last ones lie beyond the forecast


def test_collections_and_calls_follow_the_letters_of_a_batch(home):
    """Collections are the shares assumed of what moves, calls of the letters sent."""
    approve(home)
    moved, collected, called = changes(home)
    visits = load_tuning().visits
    days = np.array(visits.collected_after) / sum(visits.collected_after)
    followed = np.convolve(moved, (1 - visits.home_delivery) * days)[: moved.size]
    assert collected == pytest.approx(followed, abs=1e-9)
    assert days[5:7].sum() > 0.5
    assert np.abs(moved).sum() > 10
    asked = settings_of(home).response.channel["letter"].questions
    assert asked is not None
    assert called.sum() == pytest.approx(LETTERS * asked.share.value)
    assert weekly(called)[weeks_on(MAILING)] > 0
    assert (weekly(called)[: weeks_on(MAILING)] == 0).all()


def test_the_forecast_goes_by_what_was_measured_of_letters(home):
    """Who was measured to heed no letter comes no sooner, and still phones."""
    approve(home)
    before, _, _ = changes(home)
    key = key_of_forecast(home, "forecast", 0).id
    row = {"channel": "letter", "quantity": "acts", "low": 0.0, "source": "measured"}
    for acts, rest in ((0.0, 0.0), (0.175, 0.5)):
        measured = MeasuredResponse.validate(
            pl.DataFrame([row | {"value": acts, "high": acts}])
        )
        effect = home.key("effect", [str(acts)], {}, 0)
        later = NOW + timedelta(hours=acts)
        home.store(effect, {"measured_response": measured}, {}, now=later)
        moved, _, called = changes(home)
        assert moved == pytest.approx(rest * before)
        assert called.sum() == pytest.approx(0.05 * LETTERS)
        assert key_of_forecast(home, "forecast", 0).id != key


def test_plan_and_forecast_read_one_statement_of_how_residents_react(home):
    """Every channel and lead alike, assumed and measured."""
    approve(home)
    measured = MeasuredResponse.validate(
        pl.DataFrame(
            {
                "channel": ["letter", "letter"],
                "quantity": ["acts", "half_life_weeks"],
                "value": [0.21, 19.0],
                "low": [0.1, 12.0],
                "high": [0.3, 40.0],
                "source": "measured",
            }
        )
    )
    for number in range(2):
        theirs, ours = response_known(home, None).response, reactions_of(home)
        wait = settings_of(home).plan.appointment_wait_weeks
        for channel in theirs.channel:
            for lead in (4, 6, 12, 26):
                planned = theirs.arrivals(channel, lead, wait)
                assert ours.arrivals(channel, lead) == pytest.approx(planned, abs=0)
        key = home.key("effect", [str(number)], {}, 0)
        home.store(key, {"measured_response": measured}, {}, now=NOW)


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
        "channel": "letter",
    }


def test_what_was_imported_of_the_same_batch_holds_instead(home):
    approve(home)
    sent = planned_letters(home).with_columns(count=pl.lit(41, pl.Int64))
    other = sent.with_columns(batch=pl.lit("by hand"))
    frame = PlannedLetters.validate(pl.concat([sent, other]).drop("channel"))
    record = record_of("print-room", "planned_letters", 2, now=NOW)
    adopt(home, record, {"planned_letters": frame}, now=NOW)
    found = planned_letters(home)
    assert sorted(found["batch"]) == [f"{MAILING:%G-W%V}", "by hand"]
    assert found["count"].to_list() == [41, 41]
    assert dict(found.select("batch", "channel").iter_rows())["by hand"] == ""


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
