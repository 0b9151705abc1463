"""Forget in every room at once: rows, staff who left, old rosters and files of the home."""

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.intake import TARGETS
from forecasting.calendar import parse_week
from forecasting.errors import InputError
from forecasting.keeping import forget
from forecasting.keeping.forgetting import town_zone
from forecasting.workspace import Workspace
from staffing.pipeline.board_lines import forget_lines
from staffing.reminders.batches.forgetting import forget_references
from staffing.retention import clear_rosters, staff_who_left

WORK = ("jobs", "uploads", "inbox", "pending")
"""Folders of the home with work and files of a moment."""

WEEK = re.compile(r"\d{4}-W\d{2}")


def forget_before(
    workspace: Workspace, before: date, *, now: datetime
) -> dict[str, int]:
    """Forget what is of before a local day; gives rows and files per kind.

    Rosters of weeks that ended before it lose who worked when, batches of letters the
    references of documents that expired, the board lines that were replaced; the
    exports of those weeks go.

    Raises:
        InputError: the day is still to come.
    """
    zone = town_zone(workspace)
    left = staff_who_left(workspace, before, zone)
    done = forget(workspace, before, targets=TARGETS, also=left, now=now)
    midnight = datetime.combine(before, time(), ZoneInfo(zone))
    home = workspace.settings.home
    rows = {
        **done.rows,
        "rosters": clear_rosters(workspace, before),
        "references of batches": forget_references(workspace, before, now=now),
        "lines of the board": forget_lines(workspace, before, now=now),
        "files": sum(_clear(home / name, midnight) for name in WORK)
        + _clear_exports(workspace.settings.exports, before),
    }
    return {name: number for name, number in rows.items() if number}


def _clear(folder: Path, midnight: datetime) -> int:
    """Take away files last written before a moment, and folders that leaves empty."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    old = [file for file in files if file.stat().st_mtime < midnight.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    for inner in {file.parent for file in old} - {folder}:
        with suppress(OSError):  # not empty
            inner.rmdir()
    return len(old)


def _clear_exports(folder: Path, before: date) -> int:
    old = [
        file for file in folder.rglob("*") if file.is_file() and _is_past(file, before)
    ]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _is_past(file: Path, before: date) -> bool:
    """Whether a file is of a week, by its name, that ended before a day."""
    week = WEEK.search(file.name)
    try:
        return week is not None and parse_week(week[0]) + timedelta(days=7) <= before
    except InputError:
        return False
