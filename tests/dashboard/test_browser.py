"""The real server in the real Chromium: every page, in both languages."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

import dashboard.app.script
from dashboard.access import environment, server_options
from dashboard.labels.words import LANGUAGES, label_catalogue
from forecasting.settings import Settings

CHROMIUM = shutil.which("chromium")
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
NOT_OURS = {"presentation-role-conflict"}  # of the box that files are dropped in
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@pytest.fixture(scope="module")
def address(full_home: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", dashboard.app.script.__file__]
    with subprocess.Popen(
        [*command, *server_options("127.0.0.1", port)],
        env=environment(Settings(home=full_home)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not listen on port {port}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


STILL = """
() => document.getAnimations().every((one) => one.playState !== "running"
  || one.effect.getComputedTiming().iterations === Infinity)
"""
"""Whether no colour is on its way to another; axe would judge the one it passes."""


def _settle(page: Page, title: str) -> None:
    """Wait until the page with this title stands there and the server is idle."""
    heading = page.get_by_role("heading", level=1, name=title, exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE_S * 1000)
    app = page.locator("[data-testid='stApp']")
    state = re.compile("notRunning")
    expect(app).to_have_attribute(
        "data-test-script-state", state, timeout=PATIENCE_S * 1000
    )
    expect(page.locator("[data-testid='stSkeleton']")).to_have_count(
        0, timeout=PATIENCE_S * 1000
    )
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=stPlotlyChart]')]"
        ".every(chart => chart.querySelector('.main-svg'))",
        timeout=PATIENCE_S * 1000,
    )
    page.wait_for_function(STILL, timeout=PATIENCE_S * 1000)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_without_an_error_box_or_a_console_error(
    address: str, browser: Browser, language: str
):
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    PICTURES.mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="nl-NL")
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/?lang={language}")
    labels = label_catalogue("nl" if language == "nl" else "en")
    for name in dashboard.app.script.PAGES:
        title = labels[f"pages.{name}"]
        page.get_by_role("link", name=title, exact=False).first.click(
            timeout=PATIENCE_S * 1000
        )
        _settle(page, title)
        page.screenshot(path=PICTURES / f"{name}_{language}.png")
        assert page.locator("[data-testid='stException']").count() == 0, name
        assert page.locator("[data-testid='stAlertContentError']").count() == 0, name
        assert f"lang={language}" in page.url or language == "nl"
    page.close()
    assert complaints == []


CUT = """
() => [...document.querySelectorAll(".pw-scroll:not(.pw-wide)")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.getAttribute("aria-label"))
"""
"""Tables that go on out of sight and do not say so."""


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("requirement", "people"),
        ("requirement", "proof"),
        ("roster", "short"),
        ("data", ""),
    ],
)
def test_on_a_telephone_a_table_stands_whole_or_says_that_it_goes_on_sideways(
    address: str, browser: Browser, name: str, part: str
):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/{name}?lang=nl&show={part}")
    _settle(page, label_catalogue("nl")[f"pages.{name}"])
    assert page.locator(".pw-table").count() > 0
    assert page.evaluate(CUT) == []
    page.close()


def test_a_page_asks_nothing_of_the_outside_world(address: str, browser: Browser):
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/?lang=nl")
    _settle(page, label_catalogue("nl")["pages.overview"])
    page.close()
    own = (address, address.replace("http", "ws", 1), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []


def test_the_first_page_has_a_name_that_may_be_kept(address: str, browser: Browser):
    """A link to /overview opens it, in the language that the link tells."""
    page = browser.new_page()
    page.goto(f"{address}/overview?lang=en")
    _settle(page, label_catalogue("en")["pages.overview"])
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible(address: str, browser: Browser, width: int):
    page = browser.new_page(viewport={"width": width, "height": 844}, locale="nl-NL")
    labels = label_catalogue("nl")
    found = {}
    for name in dashboard.app.script.PAGES:
        page.goto(f"{address}/{'' if name == 'overview' else name}?lang=nl")
        _settle(page, labels[f"pages.{name}"])
        told = Axe().run(page).response["violations"]
        found[name] = [
            (rule["id"], node["html"])
            for rule in told
            if rule["id"] not in NOT_OURS
            for node in rule["nodes"]
        ]
    page.close()
    assert found == {name: [] for name in dashboard.app.script.PAGES}
