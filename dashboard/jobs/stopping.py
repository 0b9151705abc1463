"""End a job before its time: a wish in its folder, which its runner carries out.

Only the runner ends the command: as its parent it knows that the process group is still
that of the command, where a number read from a file may belong to another by now.
"""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from dashboard.jobs.records import Job, folder_of

WISH = "stop.json"
GRACE_S = 10.0
LOOK_S = 0.1


def cancel(home: Path, job: Job, *, by: str) -> None:
    """Ask that a running job end; it is `cancelled` once its processes are gone.

    Who asked first is kept. What the command stored before stays, whole.
    """
    wish = folder_of(home, job.id) / WISH
    with suppress(FileExistsError), wish.open("x", encoding="utf-8") as file:
        json.dump({"by": by}, file)


def wished_by(folder: Path) -> str | None:
    """Who asked that the job of a folder end; None when nobody did."""
    try:
        return str(json.loads((folder / WISH).read_text("utf-8"))["by"])
    except (FileNotFoundError, json.JSONDecodeError):  # not there, or being written
        return None


def end_group(command: subprocess.Popen[bytes], grace_s: float = GRACE_S) -> None:
    """End a command that leads a process group, with all processes it started.

    The leader is only taken leave of (reaped) after the last signal: until then its id
    cannot be given to another group.
    """
    os.killpg(command.pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_s
    while time.monotonic() < deadline and not _has_ended(command.pid):
        time.sleep(LOOK_S)
    with suppress(ProcessLookupError):
        os.killpg(command.pid, signal.SIGKILL)
    command.wait()


def _has_ended(leader: int) -> bool:
    ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, leader, ended) is not None
