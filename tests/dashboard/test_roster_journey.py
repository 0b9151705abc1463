"""A planner's Monday in the real browser: make, publish, repair, publish, take along."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from dashboard.labels.words import Words
from dashboard.pages.roster import PARTS
from forecasting.calendar import week_name
from forecasting.workspace import Workspace
from staffing.publish.versions import read_version, versions
from tests.dashboard.chromium import PATIENCE_MS, PATIENCE_S, findings
from tests.dashboard.journeys import arrive, browsing, press, see, turn
from tests.dashboard.roster_village import clock, next_week, village

SAY = Words("nl")
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
    with browsing(home.settings) as page:
        arrive(page, "roster")
        yield page


def test_a_planner_makes_repairs_publishes_and_takes_along_a_roster(
    page: Page, home: Workspace
):
    """Every step by the page alone; what is stored and handed out is what was asked."""
    press(page, SAY("job.start_roster"))
    see(page, SAY("roster.grid"), COMPILING_MS)
    turn(page, "roster", "release")
    press(page, SAY("publish.button", number=1))
    see(page, SAY("publish.done", number=1))

    turn(page, "roster", "change")
    day = _choose_a_working_day(page)
    press(page, SAY("edit.add"))
    see(page, SAY("edit.list", n=1))
    press(page, SAY("edit.replan"))
    see(page, SAY("outcome.title", number=2, before=1))
    see(page, SAY("edit.planned", number=2))

    turn(page, "roster", "release")
    press(page, SAY("publish.button", number=2))
    see(page, SAY("publish.done", number=2))
    states = [version.state for version in versions(home, MONDAY)]
    assert states == ["superseded", "published"]
    with page.expect_download(timeout=PATIENCE_MS) as taken:
        press(page, SAY("handout.csv"))
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
        turn(page, "roster", part)
        found[part] = findings(page, f"roster_{part}_{width}")
    assert found == {part: [] for part in PARTS}
