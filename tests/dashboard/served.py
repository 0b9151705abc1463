"""A real identity provider and the real server beside it, and two ways to ask it things.

A browser logs in as a person does; a `Socket` says to the server whatever it likes.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from google.protobuf.json_format import MessageToDict
from playwright.sync_api import BrowserContext, Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from dashboard.access import environment
from forecasting.settings import Settings
from tests.dashboard.chromium import PATIENCE_S

COOKIE_SECRET = "a secret of tests, of 32 signs at least"  # noqa: S105 - of no use elsewhere
GROUPS = {
    "vera": "bz-lezers",
    "anna": "bz-planners",
    "bob": "bz-fiatteurs",
    "beheer": "bz-beheer",
    "niemand": "zwembad",
}
ROLES = {
    "viewer": ["bz-lezers"],
    "planner": ["bz-planners"],
    "approver": ["bz-fiatteurs"],
    "administrator": ["bz-beheer"],
}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def name_of(who: str) -> str:
    """What somebody is called by the provider."""
    return f"{who}@gemeente.example"


@contextmanager
def provider(max_age_s: int = 3600) -> Iterator[str]:
    """An OpenID provider in a process of its own; gives its address."""
    port, people = free_port(), []
    for who, group in GROUPS.items():
        claims = {"sub": who, "preferred_username": name_of(who), "groups": [group]}
        people += ["--user-claims", json.dumps(claims)]
    own = ["-p", f"{port}", "-e", f"{max_age_s}", *people]
    with _process([sys.executable, "-m", "oidc_provider_mock", *own], port, {}):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def dashboard(home: Path, identity_provider: str) -> Iterator[str]:
    """The dashboard as its command starts it, with logins; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    known = {
        "PIEKWIJZER_HOME": str(home),
        "PIEKWIJZER_CONFIG": str(Settings().config),
        **login_variables(identity_provider, address),
    }
    command = [sys.executable, "-m", "dashboard.cli", "dashboard", "--port", f"{port}"]
    with _process(command, port, known):
        yield address


@contextmanager
def open_dashboard(settings: Settings) -> Iterator[str]:
    """The dashboard as its command starts it, without logins; gives its address."""
    port, known = free_port(), environment(settings)
    command = [sys.executable, "-m", "dashboard.cli", "dashboard", "--port", f"{port}"]
    with _process(command, port, known):
        yield f"http://127.0.0.1:{port}"


def login_variables(identity_provider: str, address: str) -> dict[str, str]:
    """The environment that sets up logins."""
    return {
        "PIEKWIJZER_IDENTITY_PROVIDER": identity_provider,
        "PIEKWIJZER_LOGIN_CLIENT_ID": "piekwijzer",
        "PIEKWIJZER_LOGIN_CLIENT_SECRET": "of no use elsewhere",
        "PIEKWIJZER_LOGIN_COOKIE_SECRET": COOKIE_SECRET,
        "PIEKWIJZER_LOGIN_ADDRESS": address,
        "PIEKWIJZER_LOGIN_ROLES": json.dumps(ROLES),
    }


@contextmanager
def _process(command: list[str], port: int, known: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen(
        command,
        env=os.environ | known,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(port, process)
            yield
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"nothing listens on port {port}")


def log_in(context: BrowserContext, address: str, who: str, path: str = "/") -> Page:
    """Log in as a person does, from a page of the dashboard; gives the page after it."""
    page = context.new_page()
    page.goto(f"{address}{path}", timeout=PATIENCE_S * 1000)
    page.get_by_role("button", name="Inloggen").click(timeout=PATIENCE_S * 1000)
    page.wait_for_url("**/oauth2/authorize**", timeout=PATIENCE_S * 1000)
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url(f"{address}/**", timeout=PATIENCE_S * 1000)
    page.get_by_role("button", name="Uitloggen").wait_for(timeout=PATIENCE_S * 1000)
    return page


def signed(identity: dict[str, object]) -> str:
    """A cookie as the server signs it, for an identity of one's own making."""
    value = create_signed_value(COOKIE_SECRET, "_streamlit_user", json.dumps(identity))
    return value.decode()


@dataclass
class Socket:
    """A client of the server's websocket that is no browser and keeps to no page."""

    address: str
    cookies: dict[str, str]
    heard: list[ForwardMsg] = field(default_factory=list)

    def say(self, widgets: Mapping[str, object], page: str = "", **query: str) -> str:
        """Have a page run with widgets in a state of one's choosing; gives all it said."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        heads = {"Cookie": cookie}
        words = ("streamlit", self.cookies["_streamlit_xsrf"])
        with connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=Origin(self.address),
            additional_headers=heads,
            subprotocols=[Subprotocol(word) for word in words],
            max_size=None,
        ) as line:
            line.send(self._rerun({}, page, query))  # registers the widgets
            said = self._listen(line)
            if widgets:
                line.send(self._rerun(widgets, page, query))
                said += self._listen(line)
        return said

    def _rerun(
        self, widgets: Mapping[str, object], page: str, query: dict[str, str]
    ) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = urlencode(query)
        message.rerun_script.page_name = page
        for name, value in widgets.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = name
            if value is True:
                state.trigger_value = True
            else:
                state.string_value = str(value)
        return bytes(message.SerializeToString())

    def _listen(self, line) -> str:
        said: list[str] = []
        while True:
            message = ForwardMsg()
            message.ParseFromString(line.recv(timeout=PATIENCE_S))
            self.heard.append(message)
            said.append(json.dumps(MessageToDict(message), ensure_ascii=False))
            if message.WhichOneof("type") == "script_finished":
                return "\n".join(said)

    def buttons(self) -> dict[str, str]:
        """The ids of all buttons that were drawn, by what stands on them."""
        return {
            message.delta.new_element.button.label: message.delta.new_element.button.id
            for message in self.heard
            if message.delta.new_element.WhichOneof("type") == "button"
        }
