"""What is known of a job: its record in its folder, and whether it is still at work."""

import fcntl
import json
import uuid
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Literal

State = Literal["running", "done", "failed", "cancelled", "lost"]


@dataclass(frozen=True)
class Job:
    """One command of the command line, as started from the dashboard.

    `by` started it; `stopped_by` asked to end it before its time.
    """

    id: str
    command: tuple[str, ...]
    started: str
    state: State = "running"
    finished: str | None = None
    status: int | None = None
    upload: str | None = None
    by: str = ""
    stopped_by: str | None = None


def folder_of(home: Path, job: str) -> Path:
    """Where a job of that id lives."""
    return home / "jobs" / job


def listed(home: Path) -> list[Job]:
    """All jobs, newest first."""
    folders = sorted((home / "jobs").glob("*/state.json"), reverse=True)
    return [_load(file.parent) for file in folders]


def running(home: Path) -> list[Job]:
    """Jobs whose command is still at work."""
    return [job for job in listed(home) if job.state == "running"]


def _load(folder: Path) -> Job:
    job = read_job(folder)
    if job.state == "running" and not _is_locked(folder):
        job = read_job(folder)  # it may have ended between the two looks
        if job.state == "running":
            return replace(job, state="lost")
    return job


def read_job(folder: Path) -> Job:
    """The record as it stands; what a later version wrote beside it is passed over."""
    stored = json.loads((folder / "state.json").read_text("utf-8"))
    known = {field.name for field in fields(Job)}
    record = {name: value for name, value in stored.items() if name in known}
    return Job(**(record | {"command": tuple(record["command"])}))


def save_job(folder: Path, job: Job) -> None:
    """Put a record in the place of the one before, in one step."""
    draft = folder / f".{uuid.uuid4().hex}"
    draft.write_text(json.dumps(asdict(job), indent=1), "utf-8")
    draft.replace(folder / "state.json")


def lock_of(folder: Path) -> Path:
    """The file that the runner of a job holds locked."""
    return folder / "lock"


def _is_locked(folder: Path) -> bool:
    try:
        with lock_of(folder).open() as probe:  # to look takes no right to write
            fcntl.flock(probe, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
