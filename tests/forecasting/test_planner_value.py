"""What an adjustment would do, and whether it did any good, against sums by hand."""

from datetime import date, timedelta

import polars as pl
import pytest

from forecasting.explaining.planner_value import ToldRun, planner_value
from forecasting.notes import Adjustment
from forecasting.pipeline.adjusting import adjusted
from forecasting.pipeline.trying_notes import (
    added_by_notes,
    expected_within,
    tried,
    with_notes,
    without_notes,
)
from forecasting.records import AdjustmentRecord
from tests.forecasting.test_adjusting import MONDAY, PASSPORT, PHONE, forecast, note

FRIDAY_BEFORE = MONDAY - timedelta(days=3)
WEEK = timedelta(days=7)


def _as_causes(parts: pl.DataFrame) -> pl.LazyFrame:
    """What a run stores of adjustments, among other causes."""
    level = parts.with_columns(pl.lit("level").alias("cause"))
    return pl.concat([level, parts]).lazy()


def test_a_forecast_without_its_notes_is_the_one_they_were_laid_over():
    notes = [
        note(4, MONDAY, MONDAY + timedelta(days=1), factor=1.5, series=PHONE),
        note(7, MONDAY, MONDAY, plus=-50.0),
    ]
    moved, parts = adjusted(forecast(), notes)
    bare = without_notes(moved, added_by_notes(_as_causes(parts)).collect())
    keys = ["series", "start"]
    before = forecast().sort(keys)
    assert bare["mean"].to_list() == pytest.approx(before["mean"].to_list())
    again = with_notes(bare, notes)
    assert again["mean"].to_list() == pytest.approx(moved.sort(keys)["mean"].to_list())


def test_what_a_note_would_do_is_what_the_next_forecast_does_with_it():
    standing = [note(1, MONDAY, MONDAY, plus=10)]
    wanted = Adjustment(MONDAY, MONDAY, "a fair", PHONE, factor=3.0)
    bare = forecast().select("series", "start", "cadence", "mean")
    told = tried(bare, standing, wanted)
    both, _ = adjusted(forecast(), [*standing, AdjustmentRecord(id=2, **wanted.values)])
    after = both.filter(series=PHONE, start=MONDAY)["mean"].item()
    assert (
        told.rows() == [(PHONE, MONDAY, 20.0, after)] == [(PHONE, MONDAY, 20.0, 60.0)]
    )


def test_what_is_expected_of_a_period_counts_a_week_for_the_days_within():
    days = forecast().select("series", "start", "cadence", "mean")
    two = (MONDAY, MONDAY + timedelta(days=1))
    assert expected_within(days, "*/*/*/phone", *two) == pytest.approx(20.0)
    assert expected_within(days, "", *two) == pytest.approx(40.0)
    weeks = forecast("week", 7).select("series", "start", "cadence", "mean")
    part = expected_within(weeks, PHONE, MONDAY + timedelta(days=5), MONDAY + WEEK)
    assert part == pytest.approx(10 * 2 / 7 + 10 * 1 / 7)


def _days(first: date, weeks: int = 1) -> list[date]:
    days = (first + timedelta(days=i) for i in range(7 * weeks))
    return [day for day in days if day.weekday() < 5]


def _run(origin: date, weeks: int, mean: float, **added: float) -> ToldRun:
    """A run by day that expects `mean` from the week after its origin on."""
    first = origin + timedelta(days=7 - origin.weekday())
    days = _days(first, weeks)
    told = pl.DataFrame({"series": PHONE, "start": days, "mean": mean})
    more = [
        {"note": int(number[1:]), "series": PHONE, "start": day, "count": count}
        for number, count in added.items()
        for day in days
    ]
    schema = {
        "note": pl.Int64,
        "series": pl.String,
        "start": pl.Date,
        "count": pl.Float64,
    }
    return ToldRun(origin, told, pl.DataFrame(more, schema=schema))


def _came(count: float, weeks: int = 2) -> pl.DataFrame:
    days = _days(MONDAY, weeks)
    return pl.DataFrame({"series": PHONE, "start": days, "count": count})


def test_a_note_towards_what_came_is_better_and_one_away_from_it_is_worse():
    runs = [_run(FRIDAY_BEFORE, 1, 15.0, n3=3.0)]
    friday = MONDAY + timedelta(days=4)
    (better,) = planner_value(runs, _came(14.0), friday).to_dicts()
    assert (better["error_with"], better["error_without"]) == (5.0, 10.0)
    assert (better["demand"], better["weeks"], better["series"]) == (70.0, 1, 1)
    (worse,) = planner_value(runs, _came(11.0), friday).to_dicts()
    assert (worse["error_with"], worse["error_without"]) == (20.0, 5.0)


def test_of_each_week_the_last_forecast_before_it_counts():
    """A note that was withdrawn in time is not told of; one made later counts later."""
    later = MONDAY + timedelta(days=4)
    end = later + WEEK
    first = _run(FRIDAY_BEFORE, 2, 12.0, n1=2.0)
    kept_on = planner_value([first], _came(10.0), end).to_dicts()
    assert [row["weeks"] for row in kept_on] == [2]
    second = _run(later, 1, 11.0, n2=1.0)
    told = planner_value([first, second], _came(10.0), end)
    assert told.select("note", "weeks", "first").rows() == [
        (1, 1, MONDAY),
        (2, 1, MONDAY + WEEK),
    ]
    assert told["error_with"].to_list() == [10.0, 5.0]


def test_two_runs_of_the_same_data_count_once_and_the_last_made_decides():
    again = [_run(FRIDAY_BEFORE, 1, 12.0, n1=2.0), _run(FRIDAY_BEFORE, 1, 10.0)]
    assert planner_value(again, _came(10.0), MONDAY + WEEK).is_empty()


def test_a_week_that_is_not_over_is_not_judged():
    runs = [_run(FRIDAY_BEFORE, 1, 12.0, n1=2.0)]
    thursday = MONDAY + timedelta(days=3)
    assert planner_value(runs, _came(10.0), thursday).is_empty()


def test_series_that_err_to_either_side_do_not_make_up_for_each_other():
    run = _run(FRIDAY_BEFORE, 1, 12.0, n1=2.0)
    other = run.forecast.with_columns(series=pl.lit(PASSPORT), mean=pl.lit(8.0))
    down = run.added.with_columns(series=pl.lit(PASSPORT), count=pl.lit(-2.0))
    both = ToldRun(
        run.origin, pl.concat([run.forecast, other]), pl.concat([run.added, down])
    )
    came = _came(10.0)
    every = pl.concat([came, came.with_columns(series=pl.lit(PASSPORT))])
    (row,) = planner_value([both], every, MONDAY + timedelta(days=4)).to_dicts()
    assert (row["error_with"], row["error_without"], row["series"]) == (20.0, 0.0, 2)
