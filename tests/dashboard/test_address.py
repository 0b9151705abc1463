"""Choices in the address: each name has one meaning, and comes along from page to page."""

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard.pages
from dashboard.labels.words import Words
from tests.dashboard.conftest import Open
from tests.dashboard.looks import looks
from tests.dashboard.test_pages import _said, _turn

WORDS = Words("nl")
SHARED = {"location", "skill", "week"}
"""Names that several pages ask for: the same thing on each of them."""
OF_A_PAGE = {"show"}
"""What each page has its own of, and remembers by itself."""


def shows(test: AppTest, page: str, part: str) -> bool:
    told = (test.query_params["show"], test.session_state["page"])
    return told == (part, page)


def test_from_demand_to_staffing_and_back_both_keep_their_choices(
    open_page: Open, full_home: Path
):
    test = open_page(full_home, "demand", step="collection", show="why")
    _turn(test, "requirement")
    for key, value in (("choice_show", "people"), ("choice_person", "less")):
        test.session_state[key] = value
        test.run()
    less = _said(test)
    assert test.query_params["person"] == "less"
    _turn(test, "demand")
    assert test.query_params["step"] == "collection"
    assert shows(test, "demand", "why")
    assert "person" not in test.query_params
    _turn(test, "requirement")
    assert test.query_params["person"] == "less"
    assert shows(test, "requirement", "people")
    assert "step" not in test.query_params
    assert WORDS("whatif.people") in less
    assert _said(test).count("pw-near") == less.count("pw-near") > 0


def test_two_choices_in_quick_turn_are_both_kept(open_page: Open, full_home: Path):
    """The second came with the address from before the first, as a browser tells it."""
    test = open_page(full_home, "requirement", show="people", person="less")
    old = dict(test.query_params)
    test.session_state["choice_person"] = "more"
    test.run()
    test.query_params = old
    test.session_state["choice_lang"] = "en"
    test.run()
    assert test.session_state["choice_person"] == "more"
    assert test.query_params["person"] == "more"
    test.query_params = old  # the way back in the browser, where nothing is turned
    test.run()
    assert test.session_state["choice_person"] == "less"
    assert shows(test, "requirement", "people")


def test_an_old_link_to_one_person_less_shows_one_more(
    open_page: Open, full_home: Path
):
    """The name in it means a step of a service by now: it is passed over."""
    test = open_page(full_home, "requirement", show="people", step="less")
    assert not test.exception
    assert test.session_state["choice_person"] == "more"
    _turn(test, "demand")
    assert test.session_state["choice_step"] == ""


@pytest.mark.parametrize(
    ("name", "page"), [("step", "demand"), ("person", "requirement")]
)
def test_a_value_that_a_name_does_not_know_falls_back(
    open_page: Open, full_home: Path, name: str, page: str
):
    test = open_page(full_home, page, show="people", **{name: "nobody"})
    assert not test.exception
    assert test.session_state[f"choice_{name}"] in ("", "more")


@pytest.mark.parametrize("page", ["demand", "requirement", "peaks", "roster"])
def test_a_link_to_a_part_shows_it_whatever_was_shown_elsewhere(
    open_page: Open, full_home: Path, page: str
):
    test = open_page(full_home, "roster", show="week")
    for part in [part for name, part in looks() if name == page][::-1]:
        _turn(test, "overview")
        test._page_hash = calc_hash(page)
        test.query_params["show"] = part
        assert shows(test.run(), page, part)


def test_a_part_of_one_page_is_no_part_of_another_of_the_same_name(
    open_page: Open, full_home: Path
):
    """Staffing and Roster both have a part `week`."""
    test = open_page(full_home, "roster", show="day")
    _turn(test, "requirement")
    assert shows(test, "requirement", "week")
    _turn(test, "roster")
    assert shows(test, "roster", "day")


def _versions_of_weeks() -> None:
    """A page of two choices, of which the second is made of the first."""
    import streamlit as st

    from dashboard.pages.address import belongs, current, keep

    belongs("version", st.selectbox("week", ["W02", "W03"]))
    current("version", ["", "1", "2"], "")
    keep("version", st.selectbox("v", ["", "1", "2"], key="choice_version"), "")


def test_the_version_of_one_week_is_not_asked_of_another():
    test = AppTest.from_function(_versions_of_weeks)
    test.query_params["version"] = "1"
    test.run()
    assert test.selectbox[1].value == "1"
    test.selectbox[0].set_value("W03").run()
    assert test.selectbox[1].value == ""
    assert "version" not in test.query_params
    test.selectbox[0].set_value("W02")
    test.query_params["version"] = "2"  # a link that names the week and its version
    assert test.run().selectbox[1].value == "2"


def _names_by_page() -> dict[str, set[str]]:
    """Which modules ask for a choice by which literal name."""
    found: dict[str, set[str]] = {}
    for file in Path(dashboard.pages.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _asks(node):
                first = node.args[0]
                assert isinstance(first, ast.Constant | ast.Name | ast.IfExp), file
                if isinstance(first, ast.Constant):
                    found.setdefault(str(first.value), set()).add(file.stem)
    return found


def _asks(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in ("choose", "switch")


def test_no_other_name_in_the_address_is_asked_for_in_two_places():
    """A name that a second page takes up has to be the same thing there."""
    twice = {name for name, files in _names_by_page().items() if len(files) > 1}
    assert twice <= SHARED | OF_A_PAGE
