"""Changing and publishing a week from the page: what is entered is what is planned."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from dashboard import jobs
from dashboard.labels.words import Words
from dashboard.pages.rostering import publishing
from dashboard.pages.rostering.writing import (
    Asked,
    enter_edit,
    hand_out,
    publish,
    withdraw_edits,
)
from dashboard.pages.view import View
from dashboard.pending import (
    PendingEdit,
    add,
    as_edit,
    drop,
    happened,
    pending,
    replan_command,
)
from dashboard.queries.roster_versions import left_to_plan, planned_in, shown
from dashboard.roles import RefusedError, Role, User, owner
from forecasting.calendar import week_name
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.publishing import OvertakenError, publish_roster
from staffing.publish.exporting import export_roster
from staffing.publish.versions import versions
from staffing.store import calendar
from tests.dashboard.conftest import Open
from tests.dashboard.roster_village import clock, next_week, store_drawn, village
from tests.dashboard.test_pages import _said

NOW = clock()
MONDAY = next_week(NOW)
WEEK = week_name(MONDAY)
ABSENT = PendingEdit(
    "absent", (("absent", f"M001:{MONDAY}..{MONDAY}"),), "M001", "", str(MONDAY)
)


@pytest.fixture(scope="module")
def drawn_village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a home with two drawn versions of the week stands; nobody writes in it."""
    folder = tmp_path_factory.mktemp("village")
    workspace = village(folder, NOW)
    store_drawn(workspace, MONDAY, 1)
    store_drawn(workspace, MONDAY, 2)
    workspace.ledger.engine.dispose()
    return folder


@pytest.fixture
def home(
    drawn_village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    """Two drawn versions of the week; nothing is published."""
    shutil.copytree(drawn_village, tmp_path, dirs_exist_ok=True)
    own = Settings(home=tmp_path / "home", config=tmp_path / "config")
    monkeypatch.setenv("PIEKWIJZER_CONFIG", str(own.config))
    return Workspace.open(own)


def test_an_edit_entered_on_the_page_is_on_the_list_and_can_be_taken_off(
    open_page: Open, home: Workspace
):
    """Mark somebody absent: the option of the command line, no reason, and no job yet."""
    words, folder = Words("nl"), home.settings.home
    test = open_page(folder, "roster", show="change")
    assert words("edit.nothing") in [told.value for told in test.info]
    test.button(key="edit_add").click().run()
    assert not test.exception
    (edit,) = pending(folder, WEEK)
    assert edit.options[0][0] == "absent"
    assert edit.options[0][1].startswith("M001:")
    assert words("edit.list", n=1) in [head.value for head in test.header]
    assert jobs.listed(folder) == []
    test.button(key=f"drop_{edit.id}").click().run()
    assert pending(folder, WEEK) == ()


def test_an_edit_that_cannot_be_is_refused_before_it_is_on_the_list(
    open_page: Open, home: Workspace
):
    """An absence that ends before it begins is told in one line."""
    words = Words("nl")
    test = open_page(home.settings.home, "roster", show="change")
    test.selectbox(key="edit_kind").set_value("swap").run()
    assert words("edit.nothing_to_swap") in [c.value for c in test.caption]
    assert test.button(key="edit_add").disabled


@pytest.mark.parametrize("kind", ["free", "give", "lock", "available", "agreed"])
def test_every_kind_of_edit_can_be_entered(open_page: Open, home: Workspace, kind: str):
    """Each form gives options that replanning takes, and a line in words."""
    folder = home.settings.home
    test = open_page(folder, "roster", show="change")
    test.selectbox(key="edit_kind").set_value(kind).run()
    assert not test.error
    test.button(key="edit_add").click().run()
    assert not test.exception
    assert [edit.kind for edit in pending(folder, WEEK)] == [kind]
    assert any("M001" in line.value for line in test.text)


@pytest.mark.parametrize("works", [True, False])
def test_an_absence_of_somebody_who_is_free_then_says_that_nothing_changes(
    open_page: Open, home: Workspace, works: bool
):
    """It can be entered all the same: planning again gives no shift then either."""
    words, folder = Words("nl"), home.settings.home
    shifts = home.table(home.latest("roster"), "shifts").collect()
    days = [MONDAY + timedelta(days=n) for n in range(5)]
    taken = set(shifts.filter(person="M002")["day"])
    day = next(str(day) for day in days if (day in taken) == works)
    test = open_page(folder, "roster", show="change")
    for field, value in {"person": "M002", "first": day, "last": day}.items():
        test.selectbox(key=f"edit_{field}").set_value(value).run()
    told = [caption.value for caption in test.caption]
    assert (words("edit.free_already") in told) != works
    test.button(key="edit_add").click().run()
    assert len(pending(folder, WEEK)) == 1


def test_edits_go_to_replanning_as_its_own_options():
    """All of the list in one command, each option once."""
    swap = PendingEdit("swap", (("give", "A:d:1"), ("free", "B:d")), "A", "B")
    edits = (ABSENT, swap, replace(swap, id="x"))
    told = happened(edits)
    assert (told.absent, told.give, told.free) == (
        [ABSENT.options[0][1]],
        ["A:d:1"],
        ["B:d"],
    )
    command = replan_command(WEEK, edits)
    assert command[:3] == ("replan", "--week", WEEK)
    assert command[3:] == (
        "--absent",
        ABSENT.options[0][1],
        "--free",
        "B:d",
        "--give",
        "A:d:1",
    )


def test_two_planners_who_enter_edits_at_once_lose_none(tmp_path):
    """Twenty writers, each with an edit of their own; then twenty who take them off."""
    edits = [
        replace(ABSENT, options=(("absent", f"M{number:03d}"),)) for number in range(20)
    ]
    _at_once([lambda one=one: add(tmp_path, WEEK, one) for one in edits])
    kept = pending(tmp_path, WEEK)
    assert {edit.options for edit in kept} == {edit.options for edit in edits}
    _at_once([lambda one=one: drop(tmp_path, WEEK, [one.id]) for one in kept[1:]])
    assert pending(tmp_path, WEEK) == kept[:1]


def _at_once(deeds) -> None:
    threads = [Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _replanned(home: Workspace, seed: int, of: int, told: str) -> None:
    """A version that says it replanned another after what happened."""
    run = store_drawn(home, MONDAY, seed)
    workspace = home.ledger
    with workspace.writing() as session:
        stored = session.get_one(type(run), run.id)
        stored.parameters = {
            **stored.parameters,
            "replanned": f"version {of}",
            "happened": told,
        }


def test_edits_stay_on_the_list_until_the_roster_to_start_from_holds_them(home):
    """After a version with them is published they are done; before, they are in it."""
    edit = replace(ABSENT, since=2)
    publish_roster(home, week=MONDAY, now=NOW, version=2)
    _replanned(home, 3, 2, f"absent {ABSENT.options[0][1]}")
    at = shown(home, WEEK)
    assert at is not None
    assert left_to_plan(home, at, [edit]) == (edit,)
    newest = planned_in(home, at, [edit])
    assert newest is not None
    assert newest.number == 3
    assert planned_in(home, at, [edit, replace(edit, options=(("free", "x"),))]) is None
    codes = {f"M{number:03d}" for number in range(1, 7)}
    publish_roster(home, week=MONDAY, now=NOW, version=3, agreed=True, people=codes)
    after = shown(home, WEEK)
    assert after is not None
    assert left_to_plan(home, after, [edit]) == ()
    again = replace(edit, since=3)
    assert left_to_plan(home, after, [again]) == (again,)


def test_what_a_colleague_had_planned_elsewhere_is_not_lost_by_planning_again(
    open_page: Open, home: Workspace
):
    """A version replanned from the command line: the page names it and takes it over."""
    text = f"absent {ABSENT.options[0][1]}"
    publish_roster(home, week=MONDAY, now=NOW, version=2)
    _replanned(home, 3, 2, f"{text}; calls gemeentehuis/phone/{MONDAY}:+80")
    folder = home.settings.home
    test = open_page(folder, "roster", show="change")
    (warning,) = [told.value for told in test.warning]
    assert "versie 3" in warning.lower()
    assert "M001" in warning
    assert "gemeentehuis/phone" in warning
    test.button(key="take_over").click().run()
    assert not test.exception
    edits = pending(folder, WEEK)
    assert {edit.options for edit in edits} == {
        ABSENT.options,
        (("calls", f"gemeentehuis/phone/{MONDAY}:+80"),),
    }
    assert not test.warning
    planned = Words("nl")("edit.planned", number=3)
    assert planned in [told.value for told in test.success]


@pytest.mark.parametrize(
    ("option", "text", "hours"),
    [
        ("absent", "M001:2027-01-11..2027-01-12:08:30-12:00", "08:30-12:00"),
        ("give", "M001:2027-01-11:08:30-17:00@noord", "08:30-17:00"),
        ("free", "M001:2027-01-11", ""),
    ],
)
def test_an_option_of_replanning_reads_back_as_the_edit_it_is(option, text, hours):
    """Whom, which day and which hours, for words; the option itself is unchanged."""
    edit = as_edit(option, text, 4)
    assert edit is not None
    assert (edit.person, edit.first, edit.hours) == ("M001", "2027-01-11", hours)
    assert edit.options == ((option, text),)
    assert as_edit("nothing known", text, 4) is None


def test_the_version_on_the_page_is_published_by_the_button(
    open_page: Open, home: Workspace
):
    """In time, so nothing is asked; the page says so and the store holds it."""
    words = Words("nl")
    test = open_page(home.settings.home, "roster", show="release")
    test.button(key="publish").click().run()
    assert not test.exception
    assert words("publish.done", number=2) in [told.value for told in test.success]
    assert [v.state for v in versions(home, MONDAY)] == ["verified", "published"]


def test_who_was_overtaken_is_told_by_whom_and_nothing_changes(
    open_page: Open, home: Workspace
):
    """Version 1 was published after this page was drawn and before its button."""
    words = Words("nl")
    test = open_page(home.settings.home, "roster", show="release")
    publish_roster(home, week=MONDAY, now=NOW, version=1, who="B. Collega")
    test.button(key="publish").click().run()
    assert not test.exception
    (told,) = [error.value for error in test.error]
    assert "Iemand anders was u voor: versie 1" in told
    assert "B. Collega" in told
    assert [v.state for v in versions(home, MONDAY)] == ["published", "verified"]
    assert words("publish.instead", number=1) in [c.value for c in test.caption]


def test_publishing_in_place_of_another_than_was_seen_is_refused(home):
    """The number that was looked at must be the published one, 0 where none was."""
    with pytest.raises(OvertakenError, match="somebody else published"):
        publish_roster(home, week=MONDAY, now=NOW, instead_of=1)
    publish_roster(home, week=MONDAY, now=NOW, version=1, instead_of=0)
    with pytest.raises(OvertakenError):
        publish_roster(home, week=MONDAY, now=NOW, version=2, instead_of=0)
    assert [v.state for v in versions(home, MONDAY)] == ["published", "verified"]


def test_what_is_told_late_waits_for_an_agreement(
    open_page: Open, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    """Two weeks ahead the law asks one: without it the button does nothing."""
    words, monday = Words("nl"), next_week(NOW, 8)
    workspace = village(tmp_path, NOW, 8)
    store_drawn(workspace, monday, 1)
    monkeypatch.setenv("PIEKWIJZER_CONFIG", str(workspace.settings.config))
    test = open_page(workspace.settings.home, "roster", show="release")
    assert test.button(key="publish").disabled
    assert words("late.missing_otherwise") in [c.value for c in test.caption]
    test.checkbox(key="otherwise_1").check().run()
    test.button(key="publish").click().run()
    (version,) = versions(workspace, monday)
    assert version.is_published
    assert version.last.agreed


def test_an_agreement_of_somebody_unknown_is_refused(
    open_page: Open, home: Workspace, monkeypatch: pytest.MonkeyPatch
):
    """A forged request is told in one line, and nothing is published."""
    asked = Asked(MONDAY, 2, 0, agreed=False, people=("nobody",))
    monkeypatch.setattr(publishing, "Asked", lambda *_: asked)
    test = open_page(home.settings.home, "roster", show="release")
    test.button(key="publish").click().run()
    assert any("nobody" in error.value for error in test.error)
    assert [v.state for v in versions(home, MONDAY)] == ["verified", "verified"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_download_is_the_file_of_the_command_line_and_is_in_the_trail(
    home: Workspace, tmp_path, kind
):
    """The same bytes, of the version on the page; who took what is told."""
    user = owner("A. Planner")
    view = View(
        home,
        Words("nl"),
        NOW,
        NOW.date(),
        calendar(home),
        {},
        user,
        lambda: user,
        lambda: NOW,
    )
    content = hand_out(view, WEEK, 1, kind, "M001", NOW)
    (file,) = export_roster(
        home, week=MONDAY, format=kind, out=tmp_path / "out", version=1, person="M001"
    )
    assert content == file.read_bytes()
    deed = home.ledger.trail()[-1]
    assert (deed.action, deed.subject) == ("export", f"roster {WEEK}")
    assert deed.by == "A. Planner"
    assert "of one person" in deed.detail
    assert "M001" not in deed.detail


def test_the_page_offers_files_of_everybody_and_of_one(
    open_page: Open, home: Workspace
):
    """Three kinds of files; for one person theirs alone."""
    words = Words("nl")
    test = open_page(home.settings.home, "roster", show="release")
    assert words("handout.csv") in _said(test)
    test.selectbox(key="handout_person").set_value("M002").run()
    assert words("handout.csv_one") in _said(test)


def test_another_outcome_of_the_same_inputs_leaves_the_tables_of_the_first(
    tmp_path,
):
    """Two searches from the same inputs and seed that ended otherwise: two runs."""
    workspace = village(tmp_path, NOW)
    first = store_drawn(workspace, MONDAY, 1)
    before = workspace.table(first, "shifts").collect()
    second = store_drawn(workspace, MONDAY, 2)
    assert second.id != first.id
    assert workspace.table(first, "shifts").collect().equals(before)
    assert store_drawn(workspace, MONDAY, 1).id == first.id
    assert store_drawn(workspace, MONDAY, 2).id == second.id
    assert [version.number for version in versions(workspace, MONDAY)] == [1, 2, 3, 4]


@pytest.mark.parametrize("role", [Role.viewer, Role.approver, Role.administrator])
def test_who_may_not_plan_writes_and_takes_nothing(home: Workspace, role: Role):
    """Every write of the page asks who acts, whatever was drawn before."""
    user = User("V. Kijker", frozenset({role}), verified=True)
    words, today = Words("nl"), NOW.date()
    town = calendar(home)
    view = View(home, words, NOW, today, town, {}, user, lambda: user, lambda: NOW)
    asked = Asked(MONDAY, 2, 0, agreed=False, people=())
    deeds: list[Callable[[], object]] = [
        lambda: enter_edit(view, WEEK, ABSENT),
        lambda: withdraw_edits(view, WEEK, ("x",)),
        lambda: publish(view, asked),
        lambda: hand_out(view, WEEK, 1, "csv", None, NOW),
    ]
    for deed in deeds:
        with pytest.raises(RefusedError, match="needs the role planner"):
            deed()
    assert pending(home.settings.home, WEEK) == ()
    assert [v.state for v in versions(home, MONDAY)] == ["verified", "verified"]


def test_who_publishes_by_the_login_is_who_published(home: Workspace):
    """The name comes from the login and stands with the version."""
    user = User("A. Planner", frozenset({Role.planner}), verified=True)
    words, today = Words("nl"), NOW.date()
    town = calendar(home)
    view = View(home, words, NOW, today, town, {}, user, lambda: user, lambda: NOW)
    done = publish(view, Asked(MONDAY, 2, 0, agreed=False, people=()))
    assert done.version.last.by == "A. Planner"
