"""Random streams with a name: the same name, seed and day give the same numbers.

So the draws of a series depend neither on which others are asked for beside it, nor on
the period from which they are asked, and series that share a factor share its numbers.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from forecasting.series.panel import FloatArray

IntArray = npt.NDArray[np.int64]
BLOCK = 64
"""Numbers are drawn by blocks of so many clock steps, each with a stream of its own."""


def constant(name: str, seed: int, n: int) -> FloatArray:
    """`n` standard normal numbers, one per draw."""
    return _stream(name, seed, 0).standard_normal(n)


@dataclass(frozen=True)
class Moving:
    """First-order autoregressive noise on a clock of whole steps, of unit variance.

    Every block begins anew one block before it, so its numbers depend on no other.
    """

    seed: int
    n: int
    kept: dict[tuple[str, float, int, int], FloatArray] = field(default_factory=dict)

    def own(self, name: str, next_step: float, clock: IntArray) -> FloatArray:
        """The noise `name` at ascending steps of the clock, of shape (steps, n)."""
        first, last = int(clock[0]) // BLOCK, int(clock[-1]) // BLOCK
        return self._made(name, next_step, first, last)[clock - first * BLOCK]

    def common(self, name: str, next_step: float, clock: IntArray) -> FloatArray:
        """The same noise, kept for the series that read it next."""
        first, last = int(clock[0]) // BLOCK, int(clock[-1]) // BLOCK
        key = (name, next_step, first, last)
        if key not in self.kept:
            self.kept[key] = self._made(*key)
        return self.kept[key][clock - first * BLOCK]

    def _made(self, name: str, next_step: float, first: int, last: int) -> FloatArray:
        blocks = range(first - 1, last + 1)
        size = (self.n, BLOCK)
        fresh = [_stream(name, self.seed, b).standard_normal(size).T for b in blocks]
        steps = np.concatenate([fresh[:-1], fresh[1:]], axis=1)
        rest = np.sqrt(1 - next_step**2)
        for i in range(1, 2 * BLOCK):
            steps[:, i] = next_step * steps[:, i - 1] + rest * steps[:, i]
        return np.asarray(steps[:, BLOCK:].reshape(-1, self.n))


def _stream(name: str, seed: int, block: int) -> np.random.Generator:
    return np.random.default_rng([seed, block % 2**32, *name.encode()])
