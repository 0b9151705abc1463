"""Find the heading of a table, and its columns, in what stands at the top of a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from forecasting.errors import InputError

TOP = 25
"""The heading is looked for in so many rows; above it may stand a title."""

MOST_COLUMNS = 2_000
AGAIN = "_duplicated_{}"
"""Added to the name of a column that came before."""


def find_heading(rows: Sequence[Sequence[str]], wanted: Iterable[str]) -> int:
    """The place of the heading: the first row with every wanted name, else the first."""
    names = set(wanted)
    whole = (place for place, row in enumerate(rows) if names <= set(plain(row)))
    filled = (place for place, row in enumerate(rows) if any(plain(row)))
    return next(whole, next(filled, 0))


def plain(row: Iterable[str]) -> list[str]:
    """Names without the space around them."""
    return [name.strip() for name in row]


def column_names(
    file: Path, line: int, heading: Sequence[str], wanted: Iterable[str]
) -> list[str]:
    """A name for each column, each once.

    Raises:
        InputError: a wanted column came twice, or there are too many columns.
    """
    if len(heading) > MOST_COLUMNS:
        raise InputError(
            f"expected at most {MOST_COLUMNS:,} columns, came {len(heading):,}",
            file=file,
            line=line,
        )
    names, seen, mapped = [], dict[str, int](), set(wanted)
    for name in plain(heading):
        if name in seen and name in mapped:
            raise _came_twice(file, line, name)
        names.append(_unused(name, seen))
    return names


def _unused(name: str, seen: dict[str, int]) -> str:
    """A name that no column has yet: the name itself, or with a number added."""
    again = name
    while again in seen:
        again = name + AGAIN.format(seen[name])
        seen[name] += 1
    seen[again] = 0
    return again


def _came_twice(file: Path, line: int, name: str) -> InputError:
    return InputError(
        "expected this column once, came it more than once",
        file=file,
        line=line,
        column=name,
        remedy="Leave one out of the export.",
    )
