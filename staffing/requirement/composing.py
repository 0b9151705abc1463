"""From work per slot to the requirement and what goes with it.

Work in a queue is staffed by Erlang A where the standard has a patience, else Erlang C,
over the futures of its day, with the noise of its slots and with people away; where that
is not good enough the simulation sets it right (`checking`). Work that can wait gets
hours set apart. `docs/requirement.md` tells what is computed and from which source.
"""

from dataclasses import dataclass

import polars as pl

from forecasting.errors import InputError, PolicyError
from staffing.requirement.choosing import MORE_THAN_CHOSEN, Staffed, staff
from staffing.requirement.closing import at_closing
from staffing.requirement.deferrable import waiting_work
from staffing.requirement.idling import filled
from staffing.requirement.pooling import pooled
from staffing.requirement.queue import Queue, as_queue
from staffing.requirement.weighing import by_week
from staffing.standards import Standard, Standards
from staffing.tables import Closing, Pooled, Requirement, RequirementWeeks

KEYS = ["location", "skill", "start"]
NUMBERS = ["walk_ins", "booked", "handling_s", "handling_cv", "noise_cv", "load"]


@dataclass(frozen=True)
class Needed:
    """A requirement: what people buy, hours by week, closing time, and pools."""

    table: pl.DataFrame
    weeks: pl.DataFrame
    closing: pl.DataFrame
    pooled: pl.DataFrame


def requirement(
    workload: pl.DataFrame,
    standards: Standards,
    futures: pl.DataFrame | None = None,
    *,
    seed: int = 0,
) -> pl.DataFrame:
    """The `Requirement` of a `SlotWorkload`, over its `DayFutures`.

    Raises:
        InputError: a number of the workload is negative or missing.
        PolicyError: a skill has no standard.
    """
    queues, waiting = _divided(workload, standards, futures)
    staffed = [_staffed(queue, standards, seed) for queue in queues]
    return _table(staffed, waiting_work(waiting, standards.at_work))


def work_out(
    workload: pl.DataFrame,
    standards: Standards,
    futures: pl.DataFrame | None = None,
    *,
    seed: int = 0,
) -> Needed:
    """As `requirement`, with the tables that go with it.

    Raises:
        InputError: a number of the workload is negative or missing.
        PolicyError: a skill has no standard.
    """
    queues, waiting = _divided(workload, standards, futures)
    staffed = [_staffed(queue, standards, seed) for queue in queues]
    places = waiting_work(waiting, standards.at_work)
    weeks = by_week(staffed, filled(staffed, waiting, standards))
    return Needed(
        table=_table(staffed, places),
        weeks=RequirementWeeks.validate(weeks),
        closing=Closing.validate(at_closing(queues)),
        pooled=Pooled.validate(pooled(workload, standards, futures)),
    )


def _divided(
    workload: pl.DataFrame, standards: Standards, futures: pl.DataFrame | None
) -> tuple[list[Queue], pl.DataFrame]:
    """The queue of each skill, and the rows of work that can wait."""
    _check(workload)
    queues, waiting = [], [workload.clear()]
    for (skill,), rows in workload.sort(KEYS).group_by("skill", maintain_order=True):
        if rows["waits"].all():
            waiting.append(rows)
            continue
        _standard(standards, str(skill))
        of_skill = None if futures is None else futures.filter(pl.col("skill") == skill)
        queues.append(as_queue(rows, of_skill))
    return queues, pl.concat(waiting)


def _staffed(queue: Queue, standards: Standards, seed: int) -> Staffed:
    skill = str(queue.keys["skill"][0])
    return staff(queue, _standard(standards, skill), standards, seed)


def _standard(standards: Standards, skill: str) -> Standard:
    if skill not in standards.skill:
        known = ", ".join(sorted(standards.skill))
        raise PolicyError(
            f"standards.toml: expected a standard for skill '{skill}', "
            f"found {known}. Add [skill.{skill}]."
        )
    return standards.skill[skill]


def _check(workload: pl.DataFrame) -> None:
    contacts = pl.col("walk_ins") + pl.col("booked") > 0
    idle = contacts & (pl.col("handling_s") == 0)
    bad = [(name, ~(pl.col(name) >= 0) | ~pl.col(name).is_finite()) for name in NUMBERS]
    for name, wrong in [*bad, ("handling_s", idle)]:
        rows = workload.filter(wrong.fill_null(True))
        if rows.height:
            row = rows.row(0, named=True)
            raise InputError(
                f"expected {name} of at least 0, and time for every contact, came "
                f"{row[name]} for {row['location']}, {row['skill']}, {row['start']}"
            )


def _table(staffed: list[Staffed], waiting: pl.DataFrame) -> pl.DataFrame:
    parts = [*(_candidates(one) for one in staffed), waiting]
    table = pl.concat(parts).select(Requirement.column_names())
    return Requirement.validate(table.sort(*KEYS, "people"))


def _candidates(staffed: Staffed) -> pl.DataFrame:
    """All numbers of people up to some more than chosen, and contacts late by each."""
    queue, ladder, chosen = staffed.queue, staffed.ladder, staffed.chosen
    slot, people = ladder.slot, ladder.people
    offered = queue.offered
    late = offered[slot] * (1 - ladder.share).clip(0, 1)
    slots = queue.keys.select(KEYS).with_columns(
        pl.Series("load", queue.load), pl.Series("handling_s", queue.handling_s)
    )
    return (
        slots[slot]
        .with_columns(
            pl.Series("people", people),
            pl.Series("offered", offered[slot]),
            pl.Series("late", late),
            pl.Series("chosen", people == chosen[slot]),
        )
        .filter(pl.Series(people <= chosen[slot] + MORE_THAN_CHOSEN))
    )
