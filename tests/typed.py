"""The front door without a process of its own: as typed, but what it loads is loaded."""

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from dashboard.cli import main


def typed(*words: str, home: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """What a command answers; `tests.test_cli.piekwijzer` starts a process for it."""
    options = [] if home is None else ["--home", str(home)]
    command = ["piekwijzer", *words, *options]
    out, err = io.StringIO(), io.StringIO()
    argv = mock.patch.object(sys, "argv", command)
    with argv, redirect_stdout(out), redirect_stderr(err):
        status = _status()
    return subprocess.CompletedProcess(command, status, out.getvalue(), err.getvalue())


def _status() -> int:
    """The exit status; a fault that no command foresees is the test's."""
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
