"""Solve an instance that stands in a file: `roster --file INSTANCE --out FILE`."""

from pathlib import Path
from typing import Annotated

import typer

from forecasting.console import Answer
from forecasting.errors import InputError

FileOption = Annotated[
    Path | None,
    typer.Option(
        help="An instance to solve, .json or benchmark .txt; no store is needed."
    ),
]
OutOption = Annotated[
    Path | None, typer.Option(help="Where the roster of --file goes, as JSON.")
]
SECONDS = 60.0
"""The limit where none is told."""


def roster_of_file(
    file: Path | None,
    out: Path | None,
    week: str | None,
    seed: int,
    limit: float | None,
) -> Answer:
    """Read, solve, verify and write; nothing is written that breaks a hard rule.

    Raises:
        InputError: the options or the instance are wrong, or nobody's roster is lawful.
    """
    if file is None or out is None or week is not None:
        raise InputError("expected --file and --out together, and no week")
    if not out.parent.is_dir():
        raise InputError(f"--out: expected a file in a folder, {out.parent} is none")
    from staffing.roster import read_instance, solve, verify
    from staffing.roster.checking import check

    instance = read_instance(file)
    check(instance)
    roster = solve(instance, time_limit_s=limit or SECONDS, seed=seed)
    if roster.conflicts:
        raise InputError(f"{file.name}: {roster.conflicts[0].text}")
    hard = [found for found in verify(instance, roster) if found.hard]
    if hard:
        raise InputError(f"{file.name}: the roster breaks a rule, {hard[0]}")
    out.write_text(roster.to_json(), encoding="utf-8")
    figures = {
        "status": roster.status,
        "objective": round(roster.objective.total, 6),
        "bound": roster.bound,
        "gap": roster.gap,
        "hard_violations": 0,
    }
    gap = "unknown" if roster.gap is None else f"{roster.gap:.2%}"
    text = f"Roster of {file.name}: {roster.objective.total:g}, {roster.status}, gap {gap}."
    return Answer(text, figures)
