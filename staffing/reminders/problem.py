"""The mailing problem as numbers, and what a set of letters costs, without a solver."""

from dataclasses import dataclass

import numpy as np

from staffing.reminders.moving import Columns
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import FloatArray, IntArray

ROUNDING_ROOM = 0.005


@dataclass(frozen=True)
class MailingProblem:
    """Letters per column (cohort and mailing week) that make load cheapest.

    `before`, `spread` and `capacity` are hours per week of the plan; `available` is the
    number of documents per cohort that may get a letter.
    """

    columns: Columns
    available: IntArray
    before: FloatArray
    spread: FloatArray
    capacity: FloatArray
    policy: MailingPolicy

    @property
    def ceiling(self) -> FloatArray:
        """Most expected hours allowed per week: the busiest week never gets busier.

        Just below the peak some room is kept free for rounding to whole letters; a
        week that is already there may stay as it is.
        """
        highest = (1.0 - ROUNDING_ROOM) * self.before.max()
        ceiling: FloatArray = np.maximum(self.before, highest)
        return ceiling

    def after(self, letters: FloatArray) -> FloatArray:
        """Expected hours per week with these letters."""
        return self.before + self.columns.moved @ letters

    def cost(self, letters: FloatArray) -> float:
        """Price in euros: hours above each step of load, the peak, the letters."""
        load = self.after(letters)
        upper = load + self.spread
        steps = sum(
            step.price * np.maximum(0.0, upper - step.above * self.capacity).sum()
            for step in self.policy.load_step
        )
        peak = self.policy.price_peak_hour * load.max()
        return float(steps + peak + self.policy.price_letter * letters.sum())

    def allows(self, letters: FloatArray) -> bool:
        """Whether the letters are worth their price and make no peak higher."""
        unmailed = np.zeros(len(letters))
        worth = self.cost(letters) < self.cost(unmailed)
        return worth and bool(self.after(letters).max() <= self.before.max())
