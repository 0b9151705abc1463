"""What a job said and how far it is."""

from itertools import takewhile
from pathlib import Path

from dashboard.jobs.records import Job, folder_of
from forecasting.progress import Progress, read_progress

LOG = "log.txt"
PROGRESS = "progress.tsv"
LOG_TAIL = 20_000
ERROR = "piekwijzer: "
"""How a command begins each line of what is wrong."""


def log(home: Path, job: Job) -> str:
    """What the command printed, its last part."""
    file = folder_of(home, job.id) / LOG
    if not file.exists():
        return ""
    return file.read_bytes()[-LOG_TAIL:].decode("utf-8", "replace")


def last_words(home: Path, job: Job) -> str:
    """The end of what the command printed: all lines of its error, or the last one."""
    lines = [line.strip() for line in log(home, job).splitlines() if line.strip()]
    wrong = list(takewhile(lambda line: line.startswith(ERROR), reversed(lines)))
    if wrong:
        return "\n".join(line.removeprefix(ERROR) for line in reversed(wrong))
    return lines[-1] if lines else ""


def progress(home: Path, job: Job) -> Progress | None:
    """How far the command says it is; None while it says nothing of it."""
    return read_progress(folder_of(home, job.id) / PROGRESS)
