"""Several threads walk at once, each among its own people and its own days."""

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from staffing.roster.cover.board import Board, Desk, Plan
from staffing.roster.cover.searching import Incumbent
from staffing.roster.cover.walking import seed_walk, walk
from staffing.roster.lawful.frame import Ints

WIDEST = 21
"""Days of the widest window."""

MOST = 400
"""Labels a day in a window."""

SHORTEST = 14
"""Days that each thread has at least; with fewer days, one thread walks alone."""


@dataclass(frozen=True)
class Cooling:
    """Heat in euros from the beginning of an annealing to its end."""

    hot: float
    cold: float

    def at(self, part: float) -> float:
        """The heat when a part of the time has gone."""
        return float(self.hot * (self.cold / self.hot) ** min(part, 1.0))


def cooling(board: Board) -> Cooling:
    """From the size of the small costs: those of wishes, or of one head too many."""
    own = board.own[np.isfinite(board.own) & (board.own > 0)]
    steps = board.step[board.step > 0]
    small = [float(np.median(costs)) for costs in (own, steps) if costs.size]
    middle = max(small, default=1.0)
    return Cooling(2 * middle, 0.1 * middle)


def stroll(
    board: Board,
    best: Incumbent,
    desks: Sequence[Desk],
    pool: Executor,
    deadline: float,
    heat: Cooling,
    draw: np.random.Generator,
) -> int:
    """Anneal from the best roster until the deadline; how many turns of all threads."""
    plan, value, turns = best.copy(), best.value, 0
    begun, rounds = time.monotonic(), 20
    everybody = np.arange(plan.shift.shape[0])
    while (now := time.monotonic()) < deadline:
        warmth = heat.at((now - begun) / (deadline - begun))
        parts = _parts(plan, len(desks), draw)
        jobs = [
            pool.submit(
                _walk, board, plan, people, days, warmth, rounds, desk, int(seed)
            )
            for (people, days), desk, seed in zip(
                parts, desks, draw.integers(1 << 30, size=len(desks)), strict=False
            )
        ]
        value += sum(job.result() for job in jobs)
        if value < best.value - 1e-7:
            best.take(everybody.tolist(), plan.shift)
        spent = time.monotonic() - now
        rounds = max(10, int(rounds * min(2.0, 0.25 / max(spent, 1e-3))))
        turns += 1
    return turns


def _parts(
    plan: Plan, threads: int, draw: np.random.Generator
) -> list[tuple[Ints, tuple[int, int]]]:
    """People and days for each thread, neither of them shared."""
    people, days = plan.shift.shape
    if threads * SHORTEST > days or threads > people:
        return [(np.arange(people), (0, days - 1))]
    groups = np.array_split(draw.permutation(people), threads)
    room = days - threads * SHORTEST
    cuts = np.sort(draw.integers(0, room + 1, threads - 1)) + SHORTEST * np.arange(
        1, threads
    )
    edges = [0, *cuts.tolist(), days]
    spans = [(edges[i], edges[i + 1] - 1) for i in range(threads)]
    return list(zip(groups, spans, strict=True))


def _walk(
    board: Board,
    plan: Plan,
    people: Ints,
    days: tuple[int, int],
    warmth: float,
    rounds: int,
    desk: Desk,
    seed: int,
) -> float:
    seed_walk(seed)
    heat = (warmth, warmth)
    return walk(board, plan, people, days, heat, WIDEST, MOST, rounds, desk)
