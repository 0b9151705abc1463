"""One queue on one day, and who comes to it in each simulated future."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from staffing.simulation.outcomes import Floats
from staffing.standards import Standard, Standards

Counts = NDArray[np.int64]
SLOT_S = 900.0


@dataclass(frozen=True)
class Line:
    """The queue of a location and skill, per slot of its day; closed slots hold zeros.

    `walk_ins` and `booked` are expected contacts that come, `handling_s` their mean time
    (where nobody is expected that of a slot near by) and `handling_cv` its spread,
    `noise_cv` the spread of the rate of walk-ins beside the level of the day. Of the
    visits planned the share `comes`, `late_s` seconds late, varying by `late_sd_s`.
    """

    location: str
    skill: str
    standard: Standard
    is_open: NDArray[np.bool_]
    walk_ins: Floats
    booked: Floats
    handling_s: Floats
    handling_cv: float
    noise_cv: Floats
    comes: Floats
    late_s: Floats
    late_sd_s: Floats

    @property
    def name(self) -> str:
        """What groups of agents call it."""
        return f"{self.location}/{self.skill}"

    @classmethod
    def lay(
        cls, rows: pl.DataFrame, slot: Counts, size: int, standards: Standards
    ) -> "Line":
        """The queue of `SlotWorkload` rows that stand at the places `slot` of a day."""
        location, skill = rows.row(0, named=False)[:2]

        def placed(column: str) -> Floats:
            values = np.zeros(size)
            values[slot] = rows[column].to_numpy()
            return values

        is_open = np.zeros(size, dtype=np.bool_)
        is_open[slot] = True
        load = placed("load")
        cv = placed("handling_cv")
        mixed = float(np.average(cv**2, weights=load)) if load.sum() > 0 else 1.0
        return cls(
            location=str(location),
            skill=str(skill),
            standard=standards.skill[str(skill)],
            is_open=is_open,
            walk_ins=placed("walk_ins"),
            booked=placed("booked"),
            handling_s=_near(placed("handling_s")),
            handling_cv=float(np.sqrt(mixed)),
            noise_cv=placed("noise_cv"),
            comes=np.where(is_open, placed("comes"), 1.0),
            late_s=placed("late_s"),
            late_sd_s=placed("late_sd_s"),
        )

    def walk_in_counts(self, rng: np.random.Generator, factor: Floats) -> Counts:
        """Who walks in: replications x slots; `factor` is each replication's day."""
        shape = (factor.size, self.walk_ins.size)
        cv = np.where(self.noise_cv > 0, self.noise_cv, 1.0)
        noise = rng.gamma(cv**-2, cv**2, shape)
        rate = self.walk_ins * factor[:, None]
        return rng.poisson(np.where(self.noise_cv > 0, noise, 1.0) * rate)

    def booked_counts(self, rng: np.random.Generator, runs: int) -> Counts:
        """Who comes of the planned visits: replications x slots.

        Visits are planned as evenly as their expected counts have it, so that a day has
        the same number, one up or down. Each comes or not, and early or late.
        """
        planned = self.booked / np.where(self.comes > 0, self.comes, 1.0)
        until = np.concatenate([[0.0], np.cumsum(planned)])
        edges = np.arange(until.size) * SLOT_S
        place = np.arange(np.ceil(until[-1])) + rng.random((runs, 1))
        at = np.interp(place, until, edges)
        of = np.minimum((at // SLOT_S).astype(np.int64), self.booked.size - 1)
        kept = (place < until[-1]) & (rng.random(place.shape) < self.comes[of])
        at += self.late_s[of] + self.late_sd_s[of] * rng.standard_normal(place.shape)
        slot = self._when_open((at // SLOT_S).astype(np.int64))
        run = np.broadcast_to(np.arange(runs)[:, None], place.shape)
        size = self.booked.size
        counts = np.bincount((run * size + slot)[kept], minlength=runs * size)
        return counts.reshape(runs, size)

    def _when_open(self, slot: Counts) -> Counts:
        """The slot in which someone gets in: the next that is open, else the last."""
        opened = np.flatnonzero(self.is_open)
        place = np.searchsorted(opened, slot)
        found: Counts = opened[np.minimum(place, opened.size - 1)]
        return found


def _near(handling_s: Floats) -> Floats:
    """Times where they are known; elsewhere those of the nearest earlier slot known."""
    known = np.flatnonzero(handling_s > 0)
    if not known.size:
        return np.ones_like(handling_s)
    place = np.searchsorted(known, np.arange(handling_s.size), side="right") - 1
    near: Floats = handling_s[known[np.maximum(place, 0)]]
    return near
