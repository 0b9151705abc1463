"""Blocks of one activity within a shift, and those that are too short."""

from datetime import datetime

from forecasting.calendar import SLOT
from staffing.roster.instance import Instance
from staffing.roster.result import Assignment


def minimum_block(instance: Instance) -> int:
    """The shortest wanted block of one activity, in quarter-hours."""
    return -(-instance.policy.minimum_block_minutes // 15)


def short_blocks(shift: Assignment, least: int) -> int:
    """Blocks of one activity under `least` quarter-hours that need not be so short.

    A stretch of work that is itself shorter than `least` counts only its changes.
    """
    total = 0
    for stretch in stretches(shift):
        runs = block_lengths(stretch)
        if len(runs) > 1:
            total += sum(length < least for length in runs)
    return total


def stretches(shift: Assignment) -> list[list[str]]:
    """Runs of quarter-hours with an activity, split at breaks and closed ones."""
    found: list[list[str]] = [[]]
    last: datetime | None = None
    for start, skill in shift.moments():
        if last is not None and start != last + SLOT:
            found.append([])
        found[-1].append(skill)
        last = start
    return found


def block_lengths(stretch: list[str]) -> list[int]:
    """Lengths of the runs of one skill."""
    lengths: list[int] = []
    for i, skill in enumerate(stretch):
        if i and skill == stretch[i - 1]:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths
