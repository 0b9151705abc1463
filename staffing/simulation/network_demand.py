"""What comes to a network, as the tables its kernel reads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from forecasting.errors import InputError
from staffing.simulation.comers import CONSTANT, Comers
from staffing.simulation.distributions import Distribution
from staffing.simulation.engine import (
    checked_counts,
    checked_rows,
    drawn,
    given_distribution,
)
from staffing.simulation.network_parts import Planned, Queue
from staffing.simulation.outcomes import Floats

LAW = 5
"""Numbers of a law: kind, mean, log-scale spread, first unit value, how many."""


def comers_of(
    queues: Sequence[Queue], replications: int, slot_s: float, exact: bool
) -> Comers:
    """What comes to the queues; times in slots.

    Raises:
        InputError: a number is out of range or of another length; says of which queue.
    """
    expected = _arrivals(queues, replications)
    slots = expected.shape[2]
    planned = [
        _planned(q, queue.name, queue.planned, slots, slot_s)
        for q, queue in enumerate(queues)
    ]
    laws, units = _laws(queues, slot_s)
    handling = [
        _per_slot("handling_factor", q, q.handling_factor, slots) for q in queues
    ]
    allowed = [_per_slot("threshold_s", q, q.threshold_s, slots) for q in queues]
    spread = [
        checked_counts(f"arrival_cv of queue '{q.name}'", [q.arrival_cv], 1)
        for q in queues
    ]
    return Comers(
        expected=expected,
        exact=exact,
        rate_cv=np.concatenate(spread),
        planned=np.concatenate(planned),
        laws=laws,
        units=units,
        slots=np.stack([np.array(handling), np.array(allowed) / slot_s], axis=2),
    )


def _arrivals(queues: Sequence[Queue], replications: int) -> Floats:
    """Expected contacts: replications, or 1 where none differs, x queues x slots."""
    slots, rows = None, []
    for queue in queues:
        name = f"arrivals of queue '{queue.name}'"
        rows.append(checked_rows(name, queue.arrivals, replications, slots))
        slots = rows[0].shape[1]
    return np.ascontiguousarray(np.stack(np.broadcast_arrays(*rows), axis=1))


def _per_slot(name: str, queue: Queue, given: ArrayLike, slots: int) -> Floats:
    return checked_counts(f"{name} of queue '{queue.name}'", given, slots)


def _planned(q: int, name: str, planned: Planned, slots: int, slot_s: float) -> Floats:
    what = f"planned times of queue '{name}'"
    at = checked_counts(what, planned.at_s, empty=True) / slot_s
    if (at > slots).any():
        visit = int(np.argmax(at > slots))
        raise InputError(
            f"expected {what} up to {slots * slot_s:g} s, "
            f"came {at[visit] * slot_s:g} for visit {visit}"
        )
    columns = (
        q,
        at,
        1 - np.asarray(planned.no_show, dtype=np.float64),
        planned.late_s / slot_s,
        planned.sd_s / slot_s,
    )
    rows = np.column_stack([np.broadcast_to(column, at.shape) for column in columns])
    return rows[np.argsort(at, kind="stable")]


def _laws(queues: Sequence[Queue], slot_s: float) -> tuple[Floats, Floats]:
    """The laws of handling, patience and wrap-up of each queue, and their unit values."""
    table, units = np.zeros((len(queues), 3, LAW)), [np.ones(1)]
    size = 1
    for q, queue in enumerate(queues):
        given = (queue.handling_time, queue.patience, queue.wrap_up)
        for role, absent in enumerate((None, np.inf, 0.0)):
            distribution = _distribution(queue.name, given[role], absent)
            if distribution is None:
                table[q, role, :2] = CONSTANT, absent
                continue
            law = drawn(distribution)
            constant = distribution.kind == "lognormal" and distribution.cv == 0
            kind = CONSTANT if constant else law.kind
            table[q, role] = kind, law.mean / slot_s, law.sigma, size, law.units.size
            units.append(law.units)
            size += law.units.size
    return table, np.concatenate(units)


def _distribution(
    name: str, given: float | Distribution | None, absent: float | None
) -> Distribution | None:
    if given is None:
        if absent is None:
            raise InputError(f"queue '{name}': expected a handling time, came none")
        return None
    if absent == 0 and given == 0:
        return None
    try:
        return given_distribution(given)
    except InputError as wrong:
        raise InputError(f"queue '{name}': {wrong}") from wrong
