"""Another target, its hours at once, kept, worked out: what the command line says too."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from dashboard.cli import app
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.asking_what_if import run_what_if
from staffing.pipeline.requiring import run_requirement
from staffing.pipeline.telling_what_if import targets_of_team
from staffing.whatif import between
from tests.dashboard.chromium import PATIENCE_MS, findings
from tests.dashboard.journeys import (
    SAY,
    arrive,
    browsing,
    card,
    press,
    see,
    settle,
    slide,
    unfold,
)
from tests.dashboard.roster_village import clock
from tests.empty_home import open_home
from tests.staffing.test_requiring import CALLS, store_forecast

HERE = {"location": "stadhuis", "skill": "phone", "week": "2027-W02"}
TARGET, SECONDS = 0.9, 20.0


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    """Calls of three weeks, staffing worked out for them, and other targets tried."""
    folder: Path = tmp_path_factory.mktemp("target")
    workspace = open_home(Settings(home=folder / "home", actor="anna"))
    now = clock() - timedelta(minutes=1)
    store_forecast(workspace, now, {CALLS: 60.0}, days=7)
    run_requirement(workspace, now=now)
    run_what_if(workspace, now=now + timedelta(seconds=1))
    return workspace


@pytest.fixture(scope="module")
def page(home: Workspace) -> Iterator[Page]:
    with browsing(home.settings) as page:
        yield page


def _hours(home: Workspace) -> float:
    """The hours of the newest requirement, from its table."""
    rows = home.table(home.latest("requirement"), "requirement").filter("chosen")
    people: float = (
        rows.filter(skill="phone").select(pl.col("people").sum()).collect().item()
    )
    return people / 4


def _tried(home: Workspace, target: float, seconds: float) -> float | None:
    """The hours that the command `what-if` stored for a standard."""
    grid = targets_of_team(home, home.latest("what_if"), "stadhuis", "phone")
    at = {"factor": 1.0, "target": target, "threshold_s": seconds}
    return between(grid, at).hours


def _by_commands(home: Workspace, folder: Path) -> float:
    """The hours that the command line comes to in a copy of the home, with the target."""
    copy = Path(shutil.copytree(home.settings.home, folder / "copy"))
    standard = (
        "--target",
        f"{TARGET}",
        "--seconds",
        f"{SECONDS:g}",
        "--reason",
        "same",
    )
    for words in (("standards", "keep", "phone", *standard), ("requirement",)):
        done = CliRunner().invoke(app, [*words, "--home", str(copy)])
        assert done.exit_code == 0, done.output
    return _hours(Workspace.open(Settings(home=copy)))


def test_a_stricter_target_is_tried_kept_and_worked_out(
    page: Page, home: Workspace, tmp_path: Path
):
    """At once what was reckoned beforehand; after the task what the command comes to."""
    before, expected = _hours(home), _by_commands(home, tmp_path)
    assert expected > before
    arrive(page, "requirement", show="norm", **HERE)
    needed = card(page, SAY("slots.hours"))
    expect(needed).to_have_text(SAY.hours(before, 1))
    answer = card(page, SAY("whatif.hours"))
    expect(answer).to_have_text(SAY.hours(_tried(home, 0.8, 25.0), 1))
    slide(page, SAY("whatif.target"), "ArrowRight", "ArrowRight")
    slide(page, SAY("whatif.threshold_s"), "ArrowLeft")
    tried = _tried(home, TARGET, SECONDS)
    expect(answer).to_have_text(SAY.hours(tried, 1), timeout=PATIENCE_MS)
    settle(page, "requirement")
    page.reload()  # the address keeps what was tried
    settle(page, "requirement")
    expect(answer).to_have_text(SAY.hours(tried, 1), timeout=PATIENCE_MS)

    norm = SAY("slots.within", share=SAY.share(TARGET), time=SAY.duration(SECONDS))
    reason = page.get_by_role("textbox", name=SAY("norms.reason"))
    reason.fill("besluit van de raad", timeout=PATIENCE_MS)
    press(page, SAY("norms.keep", norm=norm))
    see(page, "besluit van de raad")
    press(page, SAY("job.start_requirement"))
    expect(needed).to_have_text(SAY.hours(expected, 1), timeout=PATIENCE_MS)
    assert _hours(home) == expected
    page.reload()  # and the store what was kept
    settle(page, "requirement")
    expect(needed).to_have_text(SAY.hours(expected, 1))
    expect(card(page, SAY("slots.target"))).to_have_text(norm)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_part_of_the_page_is_accessible(page: Page, width: int):
    """Axe finds nothing in any part, folded open, wide or narrow, of old answers too."""
    page.set_viewport_size({"width": width, "height": 844})
    found = {}
    for part in ("week", "norm", "people", "proof"):
        arrive(page, "requirement", show=part, **HERE)
        unfold(page)
        found[part] = findings(page, f"requirement_{part}_{width}")
    assert found == {part: [] for part in found}
