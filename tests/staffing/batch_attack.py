"""Somebody who reads the files of a batch and tries to work out the hidden counts."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from scipy.optimize import linprog

from staffing.reminders.batches.shown import ALL, Shown
from staffing.reminders.batches.tables import AGAIN, HELD_OUT, MAILED, SMALL
from tests.staffing.batch_cases import SERVICES

Equation = tuple[list[int], float]
Name = tuple[object, ...]


def bounds(size: int, printed: list[Equation], cell: int) -> tuple[float, float]:
    """The least and most that a count can be, by all that is printed."""
    matrix = np.zeros((len(printed), size))
    for number, (places, _) in enumerate(printed):
        np.add.at(matrix[number], places, 1.0)
    right = np.array([value for _, value in printed])
    cost = np.zeros(size)
    cost[cell] = 1.0
    found = [
        linprog(sign * cost, A_eq=matrix, b_eq=right, bounds=(0, 10_000)).x
        for sign in (1, -1)
    ]
    least, most = (np.asarray(solution) @ cost for solution in found)
    return float(least), float(most)


class Attack:
    """Knows which cohorts there are, and everything printed; not the counts.

    A cell is named `(service, expiry week, age band, district, arm)`; letters of services
    with too few are one cell each; so are second letters of a service that has none, for
    nobody can know that beforehand.
    """

    def __init__(
        self, printed: Shown, quota: pl.DataFrame, fates: pl.DataFrame
    ) -> None:
        self.true: dict[Name, int] = {row[:5]: row[5] for row in quota.iter_rows()}
        unknown = [(service, None, None, None, SMALL) for service in SERVICES]
        second = {name[0] for name in self.true if name[4] == AGAIN}
        unknown += [(s, None, None, None, AGAIN) for s in SERVICES if s not in second]
        self.true |= dict.fromkeys(unknown, 0)
        for service, count in (
            fates.filter(fate=SMALL).select("service", "count").rows()
        ):
            self.true[service, None, None, None, SMALL] = count
        self.place = {name: number for number, name in enumerate(self.true)}
        self.printed = [
            *self._of_counts(printed.counts),
            *self._of_quotas(printed.mailed, MAILED),
            *self._of_quotas(printed.held_out, HELD_OUT),
            *self._of_quotas(printed.again, AGAIN),
        ]

    def small(self, threshold: int) -> Iterator[tuple[Name, tuple[float, float]]]:
        """Each true count that is small, with the bounds found for it."""
        for name, count in self.true.items():
            if 0 < count < threshold:
                size = len(self.true)
                yield name, bounds(size, self.printed, self.place[name])

    def _cells(self, service: object, fate: object) -> list[int]:
        return [
            place
            for name, place in self.place.items()
            if service in (ALL, name[0]) and fate in (ALL, name[4])
        ]

    def _of_counts(self, table: pl.DataFrame) -> Iterator[Equation]:
        for row in table.iter_rows(named=True):
            for fate in (MAILED, HELD_OUT, AGAIN, SMALL, ALL):
                if row[fate] is not None:
                    yield self._cells(row["service"], fate), float(row[fate])

    def _of_quotas(self, table: pl.DataFrame, arm: str) -> Iterator[Equation]:
        own = {row[:4] for row in table.iter_rows()}
        for row in table.iter_rows():
            inside = [
                place
                for name, place in self.place.items()
                if name[4] == arm and _row_of(name, own) == row[:4]
            ]
            yield inside, float(row[4])


def _row_of(name: Name, own: set[Name]) -> Name:
    """The printed row that counts a cell: its own, its week's rest, its service's rest."""
    service, week = name[:2]
    for row in (name[:4], (service, week, None, None)):
        if row in own:
            return row
    return (service, None, None, None)
