"""Lines of the board: written over what was seen, told in the trail, forgotten in time."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from forecasting.errors import InputError, OvertakenError
from forecasting.keeping import back_up, restore
from forecasting.records import BoardLineRecord
from forecasting.workspace import Workspace
from staffing.pipeline.board_lines import (
    OWNER,
    BoardLine,
    board_lines,
    forget_lines,
    write_line,
)
from tests.conftest import Home

FIRST = BoardLine("promise/phone", "Teamleider KCC", "Twee mensen inwerken")
SECOND = BoardLine("promise/phone", "Teamleider KCC", "Rooster opnieuw maken")


def _said(workspace: Workspace) -> dict[str, tuple[str, str]]:
    found = board_lines(workspace).items()
    return {subject: (line.owner, line.next_step) for subject, line in found}


def test_a_line_takes_the_place_of_the_one_that_was_seen(
    any_workspace: Workspace, now: datetime
):
    write_line(any_workspace, FIRST, seen=None, now=now)
    seen = board_lines(any_workspace)["promise/phone"].id
    write_line(any_workspace, SECOND, seen=seen, now=now)
    assert _said(any_workspace) == {
        "promise/phone": ("Teamleider KCC", "Rooster opnieuw maken")
    }


def test_who_saw_an_older_line_is_told_who_was_first_and_changes_nothing(
    any_workspace: Workspace, now: datetime
):
    write_line(any_workspace, FIRST, seen=None, now=now)
    entries = len(any_workspace.ledger.trail())
    for seen in (None, 99):
        with pytest.raises(OvertakenError, match="changed by planner"):
            write_line(any_workspace, SECOND, seen=seen, now=now)
    assert _said(any_workspace)["promise/phone"][1] == FIRST.next_step
    assert len(any_workspace.ledger.trail()) == entries


def test_an_empty_line_takes_the_old_one_away_and_may_be_written_again(
    any_workspace: Workspace, now: datetime
):
    write_line(any_workspace, FIRST, seen=None, now=now)
    seen = board_lines(any_workspace)["promise/phone"].id
    write_line(any_workspace, BoardLine("promise/phone", " ", ""), seen=seen, now=now)
    assert _said(any_workspace) == {}
    with pytest.raises(OvertakenError):
        write_line(any_workspace, SECOND, seen=seen, now=now)
    write_line(any_workspace, SECOND, seen=None, now=now)
    assert len(_said(any_workspace)) == 1


def test_the_trail_tells_whose_line_it_is_and_not_what_it_says(
    workspace: Workspace, now: datetime
):
    write_line(workspace, FIRST, seen=None, now=now)
    (entry,) = workspace.ledger.trail()
    told = (entry.action, entry.subject, entry.detail)
    assert told == ("board", "promise/phone", "")


@pytest.mark.parametrize(
    ("owner", "step", "told"),
    [
        ("x" * (OWNER + 1), "", "owner: expected at most 60"),
        ("", "x" * 161, "next step: expected at most 160"),
        ("jan@gemeente.example", "", "e-mail address"),
        ("", "bel 111222333 terug", "BSN"),
    ],
)
def test_a_text_too_long_for_the_page_or_personal_is_refused(
    owner: str, step: str, told: str
):
    with pytest.raises(InputError, match=told):
        BoardLine("promise/phone", owner, step)


def test_lines_that_were_replaced_are_forgotten_and_those_that_stand_are_not(
    any_workspace: Workspace, now: datetime
):
    write_line(any_workspace, FIRST, seen=None, now=now)
    seen = board_lines(any_workspace)["promise/phone"].id
    write_line(any_workspace, SECOND, seen=seen, now=now)
    day: date = now.date()
    assert forget_lines(any_workspace, day, now=now) == 0
    assert forget_lines(any_workspace, day + timedelta(days=1), now=now) == 1
    with any_workspace.ledger.reading() as session:
        left = session.scalar(select(func.count()).select_from(BoardLineRecord))
    assert left == 1
    assert _said(any_workspace)["promise/phone"][1] == SECOND.next_step


def test_a_backup_brings_the_board_to_another_engine(
    new_home: Home, now: datetime, tmp_path
):
    home = new_home("home", "sqlite")
    write_line(home, FIRST, seen=None, now=now)
    back_up(home, tmp_path / "backup", now=now)
    other = new_home("other", "postgresql")
    restore(other, tmp_path / "backup", now=now)
    assert _said(other) == _said(home)
    seen = board_lines(other)["promise/phone"].id
    write_line(other, SECOND, seen=seen, now=now)
    assert _said(other)["promise/phone"][1] == SECOND.next_step
