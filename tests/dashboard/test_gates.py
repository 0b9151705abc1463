"""No page writes without asking who acts, and none tells how one person performs."""

import ast
from pathlib import Path

import pytest

import dashboard.pages
from dashboard.labels.words import LANGUAGES, label_catalogue

PAGES = sorted(Path(dashboard.pages.__file__).parent.rglob("*.py"))
WRITERS = {
    "add",
    "change",
    "withdraw",
    "approve_batch",
    "withdraw_batch",
    "export_batch",
    "publish_roster",
    "run_replan",
    "forget_before",
    "keep_upload",
    "cancel",
    "commit_imports",
    "writing",
    "store",
    "write_text",
    "write_bytes",
}
"""Names of what changes something; `jobs.start` is among them by its module."""
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


def _imports_of_writers(tree: ast.AST) -> set[str]:
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
    writes = (WRITERS & _imports_of_writers(tree)) | ({"jobs.start"} & called)
    writes |= {"jobs.cancel", "jobs.keep_upload"} & called
    writes |= {"writing", "write_text", "write_bytes"} & called
    assert not writes or "permit" in called, writes


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_part_that_runs_by_itself_asks_whether_it_still_may(file: Path):
    """A bare fragment would go on drawing after the end of a login."""
    assert "st.fragment" not in file.read_text("utf-8") or file.name in PARTS


def test_every_name_of_a_writer_exists_where_pages_take_it_from():
    """The list above is of real functions: those that pages import today are in it."""
    taken = set()
    for file in PAGES:
        taken |= _imports_of_writers(ast.parse(file.read_text("utf-8")))
    assert taken & WRITERS == {"add", "approve_batch", "change", "withdraw"} & taken
    assert {"add", "approve_batch", "change", "withdraw"} <= taken


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
