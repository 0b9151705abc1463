"""How many people each location, skill and quarter-hour asks for, and what each buys.

Work in a queue is staffed by Erlang A where the standard has a patience, else Erlang C.
The people counted are people to roster: of each, the shrinkage (training, meetings,
sickness) is lost, so n people buy what n x (1 - shrinkage) at work buy.

Two things are simplified, both in closed form:

- Planned visits stand in the queue as if they came at random, no-shows left out. They
  come more evenly than that, so the true waits are shorter: the number errs upward.
- A hall opens empty and fills. The formula is given the load averaged over the slot of a
  queue with endless staff that starts empty at opening, `m' = arrivals - m / handling`
  (the offered load of Eick, Massey and Whitt, 1993), so work that outlasts its slot is
  asked for in the slots in which it is done, once. What outlasts closing has no slot.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forecasting.calendar import SLOT
from forecasting.errors import PolicyError
from staffing.queueing import required_agents, service_level
from staffing.rules import Standard, Standards
from staffing.tables import Requirement

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

SLOT_S = SLOT.total_seconds()
MORE_THAN_CHOSEN = 3
"""Candidates run from nobody to this many above the number chosen."""
KEYS = ["location", "skill", "start"]


def requirement(workload: pl.DataFrame, standards: Standards) -> pl.DataFrame:
    """The `Requirement` of a `SlotWorkload`.

    Raises:
        PolicyError: a skill has no standard.
    """
    at_work = standards.at_work
    parts = [
        _waiting_work(rows, at_work)
        if rows["waits"].all()
        else _queue(rows, _standard(standards, str(skill)), at_work)
        for (skill,), rows in workload.sort(KEYS).group_by("skill", maintain_order=True)
    ]
    table = pl.concat(parts).select(Requirement.column_names())
    return Requirement.validate(table.sort(*KEYS, "people"))


def _standard(standards: Standards, skill: str) -> Standard:
    if skill not in standards.skill:
        known = ", ".join(sorted(standards.skill))
        raise PolicyError(
            f"standards.toml: expected a standard for skill '{skill}', "
            f"found {known}. Add [skill.{skill}]."
        )
    return standards.skill[skill]


@dataclass(frozen=True)
class Queue:
    """Slots of one skill as arrays, ready for the formulas."""

    standard: Standard
    at_work: float
    offered: Floats
    arrivals_per_hour: Floats
    handling_s: Floats
    arrival_cv: Floats

    @property
    def patience_s(self) -> float:
        """Mean patience in seconds, infinite where nobody gives up."""
        return self.standard.patience_s or np.inf

    def enough(self) -> Counts:
        """A number that surely reaches the target, at least the minimum."""
        needed = required_agents(
            self.arrivals_per_hour,
            self.handling_s,
            self.standard.threshold_s,
            self.standard.target,
            self.patience_s,
            self.arrival_cv,
        )
        rostered = np.ceil(needed / self.at_work - 1e-9).astype(np.int64)
        return np.maximum(rostered, self.standard.minimum_people)

    def late(self, slot: Counts, people: Counts) -> Floats:
        """Expected contacts of slots not served in time by numbers of people."""
        level = service_level(
            self.arrivals_per_hour[slot],
            self.handling_s[slot],
            people * self.at_work,
            self.standard.threshold_s,
            self.patience_s,
            self.arrival_cv[slot],
        )
        return self.offered[slot] * np.clip(1 - level, 0, 1)


def _queue(rows: pl.DataFrame, standard: Standard, at_work: float) -> pl.DataFrame:
    queue = _as_queue(rows, standard, at_work)
    sizes = queue.enough() + MORE_THAN_CHOSEN + 1
    slot = np.repeat(np.arange(rows.height), sizes)
    people = np.arange(slot.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    late = queue.late(slot, people)
    reaches = late <= (1 - standard.target) * queue.offered[slot] + 1e-9
    fits = reaches & (people >= standard.minimum_people)
    chosen = np.full(rows.height, np.iinfo(np.int64).max)
    np.minimum.at(chosen, slot[fits], people[fits])
    table = rows.select(*KEYS, "load", "handling_s")[slot]
    return table.with_columns(
        pl.Series("people", people),
        pl.Series("offered", queue.offered[slot]),
        pl.Series("late", late),
        pl.Series("chosen", people == chosen[slot]),
    ).filter(pl.col("people") <= pl.Series(chosen[slot]) + MORE_THAN_CHOSEN)


def _as_queue(rows: pl.DataFrame, standard: Standard, at_work: float) -> Queue:
    """Only contacts that come at random share in the uncertainty of the rate."""
    walk_ins = rows["walk_ins"].to_numpy()
    offered = walk_ins + rows["booked"].to_numpy()
    random = np.divide(walk_ins, offered, out=np.zeros_like(offered), where=offered > 0)
    handling = _known_handling(rows)
    load = offered_load(rows, handling)
    return Queue(
        standard,
        at_work,
        offered,
        arrivals_per_hour=load / handling * 3600,
        handling_s=handling,
        arrival_cv=np.round(standard.arrival_cv * random, 2),
    )


def _known_handling(rows: pl.DataFrame) -> Floats:
    """Handling time per slot; without contacts that of the nearest earlier slot."""
    known = pl.when(pl.col("handling_s") > 0).then("handling_s")
    near = known.forward_fill().backward_fill().over("location")
    return rows.select(near.fill_null(1.0)).to_series().to_numpy()


def offered_load(rows: pl.DataFrame, handling_s: Floats) -> Floats:
    """Mean load in Erlang per slot of sorted slots, each opening starting empty.

    Within a slot `m' = arrivals - m / handling`, so m decays from its first value to the
    steady load; the mean over the slot is exact for exponential handling times.
    """
    steady = rows["load"].to_numpy()
    carried = np.exp(-SLOT_S / handling_s)
    mean_carried = handling_s / SLOT_S * (1 - carried)
    begins = rows.select(
        (
            (pl.col("start").diff() != SLOT)
            | (pl.col("location") != pl.col("location").shift())
        ).fill_null(True)
    ).to_series()
    result = np.empty_like(steady)
    present = 0.0
    for i, opens in enumerate(begins):
        present = 0.0 if opens else present
        result[i] = steady[i] + (present - steady[i]) * mean_carried[i]
        present = steady[i] + (present - steady[i]) * carried[i]
    return result


def _waiting_work(rows: pl.DataFrame, at_work: float) -> pl.DataFrame:
    """People to set apart: whole people all day, one more in the last open slots.

    Part of a person is given as whole quarter-hours together, late in the day, when the
    day's work has come in; the roster may move them within the day.
    """
    day = ["location", "skill", "day"]
    work = pl.col("load").sum().over(day) / at_work
    slots = pl.len().over(day)
    whole = (work / slots + 1e-9).floor()
    extra = (work - whole * slots - 1e-9).ceil().clip(0)
    from_end = slots - pl.int_range(pl.len()).over(day)
    return rows.with_columns(
        (whole + (from_end <= extra)).cast(pl.Int64).alias("people"),
        (pl.col("walk_ins") + pl.col("booked")).alias("offered"),
        pl.lit(0.0).alias("late"),
        pl.lit(True).alias("chosen"),
    ).select(*KEYS, "load", "handling_s", "people", "offered", "late", "chosen")
