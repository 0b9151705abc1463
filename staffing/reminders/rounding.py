"""Whole letters from the solution of the linear program, within every limit."""

import numpy as np

from staffing.reminders.problem import MailingProblem
from staffing.reminders.response import FloatArray, IntArray

TOLERANCE = 1e-6


def whole_letters(problem: MailingProblem, letters: FloatArray) -> IntArray:
    """Round by largest remainder within each mailing week.

    A week keeps its total (rounded down), so quota and budget hold (of letters that only
    follow a message: but for the lead by which they do); a lot never gets more letters
    than it has documents.
    """
    columns = problem.columns
    whole = np.floor(letters + TOLERANCE).astype(np.int64)
    left = problem.available.copy()
    np.subtract.at(left, columns.lot, whole)
    for week in np.unique(columns.week):
        _round_week(
            np.flatnonzero(columns.week == week), columns.lot, letters, whole, left
        )
    return whole


def _round_week(
    chosen: IntArray,
    lot: IntArray,
    letters: FloatArray,
    whole: IntArray,
    left: IntArray,
) -> None:
    """Give the week's remaining letters to its largest remainders, in place."""
    total = int(np.floor(letters[chosen].sum() + TOLERANCE))
    missing = total - int(whole[chosen].sum())
    remainder = letters[chosen] - whole[chosen]
    for column in chosen[np.argsort(-remainder, kind="stable")]:
        if missing <= 0:
            return
        if left[lot[column]] > 0:
            whole[column] += 1
            left[lot[column]] -= 1
            missing -= 1
