"""Who may reach the dashboard: for now only this machine, until people can log in."""

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from forecasting.errors import PolicyError
from forecasting.settings import Settings

LOOPBACK = "127.0.0.1"
UPLOAD_LIMIT_MB = 200


def server_options(host: str, port: int) -> list[str]:
    """Options for `streamlit run` that serve the dashboard on this machine only.

    Raises:
        PolicyError: another address was asked for, or the port is none.
    """
    if host not in {LOOPBACK, "localhost"}:
        raise PolicyError(
            f"The dashboard was asked to listen on '{host}', but no identity provider "
            f"is configured, so anyone who reaches it could read it. "
            f"Use --address {LOOPBACK}."
        )
    if not 0 < port < 65536:
        raise PolicyError(f"Expected a port from 1 to 65535, came {port}. Use --port.")
    return [f"--{name}={value}" for name, value in _options(port).items()]


def serve(settings: Settings, *, address: str, port: int) -> NoReturn:
    """Become the server of the pages of a home folder, until stopped.

    Raises:
        PolicyError: as `server_options`, or the port is taken.
    """
    options = server_options(address, port)
    _refuse_taken(port)
    script = Path(__file__).with_name("app") / "script.py"
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    os.execve(sys.executable, command, environment(settings))  # noqa: S606 - no shell


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            raise PolicyError(
                f"Port {port} is taken by another program. Choose one with --port."
            ) from None


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a process of ours finds the same home and policy."""
    return os.environ | {
        "PIEKWIJZER_HOME": str(settings.home.resolve()),
        "PIEKWIJZER_CONFIG": str(settings.config.resolve()),
    }


def _options(port: int) -> dict[str, str]:
    return {
        "server.address": LOOPBACK,
        "server.port": str(port),
        "server.headless": "true",
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.maxUploadSize": str(UPLOAD_LIMIT_MB),
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": LOOPBACK,
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
