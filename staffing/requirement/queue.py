"""The slots of one skill as arrays, ready for the formulas."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forecasting.calendar import SLOT
from staffing.requirement.offered import Handling, offered_load
from staffing.requirement.rates import Floats, sorted_factors

Counts = NDArray[np.int64]

SLOT_S = SLOT.total_seconds()
DAYS = ["location", "skill", "day"]


@dataclass(frozen=True)
class Queue:
    """Slots of one skill, sorted by location and start.

    `keys` holds location, skill, start and day; `day` and `opening` number the days and
    the stretches open at one go. `factors` are the sampled futures of each day, sorted.
    `load` is the offered load in Erlang, `strain` a factor on it found by simulation.
    """

    keys: pl.DataFrame
    day: Counts
    opening: Counts
    walk_ins: Floats
    booked: Floats
    handling_s: Floats
    handling_cv: Floats
    noise_cv: Floats
    factors: Floats
    load: Floats
    strain: Floats

    @property
    def offered(self) -> Floats:
        """Expected contacts per slot."""
        return self.walk_ins + self.booked

    @property
    def random(self) -> Floats:
        """The part of the contacts that is not planned, to which uncertainty belongs."""
        offered = self.offered
        return np.divide(
            self.walk_ins, offered, out=np.zeros_like(offered), where=offered > 0
        )

    @property
    def handling(self) -> Handling:
        """The handling times per slot of arrival."""
        return Handling(self.handling_s, self.handling_cv)

    def strained(self, strain: Floats) -> "Queue":
        """The same slots with other factors on the load."""
        return replace(self, strain=strain)

    def take(self, rows: Counts) -> "Queue":
        """Some of the slots, in the order given."""
        names = ["walk_ins", "booked", "handling_s", "handling_cv", "noise_cv"]
        names += ["day", "opening", "load", "strain"]
        some = {name: getattr(self, name)[rows] for name in names}
        return replace(self, keys=self.keys[rows], **some)


def as_queue(rows: pl.DataFrame, futures: pl.DataFrame | None) -> Queue:
    """The slots of one skill of a `SlotWorkload`, with the futures of their days."""
    rows = rows.sort("location", "start")
    days = rows.select(DAYS).unique(maintain_order=True)
    numbered = rows.join(days.with_row_index("number"), on=DAYS, how="left")
    handling_s, opening = _known_handling(rows), _openings(rows)
    walk_ins, booked = rows["walk_ins"].to_numpy(), rows["booked"].to_numpy()
    cv = rows["handling_cv"].to_numpy()
    handling = Handling(handling_s, cv)
    return Queue(
        keys=rows.select("location", "skill", "start", "day"),
        day=numbered["number"].to_numpy().astype(np.int64),
        opening=opening,
        walk_ins=walk_ins,
        booked=booked,
        handling_s=handling_s,
        handling_cv=cv,
        noise_cv=rows["noise_cv"].to_numpy(),
        factors=sorted_factors(days, futures),
        load=offered_load(walk_ins + booked, handling, opening, SLOT_S),
        strain=np.ones(rows.height),
    )


def _known_handling(rows: pl.DataFrame) -> Floats:
    """Handling time per slot; without contacts that of the nearest earlier slot."""
    known = pl.when(pl.col("handling_s") > 0).then("handling_s")
    near = known.forward_fill().backward_fill().over("location")
    return rows.select(near.fill_null(1.0)).to_series().to_numpy()


def _openings(rows: pl.DataFrame) -> Counts:
    begins = (pl.col("start").diff() != SLOT) | (
        pl.col("location") != pl.col("location").shift()
    )
    numbers = rows.select(begins.fill_null(False).cum_sum()).to_series()
    return numbers.to_numpy().astype(np.int64)
