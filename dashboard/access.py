"""Who may reach the dashboard: for now only this machine, until people can log in."""

import os
import subprocess
import sys
from pathlib import Path

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
            f"Use --host {LOOPBACK}."
        )
    if not 0 < port < 65536:
        raise PolicyError(f"Expected a port from 1 to 65535, came {port}. Use --port.")
    return [f"--{name}={value}" for name, value in _options(port).items()]


def serve(settings: Settings, *, address: str, port: int) -> int:
    """Serve the pages of a home folder until stopped; returns the exit status.

    Raises:
        PolicyError: as `server_options`.
    """
    script = Path(__file__).with_name("app") / "script.py"
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    server = subprocess.Popen(  # noqa: S603 - our own pages, no shell
        [*command, *server_options(address, port)], env=environment(settings)
    )
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        return 0


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
