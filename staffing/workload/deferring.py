"""Work that can wait fills the quiet slots before it is due.

A day's work is at hand in two parts: what came in the first half of the day from midday
on, the rest the next open day. Each part is done before it is due, in the slots in which
the queues of the same location ask for fewest people. That is a flow of least cost from
parts of work to halves of days, one arc per number of people already there.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.calendar import SLOT
from forecasting.errors import InputError
from staffing.workload.periods import days_of_periods
from staffing.workload.quiet import (
    Counts,
    Halves,
    Parts,
    fill_slots,
    least_cost_flow,
    room_by_level,
)

PAIR = ["location", "skill"]
SLOT_S = SLOT.total_seconds()


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
        halves = Halves.of(slots, people, most)
        found, left = _place(halves, own.get(pair, work.clear()), at_work)
        rows = slots.select(*PAIR, "start", pl.Series("people", found))
        placed.append(rows)
        late.append(left)
        both = pl.concat([people, rows.select(people.columns)], how="vertical_relaxed")
        there[place] = both.group_by("location", "start").agg(pl.col("people").sum())
    if not placed:
        people = opening.select(*PAIR, "start", pl.lit(0).alias("people"))
        left = pl.DataFrame(schema={**work.select(*PAIR, "day").schema, "hours": float})
        return Deferred(people, left)
    return Deferred(pl.concat(placed), pl.concat(late))


def fill_quiet_slots(
    requirement: pl.DataFrame,
    work: pl.DataFrame,
    opening: pl.DataFrame,
    *,
    at_work: float = 1.0,
    most: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A `Requirement` with its work that can wait in the quiet slots, and what is late.

    The chosen people of the queues at the location are who is there already. The other
    arguments, the errors and the second frame are as for `place_deferrable`.
    """
    keys = [*PAIR, "start"]
    queues = requirement.filter("chosen").join(opening, on=keys, how="anti")
    found = place_deferrable(work, queues, opening, at_work=at_work, most=most)
    placed = found.placed.rename({"people": "placed"})
    moved = requirement.join(placed, on=keys, how="left", maintain_order="left")
    people = pl.col("placed").fill_null(pl.col("people")).alias("people")
    return moved.with_columns(people).select(requirement.columns), found.late


def _parts(work: pl.DataFrame, days: pl.Series, at_work: float) -> Parts:
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
    return Parts(size, first, last, np.repeat(index, 2))


def _place(
    halves: Halves, work: pl.DataFrame, at_work: float
) -> tuple[Counts, pl.DataFrame]:
    """People per slot, and the hours of each day that find no place in time."""
    parts = _parts(work, halves.days, at_work)
    slots = room_by_level(parts, halves)
    done, late = least_cost_flow(parts, slots)
    people = fill_slots(halves, done, slots)[halves.at]
    hours = np.bincount(parts.day, late, minlength=halves.days.len()) / 4 * at_work
    left = pl.DataFrame({"day": halves.days, "hours": hours})
    places = work.select(PAIR).unique()
    return people, places.join(left.filter(pl.col("hours") > 0), how="cross")
