"""Which counts of a table are left out, so that no small one follows from the others.

Counts below the threshold are hidden. Who knows the printed sums could still work some of
them out, so others are hidden beside them: the cheapest ones that make it possible, within
all that is printed, that a small count is nought and that it is the threshold or more.
Each is found by a linear program that moves the count that far and keeps every sum;
whatever has to move with it is hidden (Fischetti and Salazar-Gonzalez, Models and
algorithms for optimizing cell suppression in tabular data, JASA 95, 2000; the heuristic
with a program per cell is Kelly's, Networks 22, 1992). More that is hidden later only
widens what is possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from forecasting.errors import PiekwijzerError

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MOVED = 1e-6
"""A count that moves by less in a solution stands still."""


class UnprotectedCountError(PiekwijzerError):
    """No set of hidden counts protects a small one."""


@dataclass(frozen=True)
class Sum:
    """A count that is the sum of others, all told by their place in the table."""

    total: int
    parts: tuple[int, ...]


def hidden(
    counts: Counts, sums: Sequence[Sum], threshold: int, prices: npt.NDArray[np.float64]
) -> Mask:
    """Which counts to hide: those from 0 to below the threshold, and who protects them.

    Args:
        counts: every count of the table, totals included, none negative.
        sums: how they add up, all that is printed or follows.
        threshold: counts from here on may be told.
        prices: what it costs to hide a count that may be told.

    Raises:
        UnprotectedCountError: a small count cannot be protected.
    """
    left_out = counts < threshold
    matrix = _matrix(len(counts), sums)
    for cell in map(int, np.flatnonzero(left_out & (counts > 0))):
        for change in (threshold - int(counts[cell]), -int(counts[cell])):
            if not _gives_way(cell, change, counts, sums, left_out):
                left_out |= _moved(cell, change, counts, matrix, left_out, prices)
    return left_out


def _matrix(size: int, sums: Sequence[Sum]) -> csr_array:
    """A row for each sum: the parts less the total is nought."""
    entries = [
        (row, place, sign)
        for row, one in enumerate(sums)
        for place, sign in [(one.total, -1.0), *((part, 1.0) for part in one.parts)]
    ]
    rows, places, signs = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_array((signs, (rows, places)), shape=(len(sums), size))


def _gives_way(
    cell: int, change: int, counts: Counts, sums: Sequence[Sum], left_out: Mask
) -> bool:
    """Whether hidden neighbours in the one sum of a cell can take up its change.

    Saves most programs: neighbours that stand in no other sum are free to move.
    """
    mine = [one for one in sums if cell in one.parts or cell == one.total]
    if len(mine) != 1 or cell == mine[0].total:
        return False
    busy = {
        part for one in sums if one is not mine[0] for part in (one.total, *one.parts)
    }
    free = [p for p in mine[0].parts if p != cell and left_out[p] and p not in busy]
    return bool(free) and (change < 0 or int(counts[free].sum()) >= change)


def _moved(
    cell: int,
    change: int,
    counts: Counts,
    matrix: csr_array,
    left_out: Mask,
    prices: npt.NDArray[np.float64],
) -> Mask:
    """What moves when a cell does, at the least price: ups and downs that keep the sums."""
    price = np.where(left_out, 0.0, prices)
    least, most = np.zeros(2 * len(counts)), np.full(2 * len(counts), np.inf)
    most[len(counts) :] = counts
    for place, far in ((cell, change), (cell + len(counts), -change)):
        least[place] = most[place] = max(far, 0)
    solved = linprog(
        np.concatenate([price, price]),
        A_eq=hstack([matrix, -matrix], format="csr"),
        b_eq=np.zeros(matrix.shape[0]),
        bounds=list(zip(least.tolist(), most.tolist(), strict=True)),
        method="highs",
    )
    if solved.x is None:
        raise UnprotectedCountError(
            "A small count cannot be hidden: expected sums that let it move. "
            "Merge services or weeks, so that no count is so small."
        )
    ups, downs = np.split(solved.x, 2)
    moved: Mask = np.abs(ups - downs) > MOVED
    return moved
