"""Offered load: how many would be served at once if nobody had to wait, slot by slot.

After Eick, Massey and Whitt (1993): with contacts at rate `r(t)` and handling times S,
`m(t) = integral of r(t - u) P(S > u) du`. A hall opens empty and fills; work that outlasts
its slot is asked for in the slots in which it is done, once; what outlasts closing has no
slot and is told by `still_there`. Rates are constant within a slot, so all integrals are
partial moments of S, in closed form.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Shape = Literal["lognormal", "exponential"]

ALL_BUT = 1e-9
"""Erlang still to come at which the rest of a load is left out."""


@dataclass(frozen=True)
class Handling:
    """Handling times per slot of arrival: means in seconds, spreads and a shape."""

    mean_s: Floats
    cv: Floats
    shape: Shape = "lognormal"

    def _parts(self, x: float | Floats) -> tuple[Floats, Floats, Floats]:
        """P(S >= x), E[S; S < x] and E[S^2; S < x]."""
        if self.shape == "exponential":
            rest = np.exp(-x / self.mean_s)
            first = self.mean_s - (x + self.mean_s) * rest
            return rest, first, 2 * self.mean_s * first - x**2 * rest
        sigma = np.maximum(np.sqrt(np.log1p(self.cv**2)), 1e-9)
        z = (np.log(np.maximum(x, 1e-300) / self.mean_s) + sigma**2 / 2) / sigma
        first = self.mean_s * ndtr(z - sigma)
        return (
            ndtr(-z),
            first,
            self.mean_s**2 * (1 + self.cv**2) * ndtr(z - 2 * sigma),
        )

    def spent(self, x: float | Floats) -> Floats:
        """Mean time spent on a contact within x seconds of its arrival, E[min(S, x)]."""
        rest, first, _ = self._parts(x)
        return first + x * rest

    def spent_since(self, x: float | Floats) -> Floats:
        """The integral of `spent` from 0 to x."""
        rest, first, second = self._parts(x)
        return x * first - second / 2 + x**2 / 2 * rest


def offered_load(
    contacts: Floats, handling: Handling, opening: NDArray[np.int64], slot_s: float
) -> Floats:
    """Mean load in Erlang per slot; `opening` numbers the stretches that begin empty.

    Slots of one opening stand together, in order.
    """
    load = np.zeros(contacts.size)
    if not contacts.size:
        return load
    rate = contacts / slot_s
    before = np.zeros(contacts.size)
    now, lag = before, 0
    last = np.bincount(opening).max()
    while lag < last:
        after = handling.spent_since((lag + 1) * slot_s)
        part = rate * (after - 2 * now + before) / slot_s
        if lag == 0:
            part = rate * after / slot_s
        here = opening[lag:] == opening[: opening.size - lag]
        load[lag:] += np.where(here, part[: opening.size - lag], 0)
        if part.max(initial=0) < ALL_BUT:
            break
        before, now, lag = now, after, lag + 1
    return np.maximum(load, 0)


def still_there(
    contacts: Floats, handling: Handling, slot_s: float, later_s: Floats
) -> Floats:
    """Mean number still being served so many seconds after the last of these slots."""
    rate = contacts / slot_s
    age = np.arange(contacts.size)[::-1] * slot_s
    there = [
        rate @ (handling.spent(age + later + slot_s) - handling.spent(age + later))
        for later in later_s
    ]
    return np.maximum(np.array(there), 0)
