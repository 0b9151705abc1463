"""How long a page takes until it tells something, for a new visitor and for one who is back.

Cold is the first visit to a page since the server began, by a browser that never was
here; pages take turns in being the very first. Warm is a visit again in the same tab.
"""

from collections.abc import Iterator
from statistics import median

from tests.benches.dashboard.serving import (
    PAGES,
    Paint,
    chromium,
    new_tab,
    server,
    visit,
)

ROUNDS = 10
COLD_S, WARM_S = 2.5, 1.0


def measure() -> Iterator[dict[str, object]]:
    """One line per page, and one of the very first page of a server."""
    cold: dict[str, list[Paint]] = {page: [] for page in PAGES}
    warm: dict[str, list[Paint]] = {page: [] for page in PAGES}
    first: list[float] = []
    with chromium() as browser:
        for turn in range(ROUNDS):
            start = turn % len(PAGES)
            with server() as served:
                for page in (*PAGES[start:], *PAGES[:start]):
                    tab = new_tab(browser)
                    cold[page].append(visit(tab, served, page))
                    warm[page].append(visit(tab, served, page))
                    tab.context.close()
            first.append(cold[PAGES[start]][-1].useful)
    for page in PAGES:
        yield {
            "case": page,
            **_told("cold", cold[page], COLD_S),
            **_told("warm", warm[page], WARM_S),
        }
    yield {
        "case": "first page of a server",
        "rounds": ROUNDS,
        "cold_s": round(median(first), 2),
    }


def _told(name: str, paints: list[Paint], wanted: float) -> dict[str, object]:
    useful = median(paint.useful for paint in paints)
    return {
        f"{name}_s": round(useful, 2),
        f"{name}_whole_s": round(median(paint.whole for paint in paints), 2),
        f"{name}_wanted_s": wanted,
        f"{name}_met": useful < wanted,
    }
