"""No page writes without asking who acts, and none tells how one person performs."""

import ast
from pathlib import Path

import pytest

import dashboard.pages
from dashboard.labels.words import LANGUAGES, label_catalogue

PAGES = sorted(Path(dashboard.pages.__file__).parent.rglob("*.py"))
WRITERS = {
    "add",
    "approve_batch",
    "change",
    "drop_standard",
    "export_batch",
    "hand_out_roster",
    "keep_standard",
    "publish_roster",
    "withdraw",
    "withdraw_batch",
    "write_line",
}
"""What pages take from the steps below that stores something."""
READERS = {
    "after_batches",
    "board_lines",
    "described",
    "person_of_team",
    "targets_of_team",
    "try_edit",
    "worked_for",
}
"""What they take from there that only reads."""
STARTERS = {"jobs.start", "jobs.cancel", "jobs.keep_upload", "writing", "write_bytes"}
OWN = {"deeds.py"}
"""Where the question itself is asked and recorded."""
PARTS = {"parts.py", "door.py"}
"""Where a part of a page is told to run by itself, and to ask whether it may."""


def _called(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                owner = called.value.id if isinstance(called.value, ast.Name) else ""
                found |= {called.attr, f"{owner}.{called.attr}"}
            elif isinstance(called, ast.Name):
                found.add(called.id)
    return found


def _taken(tree: ast.AST) -> set[str]:
    """What is taken from modules of the rooms below whose functions store something."""
    rooms = ("staffing.pipeline", "forecasting.pipeline", "forecasting.planner")
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(rooms)
        for alias in node.names
    }


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_page_that_writes_asks_first_who_acts(file: Path):
    """`permit` stands in each file that calls what stores something."""
    if file.name in OWN:
        return
    tree = ast.parse(file.read_text("utf-8"))
    called = _called(tree)
    writes = (WRITERS & _taken(tree)) | (STARTERS & called)
    assert not writes or {"permit", "permit_later"} & called, writes


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_part_that_runs_by_itself_asks_whether_it_still_may(file: Path):
    """A bare fragment would go on drawing after the end of a login."""
    assert "st.fragment" not in file.read_text("utf-8") or file.name in PARTS


def test_what_pages_take_from_the_steps_below_is_known_to_write_or_to_read():
    """A step that is new to the pages is put in one of the two lists first."""
    taken = set()
    for file in PAGES:
        taken |= _taken(ast.parse(file.read_text("utf-8")))
    functions = {name for name in taken if name.islower()}
    assert functions - WRITERS - READERS == set()
    assert functions >= WRITERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_speaks_of_how_one_person_performs(language):
    """Handling time, readiness and rank are of teams, never of somebody."""
    words = ("per medewerker", "per agent", "ranglijst", "per employee", "ranking")
    told = {
        key: text
        for key, text in label_catalogue(language).items()
        if any(word in text.lower() for word in words)
    }
    assert told == {}
