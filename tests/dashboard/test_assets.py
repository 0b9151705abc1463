"""What Streamlit sends to a browser: from memory, and figures before charts."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser

from dashboard.app.assets import CHART, WAIT, home, preloads
from dashboard.app.document import DRAWN
from forecasting.settings import Settings
from tests.dashboard.chromium import PATIENCE_MS
from tests.dashboard.served import open_dashboard

SCRIPTS = home() / "static" / "js"
(DRAWS_CHARTS,) = SCRIPTS.glob(f"{CHART}.*.js")
WATCH = """
window.seen = {};
new MutationObserver(() => {
  for (const one of ["[data-testid='stMetric']", ".js-plotly-plot"])
    if (document.querySelector(one)) seen[one] ??= performance.now();
}).observe(document, {subtree: true, childList: true});
"""


@pytest.fixture(scope="module")
def address(full_home: Path) -> Iterator[str]:
    with open_dashboard(Settings(home=full_home)) as address:
        yield address


def test_every_file_is_the_one_on_the_disk(address: str):
    """Each with its kind, for as long as its name stands; what is not there is not."""
    for file in sorted((home() / "static").rglob("*.*"))[::20]:
        answer = requests.get(f"{address}/{file.relative_to(home())}", timeout=60)
        assert answer.content == file.read_bytes() or file == DRAWS_CHARTS
        assert "immutable" in answer.headers["Cache-Control"] or file == DRAWS_CHARTS
        if file.suffix == ".js":
            assert "javascript" in answer.headers["Content-Type"]


@pytest.mark.parametrize(
    "lost", ["js/nothing.js", "../../file_util.py", "..%2f..%2ffile_util.py", ""]
)
def test_nothing_beside_those_files_is_given(address: str, lost: str):
    """Also to who asks for a path that no browser would send."""
    line = HTTPConnection(address.removeprefix("http://"), timeout=60)
    line.request("GET", f"/static/{lost}")
    assert b"def get_static_dir" not in line.getresponse().read()
    line.close()


def test_what_draws_charts_is_asked_for_by_its_own_name_only(address: str):
    path = f"{address}/static/js/{DRAWS_CHARTS.name}"
    assert requests.get(path, timeout=60).text == WAIT
    assert requests.get(f"{path}?other", timeout=60).text == WAIT
    own = requests.get(f"{path}?own", timeout=60)
    assert own.content == DRAWS_CHARTS.read_bytes()


@pytest.mark.parametrize("name", ["peaks", "requirement", "promises"])
def test_figures_are_on_the_screen_before_charts_are_drawn(
    address: str, browser: Browser, name: str
):
    """And the charts do come."""
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{address}/{name}")
    page.locator(".js-plotly-plot").first.wait_for(timeout=PATIENCE_MS)
    figures, charts = page.evaluate("Object.values(seen)")
    assert figures < charts
    page.close()


def test_a_page_of_charts_alone_draws_them_as_well(address: str, browser: Browser):
    """What stands for the script gives it after two seconds, whatever is shown."""
    page = browser.new_page()
    page.goto(f"{address}/data")
    page.evaluate("document.body.replaceChildren()")
    module = f"{address}/static/js/{DRAWS_CHARTS.name}"
    kind = page.evaluate(f"import('{module}').then((own) => typeof own.default)")
    assert kind == "object"  # a memoised component
    page.close()


def test_what_every_page_draws_is_named_with_all_that_it_imports():
    """An element that Streamlit calls otherwise one day would no longer be named."""
    named = preloads(DRAWN)
    for element in DRAWN:
        assert any(f"/{element}." in name for name in named)
    texts = {name: (home() / name).read_text("utf-8") for name in named}
    for script in SCRIPTS.glob("*.js"):
        imported = f'from"./{script.name}"'
        if any(imported in text for text in texts.values()):
            assert f"static/js/{script.name}" in named
    assert not any(CHART in name for name in named)
    assert preloads(["NoSuchElement"]) == []
