"""The command `replan`: a new version of a stored week, or a clear line and nothing."""

import pytest
from typer import Exit

from forecasting.console import one_clear_line
from forecasting.errors import InputError, MissingStepError
from forecasting.workspace import Workspace
from staffing.pipeline.replanning import Happened, run_replan
from staffing.pipeline.rostering import InfeasibleRosterError, refuse_infeasible
from staffing.publish.storing import Draft
from staffing.publish.versions import versions
from staffing.roster.result import Conflict
from tests.staffing.drawn_rosters import drawn, stated
from tests.staffing.roster_home import NOW, village_home
from tests.staffing.roster_weeks import WEEK, village_week


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    """A home with a stored roster of the village, drawn rather than solved."""
    workspace = village_home(tmp_path_factory.mktemp("home"))
    requirement = workspace.latest("requirement")
    key = workspace.key("roster", [requirement.id], {"week": "2027-W02"}, 0)
    instance = village_week()
    roster = stated(instance, drawn(instance, 1))
    draft = Draft(workspace, key.id, instance, roster, NOW)
    workspace.store(key, {}, {}, now=NOW, also=draft)
    return workspace


def replanned(home: Workspace, *, dry: bool, **happened: list[str]):
    return run_replan(
        home,
        week=WEEK,
        happened=Happened(**happened),
        now=NOW,
        time_limit_s=5,
        workers=1,
        dry=dry,
    )


def test_a_dry_run_lists_the_changes_and_stores_nothing(home):
    done = replanned(home, dry=True, absent=["M001:2027-01-11..2027-01-15"])
    assert done.run is None
    assert len(versions(home, WEEK)) == 1
    assert done.figures["hard_violations"] == 0
    gone = [c for c in done.found.changes if c.person == "M001"]
    assert gone
    assert all(change.after == "absent" for change in gone)


def test_a_replanned_week_is_a_new_verified_version_with_its_changes(home):
    before = len(versions(home, WEEK))
    done = replanned(home, dry=False, absent=["M002:2027-01-12"])
    found = versions(home, WEEK)
    assert len(found) == before + 1
    assert found[-1].state == "verified"
    assert done.run is not None
    assert done.run.parameters["week"] == "2027-W02"
    told = done.run.figures["changes"]
    assert isinstance(told, list)
    assert done.run.figures["changed_days"] == len(told)
    assert "reason" not in done.run.parameters["happened"]
    assert home.table(done.run, "shifts").collect().height > 0


@pytest.mark.parametrize(
    ("happened", "named"),
    [
        ({"absent": ["nobody:2027-01-12"]}, "came 'nobody'"),
        ({"calls": ["moon/phone/2027-01-12:+80"]}, "found none"),
        ({"free": ["M001"]}, "expected CODE:DAY"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_stored(home, happened, named):
    before = versions(home, WEEK)
    with pytest.raises(InputError, match=named):
        replanned(home, dry=False, **happened)
    assert versions(home, WEEK) == before


def test_a_week_without_a_roster_names_the_command(home):
    with pytest.raises(MissingStepError, match="piekwijzer roster --week 2027-W03"):
        run_replan(
            home, week=WEEK.replace(day=18), happened=Happened(), now=NOW, dry=True
        )


def test_each_conflict_is_a_line_of_its_own_and_the_exit_status_is_two(capsys):
    roster = stated(village_week(), ()).model_copy(
        update={
            "status": "infeasible",
            "conflicts": (
                Conflict(
                    rule="daily_rest", person="M001", text="too short", text_nl=""
                ),
                Conflict(rule="settled_day", person="M002", text="twice", text_nl=""),
            ),
        }
    )
    with pytest.raises(InfeasibleRosterError):
        refuse_infeasible(roster)
    with pytest.raises(Exit) as stopped, one_clear_line():
        refuse_infeasible(roster)
    assert stopped.value.exit_code == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["piekwijzer: M001: too short.", "piekwijzer: M002: twice."]
