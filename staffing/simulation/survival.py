"""Patience from a call log: most callers were answered before theirs was over."""

import numpy as np
from numpy.typing import NDArray

from forecasting.errors import InputError

Floats = NDArray[np.float64]

DRAWS = 2000
"""Values that stand for the distribution, at evenly spread probabilities."""
FEW = 20
"""With fewer still waiting, the tail is exponential rather than as observed."""


def patience_values(waited: Floats, gave_up: NDArray[np.bool_]) -> Floats:
    """Evenly spread quantiles of the patience of contacts, in seconds.

    The share still waiting is estimated by Kaplan and Meier's product (1958) as long as
    `FEW` contacts wait; beyond that it falls exponentially at the rate of the longer half
    of the waits that were given up: how many gave up after their median, over the time
    waited after it.

    Raises:
        InputError: shapes differ, a time is negative or missing, or nobody gave up.
    """
    if waited.shape != gave_up.shape or waited.ndim != 1 or not waited.size:
        raise InputError(
            "expected a time and whether it was given up for each contact, "
            f"came shapes {waited.shape} and {gave_up.shape}"
        )
    wrong = ~((waited >= 0) & (waited < np.inf))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"expected times of at least 0 s, came {waited[row]:g} in row {row}"
        )
    if not waited[gave_up].sum() > 0:
        raise InputError("expected a contact that gave up after a while, found none")
    moments, staying = _kaplan_meier(waited, gave_up)
    after = float(np.median(waited[gave_up]))
    late = gave_up & (waited > after)
    after, late = (after, late) if late.any() else (0.0, gave_up)
    rate = late.sum() / np.maximum(waited - after, 0).sum()
    return _quantiles(moments, staying, float(rate))


def _kaplan_meier(waited: Floats, gave_up: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Moments at which contacts gave up, and the share still waiting just after each."""
    moments, gone = np.unique(waited[gave_up], return_counts=True)
    at_risk = waited.size - np.searchsorted(np.sort(waited), moments)
    enough = at_risk >= FEW
    moments, gone, at_risk = moments[enough], gone[enough], at_risk[enough]
    return moments, np.cumprod(1 - gone / at_risk).astype(np.float64)


def _quantiles(moments: Floats, staying: Floats, rate: float) -> Floats:
    stays = 1 - (np.arange(DRAWS) + 0.5) / DRAWS
    place = np.searchsorted(-staying, -stays)
    floor = staying[-1] if staying.size else 1.0
    since = float(moments[-1]) if moments.size else 0.0
    tail = since + np.log(np.maximum(floor / stays, 1.0)) / rate
    known = np.append(moments, 0.0)[place]
    return np.where(place < moments.size, known, tail)
