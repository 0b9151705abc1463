"""The first document: a link to any page asks for nothing that is not there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response, expect
from streamlit.file_util import get_static_dir

import dashboard.app.script
from dashboard.app.document import document, page_routes
from dashboard.app.toolkit import DUTCH
from dashboard.labels.forms import catalogue
from dashboard.labels.words import LANGUAGES, label_catalogue
from forecasting.settings import Settings
from tests.dashboard.chromium import PATIENCE_MS
from tests.dashboard.served import open_dashboard

PAGES = tuple(dashboard.app.script.PAGES)
STOP = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  const seen = style.outlineStyle !== "none" || style.boxShadow !== "none";
  return {tag: at.tagName, text: at.textContent.slice(0, 30), seen};
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with open_dashboard(Settings(home=tmp_path_factory.mktemp("document"))) as address:
        yield address


@pytest.mark.parametrize("name", PAGES)
def test_a_link_to_a_page_makes_no_request_that_fails(
    address: str, browser: Browser, name: str
):
    """Nor a word in the console; the document speaks the language of its link."""
    failed: list[str] = []

    def look(answer: Response) -> None:
        if answer.status >= 400:
            failed.append(answer.url)

    page = browser.new_page()
    page.on("response", look)
    page.on("console", lambda m: failed.append(m.text) if m.type == "error" else None)
    for language in LANGUAGES:
        page.goto(f"{address}/{name}?lang={language}")
        title = label_catalogue(language)[f"pages.{name}"]
        heading = page.get_by_role("heading", level=1, name=title, exact=True)
        expect(heading).to_be_visible(timeout=PATIENCE_MS)
        assert page.evaluate("document.documentElement.lang") == language
    page.close()
    assert failed == []


def test_the_language_of_the_document_follows_the_reader(
    address: str, browser: Browser
):
    """Who reads it aloud changes voice with it."""
    page = browser.new_page()
    page.goto(address)
    page.get_by_text("English", exact=True).click(timeout=PATIENCE_MS)
    title = label_catalogue("en")["pages.overview"]
    heading = page.get_by_role("heading", level=1, name=title, exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE_MS)
    assert page.evaluate("document.documentElement.lang") == "en"
    page.close()


def test_whoever_goes_by_the_keyboard_sees_where_they_are(
    address: str, browser: Browser
):
    """Every stop of the Tab key has an outline or a shadow, links too."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{address}/?lang=nl")
    title = label_catalogue("nl")["pages.overview"]
    heading = page.get_by_role("heading", level=1, name=title, exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_text(label_catalogue("nl")["overview.chain"]).wait_for(
        timeout=PATIENCE_MS
    )
    stops = []
    for _ in range(20):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(STOP))
    page.close()
    links = [stop for stop in stops if stop["tag"] == "A"]
    assert len(links) > len(PAGES)
    whole = ("MAIN", "BODY")  # the page itself, after the last stop
    unseen = [stop for stop in stops if not stop["seen"] and stop["tag"] not in whole]
    assert unseen == []


def test_below_a_path_the_server_is_sought_below_that_path():
    routes = page_routes(["board"], "/piekwijzer/")
    assert [route.path for route in routes] == ["/piekwijzer/", "/piekwijzer/board"]
    assert 'location.origin + "/piekwijzer"' in document("/piekwijzer")
    assert [route.path for route in page_routes(["board"])] == ["/", "/board"]


def test_the_document_is_still_the_one_that_streamlit_serves():
    """What we put in it has found its places, also after an update."""
    told = document("")
    assert told.count("window.__streamlit = ") == 1
    assert told.index("window.__streamlit = ") < told.index('type="module"')
    assert "<title>Piekwijzer</title>" in told


def test_the_words_of_the_toolkit_are_those_of_the_page(address: str, browser: Browser):
    """As text and as names, after a change of language as well, and nothing of ours."""
    page = browser.new_page()
    page.goto(f"{address}/data?lang=nl")
    uploader = page.get_by_test_id("stFileUploader")
    expect(uploader.get_by_role("button", name="Bestand kiezen")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(uploader).to_contain_text("200MB per bestand")
    expect(page.get_by_label("Uitleg bij Bestand")).to_have_count(1)
    expect(page.get_by_text("Naar de inhoud")).to_have_count(1)
    page.get_by_text("English", exact=True).click()
    title = label_catalogue("en")["pages.data"]
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible(
        timeout=PATIENCE_MS
    )
    upload = uploader.get_by_role("button", name="Upload", exact=True)
    expect(upload).to_be_visible(timeout=PATIENCE_MS)
    expect(uploader).to_contain_text("200MB per file")
    expect(page.get_by_text("Skip to main content")).to_have_count(1)
    page.close()


def test_each_word_of_the_toolkit_is_still_one_that_it_uses():
    """Streamlit may call things otherwise from one version to the next."""
    static = Path(get_static_dir()) / "static" / "js"
    text = "\0".join(file.read_text("utf-8") for file in static.glob("*.js"))
    for part in catalogue(DUTCH).values():
        for english in part:
            plain = re.sub(r"(Ctrl|\N{PLACE OF INTEREST SIGN})\+Enter.*", "", english)
            plain = re.sub(r"(Press Enter to ).*", r"\1", plain)
            own = max(re.split(r"\{\w+\}B?", plain), key=len).strip("\N{BULLET}, ")
            assert own in text, english
