"""What the page Demand reads, against sums and draws of the tests' own."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboard.charts.reasons import LOOK
from dashboard.queries import (
    adjusting,
    chain,
    demand,
    noted,
    offered,
    reasons,
    reckoning,
    suggested,
)
from dashboard.queries.demand import Selection
from dashboard.queries.noted import Noted
from dashboard.queries.suggested import Suggestion
from forecasting.calendar import Calendar
from forecasting.calendar.periods import Period
from forecasting.catalogue import Validity
from forecasting.errors import InputError
from forecasting.insight_tables import Causes
from forecasting.notes import Adjustment, Event, Exclusion
from forecasting.pipeline.missed import missed_weeks
from forecasting.pipeline.value_of_notes import value_of_notes
from forecasting.planner import add, withdraw
from forecasting.records import RunRecord
from forecasting.sampling import samples
from forecasting.settings import Settings
from forecasting.tables import Demand, StoredForecast
from forecasting.tuning import load_tuning
from forecasting.validity import changes
from forecasting.workspace import Workspace
from tests.dashboard.made_up_demand import LAST, NOW, SERIES, forecast
from tests.dashboard.made_up_demand import demand as came
from tests.empty_home import open_home

PASSPORT = "stadhuis/passport/application/appointment"
PHONE = "stadhuis/general/question/phone"
BOTH = [PHONE, "stadhuis/move/question/phone"]
MONDAY = date(2026, 11, 23)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def full(full_home: Path) -> tuple[Workspace, RunRecord]:
    workspace = Workspace.open(Settings(home=full_home))
    return workspace, workspace.latest("forecast")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_home(Settings(home=tmp_path, actor="anna"))


def _store(
    workspace: Workspace,
    last: date,
    told: pl.DataFrame,
    causes: pl.DataFrame | None = None,
    hours: int = 0,
) -> RunRecord:
    """A stored forecast of a run that knew days up to `last`."""
    tables = {
        "demand": came().filter(pl.col("start") <= last),
        "forecast": told.filter(pl.col("start") > last),
        "causes": Causes.create_empty() if causes is None else causes,
    }
    key = workspace.key("forecast", [f"{last}-{hours}"], {}, 0)
    figures = {"history_last": last.isoformat()}
    return workspace.store(key, tables, figures, now=NOW + timedelta(hours=hours))


def _said(level: float, first: date, days: int = 28) -> pl.DataFrame:
    """A forecast of the phone that expects the same of every working day."""
    starts = [first + timedelta(days=i) for i in range(days)]
    rows = [
        {"series": PHONE, "start": day, "mean": level, "cadence": "day"}
        | {name: level + step for name, step in STEPS.items()}
        | {"method": "blend"}
        for day in starts
        if day.weekday() < 5
    ]
    return StoredForecast.validate(pl.DataFrame(rows), cast=True)


STEPS = {
    "q05": -9.0,
    "q10": -7.0,
    "q25": -4.0,
    "q50": 0.0,
    "q75": 4.0,
    "q90": 7.0,
    "q95": 9.0,
}


def test_a_step_can_be_chosen_alone_and_goes_into_the_pattern(full):
    known = demand.parts(*full)
    chosen = Selection(service="passport", step="collection")
    assert demand.selected(known, chosen) == ["stadhuis/passport/collection/walk_in"]
    assert chosen.pattern == "*/passport/collection/*"
    assert Selection().pattern == ""
    assert len(demand.selected(known, Selection(step="application"))) == 4


def test_the_interval_of_a_sum_is_that_of_summed_draws_and_not_a_sum_of_quantiles(full):
    """The same draws, summed here with numpy."""
    workspace, run = full
    told = demand.outlook(workspace, run, BOTH, "week").row(0, named=True)
    week = pl.col("start").is_between(told["start"], told["start"] + timedelta(days=6))
    rows = forecast().filter(pl.col("series").is_in(BOTH))
    number = load_tuning().explaining.draws
    drawn = samples(rows, number, run.seed).filter(week)
    sums = drawn.group_by("sample").agg(pl.col("count").sum())["count"].to_numpy()
    for name, level in (("q05", 0.05), ("q75", 0.75), ("q95", 0.95)):
        assert told[name] == pytest.approx(np.quantile(sums, level))
        added = rows.filter(week)[name].sum()
        assert abs(told[name] - added) > 0.01 * told["mean"]


@pytest.mark.parametrize("grain", ["week", "day"])
@pytest.mark.parametrize("series", [BOTH, BOTH[:1]])
def test_the_means_alone_are_those_told_with_their_interval(full, series, grain):
    workspace, run = full
    means = demand.expected(workspace, run, series, grain)
    told = demand.outlook(workspace, run, series, grain).select("start", "mean")
    assert_frame_equal(means, told)


def test_last_year_counts_only_where_all_of_the_four_weeks_are_known():
    weeks = [MONDAY + timedelta(weeks=i) for i in range(6)]
    ahead = pl.DataFrame({"start": weeks, "mean": 100.0})
    before = pl.DataFrame({"start": weeks, "count": 80.0})
    assert demand.same_weeks_before(before, ahead) == 320.0
    assert demand.same_weeks_before(before[1:], ahead) is None
    assert demand.same_weeks_before(before.clear(), ahead) is None
    days = [MONDAY + timedelta(days=i) for i in range(26)]
    closed = pl.DataFrame({"start": days[:8] + days[9:], "count": 2.0})
    daily = pl.DataFrame({"start": days, "mean": 2.0})
    assert demand.same_weeks_before(closed, daily) == 50.0


def test_errors_of_methods_are_pooled_by_periods_and_by_demand(full):
    workspace, run = full
    rows = workspace.table(run, "accuracy").collect()
    changed = rows.filter(method="prophet").with_columns(
        periods=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        mase=pl.int_range(pl.len()).cast(pl.Float64),
    )
    (pooled,) = reckoning._by_method(
        changed.with_columns(pl.lit(0.1).alias("wape_main"))
    ).to_dicts()
    n, m = changed["periods"].to_numpy(), changed["mase"].to_numpy()
    assert pooled["mase"] == pytest.approx((n * m).sum() / n.sum())
    q, d = changed["pinball"].to_numpy(), changed["demand"].to_numpy()
    assert pooled["pinball"] == pytest.approx((q * d).sum() / d.sum())


def test_the_forecast_without_adjustments_lacks_what_they_added_and_no_more(full):
    workspace, run = full
    causes = workspace.table(run, "causes").filter(pl.col("series").is_in(BOTH))
    added = causes.filter(pl.col("cause") == "planner 4").collect()
    with_, bare = (
        query(workspace, run, BOTH, "day")
        for query in (demand.outlook, adjusting.without)
    )
    both = with_.join(bare, on="start", suffix="_bare").drop_nulls("mean_bare")
    assert both.filter(pl.col("start") >= date(2026, 12, 5)).is_empty()
    assert (both["mean"] - both["mean_bare"]).sum() == pytest.approx(
        added["count"].sum()
    )
    none = bare.filter(pl.col("start") >= date(2026, 12, 5))
    assert none["mean"].null_count() == none.height > 0


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
    run = _store(workspace, LAST, _said(200.0, MONDAY))
    assert not noted.is_waiting(workspace, run, [PHONE])
    assert not chain.steps(workspace)[0].is_stale
    withdraw(workspace, "exclusion", old, now=LATER)
    assert chain.steps(workspace)[0].is_stale
    assert noted.is_waiting(workspace, run, [PHONE])
    assert not noted.is_waiting(workspace, run, [PASSPORT])


def test_a_number_of_contacts_is_dealt_out_as_a_share_of_what_is_expected(
    workspace: Workspace,
):
    run = _store(workspace, LAST, _said(200.0, MONDAY))
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
    run = _store(workspace, LAST, _said(200.0, MONDAY))
    week = (MONDAY, MONDAY + timedelta(days=4))
    old = add(workspace, Adjustment(*week, "fair", PHONE, factor=2.0), now=LATER)
    other = Adjustment(*week, "fair", PHONE, factor=1.5)
    bare = adjusting.bare(workspace, run)
    (instead,) = adjusting.try_note(bare, workspace, other, old).weeks.rows()
    assert instead == (MONDAY, 1000.0, 1500.0)
    (beside,) = adjusting.try_note(bare, workspace, other, None).weeks.rows()
    assert beside == (MONDAY, 2000.0, 3000.0)


def _history(last: date, level: float, weeks: int = 20) -> pl.DataFrame:
    """The phone as it was called, the same on every working day."""
    days = [last - timedelta(days=i) for i in range(7 * weeks)]
    rows = [
        {"series": PHONE, "start": day, "cadence": "day", "count": level, "unmet": 0.0}
        for day in days
        if day.weekday() < 5
    ]
    frame = pl.DataFrame(rows).with_columns(handling_s=pl.lit(None, pl.Float64))
    return Demand.validate(frame.sort("start"), cast=True)


def _with_demand(
    workspace: Workspace,
    last: date,
    counts: pl.DataFrame,
    told: pl.DataFrame,
    causes: pl.DataFrame | None = None,
) -> RunRecord:
    why = Causes.create_empty() if causes is None else causes
    tables = {"demand": counts, "forecast": told, "causes": why}
    key = workspace.key("forecast", [last.isoformat()], {}, 0)
    hours = (last - date(2026, 1, 1)).days
    figures = {"history_last": last.isoformat()}
    now = NOW + timedelta(hours=hours)
    return workspace.store(key, tables, figures, now=now)


def test_a_week_that_was_missed_is_one_outside_the_interval_of_the_last_forecast_before(
    workspace: Workspace,
):
    """Of three weeks the middle one was tripled; a later run had seen it coming."""
    first, second = date(2026, 10, 30), date(2026, 11, 6)
    counts = _history(LAST, 200.0)
    middle = pl.col("start").is_between(date(2026, 11, 9), date(2026, 11, 13))
    odd = counts.with_columns(
        pl.when(middle).then(600.0).otherwise("count").alias("count")
    )
    _with_demand(
        workspace, first, _history(first, 200.0), _said(200.0, date(2026, 11, 2))
    )
    unaware = workspace.latest("forecast")
    newest = _with_demand(workspace, LAST, odd, _said(200.0, MONDAY))
    (row,) = missed_weeks(workspace, newest, [PHONE], weeks=13).to_dicts()
    assert (row["week"], row["came"], row["mean"]) == (
        date(2026, 11, 9),
        3000.0,
        1000.0,
    )
    assert unaware.id != newest.id
    told = _said(600.0, date(2026, 11, 9), 5)
    rest = _said(200.0, date(2026, 11, 16))
    _with_demand(workspace, second, _history(second, 200.0), pl.concat([told, rest]))
    assert missed_weeks(workspace, newest, [PHONE], weeks=13).is_empty()


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
    told = _said(220.0, date(2026, 11, 16), 12)
    week = told.filter(pl.col("start") <= LAST)
    more = week.select(
        "series", "start", pl.lit("planner 7").alias("cause"), count=pl.lit(20.0)
    )
    causes = Causes.validate(more, cast=True)
    _with_demand(workspace, before, _history(before, 205.0), told, causes)
    run = _with_demand(workspace, LAST, _history(LAST, 205.0), _said(200.0, MONDAY))
    (row,) = value_of_notes(workspace, run, [PHONE]).to_dicts()
    assert (row["note"], row["weeks"], row["demand"]) == (7, 1, 1025.0)
    assert (row["error_with"], row["error_without"]) == (75.0, 25.0)
    add(workspace, Exclusion(LAST, LAST, "down"), now=NOW)
    (row,) = value_of_notes(workspace, run, [PHONE]).to_dicts()
    assert (row["error_with"], row["error_without"]) == (60.0, 20.0)


def test_letters_and_adjustments_are_causes_of_their_own_and_all_add_up(
    workspace: Workspace,
):
    """Two notes are one cause, and the parts of a week are its forecast to the last bit."""
    told = _said(200.0, MONDAY)
    parts = {
        "level": 140.0,
        "season": 30.5,
        "school holiday": -20.25,
        "holiday": 5.0,
        "letters": -7.5,
        "planner 3": 40.0,
        "planner 11": 2.25,
        "event fair": 10.0,
    }
    rows = [
        told.select("series", "start", pl.lit(name).alias("cause"), count=pl.lit(part))
        for name, part in parts.items()
    ]
    run = _store(workspace, LAST, told, Causes.validate(pl.concat(rows), cast=True))
    found = reasons.causes(workspace, run, [PHONE], "week")
    first = dict(found.filter(start=MONDAY).select("cause", "count").iter_rows())
    assert first["letters"] == -37.5
    assert first["planner"] == 5 * 42.25
    assert first["holiday"] == 5 * -15.25
    assert (
        sum(first.values())
        == demand.outlook(workspace, run, [PHONE], "week")["mean"][0]
    )
    assert set(first) <= set(LOOK) | {"level"}


GOOD = "passport;2026-12;3000;team"


def _sheet(*lines: str) -> bytes:
    head = "Dienst of reeks;Periode;Aantal verwacht;Volgens"
    return "\n".join([head, *lines, ""]).encode("windows-1252")


def test_an_offered_file_is_read_as_an_import_would_and_nothing_of_it_is_kept(full):
    workspace, run = full
    sheet = _sheet(GOOD, "passport;next year;9;team", "licence;2027-01;x;team")
    found = offered.check(workspace, run, "own.csv", sheet, "own_outlook")
    assert (found.read, found.said.height) == (3, 1)
    assert found.refused["line"].to_list() == [3, 4]
    (row,) = found.beside.to_dicts()
    names = [name for name in SERIES if "/passport/application/" in name]
    days = forecast().filter(
        pl.col("series").is_in(names),
        pl.col("start").is_between(date(2026, 12, 1), date(2026, 12, 31)),
    )
    noted_4 = pl.col("start") < date(2026, 12, 5)
    ours = float(days["mean"].sum()) - 2.0 * days.filter(noted_4).height
    assert (row["said"], row["state"]) == (3000.0, "applied")
    assert row["ours"] == pytest.approx(ours)
    assert not workspace.has_imported("outside_forecasts")


def test_a_file_with_personal_data_is_refused_whole(full):
    workspace, run = full
    sheet = _sheet(GOOD).replace(b"Volgens", b"BSN")
    with pytest.raises(InputError):
        offered.check(workspace, run, "own.csv", sheet, "own_outlook")


def test_only_sources_of_forecasts_are_offered(full):
    assert list(offered.sources(full[0].settings)) == ["own_outlook", "rvig_outlook"]


def test_the_law_of_2014_leaves_a_gap_of_five_years_and_an_unchanged_law_none():
    old = Validity(issued_from=date(2006, 8, 26), years=5, source="")
    adults = Validity(issued_from=date(2014, 3, 9), min_age=18, years=10, source="")
    minors = Validity(issued_from=date(2014, 3, 9), max_age=17, years=5, source="")
    (change,) = changes((old, minors, adults))
    assert (change.before, change.now, change.day) == (5, 10, date(2014, 3, 9))
    assert (change.gap, change.crest) == (date(2019, 3, 9), date(2024, 3, 9))
    assert changes((old,)) == changes(()) == ()
