"""Work that can wait fills the quiet slots before it is due.

A day's work is at hand in two parts: what came in the first half of the day from midday
on, the rest the next open day. Each part is done before it is due, in the slots in which
the queues of the same location ask for fewest people. That is a flow of least cost from
parts of work to halves of days, one arc per number of people already there.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forecasting.calendar import SLOT
from forecasting.errors import InputError
from staffing.workload.periods import days_of_periods

Counts = NDArray[np.int64]

PAIR = ["location", "skill"]
SLOT_S = SLOT.total_seconds()
LEVEL = 100
"""Cost of a person more in a slot; half days of waiting cost 1 each, to break ties."""
NOBODY = np.int64(1 << 40)


@dataclass(frozen=True)
class Deferred:
    """Work that can wait, placed.

    `placed` is `location, skill, start, people` (whole people to roster, 0 among them),
    `late` is `location, skill, day, hours`: what came on a day and finds no place in time.
    """

    placed: pl.DataFrame
    late: pl.DataFrame


def deferrable_work(
    forecast: pl.DataFrame, work: pl.DataFrame, opening: pl.DataFrame
) -> pl.DataFrame:
    """Seconds of work that can wait: `location, skill, day, due_days, overnight, seconds`.

    `forecast` is a `StoredForecast`, `work` a `SeriesWork`, `opening` open slots
    `location, skill, day, start`. What comes on a closed day is there `overnight`, when
    the next open day begins, which is the first of its working days.
    """
    rows = forecast.join(work.filter("waits"), on="series").with_row_index("row")
    seconds = pl.col("mean") * pl.col("comes") * pl.col("handling_s")
    days = days_of_periods(rows).with_columns(seconds / pl.len().over("row"))
    opened = opening.select(*PAIR, "day").unique().sort("day")
    next_open = days.sort("day").join_asof(
        opened.with_columns(pl.col("day").alias("open_day")),
        on="day",
        by=PAIR,
        strategy="forward",
        check_sortedness=False,
    )
    overnight = (pl.col("open_day") > pl.col("day")).alias("overnight")
    keys = [*PAIR, "day", "due_days", "overnight"]
    moved = next_open.drop_nulls("open_day").with_columns(overnight)
    placed = moved.with_columns(pl.col("open_day").alias("day"))
    return placed.group_by(keys).agg(pl.col("mean").sum().alias("seconds")).sort(keys)


def place_deferrable(
    work: pl.DataFrame,
    queue_people: pl.DataFrame,
    opening: pl.DataFrame,
    *,
    at_work: float = 1.0,
    most: pl.DataFrame | None = None,
) -> Deferred:
    """Place work that can wait in the quiet open slots before it is due.

    Args:
        work: as `deferrable_work` gives it.
        queue_people: `location, start, people` that queues ask for; several rows of a
            slot are added up, a slot without a row has nobody.
        opening: open slots `location, skill, day, start` of each skill that can wait.
        at_work: the part of a rostered person that is at work.
        most: `location, start, most` people at once, by people or desks; no row: no end.

    Raises:
        InputError: work on a day that has no open slot.
    """
    asked = queue_people.group_by("location", "start").agg(pl.col("people").sum())
    there = asked.partition_by("location", as_dict=True)
    own = work.partition_by(PAIR, as_dict=True)
    placed: list[pl.DataFrame] = []
    late: list[pl.DataFrame] = []
    for pair, slots in opening.sort(*PAIR, "start").group_by(PAIR, maintain_order=True):
        place = pair[:1]
        people = there.get(place, asked.clear())
        halves = _Halves.of(slots, people, most)
        found, left = _place(halves, own.get(pair, work.clear()), at_work)
        rows = slots.select(*PAIR, "start", pl.Series("people", found))
        placed.append(rows)
        late.append(left)
        both = pl.concat([people, rows.select(people.columns)], how="vertical_relaxed")
        there[place] = both.group_by("location", "start").agg(pl.col("people").sum())
    return Deferred(pl.concat(placed), pl.concat(late))


@dataclass(frozen=True)
class _Halves:
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
    ) -> "_Halves":
        keys = ["location", "start"]
        none = pl.DataFrame(schema={**people.select(keys).schema, "most": pl.Int64})
        limits = none if most is None else most.select(*keys, "most")
        told = slots.join(people, on=keys, how="left", maintain_order="left").join(
            limits, on=keys, how="left", maintain_order="left"
        )
        place = pl.int_range(pl.len()).over("day")
        half = (2 * place >= pl.len().over("day")).cast(pl.Int64)
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
class _Parts:
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


def _parts(work: pl.DataFrame, days: pl.Series, at_work: float) -> _Parts:
    """Each day's work in two parts, of whole quarter-hours without a bit lost.

    The bits of a quarter-hour are added up within each term and rounded up in total.
    """
    known = pl.DataFrame({"day": days}).with_row_index("index")
    placed = work.join(known, on="day", how="left").sort("due_days", "overnight", "day")
    if placed["index"].null_count():
        lost = placed.filter(pl.col("index").is_null()).row(0, named=True)
        raise InputError(
            f"expected work that can wait on open days, came {lost['location']}/"
            f"{lost['skill']} on {lost['day']}, which is closed"
        )
    index = placed["index"].cast(pl.Int64).to_numpy()
    overnight = placed["overnight"].to_numpy()
    due = index + placed["due_days"].to_numpy() - overnight
    quarters = placed["seconds"].to_numpy() / SLOT_S / at_work
    begin = np.stack([2 * index + ~overnight, 2 * index + np.where(overnight, 0, 2)])
    end = np.minimum(2 * np.maximum(due, index) + 1, 2 * days.len() - 1)
    first, last = np.minimum(begin, end).T.ravel(), np.repeat(end, 2)
    upto = np.ceil(np.cumsum(np.repeat(quarters / 2, 2)) - 1e-9)
    size = np.diff(upto, prepend=0.0).astype(np.int64)
    return _Parts(size, first, last, np.repeat(index, 2))


def _place(
    halves: _Halves, work: pl.DataFrame, at_work: float
) -> tuple[Counts, pl.DataFrame]:
    """People per slot, and the hours of each day that find no place in time."""
    parts = _parts(work, halves.days, at_work)
    slots = _room_by_level(parts, halves)
    done, late = _flow(parts, halves, slots)
    people = _fill(halves, done, slots)[halves.at]
    hours = np.bincount(parts.day, late, minlength=halves.days.len()) / 4 * at_work
    left = pl.DataFrame({"day": halves.days, "hours": hours})
    places = work.select(PAIR).unique()
    return people, places.join(left.filter(pl.col("hours") > 0), how="cross")


def _flow(parts: _Parts, halves: _Halves, slots: Counts) -> tuple[Counts, Counts]:
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


def _room_by_level(parts: _Parts, halves: _Halves) -> Counts:
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


def _fill(halves: _Halves, done: Counts, slots: Counts) -> Counts:
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
