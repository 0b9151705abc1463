"""A day's places get their times: in quiet hours, between opening and closing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.agenda.problem import Product
from staffing.agenda.room import DayRoom

LIMITS = ("opening", "applications", "staff", "desks")
"""What may leave no room for a place, in the order of the kernel's numbers."""


@dataclass(frozen=True)
class Laid:
    """Places of a day: product and first cell of each.

    `missing` counts per product the places that found no room, `limits` names what left
    none for the first of them.
    """

    places: tuple[tuple[int, int], ...]
    missing: tuple[int, ...]
    limits: tuple[str | None, ...]

    def reason(self, product: int) -> str:
        """What leaves no room for more of a product, by itself or by what it displaces."""
        told = [self.limits[product], *self.limits]
        return next((limit for limit in told if limit is not None), "opening")


def lay(
    room: DayRoom,
    products: Sequence[Product],
    numbers: Sequence[int],
    booked: Sequence[int],
) -> Laid:
    """Give each place of a day the quietest time that holds it, longest places first.

    The quietest is where most people and desks are left over the whole length of the
    place, of equal ones the earliest. Visits `booked` already are there whatever the room.
    """
    from staffing.agenda.placing_kernel import lay_all

    order = sorted(range(len(products)), key=lambda p: (-products[p].minutes, p))
    skills = sorted(room.people)
    wanted = [
        (
            skills.index(products[p].skill),
            products[p].minutes // room.cell_minutes,
            products[p].orders,
            numbers[p],
            booked[p],
        )
        for p in order
    ]
    cells, missing, limits = lay_all(
        np.array(wanted, dtype=np.int64).reshape(-1, 5),
        np.array([products[p].hours for p in order], dtype=np.float64),
        np.array([room.people[skill] for skill in skills]),
        room.desks.astype(np.float64),
        np.array([room.hours[skill] for skill in skills], dtype=np.float64),
        float(room.applications),
    )
    owners = np.repeat(order, [numbers[p] for p in order])
    laid = [(int(p), int(c)) for p, c in zip(owners, cells, strict=True) if c >= 0]
    short = dict(zip(order, missing, strict=True))
    found = dict(zip(order, limits, strict=True))
    every = range(len(products))
    return Laid(
        tuple(sorted(laid, key=lambda place: place[::-1])),
        tuple(int(short[p]) for p in every),
        tuple(LIMITS[found[p]] if found[p] >= 0 else None for p in every),
    )
