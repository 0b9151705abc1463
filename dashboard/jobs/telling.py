"""What a job said and how far it is."""

from pathlib import Path

from dashboard.jobs.records import Job, folder_of
from forecasting.progress import Progress, read_progress

LOG = "log.txt"
PROGRESS = "progress.tsv"
LOG_TAIL = 20_000


def log(home: Path, job: Job) -> str:
    """What the command printed, its last part."""
    file = folder_of(home, job.id) / LOG
    if not file.exists():
        return ""
    return file.read_bytes()[-LOG_TAIL:].decode("utf-8", "replace")


def last_words(home: Path, job: Job) -> str:
    """The last line the command printed: its result or its error."""
    lines = [line.strip() for line in log(home, job).splitlines() if line.strip()]
    return lines[-1] if lines else ""


def progress(home: Path, job: Job) -> Progress | None:
    """How far the command says it is; None while it says nothing of it."""
    return read_progress(folder_of(home, job.id) / PROGRESS)
