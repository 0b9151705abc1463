"""What a location can hold on a day beside its walk-ins: people, desks, applications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from staffing.agenda.booking import Floats

UNKNOWN = 1e6
"""People or desks left where nothing is known that limits them."""


@dataclass(frozen=True)
class DayRoom:
    """Room of a location on a day, in cells of `cell_minutes` from `opens` (UTC) on.

    `people` are those left beside walk-ins per skill and cell, 0 where the skill is shut;
    `desks` likewise for all skills together. `hours` is the work in hours that people may
    do beside walk-ins, infinite where no staff is known; `walk_in_hours` what they do for
    walk-ins, and `at_hand_hours` all they have, null where no staff is known.
    `applications` is how many documents may still be ordered beside the `ordered` of
    walk-ins; `needs` are the people whom walk-ins need per skill and cell.
    """

    opens: datetime
    cell_minutes: int
    people: Mapping[str, Floats]
    desks: Floats
    hours: Mapping[str, float]
    applications: float
    walk_in_hours: Mapping[str, float]
    at_hand_hours: Mapping[str, float | None]
    desk_limit: int | None = None
    application_limit: int | None = None
    needs: Mapping[str, Floats] = field(default_factory=dict)
    ordered: float = 0.0

    def open_hours(self, skill: str) -> float:
        """Hours that a skill is open."""
        return float(self.is_open(skill).sum()) * self.cell_minutes / 60

    def is_open(self, skill: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Per cell whether the skill is open; a cell that walk-ins fill is too."""
        return np.asarray(~np.isnan(self.people[skill]))

    @property
    def desk_hours(self) -> float:
        """Hours of desks left, infinite where no limit is known."""
        if self.desk_limit is None:
            return float("inf")
        return float(np.maximum(self.desks, 0).sum()) * self.cell_minutes / 60
