"""An agenda: a binary heap of moments, each with a number that says what happens then.

An agenda is an array of places x 2. Place 0 holds the size, place 1 the first event, and
below place i stand 2i and 2i + 1. An empty agenda has its first moment at infinity.
"""

import numpy as np

from staffing.queueing.compiling import compiled, stepping

MOMENT, EVENT = range(2)


@compiled
def empty_agenda(room: int) -> np.ndarray:
    """An agenda with room for so many events."""
    agenda = np.empty((room + 2, 2))
    agenda[0, MOMENT] = 0
    agenda[1, MOMENT] = np.inf
    return agenda


@stepping
def push_event(agenda: np.ndarray, moment: float, event: int) -> None:
    """Add an event; there must be room for it."""
    place = int(agenda[0, MOMENT]) + 1
    agenda[0, MOMENT] = place
    while place > 1 and agenda[place >> 1, MOMENT] > moment:
        agenda[place, MOMENT] = agenda[place >> 1, MOMENT]
        agenda[place, EVENT] = agenda[place >> 1, EVENT]
        place >>= 1
    agenda[place, MOMENT] = moment
    agenda[place, EVENT] = event


@stepping
def pop_event(agenda: np.ndarray) -> int:
    """Take the first event out and return it."""
    first, size = int(agenda[1, EVENT]), int(agenda[0, MOMENT])
    moment, event = agenda[size, MOMENT], agenda[size, EVENT]
    place, below = 1, 2
    while below < size:
        if below + 1 < size and agenda[below + 1, MOMENT] < agenda[below, MOMENT]:
            below += 1
        if agenda[below, MOMENT] >= moment:
            break
        agenda[place, MOMENT] = agenda[below, MOMENT]
        agenda[place, EVENT] = agenda[below, EVENT]
        place, below = below, 2 * below
    agenda[place, MOMENT] = moment if size > 1 else np.inf
    agenda[place, EVENT] = event
    agenda[0, MOMENT] = size - 1
    return first
