"""Choose numbers so that the target holds over a day or week, with the fewest people.

Contacts late by number of people are not convex below the offered load, so people are
spent along the lower convex envelope of the true table, where the next person helps most
first, and as many are taken back, one by one, as the true table allows. The envelope
tells how many are needed at least: where more were spent, which takes a table that is not
convex, the true tables are gone through for all numbers of people (a knapsack).
"""

import numpy as np

from staffing.queueing.compiling import compiled, nested

EXACT = 1e-9


@nested
def _envelope(late: np.ndarray) -> np.ndarray:
    """Places of the corners of the lower convex envelope (Andrew's monotone chain)."""
    hull = np.empty(late.size, dtype=np.int64)
    size = 0
    for i in range(late.size):
        while size > 1:
            left, middle = hull[size - 2], hull[size - 1]
            rise = (late[middle] - late[left]) * (i - left)
            if rise < (late[i] - late[left]) * (middle - left):
                break
            size -= 1
        hull[size] = i
        size += 1
    return hull[:size]


@nested
def _steps(
    late: np.ndarray, begins: np.ndarray, low: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Steps along the envelopes: the gain of each person, the slot, and how many people."""
    gain = np.empty(late.size)
    slot = np.empty(late.size, dtype=np.int64)
    people = np.empty(late.size, dtype=np.int64)
    size = 0
    for i in range(low.size):
        part = late[begins[i] + low[i] : begins[i + 1]]
        hull = _envelope(part)
        for j in range(1, hull.size):
            people[size] = hull[j] - hull[j - 1]
            gain[size] = (part[hull[j - 1]] - part[hull[j]]) / people[size]
            slot[size] = i
            size += 1
    return gain[:size], slot[:size], people[:size]


@nested
def _spent(
    late: np.ndarray, begins: np.ndarray, low: np.ndarray, allowed: float
) -> tuple[np.ndarray, float]:
    """People by whole steps of the envelopes, and how many are needed at least."""
    chosen = low.copy()
    total = late[begins[:-1] + low].sum()
    gain, slot, people = _steps(late, begins, low)
    needed = float(low.sum())
    for step in np.argsort(-gain, kind="mergesort"):
        if total <= allowed + EXACT or gain[step] <= 0:
            break
        needed += min(people[step], (total - allowed) / gain[step])
        chosen[slot[step]] += people[step]
        total -= gain[step] * people[step]
    return chosen, needed


@nested
def _take_back(
    chosen: np.ndarray,
    late: np.ndarray,
    begins: np.ndarray,
    low: np.ndarray,
    spare: float,
) -> None:
    """Take people away, who helps least first, as long as the loss can be spared."""
    while True:
        least, which = np.inf, -1
        for i in range(low.size):
            if chosen[i] > low[i]:
                at = begins[i] + chosen[i]
                if late[at - 1] - late[at] < least:
                    least, which = late[at - 1] - late[at], i
        if which < 0 or least > spare:
            return
        chosen[which] -= 1
        spare -= least


@nested
def _knapsack(
    late: np.ndarray, begins: np.ndarray, low: np.ndarray, allowed: float, most: int
) -> np.ndarray:
    """The fewest people above `low`, fewer than `most`; one of -1 where there are none."""
    best = np.full(most, np.inf)
    best[0] = 0.0
    taken = np.zeros((low.size, most), dtype=np.int64)
    for i in range(low.size):
        part = late[begins[i] + low[i] : begins[i + 1]]
        found = np.full(most, np.inf)
        for extra in range(min(part.size, most)):
            for before in range(most - extra):
                if best[before] + part[extra] < found[before + extra]:
                    found[before + extra] = best[before] + part[extra]
                    taken[i, before + extra] = extra
        best = found
    enough = np.flatnonzero(best <= allowed + EXACT)
    if enough.size == 0:
        return np.full(1, -1)
    left, chosen = enough[0], low.copy()
    for i in range(low.size - 1, -1, -1):
        chosen[i] += taken[i, left]
        left -= taken[i, left]
    return chosen


@compiled
def fewest(
    late: np.ndarray, begins: np.ndarray, low: np.ndarray, allowed: float
) -> np.ndarray:
    """People per slot, at least `low`, so that at most `allowed` contacts come late.

    `late` holds contacts late with 0, 1, 2 ... people, slot i from `begins[i]` on. Where
    all people of the table are not enough, all that help.
    """
    chosen, needed = _spent(late, begins, low, allowed)
    spare = allowed + EXACT - late[begins[:-1] + chosen].sum()
    if spare < 0:
        return chosen
    _take_back(chosen, late, begins, low, spare)
    if chosen.sum() - 1 >= needed - EXACT:
        most = chosen.sum() - low.sum()
        better = _knapsack(late, begins, low, allowed, most)
        if better[0] >= 0:
            return better
    return chosen
