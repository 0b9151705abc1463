"""Random numbers by name: what has the same name and seed is drawn the same.

Two rosters of a week meet the same visitors, and a person who is in both is ill on the
same days: what differs between their outcomes is what differs between the rosters.
"""

from datetime import date
from zlib import crc32

import numpy as np


def stream(seed: int, day: date, *names: str) -> np.random.Generator:
    """The generator of something on a day."""
    return np.random.default_rng(_entropy(seed, day, names))


def seed_of(seed: int, day: date, *names: str) -> int:
    """A seed for what is drawn elsewhere."""
    sequence = np.random.SeedSequence(_entropy(seed, day, names))
    return int(sequence.generate_state(1)[0])


def _entropy(seed: int, day: date, names: tuple[str, ...]) -> list[int]:
    return [seed, day.toordinal(), *(crc32(name.encode()) for name in names)]
