"""What the roster page offers to take along, and what it says of its version."""

import io
import zipfile
from pathlib import Path

import pytest

from dashboard.queries import roster
from forecasting.calendar import parse_week
from forecasting.records import RosterRecord
from forecasting.workspace import Workspace
from staffing.publish import export_persons, export_roster
from staffing.publish.storing import add_step
from tests.dashboard.conftest import Open, fill
from tests.dashboard.made_up_demand import NOW, WEEK
from tests.staffing.published_home import published_home
from tests.staffing.roster_weeks import WEEK as MONDAY
from tests.staffing.stored_rosters import keep, solved


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    workspace = published_home(tmp_path_factory.mktemp("home"))
    out = workspace.settings.exports
    for kind in ("xlsx", "csv", "ics"):
        export_roster(workspace, week=MONDAY, format=kind, out=out)
    export_persons(workspace, week=MONDAY, out=out)
    keep(workspace, solved().model_copy(update={"bound": -2.0}))
    return workspace


def test_calendars_come_in_one_file_and_not_each_by_itself(home):
    files = roster.exported(home.settings, "2027-W02")
    assert [file.name for file in files] == [
        "rooster-2027-W02-personen.xlsx",
        "rooster-2027-W02.csv",
        "rooster-2027-W02.xlsx",
    ]
    packed = roster.calendars(home.settings, "2027-W02")
    assert packed is not None
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        assert archive.read(names[0]).startswith(b"BEGIN:VCALENDAR")
    assert len(names) == 6
    assert roster.calendars(home.settings, "2027-W03") is None


def test_the_newest_version_stands_beside_the_published_one(home):
    found = roster.standing(home, "2027-W02")
    assert [(v.number, v.state) for v in found] == [(3, "verified"), (2, "published")]
    assert roster.standing(home, "2027-W03") == []


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "Versie 1: gepubliceerd op"),
        ("en", "Version 1: published on"),
    ],
)
def test_the_page_says_which_version_is_in_which_state(
    open_page: Open, tmp_path: Path, language: str, told: str
):
    workspace = fill(tmp_path)
    monday = parse_week(WEEK)
    record = RosterRecord(
        week=monday,
        version=1,
        run=workspace.latest("roster").id,
        file="x",
        state="published",
    )
    with workspace.ledger.writing() as session:
        session.add(record)
        session.flush()
        add_step(workspace, session, record, "published", NOW, by="*Anna*")
    test = open_page(tmp_path, "roster", lang=language, week=WEEK)
    assert not test.exception
    lines = [text.value for text in test.text]
    assert any(line.startswith(told) and "*Anna*" in line for line in lines)
    buttons = [button.label for button in test.button]
    assert {"nl": "Agenda's maken", "en": "Make calendars"}[language] in buttons
