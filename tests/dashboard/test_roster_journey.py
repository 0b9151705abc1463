"""A planner's Monday in the real browser: make, publish, repair, publish, take along."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

import dashboard.app.script
from dashboard.access import environment, server_options
from dashboard.labels.words import Words
from dashboard.pages.roster import PARTS
from forecasting.calendar import week_name
from forecasting.workspace import Workspace
from staffing.publish.versions import read_version, versions
from tests.dashboard.roster_village import clock, next_week, village
from tests.dashboard.test_browser import (
    CHROMIUM,
    FLAGS,
    NOT_OURS,
    PATIENCE_S,
    PICTURES,
    _settle,
    _wait_for,
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
SAY = Words("nl")
PATIENCE_MS = PATIENCE_S * 1000
COMPILING_MS = 3 * PATIENCE_MS
"""A first roster of a fresh installation also compiles its kernels."""

NOW = clock()
MONDAY = next_week(NOW)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    return village(tmp_path_factory.mktemp("village"), NOW)


@pytest.fixture(scope="module")
def page(home: Workspace) -> Iterator[Page]:
    """The roster page of the village, in Chromium, from a server of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    script = dashboard.app.script.__file__
    command = [sys.executable, "-m", "streamlit", "run", script]
    with (
        subprocess.Popen(
            [*command, *server_options("127.0.0.1", port)],
            env=environment(home.settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as server,
        sync_playwright() as driver,
    ):
        try:
            _wait_for(port, server)
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(f"http://127.0.0.1:{port}/roster?lang=nl")
            _settle(page, SAY("pages.roster"))
            yield page
            browser.close()
        finally:
            server.terminate()


def _press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click(timeout=PATIENCE_MS)


def _turn(page: Page, part: str) -> None:
    """Go to a part of the page."""
    radio = page.get_by_role("radio", name=SAY(f"roster.show_{part}"), exact=True)
    radio.click(timeout=PATIENCE_MS)
    page.wait_for_url(re.compile(f"show={part}"), timeout=PATIENCE_MS)
    _settle(page, SAY("pages.roster"))


def _see(page: Page, text: str, patience_ms: int = PATIENCE_MS) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=patience_ms)


def test_a_planner_makes_repairs_publishes_and_takes_along_a_roster(
    page: Page, home: Workspace
):
    """Every step by the page alone; what is stored and handed out is what was asked."""
    _press(page, SAY("job.start_roster"))
    _see(page, SAY("roster.grid"), COMPILING_MS)
    _turn(page, "release")
    _press(page, SAY("publish.button", number=1))
    _see(page, SAY("publish.done", number=1))

    _turn(page, "change")
    day = _choose_a_working_day(page)
    _press(page, SAY("edit.add"))
    _see(page, SAY("edit.list", n=1))
    _press(page, SAY("edit.replan"))
    _see(page, SAY("outcome.title", number=2, before=1))
    _see(page, SAY("edit.planned", number=2))

    _turn(page, "release")
    _press(page, SAY("publish.button", number=2))
    _see(page, SAY("publish.done", number=2))
    states = [version.state for version in versions(home, MONDAY)]
    assert states == ["superseded", "published"]
    with page.expect_download(timeout=PATIENCE_MS) as taken:
        _press(page, SAY("handout.csv"))
    rows = taken.value.path().read_text("utf-8-sig").splitlines()[1:]
    _, roster = read_version(home, versions(home, MONDAY)[-1])
    assert len(rows) == len(roster.assignments)
    assert all(";2;gepubliceerd;" in row for row in rows)
    assert not [row for row in rows if f";{day};M001;" in row]
    assert taken.value.suggested_filename == f"rooster-{week_name(MONDAY)}.csv"


def _choose_a_working_day(page: Page) -> date:
    """Mark the first person absent on a day that they work, by the keyboard."""
    first, last = (
        page.get_by_role("combobox", name=SAY(f"edit.{name}"))
        for name in ("first", "last")
    )
    options = page.get_by_role("option")
    for _ in range(PATIENCE_S):  # a page that is drawn anew shuts what was open
        first.press("ArrowDown", timeout=PATIENCE_MS)
        page.wait_for_timeout(1000)
        if options.count():
            break
    texts = options.all_inner_texts()
    free = SAY("roster.free")
    place = next(i for i, text in enumerate(texts) if not text.endswith(free))
    options.nth(place).click()
    expect(last).to_have_value(texts[place], timeout=PATIENCE_MS)
    number = int(re.findall(r"\d+", texts[place])[0])
    days = (date.fromordinal(MONDAY.toordinal() + i) for i in range(7))
    return next(day for day in days if day.day == number)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_part_of_the_page_is_accessible(page: Page, width: int):
    """Axe finds nothing in any part, wide or narrow; pictures are kept."""
    page.set_viewport_size({"width": width, "height": 844})
    found = {}
    for part in PARTS:
        _turn(page, part)
        page.screenshot(path=PICTURES / f"roster_{part}_{width}.png")
        told = Axe().run(page).response["violations"]
        found[part] = [
            (rule["id"], node["html"])
            for rule in told
            if rule["id"] not in NOT_OURS
            for node in rule["nodes"]
        ]
    assert found == {part: [] for part in PARTS}
