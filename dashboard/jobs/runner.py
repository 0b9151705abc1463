"""The process beside each job: it runs the command and records how it ended."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dashboard.jobs.records import Job, State, read_job, save_job
from dashboard.jobs.stopping import end_group, wished_by
from dashboard.jobs.telling import LOG, PROGRESS
from forecasting.progress import VARIABLE

LOOK_S = 0.3
ON_DEATH_OF_PARENT = 1
"""`PR_SET_PDEATHSIG` of prctl(2)."""


def run_job(folder: Path) -> int:
    """Run the command of a job to its end, or until somebody wishes it to stop."""
    job = read_job(folder)
    with (folder / LOG).open("wb") as output, _without(job.upload):
        command = subprocess.Popen(  # noqa: S603 - our own command line, no shell
            [sys.executable, "-m", "dashboard.cli", *job.command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {VARIABLE: str(folder / PROGRESS)},
            start_new_session=True,  # a group of its own, to be ended as one
            preexec_fn=_end_with_runner,  # safe: the runner has one thread
        )
        stopped_by = _watch(command, folder)
    save_job(folder, _ended(job, command.returncode, stopped_by))
    return command.returncode


def _end_with_runner() -> None:
    """In the command's process: whoever loses its runner ends, for nobody could stop it.

    Linux knows of this; elsewhere a command goes on.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ON_DEATH_OF_PARENT, signal.SIGTERM)


def _watch(command: subprocess.Popen[bytes], folder: Path) -> str | None:
    """Wait for a command; gives who had it ended, None when it ended by itself."""
    while True:
        with suppress(subprocess.TimeoutExpired):
            command.wait(LOOK_S)
            return None
        by = wished_by(folder)
        if by is not None:
            end_group(command)
            return by


def _ended(job: Job, status: int, stopped_by: str | None) -> Job:
    at = datetime.now(UTC)  # noqa: TID251 - the runner is a command of its own
    state: State = "done" if status == 0 else "failed"
    if stopped_by is not None:
        state = "cancelled"
    return replace(
        job,
        state=state,
        status=status,
        finished=at.isoformat(),
        stopped_by=stopped_by,
    )


@contextmanager
def _without(upload: str | None) -> Iterator[None]:
    """Take an upload away afterwards: it may hold what must not stay here."""
    try:
        yield
    finally:
        if upload is not None:
            Path(upload).unlink(missing_ok=True)
            with suppress(OSError):
                Path(upload).parent.rmdir()


if __name__ == "__main__":
    sys.exit(run_job(Path(sys.argv[1])))
