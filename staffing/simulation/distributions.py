"""How long something lasts: a mean in seconds, a spread and a shape."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.errors import InputError

Kind = Literal["exponential", "lognormal", "empirical"]


@dataclass(frozen=True)
class Distribution:
    """Durations with mean `mean` in seconds and coefficient of variation `cv`.

    `exponential` has cv 1; a `lognormal` of cv 0 is constant; `empirical` draws from
    `values` with replacement: make it with `Distribution.empirical`, or, for patience,
    with `Distribution.survival`.
    """

    mean: float
    cv: float = 1.0
    kind: Kind = "lognormal"
    values: tuple[float, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not 0 < self.mean < np.inf:
            raise InputError(f"expected a mean duration over 0 s, came {self.mean:g}")
        if not 0 <= self.cv < np.inf:
            raise InputError(f"expected cv of at least 0, came {self.cv:g}")
        if self.kind == "exponential" and self.cv != 1:
            raise InputError(f"expected cv 1 of an exponential, came {self.cv:g}")
        if (self.kind == "empirical") != bool(self.values):
            raise InputError(
                "expected values for an empirical distribution and for no other"
            )

    @classmethod
    def exponential(cls, mean: float) -> "Distribution":
        """Durations without memory."""
        return cls(mean, 1.0, "exponential")

    @classmethod
    def empirical(cls, values: ArrayLike) -> "Distribution":
        """Durations as measured, in seconds.

        Raises:
            InputError: no values, a negative one, or all zero.
        """
        measured: NDArray[np.float64] = np.asarray(values, dtype=np.float64).ravel()
        if not measured.size or not (measured >= 0).all() or measured.sum() == 0:
            raise InputError("expected measured durations of at least 0 s, not all 0")
        mean = float(measured.mean())
        cv = float(measured.std() / mean)
        return cls(mean, cv, "empirical", tuple(measured.tolist()))

    @classmethod
    def survival(cls, times: ArrayLike, gave_up: ArrayLike) -> "Distribution":
        """Patience from waits in seconds, and whether each ended because it was over.

        A contact that was answered had at least the patience it waited (it is censored):
        the estimate of Kaplan and Meier with an exponential tail, as drawn values.

        Raises:
            InputError: lengths differ, a time is negative or missing, or nobody gave up.
        """
        from staffing.simulation.survival import patience_values

        waited = np.asarray(times, dtype=np.float64)
        return cls.empirical(patience_values(waited, np.asarray(gave_up, dtype=bool)))
