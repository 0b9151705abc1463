"""Where every document of a stock went, with no count told that is too small."""

from collections.abc import Mapping

import numpy as np

from staffing.reminders.batches.disclosure import Sum, hidden


def told_whereabouts(
    counts: Mapping[str, int], *, small_cell: int
) -> dict[str, int | None]:
    """Documents per fate; None where the number is small, or would tell a small one.

    Their sum is told beside them, so a small number is never left out alone. That there
    are none of a fate is no secret.
    """
    names = [name for name, count in counts.items() if count > 0]
    few = np.array([counts[name] for name in names], dtype=np.int64)
    every = np.append(few, few.sum())
    whole = Sum(len(names), tuple(range(len(names))))
    prices = np.append((1 + few).astype(np.float64), 1e12)
    left_out = hidden(every, [whole], small_cell, prices) if names else every > 0
    small = {name for name, out in zip(names, left_out, strict=False) if out}
    return {name: None if name in small else count for name, count in counts.items()}
