from dataclasses import replace
from datetime import date

import pytest

from forecasting.errors import InputError, MissingStepError
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.rostering import (
    UnlawfulRosterError,
    default_week,
    refuse_unlawful,
    run_roster,
)
from staffing.roster import Instance, Roster, verify
from staffing.roster.violation import Violation
from staffing.tables import Activities, Coverage, Shifts
from tests.staffing.roster_home import NOW, village_home
from tests.staffing.roster_weeks import WEEK


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    return village_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def run(home):
    return run_roster(home, week=None, now=NOW)


def test_the_default_week_is_the_first_beyond_the_notice(home):
    assert default_week(home) == WEEK


def test_the_run_names_its_week_and_breaks_no_hard_rule(run):
    assert run.parameters == {"week": "2027-W02"}
    assert run.figures["hard_violations"] == 0
    assert run.figures["people_rostered"] == 6


def test_the_stored_tables_keep_to_their_schemas_and_agree(home, run):
    shifts = Shifts.validate(home.table(run, "shifts").collect())
    activities = Activities.validate(home.table(run, "activities").collect())
    coverage = Coverage.validate(home.table(run, "coverage").collect())
    assert coverage["rostered"].sum() == activities.height
    assert coverage["required"].sum() / 4 == run.figures["required_hours"]
    paused = (shifts["break_end"] - shifts["break_start"]).dt.total_seconds().sum()
    present = (shifts["end"] - shifts["start"]).dt.total_seconds().sum()
    assert (present - paused) / 3600 == run.figures["rostered_hours"]


def test_the_roster_and_its_instance_stand_beside_and_verify(home, run):
    folder = home.lake.root / "roster"
    instance = Instance.from_json((folder / f"{run.id}.instance.json").read_text())
    roster = Roster.from_json((folder / f"{run.id}.json").read_text())
    assert not any(found.hard for found in verify(instance, roster))


def test_a_second_run_gives_the_same_id_and_figures(home, run):
    again = run_roster(home, week=WEEK, now=NOW)
    assert (again.id, again.figures) == (run.id, run.figures)


def test_a_roster_that_breaks_a_hard_rule_is_refused():
    found = Violation("daily_rest", "8 hours of rest", "A", WEEK, True, "Daily rest")
    with pytest.raises(UnlawfulRosterError, match="Daily rest: A 2027-01-11: 8 hours"):
        refuse_unlawful([found])
    refuse_unlawful([replace(found, hard=False)])


def test_a_week_outside_the_requirement_says_what_to_do(home):
    with pytest.raises(MissingStepError, match="choose a week within the horizon"):
        run_roster(home, week=date(2029, 1, 1), now=NOW)


def test_a_week_is_named_by_its_monday(home):
    with pytest.raises(InputError, match="Monday"):
        run_roster(home, week=date(2027, 1, 12), now=NOW)


def test_no_requirement_yet_names_the_command(tmp_path):
    empty = Workspace.open(Settings(home=tmp_path))
    with pytest.raises(MissingStepError, match="piekwijzer requirement"):
        run_roster(empty, week=WEEK, now=NOW)
