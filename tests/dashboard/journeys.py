"""Walking through the pages of a home in the real browser, as its reader would."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import (
    Locator,
    Page,
    TimeoutError,
    expect,
)

from dashboard.labels.words import Words
from forecasting.settings import Settings
from tests.dashboard import chromium
from tests.dashboard.chromium import PATIENCE_MS, PATIENCE_S, launched, still
from tests.dashboard.served import open_dashboard

SAY = Words("nl")


@contextmanager
def browsing(settings: Settings) -> Iterator[Page]:
    """A browser that opened nothing yet, beside a server of its own for a home."""
    with open_dashboard(settings) as address, launched() as browser:
        yield browser.new_page(
            viewport={"width": 1280, "height": 720}, base_url=address
        )


def arrive(page: Page, name: str, **query: str) -> None:
    """Open a page by its address, and wait until it stands there."""
    asked = "&".join(f"{key}={value}" for key, value in {"lang": "nl", **query}.items())
    page.goto(f"/{name}?{asked}")
    settle(page, name)


def settle(page: Page, name: str) -> None:
    """Wait until a page stands there whole."""
    chromium.settle(page, SAY(f"pages.{name}"))


def turn(page: Page, name: str, part: str) -> None:
    """Go to another part of a page."""
    radio = page.get_by_role("radio", name=SAY(f"{name}.show_{part}"), exact=True)
    radio.click(timeout=PATIENCE_MS)
    come_to(page, part)
    settle(page, name)


def come_to(page: Page, part: str) -> None:
    """Wait until the server shows a part of a page: what was pressed may still be under way."""
    expect(page).to_have_url(re.compile(rf"[?&]show={part}\b"), timeout=PATIENCE_MS)


def press(page: Page, label: str) -> None:
    """Press a button once it can be pressed and stays where it is."""
    still(page)
    page.get_by_role("button", name=label, exact=True).click(timeout=PATIENCE_MS)


def see(
    page: Page, text: str | re.Pattern[str], patience_ms: int = PATIENCE_MS
) -> Locator:
    """The first place where a text stands, once it can be seen."""
    found = page.get_by_text(text).first
    expect(found).to_be_visible(timeout=patience_ms)
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
            still(page)
