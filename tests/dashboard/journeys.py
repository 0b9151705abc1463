"""Walking through the pages of a home in the real browser, as its reader would."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Locator,
    Page,
    TimeoutError,
    expect,
    sync_playwright,
)

import dashboard.app.script
from dashboard.access import environment, server_options
from dashboard.labels.words import Words
from forecasting.settings import Settings
from tests.dashboard.test_browser import (
    CHROMIUM,
    FLAGS,
    NOT_OURS,
    PATIENCE_S,
    PICTURES,
    _settle,
    _wait_for,
)

SAY = Words("nl")
PATIENCE_MS = PATIENCE_S * 1000


@contextmanager
def browsing(settings: Settings) -> Iterator[Page]:
    """A browser that opened nothing yet, beside a server of its own for a home."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    script = dashboard.app.script.__file__
    command = [sys.executable, "-m", "streamlit", "run", script]
    with (
        subprocess.Popen(
            [*command, *server_options("127.0.0.1", port)],
            env=environment(settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as server,
        sync_playwright() as driver,
    ):
        try:
            _wait_for(port, server)
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield browser.new_page(
                viewport={"width": 1280, "height": 720},
                base_url=f"http://127.0.0.1:{port}",
            )
            browser.close()
        finally:
            server.terminate()


def arrive(page: Page, name: str, **query: str) -> None:
    """Open a page by its address, and wait until it stands there."""
    asked = "&".join(f"{key}={value}" for key, value in {"lang": "nl", **query}.items())
    page.goto(f"/{name}?{asked}")
    settle(page, name)


def settle(page: Page, name: str) -> None:
    """Wait until a page stands there whole."""
    _settle(page, SAY(f"pages.{name}"))


def turn(page: Page, name: str, part: str) -> None:
    """Go to another part of a page."""
    radio = page.get_by_role("radio", name=SAY(f"{name}.show_{part}"), exact=True)
    radio.click(timeout=PATIENCE_MS)
    expect(radio).to_be_checked(timeout=PATIENCE_MS)
    settle(page, name)


def press(page: Page, label: str) -> None:
    """Press a button once it can be pressed."""
    page.get_by_role("button", name=label, exact=True).click(timeout=PATIENCE_MS)


def see(page: Page, text: str | re.Pattern[str]) -> Locator:
    """The first place where a text stands, once it can be seen."""
    found = page.get_by_text(text).first
    expect(found).to_be_visible(timeout=PATIENCE_MS)
    return found


def slide(page: Page, label: str, *keys: str) -> Locator:
    """Move a slider by the keyboard."""
    thumb = page.get_by_role("slider", name=label)
    thumb.focus()
    for key in keys:
        thumb.press(key)
    return thumb


def pick(page: Page, label: str, option: str) -> None:
    """Choose from a box of choices, by the keyboard."""
    box = page.get_by_role("combobox", name=label, exact=True)
    for _ in range(PATIENCE_S):  # a page that is drawn anew shuts what was open
        box.press("ArrowDown", timeout=PATIENCE_MS)
        with suppress(TimeoutError):
            found = page.get_by_role("option", name=option, exact=True)
            found.click(timeout=1000)
            break
    expect(box).to_have_value(option, timeout=PATIENCE_MS)


def card(page: Page, label: str) -> Locator:
    """The figure on the card of a name."""
    name = page.get_by_text(label, exact=True)
    metric = page.locator("[data-testid='stMetric']").filter(has=name)
    return metric.locator("[data-testid='stMetricValue']")


def unfold(page: Page) -> None:
    """Open every part of a page that folds."""
    for part in page.locator("details").all():
        if part.get_attribute("open") is None:
            part.locator("summary").click(timeout=PATIENCE_MS)
    page.wait_for_timeout(300)  # the time in which a part slides open


def findings(page: Page, picture: str) -> list[tuple[str, str]]:
    """What axe finds wrong with all that stands on a page; a picture is kept."""
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{picture}.png")
    return [
        (rule["id"], node["html"])
        for rule in Axe().run(page).response["violations"]
        if rule["id"] not in NOT_OURS
        for node in rule["nodes"]
    ]
