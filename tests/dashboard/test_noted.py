"""What is read of notes, tried of them and suggested, against sums of the tests' own."""

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.queries import (
    adjusting,
    chain,
    noted,
    suggested,
)
from dashboard.queries.noted import Noted
from dashboard.queries.suggested import Suggestion
from forecasting.calendar import Calendar
from forecasting.calendar.periods import Period
from forecasting.errors import InputError
from forecasting.insight_tables import Causes
from forecasting.notes import Adjustment, Event, Exclusion
from forecasting.pipeline.value_of_notes import value_of_notes
from forecasting.planner import add, withdraw
from forecasting.workspace import Workspace
from tests.dashboard.flat_weeks import (
    BOTH,
    LATER,
    MONDAY,
    PASSPORT,
    PHONE,
    history,
    said,
    store,
    with_demand,
)
from tests.dashboard.made_up_demand import LAST, NOW, SERIES


def test_notes_are_those_of_the_series_shown_and_of_the_settings(workspace: Workspace):
    week = (date(2026, 12, 7), date(2026, 12, 11))
    add(workspace, Exclusion(*week, "down", "*/*/*/phone"), now=NOW)
    add(workspace, Event(*week, "fair", PASSPORT, name="fair"), now=NOW)
    covid = Period(
        name="Covid", first=date(2020, 3, 16), last=date(2020, 6, 30), source=""
    )
    here = Period(
        name="Rebuilt", first=week[0], last=week[0], source="", location="noord"
    )
    town = Calendar(excluded=(covid, here), elections=(date(2027, 3, 17),))
    found = noted.noted(workspace, town, BOTH)
    assert [(n.kind, n.number, n.meant) for n in found] == [
        ("exclusion", 0, 2),
        ("exclusion", 1, 2),
        ("event", 0, 2),
    ]
    vote = found[-1]
    assert (vote.first, vote.last) == (date(2027, 3, 3), date(2027, 3, 17))


def test_a_note_made_or_withdrawn_after_a_forecast_waits_for_the_next(
    workspace: Workspace,
):
    old = add(workspace, Exclusion(MONDAY, MONDAY, "down", PHONE), now=NOW)
    run = store(workspace, LAST, said(200.0, MONDAY))
    assert not noted.is_waiting(workspace, run, [PHONE])
    assert not chain.steps(workspace)[0].is_stale
    withdraw(workspace, "exclusion", old, now=LATER)
    assert chain.steps(workspace)[0].is_stale
    assert noted.is_waiting(workspace, run, [PHONE])
    assert not noted.is_waiting(workspace, run, [PASSPORT])


def test_a_number_of_contacts_is_dealt_out_as_a_share_of_what_is_expected(
    workspace: Workspace,
):
    run = store(workspace, LAST, said(200.0, MONDAY))
    bare = adjusting.bare(workspace, run)
    days = (PHONE, MONDAY, MONDAY + timedelta(days=4))
    share = adjusting.as_factor(bare, workspace, days, 150.0, None)
    assert share.factor == pytest.approx(1.15)
    assert share.expected == pytest.approx(1000.0)
    note = Adjustment(days[1], days[2], "fair", PHONE, factor=share.factor)
    weeks = adjusting.try_note(bare, workspace, note, None).weeks
    assert weeks.rows() == [(MONDAY, 1000.0, pytest.approx(1150.0))]
    with pytest.raises(InputError, match="leaves something of the 1,000"):
        adjusting.as_factor(bare, workspace, days, -1000.0, None)


def test_a_note_that_is_changed_is_tried_in_its_own_place(workspace: Workspace):
    run = store(workspace, LAST, said(200.0, MONDAY))
    week = (MONDAY, MONDAY + timedelta(days=4))
    old = add(workspace, Adjustment(*week, "fair", PHONE, factor=2.0), now=LATER)
    other = Adjustment(*week, "fair", PHONE, factor=1.5)
    bare = adjusting.bare(workspace, run)
    (instead,) = adjusting.try_note(bare, workspace, other, old).weeks.rows()
    assert instead == (MONDAY, 1000.0, 1500.0)
    (beside,) = adjusting.try_note(bare, workspace, other, None).weeks.rows()
    assert beside == (MONDAY, 2000.0, 3000.0)


def test_an_odd_stretch_that_a_note_explains_is_suggested_no_more():
    week = (date(2026, 11, 9), date(2026, 11, 15))
    odd = Suggestion("missed", Event.kind, *week)

    def note(kind: str, first: date, last: date) -> Noted:
        return Noted(kind, 1, first, last, "", "", "", 1)

    whole, part = note("event", *week), note("event", week[0], week[0])
    adjusted = note("adjustment", *week)
    assert suggested.unexplained([odd], [whole]) == []
    assert suggested.unexplained([odd], [part, adjusted]) == [odd]


def test_only_zeros_that_were_learned_from_and_shifts_are_suggested(full):
    workspace, run = full
    found = suggested.suggestions(workspace, run, list(SERIES))
    assert [(one.why, one.kind, one.first) for one in found] == [
        ("silent", "exclusion", date(2024, 5, 13)),
        ("shift", "event", date(2026, 3, 2)),
    ]
    assert suggested.suggestions(workspace, run, [PHONE]) == ()


def test_the_value_of_a_note_is_read_from_the_run_before_its_week(workspace: Workspace):
    before = date(2026, 11, 13)
    told = said(220.0, date(2026, 11, 16), 12)
    week = told.filter(pl.col("start") <= LAST)
    more = week.select(
        "series", "start", pl.lit("planner 7").alias("cause"), count=pl.lit(20.0)
    )
    causes = Causes.validate(more, cast=True)
    with_demand(workspace, before, history(before, 205.0), told, causes)
    run = with_demand(workspace, LAST, history(LAST, 205.0), said(200.0, MONDAY))
    (row,) = value_of_notes(workspace, run, [PHONE]).to_dicts()
    assert (row["note"], row["weeks"], row["demand"]) == (7, 1, 1025.0)
    assert (row["error_with"], row["error_without"]) == (75.0, 25.0)
    add(workspace, Exclusion(LAST, LAST, "down"), now=NOW)
    (row,) = value_of_notes(workspace, run, [PHONE]).to_dicts()
    assert (row["error_with"], row["error_without"]) == (60.0, 20.0)
