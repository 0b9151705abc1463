"""A day's places get their times: in quiet hours, between opening and closing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from staffing.agenda.booking import Floats
from staffing.agenda.problem import Product
from staffing.agenda.room import DayRoom

ENOUGH = 1 - 1e-9


@dataclass(frozen=True)
class Laid:
    """Places of a day: product and first cell of each; `full`: what left none for more.

    `missing` counts per product the places that found no room.
    """

    places: tuple[tuple[int, int], ...]
    missing: tuple[int, ...]
    full: str | None = None


def lay(
    room: DayRoom,
    products: Sequence[Product],
    numbers: Sequence[int],
    booked: Sequence[int],
) -> Laid:
    """Give each place of a day the quietest time that holds it, longest places first.

    The quietest is where most people are left over the whole length of the place, of
    equal ones the earliest. Visits `booked` already are there whatever the room.
    """
    desk = _Desk(room)
    places: list[tuple[int, int]] = []
    missing = [0] * len(products)
    full = None
    order = sorted(range(len(products)), key=lambda p: (-products[p].minutes, p))
    for p in order:
        for i in range(numbers[p]):
            cell = desk.take(products[p], forced=i < booked[p])
            if isinstance(cell, str):
                missing[p], full = numbers[p] - i, full or cell
                break
            places.append((p, cell))
    return Laid(tuple(sorted(places, key=lambda place: place[::-1])), tuple(missing), full)


class _Desk:
    """What is left of a day's room while its places are laid."""

    def __init__(self, room: DayRoom) -> None:
        self.room = room
        self.people = {skill: left.copy() for skill, left in room.people.items()}
        self.desks = room.desks.copy()
        self.hours = dict(room.hours)
        self.applications = room.applications

    def take(self, product: Product, *, forced: bool) -> int | str:
        """The first cell of a place for a product, or the limit that leaves none."""
        skill = product.skill
        if skill not in self.people:
            return "opening"
        size = product.minutes // self.room.cell_minutes
        people = self._least(self.people[skill], size)
        is_open = ~np.isnan(people)
        if not is_open.any():
            return "opening"
        free = np.where(is_open, np.minimum(people, self._least(self.desks, size)), -np.inf)
        if not forced and (limit := self._limit(product, people, free)):
            return limit
        first = int(np.argmax(free))
        self.people[skill][first : first + size] -= 1
        self.desks[first : first + size] -= 1
        self.hours[skill] -= product.hours
        self.applications -= product.orders
        return first

    def _limit(self, product: Product, people: Floats, free: Floats) -> str | None:
        if product.orders and self.applications < ENOUGH:
            return "applications"
        if self.hours[product.skill] < product.hours * ENOUGH:
            return "staff"
        if free.max() >= ENOUGH:
            return None
        return "desks" if np.nanmax(people) >= ENOUGH else "staff"

    @staticmethod
    def _least(left: Floats, size: int) -> Floats:
        """The least that is left over `size` cells from each on; NaN: shut in one."""
        if size > left.size:
            return np.full(1, np.nan)
        return np.asarray(sliding_window_view(left, size).min(axis=1))
