"""Weeks and places that fan out, and come together again as one lawful whole."""

import json
from collections import Counter
from datetime import timedelta
from math import inf

import polars as pl
import pytest
from typer.testing import CliRunner

from forecasting.errors import InputError, MissingStepError
from forecasting.records import ImportRecord
from forecasting.settings import Settings
from staffing.cli import app
from staffing.pipeline.many_weeks import SomeWeeksFailedError, run_rosters
from staffing.pipeline.rostering import run_roster
from staffing.pipeline.week_inputs import WeekInputs
from staffing.publish.versions import choose_version, read_version
from staffing.roster import Roster, solve, verify
from staffing.roster.checking import check
from staffing.roster.parts import join, part_of, split
from staffing.roster.personal import unloved
from staffing.roster.restating import restate
from staffing.roster.shapes import template_of
from staffing.roster.valuing import value
from staffing.roster.wanted import Pool
from staffing.roster.week.searching import Stop
from staffing.roster.week.solving_week import solve_week
from staffing.staff_tables import Absence
from tests.adopting import adopt
from tests.staffing.roster_home import NOW
from tests.staffing.roster_weeks import WEEK
from tests.staffing.small_weeks import PLACES, small_home, weeks


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def done(home):
    return run_rosters(home, weeks=weeks(3), now=NOW)


def stored(home, week):
    return read_version(home, choose_version(home, week))


def test_every_week_is_a_run_of_its_own_that_follows_the_ones_before(home, done):
    assert not done.failures
    assert [run.parameters["week"] for run in done.runs.values()] == [
        "2027-W02", "2027-W03", "2027-W04",
    ]  # fmt: skip
    first, second, third = done.runs.values()
    assert {first.id, second.id} <= set(third.inputs)
    assert all(run.figures["hard_violations"] == 0 for run in done.runs.values())


def test_a_week_looks_back_on_the_true_shifts_of_those_before(home, done):
    _, first = stored(home, WEEK)
    instance, roster = stored(home, WEEK + timedelta(weeks=1))
    worked = {shift.person: shift.shift.start for shift in first.assignments}
    past = {p.code: [s.start for s in p.past.shifts] for p in instance.people}
    assert worked
    assert all(past[code] == [start] for code, start in worked.items())
    assert not any(found.hard for found in verify(instance, roster))


def test_late_shifts_go_in_turns_over_the_weeks(home, done):
    """One early and one late shift a week for two people each: nobody has all late."""
    counts = Counter(
        (shift.location, shift.person)
        for instance, roster in (stored(home, week) for week in weeks(3))
        for shift in roster.assignments
        if unloved(instance.policy, shift.day, template_of(instance, shift).end)
    )
    for place in PLACES:
        own = [n for (where, _), n in counts.items() if where == place]
        assert sorted(own) == [1, 2]


def test_the_number_of_workers_changes_nothing(done, tmp_path):
    two = small_home(tmp_path, settings=Settings(executor="processes", workers=2))
    again = run_rosters(two, weeks=weeks(3), now=NOW)
    assert [run.id for run in again.runs.values()] == [
        run.id for run in done.runs.values()
    ]
    for one, other in zip(done.runs.values(), again.runs.values(), strict=True):
        assert one.figures == other.figures


def test_a_ray_cluster_makes_the_same_rosters(done, ray_cluster, tmp_path):
    from ray._private import state

    home = small_home(tmp_path, settings=Settings(executor="ray", workers=2))
    again = run_rosters(home, weeks=weeks(3), now=NOW)
    assert [run.id for run in again.runs.values()] == [
        run.id for run in done.runs.values()
    ]
    for one, other in zip(done.runs.values(), again.runs.values(), strict=True):
        assert one.figures == other.figures
    assert len(state.actors()) >= 2


def test_one_week_alone_is_the_same_as_the_first_of_many(done, tmp_path):
    alone = run_roster(small_home(tmp_path), week=WEEK, now=NOW)
    assert alone.id == done.runs[WEEK].id
    assert alone.figures == done.runs[WEEK].figures


def test_a_week_that_fails_is_named_and_the_others_are_stored(tmp_path, monkeypatch):
    home = small_home(tmp_path)
    last = weeks(3)[1]
    away = pl.DataFrame(
        {"code": ["G0"], "first": [last], "last": [last]},
        schema=Absence.create_empty().schema,
    )
    record = ImportRecord(
        id="absence-1", source="absence", kind="absence", file="x", sha256="0",
        rows_imported=1, rows_rejected=0, at=NOW,
    )  # fmt: skip
    adopt(home, record, {"absence": away}, now=NOW)
    plain = WeekInputs._plain

    def broken(self, week):
        if week == last:
            raise InputError("expected a week that can be rostered")
        return plain(self, week)

    monkeypatch.setattr(WeekInputs, "_plain", broken)
    done = run_rosters(home, weeks=weeks(3), now=NOW)
    assert list(done.runs) == [weeks(3)[0], weeks(3)[2]]
    text = str(SomeWeeksFailedError(done))
    assert text.startswith(
        "1 of 3 weeks failed (stored: 2027-W02, 2027-W04). 2027-W03:"
    )


def call(home, *words: str):
    config = ["--home", str(home.settings.home), "--config", str(home.settings.config)]
    return CliRunner().invoke(app, ["roster", *words, *config])


def test_weeks_beyond_the_forecast_are_refused_in_a_line_with_the_last_week(home):
    result = call(home, "--weeks", "2027-W02..2027-W09")
    assert result.exit_code == 2
    assert "Expected weeks up to 2027-W04" in result.stderr
    assert result.stderr.count("\n") == 1
    with pytest.raises(MissingStepError, match="up to 2027-W04"):
        run_roster(home, week=WEEK + timedelta(weeks=9), now=NOW)
    result = call(home, "--weeks", "2027-W04..2027-W02")
    assert "expected weeks A..B with B not before A" in result.stderr


def test_the_command_stores_every_week_and_tells_each(home, done):
    result = call(home, "--weeks", "2027-W02..2027-W03", "--json")
    told = json.loads(result.stdout)["weeks"]
    assert [one["week"] for one in told] == ["2027-W02", "2027-W03"]
    assert told[0]["run"] == done.runs[WEEK].id


def test_places_that_share_nobody_are_parts_and_add_up_to_the_whole(home):
    whole = WeekInputs(home).instance(WEEK)
    check(whole)
    parts = split(whole)
    assert [{p.location for p in part.people} for part in parts] == [
        {place} for place in PLACES
    ]
    rosters = [solve(part, time_limit_s=60, workers=1) for part in parts]
    joined = join(whole, rosters)
    assert joined.objective.total == pytest.approx(
        sum(roster.objective.total for roster in rosters)
    )
    assert not any(found.hard for found in verify(whole, joined))
    at_once = solve_week(whole, stop=Stop(inf), seed=0, workers=1, start=None)
    total = value(whole, at_once.assignments).total
    assert joined.objective.total == pytest.approx(total)
    assert joined.bound == pytest.approx(at_once.bound, rel=1e-3, abs=0.5)
    assert joined.unavoidable == pytest.approx(at_once.unavoidable)
    own = part_of(joined, parts[0])
    assert own.assignments == rosters[0].assignments
    by_itself = solve(whole, time_limit_s=60, workers=2)
    assert by_itself.assignments == joined.assignments


def test_a_shared_queue_or_somebody_who_works_at_both_ties_places_together(home):
    whole = WeekInputs(home).instance(WEEK)
    pool = Pool(skill="phone", location=PLACES[0], members=PLACES)
    assert len(split(whole.model_copy(update={"pools": (pool,)}))) == 1
    people = tuple(
        person.model_copy(update={"elsewhere": (PLACES[1],)})
        if person.location == PLACES[0]
        else person
        for person in whole.people
    )
    assert len(split(whole.model_copy(update={"people": people}))) == 1


def test_a_restated_bound_stays_below_every_roster_of_the_new_past(home, done):
    """Under the past of week two the bound of a plain week one must still hold."""
    plain = WeekInputs(home).instance(weeks(3)[2], dict.fromkeys(weeks(2)))
    later, best = stored(home, weeks(3)[2])
    found = solve(plain, time_limit_s=60, workers=1)
    told = restate(found, plain, later)
    assert told.bound <= found.bound
    assert told.bound <= best.objective.total + 1e-6
    assert told.objective == value(later, found.assignments)
    assert isinstance(told, Roster)
    assert told.instance == later.hash
