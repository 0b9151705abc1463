"""`piekwijzer publish`, `export roster` and `status`, as they are typed."""

import json

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from staffing.pipeline.publishing import published
from staffing.publish.versions import versions
from tests.staffing.published_home import published_home
from tests.staffing.roster_weeks import WEEK
from tests.staffing.stored_rosters import keep, solved


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Version 2 is published, version 3 a draft with the same shifts."""
    workspace = published_home(tmp_path_factory.mktemp("home"))
    keep(workspace, solved().model_copy(update={"bound": -2.0}))
    return workspace


def typed(home, *words: str):
    given = [*words, "--home", str(home.settings.home)]
    return CliRunner().invoke(app, given)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--version", "9"), "came 9"),
        (("--version", "2"), "was published already"),
        (("--agreed", "otherwise,X9"), "came 'X9'"),
        (("--who", " "), "--who: expected a name"),
        (("--week", "2027-W60"), "expected an ISO week"),
        (("--week", "2027-W20"), "piekwijzer roster --week 2027-W20"),
    ],
)
def test_what_cannot_be_published_is_one_line_and_changes_nothing(home, words, line):
    before = versions(home, WEEK), home.ledger.trail()[-1].place
    week = () if "--week" in words else ("--week", "2027-W02")
    done = typed(home, "publish", *week, *words)
    assert done.exit_code == 2
    assert line in done.stderr
    assert done.stderr.count("\n") == 1
    assert (versions(home, WEEK), home.ledger.trail()[-1].place) == before


def test_publish_and_status_tell_version_state_and_who(tmp_path):
    home = published_home(tmp_path / "home")
    keep(home, solved())
    everybody = ",".join(sorted({shift.person for shift in solved().assignments}))
    words = ("--week", "2027-W02", "--agreed", f"otherwise, {everybody}", "--json")
    done = typed(home, "publish", *words, "--who", "Anna")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["version"], told["state"], told["by"]) == (3, "published", "Anna")
    assert told["superseded"] == 2
    pair = published(home, WEEK)
    assert pair is not None
    assert pair[1] == solved()
    status = json.loads(typed(home, "status", "--json").stdout)
    assert status["rosters"]["2027-W02"].startswith("version 3 published")
    assert status["rosters"]["2027-W02"].endswith("by Anna")


def test_status_tells_the_newest_version_and_the_published_one(home):
    line = typed(home, "status").stdout.split("rosters")[-1]
    assert "2027-W02 version 3 verified" in line
    assert "; version 2 published 2026-12-22 by planner" in line


def test_export_tells_the_version_and_leaves_it_in_the_trail(home, tmp_path):
    words = ("export", "roster", "--week", "2027-W02", "--out", str(tmp_path), "--json")
    told = json.loads(typed(home, *words).stdout)
    assert (told["version"], told["state"]) == (2, "published")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "rooster-2027-W02-personen.xlsx",
        "rooster-2027-W02.xlsx",
    ]
    last = home.ledger.trail()[-1]
    assert (last.action, last.subject) == ("export", "roster 2027-W02")
    assert last.detail == "version 2 (published) as xlsx"


def test_calendars_and_a_draft_are_handed_out_when_asked(home, tmp_path):
    words = ("export", "roster", "--week", "2027-W02", "--out", str(tmp_path))
    assert typed(home, *words, "--format", "ics").exit_code == 0
    assert len(list((tmp_path / "rooster-2027-W02-ics").glob("*.ics"))) == 6
    done = typed(home, *words, "--format", "csv", "--version", "3", "--person", "M002")
    assert done.exit_code == 0
    file = tmp_path / "rooster-2027-W02-M002.csv"
    assert done.stdout.strip() == str(file)
    assert "concept" in file.read_text("utf-8-sig")
    assert home.ledger.trail()[-1].detail == "version 3 (verified) as csv of one person"
