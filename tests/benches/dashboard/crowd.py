"""Twenty who open pages at the same moment, and what the server holds after them.

Browsers of twenty visitors take more of a machine than the server does. So the time is
told for a browser among nineteen others that are sessions over the websocket alone, for
the server alone, and for twenty browsers on its machine; the last beside the same
browsers at a page of one number that Streamlit serves as it comes.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from statistics import median

import requests
from playwright.sync_api import Page

from dashboard.app.script import FIRST
from tests.benches.dashboard.serving import (
    PAGES,
    Served,
    address_of,
    bare_server,
    chromium,
    new_tab,
    painted,
    painted_under,
    server,
    visit,
)
from tests.benches.memory import used_gib
from tests.dashboard.served import Socket

SESSIONS, ROUNDS = 20, 5
WANTED_S, MOST_GIB = 2.0, 1.5


def measure() -> Iterator[dict[str, object]]:
    """A line per way to take the time, and one of memory."""
    with server() as served:
        with chromium() as browser:
            tab = new_tab(browser)
            for page in PAGES:
                visit(tab, served, page)
            yield _line("a browser among 20 sessions", list(_among(served, tab)))
            tabs = [new_tab(browser) for _ in range(SESSIONS)]
            useful = [s for _ in range(ROUNDS) for s in _together(served, tabs)]
        yield _line("20 browsers on the same machine", useful)
        yield _line("20 sessions, the server alone", _answers(served))
        gib = used_gib(served.pid)
        yield {
            "case": "memory",
            "gib": round(gib, 2),
            "wanted_gib": MOST_GIB,
            "met": gib < MOST_GIB,
        }
    yield _line("20 browsers at a bare page", _bare())


def _bare() -> list[float]:
    """What the same twenty browsers see of a page of one number."""
    with bare_server() as served, chromium() as browser:
        tabs = [new_tab(browser) for _ in range(SESSIONS)]
        return [s for _ in range(ROUNDS) for s in _at_once(tabs, served.address)]


def _at_once(tabs: list[Page], address: str) -> list[float]:
    for tab in tabs:
        tab.goto(address, wait_until="commit")
    return [painted_under(tab, "Bare").useful for tab in tabs]


def _among(served: Served, tab: Page) -> Iterator[float]:
    """What a browser sees while nineteen others open a page at the same moment."""
    with ThreadPoolExecutor(SESSIONS - 1) as crowd:
        for page in PAGES:
            for _ in range(ROUNDS):
                tab.goto("about:blank")
                others = [
                    crowd.submit(_answer, served, other)
                    for other in islice(cycle(PAGES), SESSIONS - 1)
                ]
                yield visit(tab, served, page).useful
                for other in others:
                    other.result()


def _together(served: Served, tabs: list[Page]) -> list[float]:
    """Every tab turns to a page of its own before any is waited for."""
    pages = list(islice(cycle(PAGES), len(tabs)))
    for tab, page in zip(tabs, pages, strict=True):
        tab.goto(address_of(served, page), wait_until="commit")
    return [painted(tab, page).useful for tab, page in zip(tabs, pages, strict=True)]


def _answers(served: Served) -> list[float]:
    with ThreadPoolExecutor(SESSIONS) as crowd:
        pages = islice(cycle(PAGES), SESSIONS * ROUNDS)
        return list(crowd.map(lambda page: _answer(served, page), pages))


def _answer(served: Served, page: str) -> float:
    """Seconds in which the server runs a page for a session of its own."""
    came = requests.get(f"{served.address}/_stcore/health", timeout=60)
    line = Socket(
        served.address, {"_streamlit_xsrf": str(came.cookies["_streamlit_xsrf"])}
    )
    started = time.perf_counter()
    line.say({}, "" if page == FIRST else page)
    return time.perf_counter() - started


def _line(case: str, seconds: list[float]) -> dict[str, object]:
    middle = median(seconds)
    return {
        "case": case,
        "visits": len(seconds),
        "median_s": round(middle, 2),
        "slowest_s": round(max(seconds), 2),
        "wanted_s": WANTED_S,
        "met": middle < WANTED_S,
    }
