"""What closing time finds: people still being served, and when the hall is empty.

In a queue with enough people those still being served y after closing are Poisson with
mean m(y) (`offered.still_there`), so the hall is empty by then with chance exp(-m(y)).
Who is still waiting at closing comes on top: with a target met those are few.
"""

import numpy as np
import polars as pl

from staffing.requirement.offered import Handling, still_there
from staffing.requirement.queue import SLOT_S, Queue
from staffing.requirement.rates import Floats

LATER_S = np.concatenate(
    [np.arange(0, 1800, 60.0), np.arange(1800, 8 * 3600 + 1, 300.0)]
)
USUALLY = 0.9


def at_closing(queues: list[Queue]) -> pl.DataFrame:
    """Per location, skill and day what is left after the last slot, as `Closing`."""
    rows = []
    for queue in queues:
        ends = np.flatnonzero(np.append(np.diff(queue.day) != 0, True))
        for end in ends:
            told = queue.keys.row(int(end), named=True)
            keys = {name: told[name] for name in ("location", "skill", "day")}
            rows.append(keys | _left(queue, int(end)))
    schema = {"location": pl.String, "skill": pl.String, "day": pl.Date}
    schema |= dict.fromkeys(["there", "minutes", "minutes_q90"], pl.Float64)
    return pl.DataFrame(rows, schema=schema).sort("location", "skill", "day")


def _left(queue: Queue, end: int) -> dict[str, float]:
    """Of the stretch that ends with a slot."""
    first = int(np.searchsorted(queue.opening, queue.opening[end]))
    part = slice(first, end + 1)
    handling = Handling(queue.handling_s[part], queue.handling_cv[part])
    there = still_there(queue.offered[part], handling, SLOT_S, LATER_S)
    return {
        "there": float(there[0]),
        "minutes": float(np.trapezoid(-np.expm1(-there), LATER_S)) / 60,
        "minutes_q90": _first_below(there, -np.log(USUALLY)) / 60,
    }


def _first_below(there: Floats, level: float) -> float:
    """Seconds after which the number left is at most that, between the times told."""
    return float(np.interp(-level, -there, LATER_S)) if there[0] > level else 0.0
