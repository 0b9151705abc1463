"""How long a page takes to answer when something else is chosen on it."""

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Page

from dashboard.labels.words import label_catalogue
from tests.benches.dashboard.serving import chromium, new_tab, server, visit

WANTED_S, TURNS = 0.7, 10
CHOICES = {
    "demand": ("common.location", "common.service"),
    "requirement": ("common.location", "common.skill", "common.week"),
}
"""Pages with the labels of boxes that are turned; each turn takes another option."""

WAIT = """
(before) => {
  const app = document.querySelector("[data-testid='stApp']");
  const idle = app?.dataset.testScriptState === "notRunning";
  return idle && location.search !== before && performance.now();
}
"""
"""When the choice stands in the address and nothing runs any more."""
PRESSED = """
addEventListener("pointerdown", () => { window.pressed = performance.now(); },
  {capture: true, once: true})
"""


def measure() -> Iterator[dict[str, object]]:
    """One line per box: median seconds from the click to the page as it stays."""
    with chromium() as browser, server() as served:
        for page, boxes in CHOICES.items():
            for box in boxes:
                tab = new_tab(browser)
                visit(tab, served, page)
                took = [_turn(tab, box, number) for number in range(TURNS + 2)][2:]
                tab.context.close()
                seconds = median(took)
                yield {
                    "case": f"{page}: {box}",
                    "turns": TURNS,
                    "seconds": round(seconds, 2),
                    "wanted_s": WANTED_S,
                    "met": seconds < WANTED_S,
                }


def _turn(tab: Page, box: str, number: int) -> float:
    """Choose another option of a box, and take the time."""
    name = label_catalogue("nl")[box]
    tab.get_by_role("combobox", name=name).first.click()
    options = tab.get_by_role("option")
    options.first.wait_for()
    chosen = options.nth(number % min(options.count(), 3))
    before = tab.evaluate("location.search")
    if chosen.get_attribute("aria-selected") == "true":
        chosen = options.nth((number + 1) % min(options.count(), 3))
    tab.evaluate(PRESSED)
    chosen.click()
    done = tab.wait_for_function(WAIT, arg=before).json_value()
    return float(done - tab.evaluate("window.pressed")) / 1000
