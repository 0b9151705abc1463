"""Round the linear program to one schedule per person, pricing anew on the way down."""

import time

from staffing.roster.cover.generating import Generator
from staffing.roster.cover.master import Column

SURE = 0.7
"""Schedules with at least this weight are settled at once."""

ROUNDS = 4
"""Rounds of new columns after each settling."""


def dive(generator: Generator, deadline: float) -> list[Column]:
    """Columns, one per person, the weightiest first; not all when time was out."""
    master = generator.master
    settled: dict[int, Column] = {}
    master.solve()
    while len(settled) < len(master.people) and time.monotonic() < deadline:
        chosen = _weightiest(master.weights(), settled)
        if not chosen:
            break
        master.settle(chosen)
        settled |= {each.person: each for each in chosen}
        left = [person for person in master.people if person not in settled]
        generator.refresh(left, ROUNDS, deadline)
    master.settle(list(settled.values()), settled=False)
    return list(settled.values())


def _weightiest(
    weights: dict[Column, float], settled: dict[int, Column]
) -> list[Column]:
    """The columns that are sure, at least the weightiest of those not settled yet."""
    free = {c: w for c, w in weights.items() if c.person not in settled}
    if not free:
        return []
    most = max(free.values())
    found = [c for c, weight in free.items() if weight >= min(most, SURE)]
    return found if most >= SURE else found[:1]
