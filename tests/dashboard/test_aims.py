"""What a target asks for, what is left at closing, and the settings in force, as shown."""

from pathlib import Path

import pytest

from dashboard.labels.words import LANGUAGES, Words
from dashboard.queries import aims, chain
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.store import standards
from tests.dashboard.conftest import Open
from tests.dashboard.filled import fill
from tests.dashboard.made_up_demand import WEEK, WEEK_MONDAY
from tests.dashboard.test_agenda_page import fill_without_roster
from tests.dashboard.test_pages import _said

PHONE = {"location": "stadhuis", "skill": "phone", "week": WEEK, "show": "norm"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hours_each_aim_asks_stand_beside_what_it_saves(
    open_page: Open, full_home: Path, language: str
):
    words = Words("nl" if language == "nl" else "en")
    test = open_page(full_home, "requirement", lang=language, **PHONE)
    said = _said(test)
    assert not test.exception
    for hours, saved in ((214.25, -17.25), (212.0, -19.5)):
        assert words.number(hours, 1) in said
        assert words.signed(saved, 1) in said
    worst = words(
        "aims.worst",
        when=f"{words.short_day(WEEK_MONDAY)} 11:30",
        share=words.share(0.801, 1),
    )
    assert worst in said
    assert said.count(words("aims.chosen")) == 1
    assert words.number(397.0) in said


def test_minutes_after_closing_are_told_per_day_and_for_nine_days_of_ten(
    open_page: Open, full_home: Path
):
    words = Words("nl")
    said = _said(open_page(full_home, "requirement", **PHONE))
    assert words("unit.minutes", value=words.number(12.0)) in said
    assert words("unit.minutes", value=words.number(25.5)) in said


def test_a_requirement_that_told_no_aims_has_no_such_section(
    open_page: Open, tmp_path: Path
):
    workspace = fill_without_roster(tmp_path)
    run = chain.newest_run(workspace, "requirement")
    assert run is not None
    here = ("stadhuis", "phone", WEEK_MONDAY)
    assert aims.of_week(workspace, run, *here).is_empty()
    assert aims.closing(workspace, run, *here).is_empty()
    assert aims.pools(workspace, run, *here).is_empty()
    test = open_page(tmp_path, "requirement", **PHONE)
    assert not test.exception
    assert Words("nl")("aims.heading") not in _said(test)


def test_a_pool_is_told_of_the_skills_in_it_alone(full_home: Path):
    workspace = Workspace.open(Settings(home=full_home))
    run = chain.newest_run(workspace, "requirement")
    assert run is not None
    assert aims.pools(workspace, run, "stadhuis", "phone", WEEK_MONDAY).height == 1
    assert aims.pools(workspace, run, "stadhuis", "back", WEEK_MONDAY).is_empty()
    assert aims.pools(workspace, run, "noord", "counter", WEEK_MONDAY).is_empty()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_settings_in_force_are_told_in_words(
    open_page: Open, full_home: Path, language: str
):
    words = Words("nl" if language == "nl" else "en")
    policy = standards(Workspace.open(Settings(home=full_home)))
    said = _said(open_page(full_home, "data", lang=language))
    level, floor = words.share(policy.safety_level), words.share(policy.slot_floor)
    for label in (
        words(f"data.uncertainty_{policy.uncertainty}", level=level),
        words(f"data.aim_{policy.aim}", floor=floor),
        words(f"data.abandoned_{policy.skill['phone'].abandoned}"),
        words("data.check_fitting"),
        words.share(policy.lost, 1),
        words("data.handling_known", share=words.share(0.43)),
    ):
        assert label in said


def test_every_choice_of_the_standards_has_words():
    properties = {
        "uncertainty": ("expected", "safety"),
        "aim": ("slot", "day", "week"),
        "abandoned": ("late", "left_out", "short_left_out", "in_time"),
        "check": ("simulation", "formula", "fitting"),
        "per": ("day", "hour", "moment"),
    }
    for name, choices in properties.items():
        for choice in choices:
            assert Words("nl")(f"data.{name}_{choice}", level="", floor="")


def test_a_broken_promise_asks_for_a_decision(open_page: Open, tmp_path: Path):
    fill(tmp_path)
    words = Words("nl")
    test = open_page(tmp_path, "overview")
    assert words.many("decision.agenda", 1) in _said(test)
