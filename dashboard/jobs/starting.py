"""Start a job: a folder for it, and a runner of its own that nobody waits for."""

import fcntl
import re
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from dashboard.access import environment
from dashboard.jobs.records import Job, folder_of, lock_of, running, save_job
from forecasting.errors import InputError, StoreError
from forecasting.settings import Settings


def start(
    settings: Settings,
    command: tuple[str, ...],
    *,
    now: datetime,
    by: str | None = None,
    upload: Path | None = None,
) -> Job:
    """Start a command of `piekwijzer` in the background and return at once.

    `by` is who acts, in the audit trail too; the actor of the settings unless said
    otherwise. `upload` is a file the command reads; it is removed when the command ends.

    Raises:
        InputError: the same command is still running, whoever started it.
        StoreError: the disk is full, or closed to this account.
    """
    who = by or settings.actor
    name = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    kept = str(upload) if upload else None
    job = Job(name, command, now.isoformat(), upload=kept, by=who)
    folder = folder_of(settings.home, name)
    with _or_nothing(folder, upload), _one_at_a_time(settings.home):
        _refuse_twice(settings.home, command)
        folder.mkdir(parents=True)
        save_job(folder, job)
        _launch(folder, settings.model_copy(update={"actor": who}))
    return job


@contextmanager
def _or_nothing(folder: Path, upload: Path | None = None) -> Iterator[None]:
    """Leave neither a folder nor an upload behind of what did not start.

    Raises:
        StoreError: the disk takes no files.
    """
    try:
        yield
    except (OSError, InputError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if upload is not None:
            take_away(upload)
        if isinstance(error, InputError):
            raise
        raise StoreError(
            f"Expected a home that takes a task and its file, came '{error.strerror}'. "
            "Make room on that disk or let this account write there; try again."
        ) from None


def _refuse_twice(home: Path, command: tuple[str, ...]) -> None:
    for job in running(home):
        if job.command == command:
            who = f", started by {job.by}" if job.by else ""
            raise InputError(f"'{' '.join(command)}' is already running{who}")


@contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    """Two who press the same button at once start one job."""
    (home / "jobs").mkdir(parents=True, exist_ok=True)
    with (home / "jobs" / ".starting").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _launch(folder: Path, settings: Settings) -> None:
    with lock_of(folder).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # the runner inherits it: no moment unlocked
        runner = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "dashboard.jobs.runner", str(folder.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(settings),
            start_new_session=True,
            pass_fds=(held.fileno(),),
        )
    threading.Thread(target=runner.wait, daemon=True).start()  # leaves no zombie


def take_away(upload: Path) -> None:
    """Remove an upload and its folder: it may hold what must not stay here."""
    with suppress(OSError):
        upload.unlink(missing_ok=True)
        upload.parent.rmdir()


def keep_upload(home: Path, name: str, content: bytes) -> Path:
    """Put an uploaded file where a job can read it; only the name's last part counts.

    Raises:
        StoreError: the disk is full, or closed to this account; nothing of it is kept.
    """
    safe = re.sub(r"[^\w.\- ]", "_", Path(name.replace("\\", "/")).name).lstrip(".")
    folder = home / "uploads" / uuid.uuid4().hex
    file = folder / (safe or "upload")
    with _or_nothing(folder):
        folder.mkdir(parents=True, mode=0o700)  # it may hold anything
        file.write_bytes(content)
    return file
