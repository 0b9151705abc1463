"""Who of the people rostered is at work: drawn per person, day, hour and moment."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from staffing.standards import Shrinkage

SLOTS_PER_HOUR = 4


def drawn_presence(
    shrinkage: Mapping[str, Shrinkage],
    people: int,
    slots: int,
    replications: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """How many of the first 0, 1, 2 ... people are at work: (replications, people + 1, slots).

    Each is away by herself: for the day, for hours of it, or for single slots, and over
    the replications as often as the share says, so that few of them tell much.
    """
    there = np.ones((replications, people, slots), dtype=bool)
    spans = {"day": slots, "hour": SLOTS_PER_HOUR, "moment": 1}
    for kind in shrinkage.values():
        span = max(spans[kind.per], 1)
        drawn = _strata(replications, (people, -(-slots // span)), rng) >= kind.share
        there &= np.repeat(drawn, span, axis=2)[:, :, :slots]
    counts = np.zeros((replications, people + 1, slots), dtype=np.int64)
    np.cumsum(there, axis=1, out=counts[:, 1:])
    return counts


def _strata(
    replications: int, shape: tuple[int, int], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Uniform draws of which each place has one in every equal part (Latin hypercube)."""
    part = np.broadcast_to(
        np.arange(replications)[:, None, None], (replications, *shape)
    )
    drawn: NDArray[np.float64] = rng.permuted(part, axis=0) + rng.random(part.shape)
    return drawn / replications
