"""Edits of a week that a planner collects before it is planned again.

A file per week, `HOME/pending/2027-W02.json`: whoever looks at the week sees the same
list. It holds what `piekwijzer replan` is to be told, never why somebody is absent.
"""

import fcntl
import json
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from staffing.pipeline.replanning import Happened

Kind = Literal["absent", "free", "give", "lock", "swap", "available", "calls", "agreed"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FOLDER = "pending"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
HOURS = re.compile(r"(?<=:)\d{1,2}:\d{2}-\d{1,2}:\d{2}")


@dataclass(frozen=True)
class PendingEdit:
    """One thing a planner entered, with the options of `replan` that say it.

    `first` and `last` are its days (ISO), `hours` its times of the day where it has any,
    `other` the second person of a swap, or the work of calls. `since` is the version that
    it was entered for.
    """

    kind: Kind
    options: tuple[tuple[str, str], ...]
    person: str = ""
    other: str = ""
    first: str = ""
    last: str = ""
    hours: str = ""
    since: int = 0
    id: str = ""


Edits = tuple[PendingEdit, ...]


def happened(edits: Sequence[PendingEdit]) -> Happened:
    """All of the edits as replanning is told of them, each once."""
    told: dict[str, list[str]] = {}
    for edit in edits:
        for name, text in edit.options:
            known = told.setdefault(name, [])
            known += [] if text in known else [text]
    return Happened(**told)


def as_edit(option: str, text: str, since: int) -> PendingEdit | None:
    """An option of `replan` as an edit of the list; None of an option it does not know."""
    kind = next((one for one in KINDS if one == option), None)
    if kind is None:
        return None
    days, hours = DAY.findall(text), HOURS.search(text)
    return PendingEdit(
        kind,
        ((option, text),),
        person="" if kind == "calls" else text.partition(":")[0],
        other=text if kind == "calls" else "",
        first=days[0] if days else "",
        last=days[-1] if days else "",
        hours=hours[0] if hours else "",
        since=since,
    )


def replan_command(week: str, edits: Sequence[PendingEdit]) -> tuple[str, ...]:
    """The command that plans a week again after the edits."""
    told = vars(happened(edits))
    words = [w for name, texts in told.items() for t in texts for w in (f"--{name}", t)]
    return ("replan", "--week", week, *words)


def pending(home: Path, week: str) -> Edits:
    """The edits of a week, in the order in which they were entered."""
    file = _file(home, week)
    if not file.exists():
        return ()
    with _held(home, week):
        return _read(file)


def add(home: Path, week: str, edit: PendingEdit) -> None:
    """Put an edit behind the others, unless it is there already."""

    def added(edits: Edits) -> Edits:
        known = any(one.options == edit.options for one in edits)
        return edits if known else (*edits, replace(edit, id=uuid.uuid4().hex))

    _change(home, week, added)


def drop(home: Path, week: str, ids: Sequence[str]) -> None:
    """Take edits away; those that are gone already are passed over."""
    _change(home, week, lambda edits: tuple(e for e in edits if e.id not in ids))


def _change(home: Path, week: str, change: Callable[[Edits], Edits]) -> None:
    """Read, change and replace the file while no one else does."""
    file = _file(home, week)
    file.parent.mkdir(parents=True, exist_ok=True)
    with _held(home, week):
        changed = change(_read(file))
        draft = file.with_name(f".{uuid.uuid4().hex}")
        draft.write_text(json.dumps([asdict(edit) for edit in changed]), "utf-8")
        draft.replace(file)


@contextmanager
def _held(home: Path, week: str) -> Iterator[None]:
    with (home / FOLDER / f".{week}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(file: Path) -> Edits:
    if not file.exists():
        return ()
    rows = json.loads(file.read_text("utf-8"))
    return tuple(PendingEdit(**(row | {"options": _pairs(row)})) for row in rows)


def _pairs(row: dict[str, list[tuple[str, str]]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in row["options"])


def _file(home: Path, week: str) -> Path:
    return home / FOLDER / f"{week}.json"
