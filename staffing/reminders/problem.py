"""The mailing problem as numbers, and what a set of letters gains, without a solver."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from staffing.reminders.columns import Columns
from staffing.reminders.load import Load
from staffing.reminders.paper import Paper, all_on_paper
from staffing.reminders.pieces import Pieces, week_pieces
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import FloatArray, IntArray

PEAK_ROOM = 0.01
"""Quiet weeks are filled to at most this part below the busiest."""
AIMS = ("hours_above_capacity", "hours_at_the_top", "staff_hours")
"""In order; what comes after them is letters."""
TOP = 1


@dataclass(frozen=True)
class MailingProblem:
    """Letters per column (lot and mailing week), and the load that they lead to.

    `available` is the number of documents per lot that may get a letter. `printing` is
    what a letter of each column puts on paper; without it each is one letter on paper.
    """

    columns: Columns
    available: IntArray
    load: Load
    policy: MailingPolicy
    printing: Paper | None = None

    @cached_property
    def paper(self) -> Paper:
        """What a letter of each column puts on paper, and what the print room takes."""
        weeks = self.load.hours.size
        quota = np.full(weeks, float(self.policy.weekly_quota))
        return self.printing or all_on_paper(self.columns.week, quota)

    @cached_property
    def pieces(self) -> tuple[Pieces, ...]:
        """What hours moved into each week cost, by each aim.

        However residents react, a letter fills no quiet week up to the busiest.
        """
        ceiling = (1.0 - PEAK_ROOM) * float(self.load.hours.max())
        weeks = range(self.load.hours.size)
        return tuple(
            week_pieces(self.load, week, self.policy.top, ceiling) for week in weeks
        )

    def moved(self, letters: FloatArray) -> FloatArray:
        """Responses x weeks: hours moved into each week."""
        moved: FloatArray = self.columns.moved @ letters
        return moved

    def aims(self, letters: FloatArray) -> FloatArray:
        """The value of each of `AIMS` with these letters, the mean over responses."""
        moved = self.moved(letters)
        values = [
            [hinges.value(hours) for hinges in pieces.aims]
            for row in moved
            for pieces, hours in zip(self.pieces, row.tolist(), strict=True)
        ]
        total: FloatArray = np.array(values).sum(axis=0) / len(moved)
        return total

    def loss(self, letters: FloatArray, whole: FloatArray) -> float:
        """Hours above capacity that whole letters leave beyond those they stand for."""
        return max(0.0, float(self.aims(whole)[0] - self.aims(letters)[0]))
