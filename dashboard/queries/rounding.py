"""Whole numbers that add up, for tables of parts."""

from collections.abc import Sequence
from math import floor


def whole_parts(parts: Sequence[float], total: int) -> list[int]:
    """The parts rounded so that they add up to a total.

    Each is rounded down, and what is left goes to those that lost most.
    """
    if not parts:
        return []
    down = [floor(part) for part in parts]
    each, more = divmod(total - sum(down), len(parts))
    order = sorted(range(len(parts)), key=lambda i: down[i] - parts[i])
    extra = set(order[:more])
    return [n + each + (i in extra) for i, n in enumerate(down)]
