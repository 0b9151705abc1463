"""Who does what per quarter-hour at one location on one day, and what one more buys."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from staffing.roster.instance import Instance
from staffing.roster.week.curves import marginal_gains, slot_costs

QUARTERS = 96
IDLE = -1
"""The activity of a quarter-hour in which none is open."""

SPARE = 1e-3
"""Worth of surplus deferrable work: idle hands go there, not where they buy nothing."""

Plan = NDArray[np.int64]
"""Index of a skill per quarter-hour of the day; IDLE elsewhere."""

Gains = NDArray[np.float64]


@dataclass
class Board:
    """Counts per skill and quarter-hour with their costs; plans are added and taken.

    `levels[s, q, n]` is the convex cost of n people, `counts[s, q]` the people now.
    `ceilings` are indices of skills with the number of desks that they share.
    """

    skills: tuple[str, ...]
    is_open: NDArray[np.bool_]
    levels: Gains
    counts: NDArray[np.int64]
    waits: NDArray[np.bool_]
    required: NDArray[np.int64]
    price_waiting: float
    ceilings: tuple[tuple[tuple[int, ...], int], ...] = ()

    def move(self, plan: Plan, sign: int) -> None:
        """Add a plan (1) or take one away (-1)."""
        busy = np.flatnonzero(plan != IDLE)
        np.add.at(self.counts, (plan[busy], busy), sign)

    def cost(self) -> float:
        """Euros of late contacts and shortage of the day, by the convex curves."""
        top = self.levels.shape[2] - 1
        at = np.minimum(self.counts, top)[:, :, None]
        slots = np.take_along_axis(self.levels, at, axis=2).sum()
        return float(slots + self.price_waiting * self._left().sum())

    def _left(self) -> NDArray[np.int64]:
        """Deferrable quarter-hours still to be done, per skill."""
        left = self.required - self.counts.sum(axis=1)
        return np.where(self.waits, np.maximum(left, 0), 0)

    def gains(self) -> Gains:
        """Euros that one more saves per skill and quarter-hour; closed or full: -inf."""
        top = self.levels.shape[2] - 1
        here = np.minimum(self.counts, top)[:, :, None]
        after = np.minimum(here + 1, top)
        saved = np.take_along_axis(self.levels, here, axis=2) - np.take_along_axis(
            self.levels, after, axis=2
        )
        table = saved[:, :, 0]
        # A shift of work closes at most its own length of what is left.
        share = np.minimum(self._left() / 16, 1.0)
        worth = self.price_waiting * share + SPARE
        table = np.where(self.waits[:, None], worth[:, None], table)
        return np.where(self.is_open & ~self._full(), table, -np.inf)

    def _full(self) -> NDArray[np.bool_]:
        """Where every desk of a skill is taken."""
        full = np.zeros(self.counts.shape, dtype=bool)
        for skills, most in self.ceilings:
            rows = list(skills)
            full[rows] |= self.counts[rows].sum(axis=0) >= most
        return full


def open_board(instance: Instance, location: str, day: date) -> Board:
    """An empty board of a location on a day."""
    keys = [k for k in sorted(instance.slots) if k[0] == location and k[2] == day]
    skills = tuple(skill for _, skill, _ in keys)
    curves = [
        {q: slot_costs(d, instance.policy) for q, d in instance.slots[key].items()}
        for key in keys
    ]
    top = max((len(c) for slots in curves for c in slots.values()), default=1)
    shape = (len(keys), QUARTERS)
    levels, is_open = np.zeros((*shape, top)), np.zeros(shape, dtype=bool)
    waits = np.zeros(len(keys), dtype=bool)
    required = np.zeros(len(keys), dtype=np.int64)
    for s, key in enumerate(keys):
        for q, demand in instance.slots[key].items():
            is_open[s, q] = True
            required[s] += demand.required
            waits[s] = waits[s] or demand.deferrable
            if not demand.deferrable:
                costs = curves[s][q]
                saved = np.cumsum(marginal_gains(costs))
                levels[s, q] = np.pad(
                    costs[0] - np.concatenate(([0.0], saved)),
                    (0, top - len(costs)),
                    mode="edge",
                )
    return Board(
        skills=skills,
        is_open=is_open,
        levels=levels,
        counts=np.zeros(shape, dtype=np.int64),
        waits=waits,
        required=required,
        price_waiting=instance.policy.price_short_deferrable_quarter,
        ceilings=tuple(
            (tuple(i for i, skill in enumerate(skills) if skill in c.skills), c.people)
            for c in instance.ceilings
            if (c.location, c.day) == (location, day)
        ),
    )
