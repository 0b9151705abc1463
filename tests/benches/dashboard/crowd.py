"""Twenty who open pages at the same moment, and what the server holds after them.

Browsers of twenty visitors take more of a machine than the server does, so the time is
told twice: as the browsers on the same machine see it, and as the server takes over the
websocket alone.
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
    chromium,
    new_tab,
    painted,
    server,
    visit,
)
from tests.benches.memory import used_gib
from tests.dashboard.served import Socket

SESSIONS, ROUNDS = 20, 5
WANTED_S, MOST_GIB = 2.0, 1.5


def measure() -> Iterator[dict[str, object]]:
    """A line of the browsers, one of the server alone, and one of memory."""
    with server() as served:
        with chromium() as browser:
            tab = new_tab(browser)
            for page in PAGES:
                visit(tab, served, page)
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
