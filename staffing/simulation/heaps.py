"""An agenda: a binary heap of moments, each with a number that says what happens then."""

from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import inlined


class Agenda(NamedTuple):
    """Moments and events as a heap, the first at place 0; `size[0]` of them."""

    moments: np.ndarray
    events: np.ndarray
    size: np.ndarray


@inlined
def push_event(agenda: Agenda, moment: float, event: int) -> None:
    """Add an event; there must be room for it."""
    moments, events = agenda.moments, agenda.events
    child = agenda.size[0]
    while child > 0 and moments[(child - 1) // 2] > moment:
        moments[child] = moments[(child - 1) // 2]
        events[child] = events[(child - 1) // 2]
        child = (child - 1) // 2
    moments[child] = moment
    events[child] = event
    agenda.size[0] += 1


@inlined
def pop_event(agenda: Agenda) -> None:
    """Take the first event out."""
    moments, events = agenda.moments, agenda.events
    size = agenda.size[0] - 1
    agenda.size[0] = size
    moment, event = moments[size], events[size]
    parent, child = 0, 1
    while child < size:
        if child + 1 < size and moments[child + 1] < moments[child]:
            child += 1
        if moments[child] >= moment:
            break
        moments[parent] = moments[child]
        events[parent] = events[child]
        parent, child = child, 2 * child + 1
    moments[parent] = moment
    events[parent] = event
