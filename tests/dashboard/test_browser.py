"""The real server in the real Chromium: every page, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect

import dashboard.app.script
from dashboard.labels.words import LANGUAGES, label_catalogue
from forecasting.settings import Settings
from tests.dashboard.chromium import PATIENCE_MS, PICTURES, findings, settle
from tests.dashboard.served import open_dashboard


@pytest.fixture(scope="module")
def address(full_home: Path) -> Iterator[str]:
    with open_dashboard(Settings(home=full_home)) as address:
        yield address


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
            timeout=PATIENCE_MS
        )
        settle(page, title)
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
    settle(page, label_catalogue("nl")[f"pages.{name}"])
    assert page.locator(".pw-table").count() > 0
    assert page.evaluate(CUT) == []
    page.close()


def test_a_page_asks_nothing_of_the_outside_world(address: str, browser: Browser):
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/?lang=nl")
    settle(page, label_catalogue("nl")["pages.overview"])
    page.close()
    own = (address, address.replace("http", "ws", 1), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []


def test_the_first_page_has_a_name_that_may_be_kept(address: str, browser: Browser):
    """A link to /overview opens it, in the language that the link tells."""
    page = browser.new_page()
    page.goto(f"{address}/overview?lang=en")
    settle(page, label_catalogue("en")["pages.overview"])
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible(address: str, browser: Browser, width: int):
    page = browser.new_page(viewport={"width": width, "height": 844}, locale="nl-NL")
    labels = label_catalogue("nl")
    found = {}
    for name in dashboard.app.script.PAGES:
        page.goto(f"{address}/{'' if name == 'overview' else name}?lang=nl")
        settle(page, labels[f"pages.{name}"])
        found[name] = findings(page)
    page.close()
    assert found == {name: [] for name in dashboard.app.script.PAGES}
