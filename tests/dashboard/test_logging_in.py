"""Logins and roles, at the real server with a real identity provider and browser."""

import http.client
import importlib.util
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from dashboard.access import UPLOAD_LIMIT_MB
from dashboard.jobs.records import running
from dashboard.labels.words import label_catalogue
from dashboard.queries.roster import staff
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.reminders.batches.stored import APPROVED, EXPORTED, batches
from tests.dashboard.chromium import PATIENCE_MS, findings
from tests.dashboard.filled import fill
from tests.dashboard.served import (
    Socket,
    dashboard,
    log_in,
    name_of,
    provider,
    signed,
)
from tests.dashboard.test_batches_page import plan

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("oidc_provider_mock") is None,
        reason="the provider of the extra `test` is not installed",
    ),
]
WORDS = label_catalogue("nl")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("logins") / "home"
    fill(home)
    return home


@pytest.fixture(scope="module")
def identity_provider() -> Iterator[str]:
    with provider() as address:
        yield address


@pytest.fixture(scope="module")
def address(home: Path, identity_provider: str) -> Iterator[str]:
    with dashboard(home, identity_provider) as address:
        yield address


@pytest.fixture(scope="module")
def people(browser: Browser, address: str) -> dict[str, BrowserContext]:
    """Browsers in which each is logged in."""
    contexts = {}
    for who in ("vera", "anna", "bob", "beheer", "niemand"):
        contexts[who] = browser.new_context(locale="nl-NL")
        log_in(contexts[who], address, who).close()
    return contexts


def _cookies(context: BrowserContext, address: str) -> dict[str, str]:
    return {
        str(cookie["name"]): str(cookie["value"]) for cookie in context.cookies(address)
    }


def _stored(home: Path) -> tuple[list[str], list[str], list[str]]:
    """All that a page could write: jobs and uploads, and who did what."""
    files = [
        str(file) for name in ("jobs", "uploads") for file in (home / name).rglob("*")
    ]
    trail = Workspace.open(Settings(home=home)).ledger.trail()
    deeds = [f"{entry.place} {entry.by} {entry.action}" for entry in trail]
    exports = [str(file) for file in (home / "exports").rglob("*")]
    return sorted(files), deeds, sorted(exports)


def _let_jobs_end(home: Path) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while running(home):
        assert time.monotonic() < deadline, "a job went on for too long"
        time.sleep(0.1)


def test_nobody_gets_past_the_door_without_a_login(address: str, browser: Browser):
    """Any page, by its own address too, shows the way in and nothing else."""
    page = browser.new_page(locale="nl-NL")
    for path in ("/", "/data", "/roster?week=2027-W02&show=day"):
        page.goto(f"{address}{path}")
        button = page.get_by_role("button", name=WORDS["door.log_in"])
        expect(button).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_text(WORDS["door.welcome"])).to_be_visible()
        assert page.get_by_role("heading").count() == 1
        assert page.get_by_role("navigation").count() == 0
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("who", [None, "niemand"])
def test_the_door_is_accessible(
    address: str, browser: Browser, people, who: str | None, width: int
):
    """The login page and the refusal, on a desk and on a phone."""
    context = people[who] if who else browser.new_context(locale="nl-NL")
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}/?lang=nl")
    label = WORDS["door.log_out" if who else "door.log_in"]
    expect(page.get_by_role("button", name=label)).to_be_visible(timeout=PATIENCE_MS)
    told = findings(page)
    page.close()
    assert told == []


def test_who_has_no_role_is_told_so_and_sees_nothing(address: str, people):
    """A login alone opens nothing."""
    page = people["niemand"].new_page()
    page.goto(f"{address}/data")
    expect(page.get_by_text(WORDS["door.no_role"])).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text(name_of("niemand"))).to_be_visible()
    assert page.get_by_role("heading").count() == 1
    page.close()


def test_a_viewer_sees_totals_and_no_way_to_write(address: str, people):
    """No button of a task, no names, no page of records."""
    page = people["vera"].new_page()
    page.goto(f"{address}/?lang=nl")
    heading = page.get_by_role("heading", level=1, name=WORDS["pages.overview"])
    expect(heading).to_be_visible(timeout=PATIENCE_MS)
    leave = page.get_by_role("button", name=WORDS["door.log_out"])
    expect(leave).to_be_visible(timeout=PATIENCE_MS)
    assert page.get_by_role("button", name=WORDS["job.again"]).count() == 0
    assert page.get_by_role("link", name=WORDS["pages.data"]).count() == 0
    page.close()


@pytest.mark.parametrize("show", ["week", "day"])
def test_an_address_made_up_by_a_viewer_shows_no_person(
    address: str, people, home: Path, show: str
):
    """The week and view of a planner's address give a viewer totals."""
    viewer = Socket(address, _cookies(people["vera"], address))
    planner = Socket(address, _cookies(people["anna"], address))
    query = {"week": "2027-W02", "show": show, "lang": "nl"}
    seen, meant = (one.say({}, "roster", **query) for one in (viewer, planner))
    named = staff(Workspace.open(Settings(home=home)))
    names = [*named["label"], *named["code"]]
    assert names
    assert [name for name in names if name in seen] == []
    assert WORDS["roster.totals_only"] in seen
    assert any(name in meant for name in named["label"])


def test_a_page_that_a_role_may_not_see_is_refused_by_its_address(address: str, people):
    """It is not only left out of the menu."""
    page = people["vera"].new_page()
    page.goto(f"{address}/data?lang=nl")
    said = page.get_by_text(WORDS["door.refused"].split("{")[0].strip())
    expect(said).to_be_visible(timeout=PATIENCE_MS)
    assert page.get_by_text(WORDS["trail.title"]).count() == 0
    page.close()


def test_a_viewer_who_presses_a_planners_button_by_websocket_writes_nothing(
    address: str, people, home: Path
):
    """The same press by the planner does start the task: it is the role that stops it."""
    planner = Socket(address, _cookies(people["anna"], address))
    planner.say({}, "data", lang="nl")
    planner.say({}, "peaks", lang="nl", show="choices")
    press = {planner.buttons()[WORDS["job.again_reminders"]]: True}
    viewer = Socket(address, _cookies(people["vera"], address))
    before = _stored(home)
    for page in ("peaks", "data", "overview", ""):
        viewer.say(press, page, lang="nl", show="choices")
    assert _stored(home) == before
    planner.say(press, "peaks", lang="nl", show="choices")
    files, deeds, _ = _stored(home)
    assert len(files) > len(before[0])
    started = [deed for deed in deeds if deed not in before[1]]
    assert f"{name_of('anna')} start" in started[0]
    _let_jobs_end(home)  # none writes into what the next test compares


@pytest.mark.parametrize(
    "change",
    [
        {"exp": -60},
        {"exp": None},
        {"iss": "http://127.0.0.1:1"},
        {"is_logged_in": False},
        {"preferred_username": None},
        {"origin": "http://elsewhere.example"},
    ],
)
def test_an_identity_that_is_not_good_any_more_gets_the_login_page_only(
    address: str, people, home: Path, identity_provider: str, change
):
    """Even with the server's own signature: ended, of another provider, or nameless."""
    now = datetime.now(UTC)  # noqa: TID251 - the server knows only the real time
    good = {
        "origin": address,
        "iss": identity_provider,
        "is_logged_in": True,
        "preferred_username": name_of("anna"),
        "groups": ["bz-planners"],
        "exp": int((now + timedelta(minutes=5)).timestamp()),
    }
    xsrf = _cookies(people["anna"], address)["_streamlit_xsrf"]

    def visitor(identity: dict[str, object]) -> Socket:
        cookies = {"_streamlit_user": signed(identity), "_streamlit_xsrf": xsrf}
        return Socket(address, cookies)

    known = visitor(good)
    assert WORDS["pages.peaks_says"] in known.say({}, "peaks", lang="nl")
    press = dict.fromkeys(known.buttons().values(), True)
    if change.get("exp"):
        change = {"exp": int(now.timestamp()) + change["exp"]}
    before = _stored(home)
    said = visitor(good | change).say(press, "peaks", lang="nl")
    assert WORDS["pages.peaks_says"] not in said
    assert WORDS["door.log_in"] in said
    assert _stored(home) == before


def test_a_cookie_that_was_tampered_with_is_nobodys(address: str, people):
    """A viewer cannot write another group into an identity."""
    cookies = _cookies(people["vera"], address)
    head, rest = cookies["_streamlit_user"].split(".", 1)
    cookies["_streamlit_user"] = f"{head[:-4]}AAAA.{rest}"
    said = Socket(address, cookies).say({}, "peaks", lang="nl")
    assert WORDS["door.log_in"] in said
    assert WORDS["pages.peaks_says"] not in said


def test_a_login_that_ends_takes_the_page_away(
    home: Path, browser: Browser, tmp_path: Path
):
    """Without a touch of the reader, and what is pressed meanwhile does nothing."""
    copy = shutil.copytree(home, tmp_path / "home")
    with provider(max_age_s=25) as issuer, dashboard(copy, issuer) as address:
        page = log_in(browser.new_context(locale="nl-NL"), address, "anna", "/?lang=nl")
        began = time.monotonic()
        ended = page.get_by_text(WORDS["door.ended"])
        expect(ended).to_be_visible(timeout=PATIENCE_MS)
        assert time.monotonic() - began < 25 + 40
        expect(page.get_by_role("heading")).to_have_count(1)
        expect(page.get_by_role("link", name=WORDS["pages.data"])).to_have_count(0)
        page.close()


def test_who_logs_out_is_outside(address: str, browser: Browser):
    """The cookie goes with the page."""
    context = browser.new_context(locale="nl-NL")
    page = log_in(context, address, "vera")
    page.get_by_role("button", name=WORDS["door.log_out"]).click()
    page.wait_for_timeout(3000)
    assert "_streamlit_user" not in _cookies(context, address)
    page.goto(address)
    enter = page.get_by_role("button", name=WORDS["door.log_in"])
    expect(enter).to_be_visible(timeout=PATIENCE_MS)
    context.close()


def _put(address: str, size: int, heads: dict[str, str]) -> int:
    place = urlsplit(address)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    line.putrequest("PUT", "/_stcore/upload_file/none/none")
    for name, value in {"Content-Length": f"{size}", **heads}.items():
        line.putheader(name, value)
    line.endheaders(b"x" * min(size, 1))
    status = line.getresponse().status
    line.close()
    return status


def test_an_upload_needs_the_token_of_the_page_it_comes_from(address: str, people):
    """Another site cannot send a file in a reader's name."""
    xsrf = _cookies(people["anna"], address)["_streamlit_xsrf"]
    cookie = {"Cookie": f"_streamlit_xsrf={xsrf}"}
    assert _put(address, 1, {}) == 403
    assert _put(address, 1, cookie) == 403
    assert _put(address, 1, {**cookie, "X-Xsrftoken": "made up"}) == 403
    assert _put(address, 1, {**cookie, "X-Xsrftoken": xsrf}) == 400  # no such session


def test_an_upload_above_the_limit_is_refused_by_its_size(
    address: str, browser: Browser, people
):
    """Before a byte of it is taken in, over HTTP."""
    page = people["anna"].new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/data?lang=nl")
    box = page.locator("input[type=file]")
    box.wait_for(state="attached", timeout=PATIENCE_MS)
    small = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a;b\n"}
    box.set_input_files([small])
    page.wait_for_timeout(2000)
    place = next(url for url in asked if "/_stcore/upload_file/" in url)
    xsrf = _cookies(people["anna"], address)["_streamlit_xsrf"]
    line = http.client.HTTPConnection(
        urlsplit(address).hostname or "", urlsplit(address).port, timeout=30
    )
    line.putrequest("PUT", urlsplit(place).path)
    line.putheader("Cookie", f"_streamlit_xsrf={xsrf}")
    line.putheader("X-Xsrftoken", xsrf)
    line.putheader("Content-Length", f"{UPLOAD_LIMIT_MB * 1024 * 1024 + 1}")
    line.endheaders(b"x")
    assert line.getresponse().status == 413
    line.close()
    page.close()


def test_who_is_logged_in_approves_or_hands_out_under_that_name(
    address: str, people, home: Path
):
    """Verified, and no planner has the button to approve; all of it stands in the trail."""
    workspace = plan(home, name_of("anna"))
    planner = Socket(address, _cookies(people["anna"], address))
    said = planner.say({}, "peaks", lang="nl", show="send")
    assert WORDS["approval.who"] in said
    assert WORDS["approval.approve"] not in planner.buttons()
    page = people["bob"].new_page()
    page.goto(f"{address}/peaks?lang=nl&show=send")
    page.get_by_role("button", name=WORDS["approval.approve"]).click(
        timeout=PATIENCE_MS
    )
    expect(page.get_by_text(name_of("bob")).nth(1)).to_be_visible(timeout=PATIENCE_MS)
    page.close()
    (batch,) = batches(workspace)
    step = batch.steps[APPROVED]
    assert (step.by, step.verified) == (name_of("bob"), True)
    assert name_of("bob") in {entry.by for entry in workspace.ledger.trail(last=3)}
    query = {"lang": "nl", "show": "send", "mailing": batch.name}
    planner.say({}, "peaks", **query)
    planner.say({planner.buttons()[WORDS["handing.prepare"]]: True}, "peaks", **query)
    step = batches(workspace)[0].steps[EXPORTED]
    assert (step.by, step.verified) == (name_of("anna"), True)
    deed = workspace.ledger.trail(last=1)[0]
    assert (deed.by, deed.action) == (name_of("anna"), EXPORTED)
    assert "unverified" not in deed.detail
