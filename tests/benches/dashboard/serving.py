"""A server of the dashboard over the reference town, and a browser that times its pages."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import requests
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

import dashboard.app.script
from dashboard.labels.words import label_catalogue
from tests.dashboard.chromium import FLAGS

PAGES = tuple(dashboard.app.script.PAGES)
SIZE: ViewportSize = {"width": 1280, "height": 720}
PATIENCE_S = 120
WATCH = """
window.seen = {};
const look = () => {
  const title = document.querySelector("h1")?.textContent?.trim();
  const told = "[data-testid='stMetric'], table, .js-plotly-plot .main-svg";
  const app = document.querySelector("[data-testid='stApp']");
  const shown = [...document.querySelectorAll(told)].some(
    (one) => one.getClientRects().length > 0);
  if (title && shown && !window.seen.useful)
    window.seen = {title, useful: performance.now()};
  const idle = app?.dataset.testScriptState === "notRunning";
  const blank = document.querySelector("[data-testid='stSkeleton']") ||
    [...document.querySelectorAll("[data-testid='stPlotlyChart']")].some(
      (one) => !one.querySelector(".main-svg"));
  if (window.seen.useful && idle && !blank && !window.seen.whole)
    window.seen.whole = performance.now();
  if (!window.seen.whole) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Notes when a page first shows a figure, a table or a chart below its title, and when
all of it is there, charts too; in milliseconds since the address was asked for."""


@dataclass(frozen=True)
class Served:
    """A running server: its address and its process."""

    address: str
    pid: int


@dataclass(frozen=True)
class Paint:
    """Seconds until a page first tells something, and until all of it is there."""

    useful: float
    whole: float


@cache
def reference_home() -> Path:
    """The home named by `PIEKWIJZER_BENCH_HOME`, or a demonstration made once."""
    named = os.environ.get("PIEKWIJZER_BENCH_HOME")
    if named:
        return Path(named)
    home = Path(tempfile.mkdtemp()) / "home"
    command = [sys.executable, "-m", "dashboard.cli", "demo", "--home", str(home)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return home


@contextmanager
def server() -> Iterator[Served]:
    """The dashboard as its command starts it, on a port that is free."""
    port, home = _free_port(), ["--home", str(reference_home())]
    command = ["dashboard.cli", *home, "dashboard", "--port", f"{port}"]
    with _serving(command, port) as served:
        yield served


@contextmanager
def bare_server() -> Iterator[Served]:
    """A page of one number, as Streamlit itself serves it."""
    port, page = _free_port(), Path(__file__).with_name("bare_page.py")
    told = ["--server.address=127.0.0.1", f"--server.port={port}"]
    quiet = ["--server.headless=true", "--browser.gatherUsageStats=false"]
    with _serving(["streamlit", "run", str(page), *told, *quiet], port) as served:
        yield served


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _serving(module: list[str], port: int) -> Iterator[Served]:
    with subprocess.Popen(
        [sys.executable, "-m", *module],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(port)
            yield Served(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    """Until the server says that it is up: its port is open before its pages are read."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if requests.get(f"http://127.0.0.1:{port}/_stcore/health", timeout=60).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise SystemExit(f"nothing answers on port {port}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with an empty profile."""
    with sync_playwright() as driver:
        path = shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def new_tab(browser: Browser) -> Page:
    """A tab of a visitor who was never here before."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    page.add_init_script(WATCH)
    return page


def address_of(served: Served, page: str) -> str:
    """Where a page is found."""
    first = page == dashboard.app.script.FIRST
    return served.address + ("/" if first else f"/{page}")


def visit(tab: Page, served: Served, page: str) -> Paint:
    """Open a page by its address, and take the time."""
    tab.goto(address_of(served, page), wait_until="commit")
    return painted(tab, page)


def painted(tab: Page, page: str) -> Paint:
    """What a tab noted of the page that it opened.

    Raises:
        SystemExit: another page opened, or one with an error on it.
    """
    title = label_catalogue("nl")[f"pages.{page}"]
    return painted_under(tab, title)


def painted_under(tab: Page, title: str) -> Paint:
    """As `painted`, of the page with this title."""
    seen = tab.wait_for_function("window.seen.whole && window.seen").json_value()
    wrong = tab.locator(
        "[data-testid='stException'], [data-testid='stAlertContentError']"
    )
    if seen["title"] != title or wrong.count():
        raise SystemExit(f"expected the page '{title}' without an error, came {seen}")
    return Paint(seen["useful"] / 1000, seen["whole"] / 1000)
