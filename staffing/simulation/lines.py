"""Lines of waiting contacts, compiled: who stands, who is first, who leaves.

Who loses patience is found when a line is looked at: of a first-come-first-served line
only the first matters, and when it left is known. A contact that would do something
after it leaves (come again, be called back) stands in the agenda too.
"""

import numpy as np

from staffing.queueing.compiling import stepping
from staffing.simulation.comers import (
    AGAIN,
    ALLOWED,
    AT,
    BEFORE,
    CALL,
    NEXT,
    NOBODY,
    NOT_IN_LINE,
    QUEUE,
    STAYS,
)
from staffing.simulation.heaps import push_event
from staffing.simulation.kernels import ABANDONED, MEASURES, SHORT, WAITED

MOVED = MEASURES
"""Measure of a network besides those of one queue: who was told to be called back."""
NETWORK_MEASURES = MEASURES + 1
ENDS, GIVES_UP, MOVES, RETURNS = range(4)
KINDS = 4
"""An event is its kind and KINDS times whom it concerns: a group (ENDS) or a contact."""
HEAD, TAIL, FINISHES, TO, SHARE, AFTER, CALL_TO, CALL_SHARE, CALL_AFTER = range(9)
"""A queue: the first and the last in line; whether those in line at closing are served;
where who gives up comes again, with what chance, after how long; likewise calls back."""


@stepping
def slot_of(contacts: np.ndarray, row: int, counts: np.ndarray) -> int:
    """The slot in which a contact came; the last one for whatever comes later."""
    last: int = counts.shape[1] - 1
    return min(int(contacts[row, AT]), last)


@stepping
def _count_left(contacts: np.ndarray, row: int, counts: np.ndarray) -> None:
    """Someone gave up when the patience was over."""
    queue, slot = int(contacts[row, QUEUE]), slot_of(contacts, row, counts)
    counts[queue, slot, ABANDONED] += 1
    counts[queue, slot, SHORT] += contacts[row, STAYS] <= contacts[row, ALLOWED]
    counts[queue, slot, WAITED] += contacts[row, STAYS]


@stepping
def unlink(contacts: np.ndarray, lines: np.ndarray, row: int) -> None:
    """Take someone out of line."""
    queue = int(contacts[row, QUEUE])
    before, behind = int(contacts[row, BEFORE]), int(contacts[row, NEXT])
    if before >= 0:
        contacts[before, NEXT] = behind
    else:
        lines[queue, HEAD] = behind
    if behind >= 0:
        contacts[behind, BEFORE] = before
    else:
        lines[queue, TAIL] = before
    contacts[row, NEXT] = NOT_IN_LINE


@stepping
def stand(
    contacts: np.ndarray, agenda: np.ndarray, lines: np.ndarray, row: int
) -> None:
    """Join the line; who will do something on leaving it stands in the agenda too."""
    queue = int(contacts[row, QUEUE])
    last = int(lines[queue, TAIL])
    contacts[row, BEFORE] = last
    contacts[row, NEXT] = NOBODY
    lines[queue, TAIL] = row
    if last >= 0:
        contacts[last, NEXT] = row
    else:
        lines[queue, HEAD] = row
    at, stays = contacts[row, AT], contacts[row, STAYS]
    called = contacts[row, CALL] < lines[queue, CALL_SHARE]
    if called and lines[queue, CALL_AFTER] < stays:
        push_event(agenda, at + lines[queue, CALL_AFTER], MOVES + KINDS * row)
    elif stays < np.inf and contacts[row, AGAIN] < lines[queue, SHARE]:
        push_event(agenda, at + stays, GIVES_UP + KINDS * row)


@stepping
def first_waiting(
    contacts: np.ndarray, lines: np.ndarray, counts: np.ndarray, queue: int, now: float
) -> int:
    """The first in line after those who have left by now; -1 for nobody."""
    row = int(lines[queue, HEAD])
    while row >= 0 and contacts[row, AT] + contacts[row, STAYS] < now:
        _count_left(contacts, row, counts)
        unlink(contacts, lines, row)
        row = int(lines[queue, HEAD])
    return row


@stepping
def leave(
    row: int,
    kind: int,
    now: float,
    contacts: np.ndarray,
    lines: np.ndarray,
    counts: np.ndarray,
) -> bool:
    """Someone still in line gives up, or is told to be called back; whether that is so.

    The contact then holds where it goes next and, as its patience, after how long.
    """
    if contacts[row, NEXT] == NOT_IN_LINE:
        return False
    queue = int(contacts[row, QUEUE])
    unlink(contacts, lines, row)
    if kind == MOVES:
        slot = slot_of(contacts, row, counts)
        counts[queue, slot, MOVED] += 1
        counts[queue, slot, WAITED] += now - contacts[row, AT]
        contacts[row, QUEUE] = lines[queue, CALL_TO]
        contacts[row, STAYS] = 0.0
    else:
        _count_left(contacts, row, counts)
        contacts[row, QUEUE] = lines[queue, TO]
        contacts[row, STAYS] = lines[queue, AFTER]
    contacts[row, AT] = now
    return True


@stepping
def close_lines(contacts: np.ndarray, lines: np.ndarray, counts: np.ndarray) -> None:
    """Who still waits when nothing more happens leaves, or has waited until the end."""
    for queue in range(counts.shape[0]):
        row = first_waiting(contacts, lines, counts, queue, np.inf)
        while row >= 0:
            slot = slot_of(contacts, row, counts)
            wait = max(0.0, counts.shape[1] - contacts[row, AT])
            counts[queue, slot, WAITED] += wait
            unlink(contacts, lines, row)
            row = first_waiting(contacts, lines, counts, queue, np.inf)
