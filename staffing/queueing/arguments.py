"""Check what callers hand to the formulas and bring it to one shape."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.errors import InputError

Floats = NDArray[np.float64]

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Range:
    """The numbers an argument may hold, between `low` and `high`."""

    low: float
    high: float = np.inf
    open_low: bool = False
    open_high: bool = False

    def holds(self, values: Floats) -> NDArray[np.bool_]:
        """Which values lie within; not-a-number never does."""
        above = values > self.low if self.open_low else values >= self.low
        below = values < self.high if self.open_high else values <= self.high
        return above & below

    def __str__(self) -> str:
        left, right = "(" if self.open_low else "[", ")" if self.open_high else "]"
        return f"{left}{self.low:g}, {self.high:g}{right}"


RANGES = {
    "arrivals_per_hour": Range(0, open_high=True),
    "handling_time_s": Range(0, open_high=True),
    "agents": Range(0, open_high=True),
    "threshold_s": Range(0),
    "patience_s": Range(0, open_low=True),
    "target": Range(0, 1, open_low=True, open_high=True),
    "arrival_cv": Range(0, open_high=True),
}


def broadcast(**arguments: ArrayLike) -> dict[str, Floats]:
    """Check each argument against its range and broadcast all to one shape.

    Raises:
        InputError: a value is out of range or missing, or shapes do not agree.
    """
    arrays = {name: _checked(name, given) for name, given in arguments.items()}
    try:
        shaped = np.broadcast_arrays(*arrays.values())
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise InputError(
            f"expected arguments of shapes that broadcast, came {shapes}"
        ) from None
    result = dict(zip(arrays, shaped, strict=True))
    _refuse_work_without_time(result)
    return result


def _checked(name: str, given: ArrayLike) -> Floats:
    try:
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"expected numbers for {name}, came {given!r:.60}") from None
    wrong = values[~RANGES[name].holds(values)]
    if wrong.size:
        raise InputError(f"expected {name} within {RANGES[name]}, came {wrong[0]:g}")
    return values


def _refuse_work_without_time(arrays: dict[str, Floats]) -> None:
    idle = (arrays["arrivals_per_hour"] > 0) & (arrays["handling_time_s"] == 0)
    if idle.any():
        raise InputError("expected handling_time_s over 0 where there are arrivals")
