"""Round the linear program to one schedule per person, pricing anew on the way down."""

import math
import time

from staffing.roster.cover.generating import Generator
from staffing.roster.cover.master import LITTLE, Column

SURE = 0.7
"""Schedules with at least this weight are settled at once."""

ROUNDS = 4
"""Rounds of new columns after each settling."""


def dive(generator: Generator, deadline: float) -> list[Column]:
    """Columns, one per person, the weightiest first; not all when time was out.

    So many are settled at a time that the last is before the deadline.
    """
    master = generator.master
    settled: dict[int, Column] = {}
    master.solve()
    spent = 0.0
    while len(settled) < len(master.people) and time.monotonic() < deadline:
        begun = time.monotonic()
        steps = max(1.0, (deadline - begun) / max(spent, LITTLE))
        least = math.ceil((len(master.people) - len(settled)) / steps)
        chosen = _weightiest(master.weights(), settled, least)
        if not chosen:
            break
        master.settle(chosen)
        settled |= {each.person: each for each in chosen}
        left = [person for person in master.people if person not in settled]
        generator.refresh(left, ROUNDS, deadline)
        spent = max(spent, time.monotonic() - begun)
    master.settle(list(settled.values()), settled=False)
    return list(settled.values())


def _weightiest(
    weights: dict[Column, float], settled: dict[int, Column], least: int
) -> list[Column]:
    """The columns that are sure, and at least so many people's weightiest."""
    best: dict[int, tuple[float, Column]] = {}
    for each, weight in weights.items():
        if each.person not in settled and weight > best.get(each.person, (0.0,))[0]:
            best[each.person] = weight, each
    ordered = sorted(best.values(), key=lambda pair: -pair[0])
    sure = sum(weight >= SURE for weight, _ in ordered)
    return [each for _, each in ordered[: max(sure, least)]]
