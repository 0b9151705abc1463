"""Two journeys in the real browser: to the next peak, and a file of somebody else."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from dashboard.access import environment
from dashboard.labels.words import Words
from forecasting.calendar import parse_week
from forecasting.workspace import Workspace
from tests.dashboard.chromium import PATIENCE_MS, PICTURES, findings, settle, still
from tests.dashboard.demand_peak import TOP, peak_home
from tests.dashboard.journeys import browsing, come_to

SAY = Words("nl")
SHEET = "\n".join(
    [
        "Dienst of reeks;Periode;Aantal verwacht;Volgens",
        "passport;2027-02;3000;teamleider",
        "passport;volgend jaar;9000;teamleider",
        "move;2027-03;1500;teamleider",
        "",
    ]
)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    return peak_home(tmp_path_factory.mktemp("peak"))


@pytest.fixture(scope="module")
def page(home: Workspace) -> Iterator[Page]:
    """A browser that opened nothing yet, beside a server of its own for the home."""
    with browsing(home.settings) as page:
        yield page


def _status(home: Workspace) -> dict[str, object]:
    """What `piekwijzer status --json` prints."""
    command = [sys.executable, "-m", "dashboard.cli", "--json", "status"]
    done = subprocess.run(
        command, env=environment(home.settings), capture_output=True, check=True
    )
    told: dict[str, object] = json.loads(done.stdout)
    return told


def _see(page: Page, text: str | re.Pattern[str]) -> Locator:
    found = page.get_by_text(text).first
    expect(found).to_be_visible(timeout=PATIENCE_MS)
    return found


def _go(page: Page, name: str) -> None:
    """By the menu of pages."""
    title = SAY(f"pages.{name}")
    page.get_by_role("link", name=title, exact=False).first.click(timeout=PATIENCE_MS)
    settle(page, title)


def _show(page: Page, part: str) -> None:
    """Another part of the page."""
    name = SAY(f"demand.show_{part}")
    page.get_by_role("radio", name=name, exact=True).click(timeout=PATIENCE_MS)
    come_to(page, part)
    settle(page, SAY("pages.demand"))


def _choose(page: Page, box: str, option: str) -> None:
    """From a box of choices, by the keyboard."""
    page.get_by_role("combobox", name=SAY(box), exact=True).first.press("ArrowDown")
    page.get_by_role("option", name=option, exact=True).click(timeout=PATIENCE_MS)


def _unfold(page: Page, text: str, place: int = 0) -> Locator:
    """The part that folds open under a text."""
    part = page.locator("details").filter(has=page.locator("summary", has_text=text))
    part.nth(place).locator("summary").click(timeout=PATIENCE_MS)
    still(page)
    return part.nth(place)


def _numbers(row: Locator) -> list[int]:
    """The numbers in the cells of a row; a dash is none."""
    expect(row).to_be_visible(timeout=PATIENCE_MS)  # it is sent once asked for
    texts = [
        text.replace("\u2212", "-") for text in row.locator("td").all_inner_texts()
    ]
    return [int(text.replace(".", "")) for text in texts if text != "\u2013"]


def test_a_planner_finds_the_next_peak_and_why_it_comes(page: Page, home: Workspace):
    """From the overview to its week; every figure is the one that programs are told."""
    told = _status(home)
    page.goto("/?lang=nl")
    settle(page, SAY("pages.overview"))
    page.get_by_role("link", name=re.compile("^.*Piek in week")).click(
        timeout=PATIENCE_MS
    )
    settle(page, SAY("pages.peaks"))
    hours, weeks = told["peak_load_hours"], told["peak_week"]
    assert isinstance(hours, dict)
    assert isinstance(weeks, dict)
    _see(page, SAY.hours(hours["before"]))
    _see(page, SAY("peaks.in_week", week=SAY.week(weeks["before"])))

    _go(page, "demand")
    _choose(page, "common.service", "Paspoort")
    settle(page, SAY("pages.demand"))
    peaks = home.latest("forecast").figures["peaks"]
    assert isinstance(peaks, list)
    peak = next(one for one in peaks if one["group"] == "passport")
    assert parse_week(peak["week"]) == TOP
    sentence = peak["text_nl"].partition(": ")[2]
    assert "aflopende documenten" in sentence
    row = page.get_by_role("row").filter(has_text=sentence[1:])
    expect(row.get_by_role("rowheader")).to_contain_text(SAY.week(TOP))
    expected = SAY.number(peak["expected"])
    assert expected in sentence
    figures = _unfold(page, SAY("common.data"))
    week = figures.get_by_role("row").filter(has_text=SAY.week(TOP))
    assert SAY.number(_numbers(week)[0]) == expected
    _show(page, "why")
    parts = _unfold(page, SAY("common.data"))
    total, *causes = _numbers(parts.get_by_role("row").filter(has_text=SAY.week(TOP)))
    assert SAY.number(total) == expected
    assert sum(causes) == total


def test_a_planner_reads_in_a_file_and_sees_what_was_refused(
    page: Page, home: Workspace
):
    """Looked at first, line by line; read in without the bad one; counted in status."""
    before = _status(home)
    page.goto("/demand?lang=nl&service=passport&show=others")
    settle(page, SAY("pages.demand"))
    part = _unfold(page, SAY("offered.heading"))
    sheet = FilePayload(name="eigen.csv", mimeType="text/csv", buffer=SHEET.encode())
    part.locator("input[type=file]").set_input_files(sheet)
    refused = part.get_by_role("row").filter(has_text="verwacht een periode zoals")
    expect(refused.get_by_role("rowheader")).to_have_text("3", timeout=PATIENCE_MS)
    button = part.get_by_role("button", name=SAY("data.import"), exact=True)
    expect(button).to_be_disabled()
    settle(page, SAY("pages.demand"))
    part.get_by_text(SAY("offered.skip_one")).click()
    expect(button).to_be_enabled(timeout=PATIENCE_MS)
    button.click()
    waits = page.get_by_role("row").filter(has_text=SAY("noted.not_yet"))
    expect(waits.first).to_contain_text("3.000", timeout=PATIENCE_MS)
    _see(page, SAY("others.waiting"))
    after = _status(home)
    counts = [
        [int(str(told[name])) for name in ("rows_imported", "rows_rejected")]
        for told in (before, after)
    ]
    assert [b - a for a, b in zip(*counts, strict=True)] == [2, 1]
    _go(page, "data")
    read_in = page.get_by_role("row").filter(has_text="eigen.csv").first
    assert read_in.locator("td").all_inner_texts()[2:4] == ["2", "1"]


@pytest.mark.parametrize("width", [1280, 390])
def test_every_part_of_the_page_that_folds_open_is_accessible(page: Page, width: int):
    """Axe finds nothing in the form of an adjustment that is tried, nor in the upload."""
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/demand?lang=nl&service=passport&grain=day")
    settle(page, SAY("pages.demand"))
    page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=PATIENCE_MS)
    form = _unfold(page, SAY("notes.edit"))
    settle(page, SAY("pages.demand"))  # a list of options closes when the page moves
    _choose(page, "notes.column_kind", SAY("notes.adjustment"))
    amount = form.get_by_role("spinbutton", name=SAY("amount.by_percent"))
    amount.fill("20", timeout=PATIENCE_MS)
    amount.press("Enter")
    _see(page, SAY("trying.about"))
    settle(page, SAY("pages.demand"))
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"demand_form_{width}.png")
    found = findings(page)
    _show(page, "others")
    _unfold(page, SAY("offered.heading"))
    found += findings(page)
    for part in ("why", "decade", "trust"):
        _show(page, part)
        found += findings(page)
    assert found == []
