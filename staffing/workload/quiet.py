"""Half days with the people already there, and work that flows to where they are few."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Counts = NDArray[np.int64]

LEVEL = 100
"""Cost of a person more in a slot; half days of waiting cost 1 each, to break ties."""
NOBODY = np.int64(1 << 40)


@dataclass(frozen=True)
class Halves:
    """Open slots of one skill by half days: row h of `busy` and `room` is a half day.

    `busy` are the people there already, `room` for how many there is at all; slots that
    a half day does not have hold `NOBODY` and no room. `days` are the open days; those of
    half day h are `days[h // 2]`. `at` is the row and column of each slot.
    """

    days: pl.Series
    busy: Counts
    room: Counts
    at: tuple[Counts, Counts]

    @classmethod
    def of(
        cls, slots: pl.DataFrame, people: pl.DataFrame, most: pl.DataFrame | None
    ) -> "Halves":
        """Of open slots in order, `location, start, people` and `location, start, most`."""
        keys = ["location", "start"]
        none = pl.DataFrame(schema={**people.select(keys).schema, "most": pl.Int64})
        limits = none if most is None else most.select(*keys, "most")
        told = slots.join(people, on=keys, how="left", maintain_order="left").join(
            limits, on=keys, how="left", maintain_order="left"
        )
        place = pl.int_range(pl.len()).over("day")
        half = (2 * place + 1 >= pl.len().over("day")).cast(pl.Int64)
        row = 2 * (pl.col("day").rank("dense").cast(pl.Int64) - 1) + half
        told = told.with_columns(row.alias("row"))
        h = told["row"].to_numpy()
        column = told.select(pl.int_range(pl.len()).over("row")).to_series().to_numpy()
        days = slots["day"].unique().sort()
        shape = (2 * days.len(), int(column.max()) + 1)
        busy, room = np.full(shape, NOBODY), np.zeros(shape, dtype=np.int64)
        busy[h, column] = told["people"].fill_null(0).cast(pl.Int64).to_numpy()
        room[h, column] = told["most"].fill_null(int(NOBODY)).to_numpy()
        return cls(days, busy, room, (h, column))


@dataclass(frozen=True)
class Parts:
    """Parts of work in whole quarter-hours of a person, with the half days they allow."""

    size: Counts
    first: Counts
    last: Counts
    day: Counts

    def allowed(self) -> tuple[Counts, Counts, Counts]:
        """Each part with each half day it allows, and how many half days that waits."""
        lengths = self.last - self.first + 1
        part = np.repeat(np.arange(self.size.size), lengths)
        begin = np.repeat(np.cumsum(lengths) - lengths, lengths)
        wait = np.arange(part.size) - begin
        return part, self.first[part] + wait, wait


def least_cost_flow(parts: Parts, slots: Counts) -> tuple[Counts, Counts]:
    """Quarter-hours done in each half day, and those of each part that are late.

    `slots[h, n]` is for how many slots of half day h there is room beside n people.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    number, h = parts.size.size, slots.shape[0]
    part, half, wait = parts.allowed()
    level_half, level = np.nonzero(slots)
    sink = number + h
    tails = [part, number + level_half, np.arange(number)]
    heads = [number + half, np.full(level.size + number, sink)]
    free = [parts.size[part], slots[level_half, level], parts.size]
    late = LEVEL * (slots.shape[1] + 1) + int(wait.max(initial=0))
    cost = [wait, LEVEL * level, np.full(number, late)]
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        *(np.concatenate(side) for side in (tails, heads, free, cost))
    )
    flow.set_nodes_supplies(np.arange(number), parts.size)
    flow.set_node_supply(sink, -int(parts.size.sum()))
    flow.solve()
    moved = np.asarray(flow.flows(arcs), dtype=np.int64)
    done = np.zeros(h, dtype=np.int64)
    np.add.at(done, level_half, moved[part.size : part.size + level.size])
    return done, moved[part.size + level.size :]


def room_by_level(parts: Parts, halves: Halves) -> Counts:
    """For each half day and number of people, the slots with room for one more."""
    part, half, _ = parts.allowed()
    need = np.zeros(halves.busy.shape[0], dtype=np.int64)
    np.add.at(need, half, parts.size[part])
    there = halves.busy < NOBODY
    of = np.maximum(there.sum(axis=1), 1)
    top = halves.busy.max(where=there, initial=0)
    level = np.arange(int(top + (need // of).max(initial=0) + 2))
    busy, room = halves.busy[:, :, None], halves.room[:, :, None]
    slots = np.asarray(((busy <= level) & (level < room)).sum(axis=1), dtype=np.int64)
    return np.where(np.cumsum(slots, axis=1) - slots < need[:, None], slots, 0)


def fill_slots(halves: Halves, done: Counts, slots: Counts) -> Counts:
    """People in each slot of half days: where fewest are, the latest of equals first."""
    upto = np.cumsum(slots, axis=1)
    last = np.minimum((upto < done[:, None]).sum(axis=1), slots.shape[1] - 1)
    row = np.arange(done.size)
    rest = done - (upto[row, last] - slots[row, last])
    level = last[:, None]
    whole = np.clip(np.minimum(level, halves.room) - halves.busy, 0, None)
    able = (halves.busy <= level) & (level < halves.room)
    from_end = np.cumsum(able[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(whole + (able & (from_end <= rest[:, None])), dtype=np.int64)
