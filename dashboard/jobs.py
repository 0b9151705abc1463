"""Long work as a process of its own, that outlives the browser tab and the server.

A job is a folder `HOME/jobs/ID`: `state.json`, replaced in one step, and `log.txt`. A
runner process (`python -m dashboard.jobs FOLDER`) holds a lock on the folder while its
command runs, so a reader can tell a running job from one that was cut short.
"""

import fcntl
import json
import re
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from dashboard.access import environment
from forecasting.errors import InputError
from forecasting.settings import Settings

State = Literal["running", "done", "failed", "lost"]
LOG_TAIL = 20_000


@dataclass(frozen=True)
class Job:
    """One command of the command line, as started from the dashboard."""

    id: str
    command: tuple[str, ...]
    started: str
    state: State = "running"
    finished: str | None = None
    status: int | None = None
    upload: str | None = None


def start(
    settings: Settings,
    command: tuple[str, ...],
    *,
    now: datetime,
    upload: Path | None = None,
) -> Job:
    """Start a command of `piekwijzer` in the background and return at once.

    `upload` is a file the command reads; it is removed when the command ends.

    Raises:
        InputError: the same command is still running.
    """
    if any(job.command == command for job in running(settings.home)):
        raise InputError(f"'{' '.join(command)}' is already running")
    name = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    job = Job(name, command, now.isoformat(), upload=str(upload) if upload else None)
    folder = settings.home / "jobs" / name
    folder.mkdir(parents=True)
    _save(folder, job)
    _launch(folder, settings)
    return job


def _launch(folder: Path, settings: Settings) -> None:
    with _lock(folder).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # the runner inherits it: no moment unlocked
        runner = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "dashboard.jobs", str(folder.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(settings),
            start_new_session=True,
            pass_fds=(held.fileno(),),
        )
    threading.Thread(target=runner.wait, daemon=True).start()  # leaves no zombie


def listed(home: Path) -> list[Job]:
    """All jobs, newest first."""
    folders = sorted((home / "jobs").glob("*/state.json"), reverse=True)
    return [_load(file.parent) for file in folders]


def running(home: Path) -> list[Job]:
    """Jobs whose command is still at work."""
    return [job for job in listed(home) if job.state == "running"]


def log(home: Path, job: Job) -> str:
    """What the command printed, its last part."""
    file = home / "jobs" / job.id / "log.txt"
    if not file.exists():
        return ""
    return file.read_bytes()[-LOG_TAIL:].decode("utf-8", "replace")


def last_words(home: Path, job: Job) -> str:
    """The last line the command printed: its result or its error."""
    lines = [line.strip() for line in log(home, job).splitlines() if line.strip()]
    return lines[-1] if lines else ""


def keep_upload(home: Path, name: str, content: bytes) -> Path:
    """Put an uploaded file where a job can read it; only the name's last part counts."""
    safe = re.sub(r"[^\w.\- ]", "_", Path(name.replace("\\", "/")).name).lstrip(".")
    folder = home / "uploads" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    file = folder / (safe or "upload")
    file.write_bytes(content)
    return file


def _load(folder: Path) -> Job:
    job = _read(folder)
    if job.state == "running" and not _is_locked(folder):
        job = _read(folder)  # it may have ended between the two looks
        if job.state == "running":
            return replace(job, state="lost")
    return job


def _read(folder: Path) -> Job:
    record = json.loads((folder / "state.json").read_text("utf-8"))
    return Job(**(record | {"command": tuple(record["command"])}))


def _save(folder: Path, job: Job) -> None:
    draft = folder / f".{uuid.uuid4().hex}"
    draft.write_text(json.dumps(asdict(job), indent=1), "utf-8")
    draft.replace(folder / "state.json")


def _lock(folder: Path) -> Path:
    return folder / "lock"


def _is_locked(folder: Path) -> bool:
    with _lock(folder).open("a") as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


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


def run_job(folder: Path) -> int:
    """Run the command of a job to its end and record how it ended."""
    job = _read(folder)
    with (folder / "log.txt").open("wb") as output, _without(job.upload):
        status = subprocess.run(  # noqa: S603 - our own command line, no shell
            [sys.executable, "-m", "dashboard.cli", *job.command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    ended = datetime.now(UTC)  # noqa: TID251 - the runner is a command of its own
    state: State = "done" if status == 0 else "failed"
    _save(folder, replace(job, state=state, status=status, finished=ended.isoformat()))
    return status


if __name__ == "__main__":
    sys.exit(run_job(Path(sys.argv[1])))
