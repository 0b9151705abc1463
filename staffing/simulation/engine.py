"""Simulate one queue with staff that changes by the slot."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.errors import InputError
from staffing.simulation.distributions import Distribution
from staffing.simulation.outcomes import Floats, Simulation

if TYPE_CHECKING:
    from staffing.simulation.kernels import Duration


@dataclass(frozen=True)
class Arrivals:
    """How contacts come beside their expected counts per slot.

    `booked` are expected visits by appointment per slot: as many as planned, spread over
    the slot. `arrival_cv` is the spread of one gamma factor on the other counts, drawn
    once per replication: a busy day is busy all day. `exact` takes the counts as known
    rather than as means of Poisson counts (a part count comes with that chance).
    """

    booked: ArrayLike | None = None
    arrival_cv: float = 0.0
    exact: bool = False


POISSON = Arrivals()


def simulate(
    arrivals: ArrayLike,
    agents: ArrayLike,
    handling_time: float | Distribution,
    patience: float | Distribution | None = None,
    *,
    slot_s: float,
    threshold_s: float,
    replications: int,
    seed: int,
    handling_factor: ArrayLike | None = None,
    pattern: Arrivals = POISSON,
) -> Simulation:
    """Simulate a stretch of slots in which the first begins and the last ends empty.

    `arrivals` are expected counts per slot, `agents` people per slot: 2.4 is 2 people
    and a third for the first 0.4 of the slot. Both, and `handling_factor` and the booked
    visits, may be replications x slots: then each replication has its own. A number for
    `handling_time` or `patience` is an exponential mean in seconds, no patience is all
    the patience in the world. `handling_factor` scales the handling time of contacts that
    arrive in a slot. Contacts that came before closing are served by those then present.

    Raises:
        InputError: lengths differ, a count is negative or missing, or people are fewer
            than none.
    """
    from staffing.simulation.kernels import Day, live_all

    runs = at_least_one(replications)
    expected = checked_rows("arrivals", arrivals, runs)
    size = expected.shape[1]
    staff = checked_rows("agents", agents, runs, size)
    service = given_distribution(handling_time)
    factor = 1.0 if handling_factor is None else handling_factor
    booked = 0.0 if pattern.booked is None else pattern.booked
    times, levels = staircase(staff, slot_s)
    day = Day(
        slot_s=float(slot_s),
        expected=expected,
        booked=checked_rows("booked", booked, runs, size),
        handling=service.mean * checked_rows("handling_factor", factor, runs, size),
        times=times,
        levels=levels,
        exact=pattern.exact,
        arrival_cv=float(pattern.arrival_cv),
        threshold_s=float(threshold_s),
    )
    seeds = np.random.SeedSequence(seed).generate_state(runs)
    waits = drawn(None if patience is None else given_distribution(patience))
    counts = live_all(seeds, day, drawn(service), waits)
    return Simulation.of_counts(counts, staff * slot_s)


def checked_rows(
    name: str, given: ArrayLike, replications: int, slots: int | None = None
) -> Floats:
    """Numbers of at least 0 per slot: one row for all replications, or a row for each.

    One number alone holds for each of `slots`.

    Raises:
        InputError: rows are not one or `replications`, slots not `slots`, or a number is
            negative or missing.
    """
    values = np.asarray(given, dtype=np.float64)
    if values.ndim < 2:
        return checked_counts(name, values, slots)[None, :]
    wanted = (replications, slots or values.shape[1])
    if values.shape != wanted or not values.size:
        raise InputError(
            f"expected {name} for {wanted[1]} slots, or for {wanted[0]} replications x "
            f"{wanted[1]} slots, came shape {values.shape}"
        )
    wrong = ~((values >= 0) & (values < np.inf))
    if wrong.any():
        row, slot = np.argwhere(wrong)[0]
        raise InputError(
            f"expected {name} of at least 0, came {values[row, slot]:g} in slot {slot} "
            f"of replication {row}"
        )
    return values


def checked_counts(
    name: str, given: ArrayLike, size: int | None = None, *, empty: bool = False
) -> Floats:
    """Numbers of at least 0, one per slot; one alone holds for each of `size`.

    Raises:
        InputError: not one row, of another length, negative or missing.
    """
    values = np.asarray(given, dtype=np.float64)
    values = np.full(size, values) if size and values.ndim == 0 else values
    if (
        values.ndim != 1
        or not (values.size or empty)
        or size not in (None, values.size)
    ):
        wanted = f"{size} slots" if size else "one row of slots"
        raise InputError(f"expected {name} for {wanted}, came shape {values.shape}")
    wrong = ~((values >= 0) & (values < np.inf))
    if wrong.any():
        slot = int(np.argmax(wrong))
        raise InputError(
            f"expected {name} of at least 0, came {values[slot]:g} in slot {slot}"
        )
    return values


def at_least_one(replications: int) -> int:
    """The number of replications, which must be at least 1."""
    if replications < 1:
        raise InputError(f"expected at least 1 replication, came {replications}")
    return replications


def given_distribution(given: float | Distribution) -> Distribution:
    """A distribution as it is; a mean in seconds as an exponential one."""
    return given if isinstance(given, Distribution) else Distribution.exponential(given)


def staircase(staff: Floats, slot_s: float) -> tuple[Floats, NDArray[np.int64]]:
    """When how many people are present, a row per row of `staff` (rows x slots).

    A part person is there first, then leaves: two steps per slot.
    """
    whole = np.floor(staff + 1e-9)
    part = np.maximum(staff - whole, 0)
    starts = np.broadcast_to(np.arange(staff.shape[1]) * float(slot_s), staff.shape)
    times = np.stack([starts, starts + part * slot_s], axis=2)
    levels = np.stack([whole + (part > 1e-9), whole], axis=2)
    rows = staff.shape[0]
    return times.reshape(rows, -1), levels.reshape(rows, -1).astype(np.int64)


def drawn(distribution: Distribution | None) -> "Duration":
    """A distribution as the kernel draws it; none is infinitely long."""
    from staffing.simulation.kernels import EMPIRICAL, EXPONENTIAL, LOGNORMAL, Duration

    if distribution is None:
        return Duration(EXPONENTIAL, np.inf, 0.0, np.ones(1))
    kinds = {
        "exponential": EXPONENTIAL,
        "lognormal": LOGNORMAL,
        "empirical": EMPIRICAL,
    }
    units = np.asarray(distribution.values or (1.0,)) / (
        distribution.mean if distribution.values else 1.0
    )
    sigma = float(np.sqrt(np.log1p(distribution.cv**2)))
    return Duration(kinds[distribution.kind], float(distribution.mean), sigma, units)
