"""What tests of pages share: a home with a made-up chain, a browser, a way to open pages."""

import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Error, Page
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard.app.script
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.dashboard.chromium import PICTURES, launched
from tests.dashboard.filled import fill
from tests.empty_home import open_home

MAIN = sys.modules["__main__"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium for the tests of one file, with an empty profile."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session", autouse=True)
def served_here_only() -> None:
    """Pages drawn without a server take themselves for one on this machine only."""
    config.set_option("server.address", "127.0.0.1")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what stood in the browser when a test failed."""
    report = yield
    page = item.funcargs.get("page")
    if call.when == "call" and report.failed and isinstance(page, Page):
        with suppress(Error):  # a browser that is gone shows nothing
            picture = PICTURES / f"failed_{item.name}.png"
            page.screenshot(path=picture, full_page=True)
    return report


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """A page that was drawn takes the name of the main module, and keeps it.

    Processes that a later test starts read that module first.
    """
    yield
    sys.modules["__main__"] = MAIN


@pytest.fixture(scope="session", autouse=True)
def scanned_once() -> None:
    """A server looks once through what is installed; a page under test did each time."""
    once = cache(manifest_scanner.scan_component_manifests)
    manifest_scanner.scan_component_manifests = once


@pytest.fixture(scope="session")
def full_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("full")
    fill(home)
    return home


@pytest.fixture(scope="module")
def full(full_home: Path) -> tuple[Workspace, RunRecord]:
    """The made-up home and its forecast."""
    workspace = Workspace.open(Settings(home=full_home))
    return workspace, workspace.latest("forecast")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A home without anything, to write in as Anna."""
    return open_home(Settings(home=tmp_path, actor="anna"))


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    return tmp_path / "empty"


class Open(Protocol):
    """Opens a page of a home, with choices in its address."""

    def __call__(self, home: Path, page: str, **params: str) -> AppTest: ...


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    first = next(iter(dashboard.app.script.PAGES))

    def open_page(home: Path, page: str, **params: str) -> AppTest:
        monkeypatch.setenv("PIEKWIJZER_HOME", str(home))
        test = AppTest.from_file(dashboard.app.script.__file__, default_timeout=60)
        for name, value in params.items():
            test.query_params[name] = value
        test._page_hash = calc_hash("" if page == first else page)
        return test.run()

    return open_page
