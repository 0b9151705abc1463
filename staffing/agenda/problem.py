"""One location's agenda to be opened: who asks, what is booked, what can be held."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from staffing.agenda.booking import Asked, Floats, Rules, Waits, book
from staffing.agenda.days import Days, Ints
from staffing.agenda.policy import AgendaPolicy
from staffing.agenda.room import DayRoom


@dataclass(frozen=True)
class Product:
    """What an appointment is made for, and how long its place is.

    A place takes a desk for its `minutes`, and of somebody's time the `work_s` expected:
    who comes late, stays away or is done sooner leaves time for walk-ins. `orders` says
    that it orders a document, which a limit on applications counts.
    """

    location: str
    service: str
    step: str
    skill: str
    minutes: int
    work_s: float
    within_days: int
    least_per_day: int = 0
    orders: bool = False

    @property
    def hours(self) -> float:
        """Work of a place in hours."""
        return self.work_s / 3600


@dataclass(frozen=True)
class Problem:
    """The products of a location, their requests, and the room of each day.

    `booked` are visits booked already, per product (rows) and day (columns). The promise
    is to hold on the first `planned` days; those after it are there to be booked ahead.
    """

    products: tuple[Product, ...]
    asked: tuple[Asked, ...]
    booked: Ints
    rooms: tuple[DayRoom | None, ...]
    days: Days
    planned: int
    policy: AgendaPolicy

    @cached_property
    def rules(self) -> tuple[Rules, ...]:
        """How places of each product are taken."""
        return tuple(
            Rules.of(self.days, self.policy, product.within_days)
            for product in self.products
        )

    @cached_property
    def least(self) -> Ints:
        """Places that each product has at least: booked ones, and those protected."""
        least = self.booked.copy()
        for p, product in enumerate(self.products):
            is_open = self.can_open[p]
            least[p, is_open] = np.maximum(least[p, is_open], product.least_per_day)
        return least

    @cached_property
    def can_open(self) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        """Whether a place of a product fits between opening and closing of a day."""
        rows = [
            [room is not None and _fits(room, product) for room in self.rooms]
            for product in self.products
        ]
        return np.array(rows, dtype=bool).reshape(len(rows), len(self.rooms))

    def waits(self, product: int, places: Ints) -> Waits:
        """Waits for a product when it has so many places per day."""
        return book(
            self.asked[product], places, self.booked[product], self.rules[product]
        )

    def kept_promise(self, product: int, places: Ints) -> Floats:
        """Per planned day the share of futures in which the promise is kept."""
        waits = self.waits(product, places)
        return waits.share_within(self.products[product].within_days)[: self.planned]

    def load(self, places: Ints, day: int, skill: str) -> float:
        """People at work in the mean over the opening of a skill, walk-ins included."""
        room = self.rooms[day]
        if room is None or skill not in room.people:
            return 0.0
        hours = room.walk_in_hours.get(skill, 0.0)
        hours += sum(
            places[p, day] * product.hours
            for p, product in enumerate(self.products)
            if product.skill == skill
        )
        return float(hours / max(room.open_hours(skill), 1e-9))


def _fits(room: DayRoom, product: Product) -> bool:
    if product.skill not in room.people:
        return False
    cells = product.minutes // room.cell_minutes
    run = 0
    for cell_is_open in room.is_open(product.skill):
        run = run + 1 if cell_is_open else 0
        if run >= cells:
            return True
    return False
