"""Where every document of a stock went, with no count told that is too small."""

from collections.abc import Mapping, Sequence

import numpy as np

from staffing.reminders.balance import PLACES
from staffing.reminders.batches.disclosure import Sum, hidden

LETTERS = ("letters_planned", "letters")
"""How many letters a plan has is told wherever it is spoken of."""

SCENARIO_PLACES = (
    "letters",
    "held_out",
    "not_chosen",
    "too_late",
    "not_due",
    "small",
    "renews_online",
)
"""The same for a scenario of a what-if."""


def told_whereabouts(
    counts: Mapping[str, int], *, small_cell: int
) -> dict[str, int | None]:
    """Documents per fate; None where the number is small, or would tell a small one.

    Their sum is told beside them, so a small number is never left out alone. That there
    are none of a fate is no secret.
    """
    names = [name for name, count in counts.items() if count > 0]
    few = np.array([counts[name] for name in names], dtype=np.int64)
    every = np.append(few, few.sum())
    whole = Sum(len(names), tuple(range(len(names))))
    dear = np.array([1e6 if name in LETTERS else 1.0 for name in names])
    prices = np.append((1 + few) * dear, 1e12)
    left_out = hidden(every, [whole], small_cell, prices) if names else every > 0
    small = {name for name, out in zip(names, left_out, strict=False) if out}
    return {name: None if name in small else count for name, count in counts.items()}


def told_figures(
    figures: Mapping[str, object], *, small_cell: int
) -> dict[str, object]:
    """The figures of a plan, of which documents per fate are told as on the page.

    `expiries` is a sum of some of these, and left out beside any that is.
    """
    counts = {name: int(str(figures[name])) for name in PLACES if name in figures}
    told = told_whereabouts(counts, small_cell=small_cell)
    left_out = {name: None for name, count in told.items() if count is None}
    if left_out and "expiries" in figures:
        left_out["expiries"] = None
    second = int(str(figures.get("second_letters", 0)))
    first = counts.get("letters_planned", 0) - second
    if second and min(first or small_cell, second) < small_cell:
        left_out["second_letters"] = None
    return {**figures, **left_out, LETTERS[0]: figures[LETTERS[0]]}


def told_scenarios(
    rows: Sequence[Mapping[str, object]], *, small_cell: int
) -> list[dict[str, object]]:
    """Scenarios of a what-if without a fate that is small in any of them.

    What one leaves out is left out of all: they share a stock, and most of its fates.
    """
    small = {
        name
        for row in rows
        for name, count in told_whereabouts(_counts(row), small_cell=small_cell).items()
        if count is None and name not in LETTERS
    }
    return [{**row, **dict.fromkeys(small)} for row in rows]


def _counts(row: Mapping[str, object]) -> dict[str, int]:
    given = {name: row[name] for name in SCENARIO_PLACES}
    return {name: count for name, count in given.items() if isinstance(count, int)}
