"""History without letters: what they brought taken off, what they took put back."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.outside import Mail
from forecasting.pipeline.unlettered import tasks_of_history, unlettered
from forecasting.rolling.tasks import Task
from forecasting.series.panel import Series
from tests.forecasting.test_letters import (
    REACTIONS,
    TIMING,
    batch,
    mail,
    monday,
    per_letter,
    residents,
)

LETTERS, WEEKS = 5000, 60
APPLIED, CALLED = (
    "town/passport/application/appointment",
    "town/passport/question/phone",
)
ONLINE = "online/passport/renewal/online"
STEPS = ("application", "renewal")


def demand(extra: np.ndarray) -> pl.DataFrame:
    """Two series of applications by day and week, and calls; `extra` per week."""
    rows = []
    for week, more in enumerate(extra.tolist()):
        days = [monday(week) + timedelta(days=day) for day in range(5)]
        rows += [(APPLIED, day, "day", 100 + 0.8 * more / 5) for day in days]
        rows += [(CALLED, day, "day", 40.0) for day in days]
        rows.append((ONLINE, monday(week), "week", 125 + 0.2 * more))
    names = ["series", "start", "cadence", "count"]
    return pl.DataFrame(rows, schema=names, orient="row").sort("series", "start")


def weekly(frame: pl.DataFrame) -> np.ndarray:
    mine = frame.filter(pl.col("series") != CALLED)
    week = pl.col("start").dt.truncate("1w")
    return mine.group_by(week).agg(pl.sum("count")).sort("start")["count"].to_numpy()


def cleaned(frame: pl.DataFrame, sent: Mail, last: date) -> pl.DataFrame:
    return unlettered(frame, sent, lambda _: TIMING, STEPS, last)


def test_what_letters_moved_is_moved_back_in_every_week():
    """The change that residents, followed one by one, made; the rest stays as it was."""
    own, came = residents()
    change = LETTERS * (per_letter(came) - per_letter(own))
    history = demand(change[:WEEKS])
    last = monday(WEEKS) - timedelta(days=1)
    found = cleaned(history, mail(batch(count=LETTERS)), last)
    assert np.abs(change).max() > 100
    assert weekly(found) == pytest.approx(np.full(WEEKS, 625.0), abs=8)
    calls = pl.col("series") == CALLED
    assert found.filter(calls).equals(history.filter(calls))
    assert found["count"].sum() == pytest.approx(history["count"].sum(), abs=5)


def test_who_reacted_before_a_stock_was_counted_is_not_put_back_after_it():
    """The stock of week 27 no longer counts them: its weeks call for what is left."""
    own, came = residents()
    change = LETTERS * (per_letter(came) - per_letter(own))
    history = demand(change[:WEEKS])
    counted = Mail(batch(count=LETTERS), REACTIONS, [monday(27)])
    found = weekly(cleaned(history, counted, monday(WEEKS) - timedelta(days=1)))
    usual = LETTERS * per_letter(own)[27:WEEKS] / (own >= 27).mean()
    missing = LETTERS * per_letter(own)[27:WEEKS] - usual * (came >= 27).mean()
    assert found[:26] == pytest.approx(np.full(26, 625.0), abs=8)
    assert found[27:] == pytest.approx(625 - missing, abs=12)


def test_letters_still_to_go_out_and_those_of_others_change_no_history():
    history = demand(np.zeros(WEEKS))
    early = monday(20) - timedelta(days=1)
    assert cleaned(history, mail(batch()), early).equals(history)
    other = cleaned(history, mail(batch(service="licence")), monday(WEEKS))
    assert other.equals(history.sort("series", "start"))


def test_no_count_falls_below_zero_and_an_unknown_week_is_left_out():
    history = demand(np.full(WEEKS, -499.0)).filter(
        pl.col("start").dt.truncate("1w") != monday(24)
    )
    sent = mail(batch(count=50_000))
    found = cleaned(history, sent, monday(WEEKS) - timedelta(days=1))
    assert found.height == history.height
    assert found["count"].to_numpy().min() >= 0


def test_tasks_learn_from_the_history_without_letters_on_the_same_days():
    history = demand(np.zeros(3))
    starts = np.array([monday(0), monday(1)], dtype="datetime64[D]")
    series = Series(APPLIED, starts, np.array([7.0, 8.0]))
    task = Task(series, "day", 7, (), starts[:0], {})
    (found,) = tasks_of_history([task], history)
    assert found.series.counts == pytest.approx([100, 100])
    assert (found.series.starts == starts).all()
    (same,) = tasks_of_history([task], history.filter(series=CALLED))
    assert same is task
