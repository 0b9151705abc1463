"""Who may reach the dashboard: this machine only or, where people log in, others too."""

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from dashboard.login import SECRETS, Login, is_loopback, read_login
from forecasting.errors import PolicyError
from forecasting.settings import Settings

LOOPBACK = "127.0.0.1"
UPLOAD_LIMIT_MB = 200


def server_options(host: str, port: int, login: Login | None = None) -> list[str]:
    """Options for `streamlit run`: without a login they serve this machine only.

    Raises:
        PolicyError: another address was asked for, or the port is none.
    """
    if login is None and not is_loopback(host):
        raise PolicyError(
            f"The dashboard was asked to listen on '{host}', but no identity provider "
            f"is configured, so anyone who reaches it could read it. "
            f"Use --address {LOOPBACK}, or set up logins: see docs/access.md."
        )
    if not 0 < port < 65536:
        raise PolicyError(f"Expected a port from 1 to 65535, came {port}. Use --port.")
    own = {**_options(_bound(host), port), **_reached(login)}
    hosts = [LOOPBACK, "localhost"] if login is None else _hosts(login)
    given = [*own.items(), *(("server.allowedHosts", name) for name in hosts)]
    return [f"--{name}={value}" for name, value in given]


def serve(settings: Settings, *, address: str, port: int) -> NoReturn:
    """Become the server of the pages of a home folder, until stopped.

    Raises:
        PolicyError: as `server_options`, the port is taken, or logins are not complete.
    """
    login = read_login(settings)
    options = server_options(address, port, login)
    _refuse_taken(_bound(address), port)
    script = Path(__file__).with_name("app") / "server.py"
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    known = os.environ | environment(settings)  # the server itself needs the secrets
    os.execve(sys.executable, command, known)  # noqa: S606 - no shell


def _bound(host: str) -> str:
    return LOOPBACK if host == "localhost" else host


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror:
            raise PolicyError(
                f"--address: expected an address of this machine, came '{host}'."
            ) from None
        except OSError as error:
            raise PolicyError(
                f"Port {port} of {host} cannot be used ({error.strerror}): it may be "
                "taken by another program. Choose another with --port or --address."
            ) from None


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a process of ours finds the same home, policy and actor.

    The secrets of the login are left out: no command needs them.
    """
    plain = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return plain | {
        "PIEKWIJZER_HOME": str(settings.home.resolve()),
        "PIEKWIJZER_CONFIG": str(settings.config.resolve()),
        "PIEKWIJZER_ACTOR": settings.actor,
    }


def _hosts(login: Login) -> list[str]:
    """Names under which a browser may ask: no other site may pass for this one."""
    return [login.place.hostname or LOOPBACK]


def _reached(login: Login | None) -> dict[str, str]:
    """What the server must know of the address that browsers ask for."""
    if login is None:
        return {}
    place = login.place
    return {
        "browser.serverAddress": place.hostname or LOOPBACK,
        "server.corsAllowedOrigins": f"{place.scheme}://{place.netloc}",
        "server.baseUrlPath": place.path.strip("/"),
    }


def _options(host: str, port: int) -> dict[str, str]:
    return {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "true",
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.maxUploadSize": str(UPLOAD_LIMIT_MB),
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": LOOPBACK,
        "runner.magicEnabled": "false",
        "runner.postScriptGC": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        **{f"theme.{name}": value for name, value in THEME.items()},
    }


THEME = {
    "base": "light",
    "primaryColor": "#1B4F72",
    "backgroundColor": "#FFFFFF",
    "secondaryBackgroundColor": "#F3F5F7",
    "textColor": "#1F2933",
    "linkColor": "#1B4F72",
    "borderColor": "#D9DEE3",
    "baseRadius": "small",
    "baseFontSize": "15",
    "metricValueFontSize": "1.6rem",
}
