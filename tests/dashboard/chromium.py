"""The real Chromium: how it is started, and when a page stands in it whole."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = Path(__file__).parents[1] / "screenshots"
PATIENCE_S = 90
PATIENCE_MS = PATIENCE_S * 1000
NOT_OURS = {"presentation-role-conflict"}  # of the box that files are dropped in
STILL = """
() => document.getAnimations().every((one) => one.playState !== "running"
  || one.effect.getComputedTiming().iterations === Infinity)
"""
"""Whether no part slides open and no colour is on its way to another.

A press between would fall beside what it meant; axe would judge the colour it passes.
"""


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser with an empty profile, or a reason to pass the test over."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def settle(page: Page, title: str) -> None:
    """Wait until the page with this title stands there and the server is idle."""
    heading = page.get_by_role("heading", level=1, name=title, exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE_MS)
    app = page.locator("[data-testid='stApp']")
    idle = re.compile("notRunning")
    expect(app).to_have_attribute("data-test-script-state", idle, timeout=PATIENCE_MS)
    waiting = page.locator("[data-testid='stSkeleton'], [data-stale='true']")
    expect(waiting).to_have_count(0, timeout=PATIENCE_MS)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=stPlotlyChart]')]"
        ".every(chart => chart.querySelector('.main-svg'))",
        timeout=PATIENCE_MS,
    )
    still(page)


def still(page: Page) -> None:
    """Wait until nothing slides open any more: it moves what is pressed meanwhile."""
    page.wait_for_function(STILL, timeout=PATIENCE_MS)


def findings(page: Page, picture: str | None = None) -> list[tuple[str, str]]:
    """What axe finds wrong with all that stands on a page, and where.

    A picture is kept under the name given.
    """
    if picture is not None:
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{picture}.png")
    return [
        (rule["id"], node["html"])
        for rule in Axe().run(page).response["violations"]
        if rule["id"] not in NOT_OURS
        for node in rule["nodes"]
    ]
