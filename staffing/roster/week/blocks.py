"""The best blocks of activity for one person in one shift, given all others.

Exact by dynamic programming over block ends: a block shorter than wanted costs its
price unless it fills a whole stretch between breaks.
"""

from dataclasses import dataclass

import numpy as np

from staffing.roster.week.board import IDLE, QUARTERS, Gains, Plan


@dataclass(frozen=True)
class BlockPrice:
    """The shortest wanted block in quarter-hours and the euros a shorter one costs."""

    least: int
    price: float


def best_plan(
    gains: Gains, skills: np.ndarray, quarters: tuple[int, ...], block: BlockPrice
) -> tuple[Plan, float]:
    """The plan of greatest gain, and the price of its short blocks.

    `gains` per skill and quarter-hour as of a board, `skills` the indices of those the
    person has, `quarters` those worked.
    """
    plan = np.full(QUARTERS, IDLE, dtype=np.int64)
    price = 0.0
    if not len(skills):
        return plan, price
    for stretch in _stretches(gains, skills, quarters):
        table = gains[np.ix_(skills, stretch)]
        choice, paid = _best_blocks(table, block)
        plan[stretch] = skills[choice]
        price += paid
    return plan, price


def _stretches(
    gains: Gains, skills: np.ndarray, quarters: tuple[int, ...]
) -> list[np.ndarray]:
    """Runs of worked quarter-hours in which something is open."""
    worked = np.array(quarters, dtype=np.int64)
    busy = worked[np.isfinite(gains[np.ix_(skills, worked)]).any(axis=0)]
    if not len(busy):
        return []
    return np.split(busy, np.flatnonzero(np.diff(busy) > 1) + 1)


def _best_blocks(table: Gains, block: BlockPrice) -> tuple[np.ndarray, float]:
    length = table.shape[1]
    worth, skill = _block_worths(table)
    fine = _penalties(length, block)
    best = np.full(length + 1, -np.inf)
    best[0] = 0.0
    came = np.zeros(length + 1, dtype=np.int64)
    for end in range(1, length + 1):
        scores = best[:end] + worth[:end, end] - fine[:end, end]
        came[end] = int(np.argmax(scores))
        best[end] = scores[came[end]]
    choice = np.zeros(length, dtype=np.int64)
    end = length
    while end > 0:
        choice[came[end] : end] = skill[came[end], end]
        end = int(came[end])
    return choice, price_of_runs(choice, block)


def _block_worths(table: Gains) -> tuple[Gains, np.ndarray]:
    """Worth of the best single activity from i to j, and which that is."""
    closed = np.cumsum(~np.isfinite(table), axis=1)
    sums = np.cumsum(np.where(np.isfinite(table), table, 0.0), axis=1)
    zero = np.zeros((len(table), 1))
    sums, closed = np.hstack([zero, sums]), np.hstack([zero, closed])
    worth = sums[:, None, :] - sums[:, :, None]
    worth = np.where(closed[:, None, :] > closed[:, :, None], -np.inf, worth)
    return worth.max(axis=0), worth.argmax(axis=0)


def _penalties(length: int, block: BlockPrice) -> Gains:
    start, end = np.indices((length + 1, length + 1))
    fine = np.where(end - start < block.least, block.price, 0.0)
    fine[0, length] = 0.0
    return fine


def price_of_runs(choice: np.ndarray, block: BlockPrice) -> float:
    """The price of the short runs of one stretch of work; a single run is free."""
    if not len(choice):
        return 0.0
    edges = np.flatnonzero(np.diff(choice)) + 1
    runs = np.diff(np.concatenate(([0], edges, [len(choice)])))
    short = int((runs < block.least).sum()) if len(runs) > 1 else 0
    return block.price * short
