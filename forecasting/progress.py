"""How far a command is, told to whoever started it: lines in a file, the last one counts.

A line is `DONE<tab>TOTAL<tab>LABEL`. The file is named by a variable of the environment,
so that any command can be watched without knowing by whom.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "PIEKWIJZER_PROGRESS"
TAIL = 4096
"""Bytes read back from the end: more than one line, however long the file became."""


@dataclass(frozen=True)
class Progress:
    """So much of a total is done; the label is the command's own word for it."""

    done: int
    total: int
    label: str

    @property
    def share(self) -> float:
        """From 0 to 1; a total of none is nothing done."""
        return min(max(self.done / self.total, 0.0), 1.0) if self.total > 0 else 0.0


def told(
    label: str, environment: Mapping[str, str] = os.environ
) -> Callable[[int, int], None]:
    """A call that appends done and total to the file of the environment, if it names one."""
    named = environment.get(VARIABLE)
    if not named:
        return lambda _done, _total: None
    file, word = Path(named), " ".join(label.split())

    def tell(done: int, total: int) -> None:
        with suppress(OSError), file.open("a", encoding="utf-8") as lines:
            lines.write(f"{done}\t{total}\t{word}\n")  # who watches may be gone

    return tell


def read_progress(file: Path) -> Progress | None:
    """The last whole line of a file of progress; None before the first."""
    try:
        with file.open("rb") as lines:
            lines.seek(max(file.stat().st_size - TAIL, 0))
            end = lines.read().decode("utf-8", "replace")
    except OSError:
        return None
    whole = end[: end.rfind("\n") + 1].splitlines()
    words = whole[-1].split("\t") if whole else []
    if len(words) != 3 or not (words[0].isdecimal() and words[1].isdecimal()):
        return None
    return Progress(int(words[0]), int(words[1]), words[2])
